import type { Panel } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { fittedSets } from './fitted-point.js';
import { mean, range } from './mean-and-deviation.js';
import {
  fittedUnit,
  fittedUnits,
  type PointSettings,
  pointNames,
  pointOf,
  pointProfiles,
  pointText,
  pointUnits,
  ratioOf,
  repeated,
} from './points.js';

/** |H_emp - c I|^2 over |H_true - c I|^2 + |E|^2, a value a network. */
interface Balance {
  readonly ratio: number;
  readonly samples: readonly number[];
}

/** Appendix F: the dispersion of the empirical eigenvalues is that of the true ones plus the variance of the elements. */
export const appendixF = definePart<PointSettings>({
  id: 'appendix-f',
  place: 'Appendix F',
  title: 'Dispersion of the eigenvalues about their mean',
  profiles: pointProfiles,
  units: (settings) => [...pointUnits(settings), ...fittedUnits(settings)],

  present(results, settings) {
    const independent = pointNames.map((name) => {
      const all = repeated(settings.repetitions, (repetition) => pointOf(results, settings, name, repetition));
      const balances = settings.sizes.map(
        (size, s): Balance => ({
          ratio: ratioOf(all[0], size),
          samples: all.map(
            (point) =>
              point.average('dispersion', s) /
              ((point.result.numbers.trueDispersion as number) + point.average('noiseNorm', s)),
          ),
        }),
      );
      return { name, balances: balances.filter((_, s) => settings.sizes[s].copies === 1) };
    });
    const fitted = fittedSets
      .map((set, column) => ({ set, column }))
      .filter(({ set }) => set !== 'augmented')
      .map(({ set, column }) => ({
        set,
        balances: settings.fitted.sizes.map((samples): Balance => {
          const found = repeated(settings.fitted.repetitions, (repetition) =>
            results.of(fittedUnit(settings, samples, false, repetition)),
          );
          return {
            ratio: (found[0].numbers.parameters as number) / samples,
            samples: found.map(
              ({ numbers, arrays }) =>
                arrays.dispersion.data[column] / ((numbers.trueDispersion as number) + arrays.noiseNorm.data[column]),
            ),
          };
        }),
      }));
    return {
      figures: [
        {
          id: 'appendix-f',
          title: 'Appendix F: dispersion of the empirical eigenvalues over its two parts',
          caption:
            'Squared Frobenius norm of the empirical Hessian less its true mean eigenvalue, over the sum of the same for the true Hessian and of the squared norm of their difference: 1 by the appendix. ' +
            `Left: weights independent of the samples, means over ${settings.draws} samples. Right: weights fitted to the samples, and the same weights with fresh samples. Ranges over networks.`,
          panels: [
            balancePanel(
              'independent weights',
              independent.map(({ name, balances }) => ({ label: pointText[name], balances })),
            ),
            balancePanel(
              'fitted weights',
              fitted.map(({ set, balances }) => ({ label: `${set} samples`, balances })),
            ),
          ],
        },
      ],
      claims: [
        ...independent.map(({ name, balances }) =>
          balanceClaim(
            `independent-${name}`,
            `the dispersion grows by the variance of the noise (${pointText[name]}, independent of the samples)`,
            balances,
            settings.draws,
          ),
        ),
        balanceClaim(
          'fitted',
          'the dispersion grows by the variance of the noise (weights fitted to the samples, as in sec. 6)',
          fitted[0].balances,
          1,
        ),
      ],
    };
  },
});

function balancePanel(
  title: string,
  series: readonly { readonly label: string; readonly balances: readonly Balance[] }[],
): Panel {
  return {
    title,
    x: { label: '$q$ = $P$/$N$', scale: 'log' },
    y: { label: 'left side over right side', domain: [0, 1.3] },
    marks: [
      { kind: 'rule', y: 1, label: 'Appendix F' },
      ...series.map(({ label, balances }, color) => ({
        kind: 'points' as const,
        label,
        color,
        x: balances.map(({ ratio }) => ratio * (1 + 0.06 * (color - 1))),
        y: balances.map(({ samples }) => mean(samples)),
        intervals: balances.map(({ samples }) => range(samples)),
      })),
    ],
    legend: 'bottom-left',
  };
}

function balanceClaim(id: string, statement: string, balances: readonly Balance[], draws: number): Claim {
  return judge.law({
    id: `G15.${id}`,
    place: 'Appendix F',
    figure: 'figures/appendix-f.svg',
    atPublishedSize: true,
    statement,
    measure: 'left side over right side',
    published: 1,
    samples: balances.flatMap(({ samples }) => samples),
    bound: 0.1,
    because: `exact in the mean; a tenth covers the sampling of ${draws} draws of a size, our choice`,
  });
}
