import { type CurveSeries, curves, type Panel, type Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results, type Unit } from '@hessian-rmt/replication';
import { numberVarianceOf, spectralRigidityOf } from '@hessian-rmt/rmt';
import { type AuditSettings, auditProfiles, courses } from './audit-settings.js';
import { batchLongRange, longRangePoints } from './batch-long-range.js';
import type { BatchSpectraConfig } from './batch-spectra.js';
import { trainingText } from './conditions.js';
import { type LongRangeUnfolding, longRangeUnfoldings } from './long-range-unfolding.js';

type Settings = { readonly audit: AuditSettings; readonly references: number };

const settingsOf = (audit: AuditSettings): Settings => ({ audit, references: 2 });

/** X5: number variance and spectral rigidity of the deflated spectra, of the batches of the audit. */
export const longRange = definePart<Settings>({
  id: 'long-range',
  place: 'sec. 6',
  title: 'Statistics over long ranges',
  profiles: {
    smoke: settingsOf(auditProfiles.smoke),
    quick: settingsOf(auditProfiles.quick),
    laptop: settingsOf(auditProfiles.laptop),
    paper: settingsOf(auditProfiles.paper),
  },
  units: (settings) => cases(settings).map(({ unit }) => unit),

  present(results, settings) {
    const measured = cases(settings).map((each) => ({ ...each, ...measuredBy(results, each.unit) }));
    return {
      figures: [figure(measured, 'variance', settings), figure(measured, 'rigidity', settings)],
      tables: [reachTable(measured)],
      claims: [...goeClaims(measured[0]), ...measured.map((each) => networkClaim(each, settings))],
    };
  },
});

/** The start and the end of each network's training, positive levels, and negative ones where there are hidden layers; first seed. */
function cases({ audit, references }: Settings) {
  return courses(audit).flatMap(({ network, images, epochs, units }) =>
    [0, epochs.length - 1].flatMap((which) => {
      const spectra = units[0][which].config as BatchSpectraConfig;
      const signs = network === 'softmax regression' ? (['positive'] as const) : (['positive', 'negative'] as const);
      return signs.map((sign) => ({
        unit: batchLongRange.unit({ spectra, sign, references }, { repetition: 0, threads: 1 }),
        text: `${network}, ${images.text}, ${trainingText(epochs[which])}${signs.length > 1 ? `, ${sign}` : ''}`,
        slug: [network.toLowerCase().replaceAll(' ', '-'), images.source.dataset, epochs[which], sign].join('-'),
        batches: spectra.count,
      }));
    }),
  );
}

type Statistic = 'variance' | 'rigidity';
type Points = ReturnType<typeof longRangePoints>;
type Measured = ReturnType<typeof cases>[number] & ReturnType<typeof measuredBy>;

function measuredBy(results: Results, unit: Unit) {
  const { arrays, numbers } = results.of(unit);
  return {
    at: (name: string): Points => longRangePoints(arrays[name]),
    fewestLevels: Math.min(...(numbers.levels as readonly number[])),
  };
}

const exactOf = { variance: numberVarianceOf({ ensemble: 'goe' }), rigidity: spectralRigidityOf({ ensemble: 'goe' }) };
const names = { variance: 'number variance', rigidity: 'spectral rigidity' } as const;

/** Ten levels and no more are judged: beyond, broadening takes away what it is to leave. */
const judgedUpTo = 10;
/** Standard errors that count as a difference, our choice: some ten correlated lengths, and errors known from some twenty spectra. */
const differenceAt = 4;

/** Differences of a network from the GOE through the same unfolding, in standard errors, length by length. */
function deviations({ at }: Measured, by: LongRangeUnfolding, statistic: Statistic) {
  const goe = at(`goe-${by}-${statistic}`);
  return at(`network-${by}-${statistic}`).flatMap((point) => {
    const other = goe.find(({ length }) => length === point.length);
    if (!other) return [];
    const error = Math.hypot(point.standardError, other.standardError);
    return [{ length: point.length, ratio: point.value / other.value, errors: (point.value - other.value) / error }];
  });
}

/** The largest length up to which no difference shows. 0: they differ at the smallest one. */
function reachOf(measured: Measured, by: LongRangeUnfolding, statistic: Statistic): number {
  const all = deviations(measured, by, statistic);
  const first = all.findIndex(({ errors }) => Math.abs(errors) > differenceAt);
  return first < 0 ? all[all.length - 1].length : first === 0 ? 0 : all[first - 1].length;
}

const common = { place: 'sec. 6', figure: 'figures/long-range-variance.svg' } as const;

const because = 'four standard errors for some ten lengths that are correlated, with errors known from few spectra';

/** The procedure itself, on GOE spectra. */
function goeClaims({ at, text, fewestLevels }: Measured): Claim[] {
  return (['variance', 'rigidity'] as const).map((statistic) => {
    const differences = at(`goe-law-${statistic}`)
      .filter(({ length }) => length <= judgedUpTo)
      .map(({ length, value, standardError }) => {
        const exact = exactOf[statistic](length);
        return Math.max(0, Math.abs(value - exact) - (2 / fewestLevels) * exact) / standardError;
      });
    return judge.law({
      ...common,
      atPublishedSize: true,
      figure: `figures/long-range-${statistic}.svg`,
      id: `X5.goe-${statistic}`,
      statement: `GOE levels unfolded by their law have the exact ${names[statistic]} up to L = ${judgedUpTo} (sizes of ${text})`,
      measure: 'largest difference beyond 2/n of the exact value (the end levels are in no window), in standard errors',
      samples: [Math.max(...differences)],
      bound: differenceAt,
      because,
    });
  });
}

/** By the unfolding that is kinder to the network: what is left is no slow difference between the densities of batches. */
function networkClaim(measured: Measured, { audit }: Settings): Claim {
  const differences = deviations(measured, 'local', 'variance').filter(({ length }) => length <= judgedUpTo);
  return judge.law({
    ...common,
    atPublishedSize: false,
    difference: `the paper has nearest neighbours only; ${audit.inputs} inputs, batches of ${audit.batch}`,
    id: `X5.${measured.slug}`,
    statement:
      `the agreement with the GOE extends to L = ${judgedUpTo}: number variance of ${measured.text}, unfolded by ` +
      'a pool and by Gaussian broadening of each spectrum',
    measure: 'largest difference from GOE levels through the same unfolding, in standard errors',
    samples: [Math.max(...differences.map(({ errors }) => Math.abs(errors)))],
    bound: differenceAt,
    because,
  });
}

function figure(measured: readonly Measured[], statistic: Statistic, { audit }: Settings) {
  return {
    id: `long-range-${statistic}`,
    title: `${statistic === 'variance' ? 'Number variance' : 'Spectral rigidity'} of deflated batch spectra`,
    caption:
      `Batches of ${audit.batch}, ${audit.inputs} inputs, one seed. Dots: networks with 95 % bands over batches; shaded: GOE spectra, as many levels, through the same ` +
      'unfolding (95 % for as many as were drawn); grey: exact laws of the GOE and, dashed, of independent levels. Unfolded by a pool of two thirds of the ' +
      'spectra, and then by Gaussian broadening of each spectrum as well.',
    columns: 3,
    panels: measured.map((each) => panelOf(each, statistic)),
  };
}

function panelOf({ at, text }: Measured, statistic: Statistic): Panel {
  const series = longRangeUnfoldings.map((by, color): CurveSeries => {
    const goe = at(`goe-${by}-${statistic}`);
    return {
      x: goe.map(({ length }) => length),
      y: goe.map(({ value }) => value),
      low: goe.map(({ interval95 }) => interval95[0]),
      high: goe.map(({ interval95 }) => interval95[1]),
      color,
    };
  });
  const lengths = at(`network-pool-${statistic}`).map(({ length }) => length);
  const independent = statistic === 'variance' ? 1 : 15;
  const panel = curves(
    [
      { x: lengths, y: lengths.map(exactOf[statistic]), color: 'muted' },
      { x: lengths, y: lengths.map((length) => length / independent), color: 'muted', dash: true },
      ...series,
    ],
    {
      title: text,
      x: { label: 'length, $L$', scale: 'log' },
      y: { label: names[statistic], scale: 'log' },
      legend: 'top-left',
    },
  );
  const dots = longRangeUnfoldings.map((by, color) => {
    const points = at(`network-${by}-${statistic}`);
    return {
      kind: 'points' as const,
      label: by === 'pool' ? 'by the pool' : 'and each spectrum',
      color,
      x: points.map(({ length }) => length),
      y: points.map(({ value }) => value),
      intervals: points.map(({ interval95: [low, high], value }) => [Math.max(low, value / 10), high] as const),
    };
  });
  return { ...panel, marks: [...panel.marks, ...dots] };
}

function reachTable(measured: readonly Measured[]): Table {
  return {
    id: 'long-range',
    title: 'How far in L deflated spectra agree with the GOE',
    caption:
      `Largest length in mean spacings up to which no difference from GOE levels through the same unfolding exceeds ${differenceAt} standard errors (0: not even the smallest, ` +
      'one half), and the ratios to the GOE at L = 2 and 8.',
    columns: [
      { header: 'levels' },
      { header: 'unfolded by' },
      { header: 'statistic' },
      { header: 'agrees up to L' },
      { header: 'ratio at L = 2', format: '.3f' },
      { header: 'ratio at L = 8', format: '.3f' },
    ],
    rows: measured.flatMap((each) =>
      longRangeUnfoldings.flatMap((by) =>
        (['variance', 'rigidity'] as const).map((statistic) => {
          const all = deviations(each, by, statistic);
          const ratioAt = (length: number) => all.find((point) => point.length === length)?.ratio ?? null;
          return [
            each.text,
            by === 'pool' ? 'the pool' : 'the pool, then each spectrum',
            names[statistic],
            reachOf(each, by, statistic),
            ratioAt(2),
            ratioAt(8),
          ];
        }),
      ),
    ),
  };
}
