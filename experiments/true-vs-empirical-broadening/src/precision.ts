import { negativeMass } from '@hessian-rmt/curvature';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { comparison } from './comparison.js';
import { slugOf, spectrumUnit } from './main-spectra.js';
import { type Condition, describe, mainConditions, type NetworkSettings, networkProfiles } from './network-settings.js';
import { type MeasuredSpectrum, measuredSpectrum } from './network-spectrum.js';

const precisions = ['float64', 'float32'] as const;

/** Added here: what products in float32, the paper's, do to Ritz values of a recurrence in float64. */
export const precision = definePart<NetworkSettings>({
  id: 'precision',
  place: 'Sec. 5.1, added here',
  title: 'Products in float32 and in float64',
  profiles: networkProfiles,
  units: (settings) =>
    conditions(settings).flatMap((condition) => precisions.map((one) => unitOf(settings, condition, one))),

  present(results, settings) {
    const all = conditions(settings).map((condition) => ({
      condition,
      spectra: precisions.map((one) => measuredSpectrum(results, unitOf(settings, condition, one))),
    }));
    if (all.length === 0) return { claims: [notRun] };
    return {
      tables: [
        {
          id: 'precision',
          title: 'Spectra of the empirical Hessian by products in float64 and in float32',
          caption: `First repetition, the same start vector. ${[...new Set(all.map(({ condition }) => describe(settings, condition)))].join('; ')}.`,
          columns: [
            { header: 'data' },
            { header: 'schedule' },
            { header: 'products' },
            { header: 'smallest', format: '.8g' },
            { header: 'largest', format: '.8g' },
            { header: 'negative Ritz values' },
            { header: 'their weight', format: '.3g' },
          ],
          rows: all.flatMap(({ condition, spectra }) =>
            spectra.map((spectrum, i) => {
              const { count, mass } = negativeMass(spectrum);
              const { smallest, largest } = spectrum;
              return [condition.set, condition.schedule, precisions[i], smallest, largest, count, mass];
            }),
          ),
        },
      ],
      claims: all.map(({ condition, spectra }) => claimOf(condition, spectra, settings)),
    };
  },
});

const notRun = judge.notRun({
  id: 'G3.float32',
  place: 'Sec. 5.1, added here',
  statement: 'products in float32 leave the ends of the spectrum where they are',
  why: 'products in float64 would take twice the time of everything at this profile; the smaller ones compare both',
});

/** Where products are in float64 anyway. */
const conditions = (settings: NetworkSettings): Condition[] =>
  settings.precision === 'float64' ? mainConditions(settings).filter(({ set }) => set === 'CIFAR-10') : [];

const unitOf = (settings: NetworkSettings, condition: Condition, one: MeasuredPrecision) =>
  spectrumUnit(settings, condition, { kind: 'empirical' }, { steps: settings.steps.empirical, precision: one }, 0);
type MeasuredPrecision = (typeof precisions)[number];

function claimOf(condition: Condition, [exact, single]: readonly MeasuredSpectrum[], settings: NetworkSettings): Claim {
  const error = Math.max(Math.abs(single.largest - exact.largest), Math.abs(single.smallest - exact.smallest));
  return judge.law({
    id: `G3.float32-${slugOf(condition)}`,
    place: 'Sec. 5.1, added here',
    statement: `products in float32 leave the ends of the spectrum where they are (${condition.schedule})`,
    figure: 'tables/precision.md',
    ...comparison(settings, condition),
    measure: 'larger shift of the two extreme Ritz values, over the largest',
    samples: [error / exact.largest],
    bound: 1e-4,
    because:
      'a perturbation of the matrix moves eigenvalues by no more than its norm; rounding of 6e-8 through some ten layers and sums over a few hundred pixels stays below 1e-4',
  });
}
