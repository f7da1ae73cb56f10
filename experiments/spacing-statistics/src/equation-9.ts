import { type CurveSeries, curves, type Panel } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { semicircle } from '@hessian-rmt/rmt';
import { ensembleLevels, ensembleSpectra } from './ensemble-levels.js';
import { meanStaircase, printedStaircase } from './mean-staircase.js';

type Settings = {
  readonly sizes: readonly number[];
  readonly draws: number;
  /** Repetitions, of as many draws each. */
  readonly repetitions: number;
};

const laptop: Settings = { sizes: [4, 8, 16, 32, 64, 128], draws: 1000, repetitions: 4 };
const quick: Settings = { sizes: [4, 8, 16, 32, 64], draws: 500, repetitions: 3 };
const smoke: Settings = { sizes: [4, 8, 16, 32], draws: 200, repetitions: 2 };
const paper: Settings = { sizes: [...laptop.sizes, 512], draws: 5000, repetitions: 4 };

const unitOf = ({ draws }: Settings, size: number, repetition: number) =>
  ensembleLevels.unit({ ensemble: 'goe', size, draws }, { repetition, threads: 1 });
const repetitionsOf = ({ repetitions }: Settings) => Array.from({ length: repetitions }, (_, i) => i);

/** Equation 9: the mean number of GOE levels below a point, in closed form (sec. 5). */
export const equation9 = definePart<Settings>({
  id: 'equation-9',
  place: 'Equation 9',
  title: 'Mean cumulative of the P × P GOE',
  profiles: { smoke, quick, laptop, paper },
  units: (settings) =>
    settings.sizes.flatMap((size) => repetitionsOf(settings).map((repetition) => unitOf(settings, size, repetition))),

  present(results, settings) {
    const measured = settings.sizes.map((size) => staircases(results, settings, size));
    return {
      figures: [
        {
          id: 'equation-9',
          title: 'Equation 9 against the mean cumulative of sampled GOE matrices',
          caption:
            `Mean number of levels below a point over ${settings.draws * settings.repetitions} matrices, off-diagonal variance 1/2, less equation 9: it is the semicircle's ` +
            'number, the limit, and not the mean at finite $P$. Right: the largest difference as a share of $P$; dashed: a quarter of a level.',
          columns: 2,
          panels: [differencePanel(measured), sharePanel(measured)],
        },
      ],
      claims: claims(measured, settings),
    };
  },
});

type Staircases = ReturnType<typeof staircases>;

/** From edge to edge and beyond, in units of half the width of the semicircle: not where levels never come. */
const grid = Array.from({ length: 241 }, (_, i) => -1.5 + i / 80);

/** Levels below the points of the grid: the mean of each repetition, and what Eq. 9 says. */
function staircases(results: Results, settings: Settings, size: number) {
  // Sampled with edges at +-2; equation 9 has them at +-sqrt(2 P).
  const points = Float64Array.from(grid, (x) => 2 * x);
  const printed = grid.map((x) => printedStaircase(x * Math.sqrt(2 * size), size));
  const means = repetitionsOf(settings).map((repetition) =>
    meanStaircase(ensembleSpectra(results.of(unitOf(settings, size, repetition))), points),
  );
  const mean = grid.map((_, i) => means.reduce((sum, own) => sum + own[i], 0) / means.length);
  const largestFrom = (levels: ArrayLike<number>, other: readonly number[]) =>
    other.reduce((most, value, i) => Math.max(most, Math.abs(levels[i] - value)), 0);
  const wide = grid.map((x) => printedStaircase(x * 2 * Math.sqrt(size), size));
  return {
    size,
    difference: mean.map((value, i) => value - printed[i]),
    /** Largest difference in each repetition, in levels. */
    largest: means.map((own) => largestFrom(own, printed)),
    /** The same for off-diagonal variance 1: a matrix stretched by sqrt(2) against the formula as printed. */
    largestAtVarianceOne: means.map((own) => largestFrom(own, wide)),
    fromSemicircle: largestFrom(
      grid.map((x) => size * semicircle({ variance: size / 2 }).cumulative(x * Math.sqrt(2 * size))),
      printed,
    ),
  };
}

const common = { place: 'Equation 9', figure: 'figures/equation-9.svg', atPublishedSize: true } as const;

function claims(measured: readonly Staircases[], { draws, sizes, repetitions }: Settings): Claim[] {
  return [
    ...measured.map(({ size, difference }) =>
      judge.law({
        ...common,
        id: `B3.mean-cumulative-${size}`,
        statement: `equation 9 is the mean cumulative of the P x P GOE: P = ${size}, off-diagonal variance 1/2`,
        measure: 'largest difference of the mean over all repetitions in levels',
        samples: [difference.reduce((most, value) => Math.max(most, Math.abs(value)), 0)],
        bound: 5 / Math.sqrt(draws * repetitions),
        because:
          'five standard errors of the mean number of levels below a point, which varies by less than one level at these sizes: an exact formula meets its sample',
      }),
    ),
    ...measured.map(({ size, largest }) =>
      judge.law({
        ...common,
        id: `B3.within-half-a-level-${size}`,
        statement: `equation 9 is near enough to unfold by: P = ${size}`,
        measure: 'largest difference in levels',
        samples: largest,
        bound: 0.5 + 5 / Math.sqrt(draws),
        because:
          'half a level, our choice: a quarter at either edge is the correction of order one to the semicircle (Johansson 1998), its oscillations are as large; and the sampling error',
      }),
    ),
    judge.trend({
      ...common,
      id: 'B3.limit',
      statement: 'equation 9, as a share of P, is the limit of large matrices',
      direction: 'decreasing',
      along: { name: 'P', samples: sizes },
      samples: measured[0].largest.map((_, repetition) =>
        measured.map(({ largest, size }) => largest[repetition] / size),
      ),
      monotone: true,
      because: 'the difference must vanish in the limit, so it falls from each size to the next',
    }),
    judge.law({
      ...common,
      id: 'B3.semicircle',
      statement: 'equation 9 is the cumulative of the semicircle of off-diagonal variance 1/2 (our note)',
      measure: 'largest difference in levels',
      samples: measured.map(({ fromSemicircle }) => fromSemicircle),
      bound: 1e-12 * sizes[sizes.length - 1],
      because: 'the same function but for rounding',
    }),
    judge.order({
      ...common,
      id: 'B3.variance',
      place: 'Eqs. 4, 9',
      statement: 'equation 9 is for off-diagonal variance 1/2, not for the sigma = 1 of equation 4 (our note)',
      larger: { name: 'difference at variance 1', samples: measured.flatMap((each) => each.largestAtVarianceOne) },
      smaller: { name: 'difference at variance 1/2', samples: measured.flatMap(({ largest }) => largest) },
      because: 'the same matrices in two units, at every P',
    }),
  ];
}

function differencePanel(measured: readonly Staircases[]): Panel {
  const series = measured.map(
    ({ size, difference }, i): CurveSeries => ({ label: String(size), x: grid, y: difference, color: i }),
  );
  return curves(series, {
    title: 'Sampled less equation 9, by $P$',
    x: { label: '$λ$ / √(2$P$)' },
    y: { label: 'levels' },
  });
}

function sharePanel(measured: readonly Staircases[]): Panel {
  const sizes = measured.map(({ size }) => size);
  const shares = measured.map(({ largest, size }) => largest.map((value) => value / size));
  const panel = curves(
    [{ label: '1/(4$P$)', x: sizes, y: sizes.map((size) => 0.25 / size), dash: true, color: 'muted' }],
    {
      title: 'Largest difference',
      x: { label: '$P$', scale: 'log' },
      y: { label: 'share of the levels', scale: 'log' },
    },
  );
  const points = {
    kind: 'points' as const,
    label: 'mean and range of the repetitions',
    color: 0,
    x: sizes,
    y: shares.map((values) => values.reduce((sum, x) => sum + x, 0) / values.length),
    intervals: shares.map((values) => [Math.min(...values), Math.max(...values)] as const),
  };
  return { ...panel, marks: [...panel.marks, points] };
}
