import type { Mark, Panel, Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { type DescentConfig, descentTail } from './descent-tail.js';

type Settings = Omit<DescentConfig, 'algorithm'> & { readonly repetitions: number };

/**
 * The middle network of Figure 4, the same rate and batch; more than twice as long as it takes there to meet the
 * stopping condition.
 */
const laptop: Settings = {
  repetitions: 3,
  samples: 1000,
  side: 14,
  hidden: [16, 16],
  batch: 32,
  rate: 0.1,
  steps: 30_000,
  every: 1000,
};
const quick: Settings = { ...laptop, repetitions: 1, samples: 300, side: 7, hidden: [12, 12], steps: 20_000 };
const smoke: Settings = { ...quick, samples: 100, steps: 8000 };

const algorithms = ['gd', 'sgd'] as const;
const algorithmName = { gd: 'GD', sgd: 'SGD' };

const unitsOf = ({ repetitions, ...config }: Settings, algorithm: 'gd' | 'sgd') =>
  Array.from({ length: repetitions }, (_, repetition) =>
    descentTail.unit(
      { ...config, algorithm, batch: algorithm === 'gd' ? config.samples : config.batch },
      { repetition, threads: 1 },
    ),
  );

interface Tail {
  readonly step: Float64Array;
  readonly loss: Float64Array;
  readonly gradientNorm: Float64Array;
  readonly accuracy: Float64Array;
}

interface Measured {
  readonly algorithm: 'gd' | 'sgd';
  /** One a repetition. */
  readonly runs: readonly Tail[];
}

/** Footnote 3 and section 3.2: at a constant rate neither GD nor SGD stops; the bottom keeps falling slightly. */
export const footnote3 = definePart<Settings>({
  id: 'footnote-3',
  place: 'Footnote 3, sec. 3.2',
  title: 'Loss and gradient at the bottom, at a constant rate',
  profiles: { smoke, quick, laptop, paper: { ...laptop, repetitions: 5, steps: 60_000 } },
  units: (settings) => algorithms.flatMap((algorithm) => unitsOf(settings, algorithm)),

  present(results, settings) {
    const measured = algorithms.map((algorithm) => measure(results, settings, algorithm));
    return {
      figures: [
        {
          id: 'footnote-3',
          title: 'Footnote 3: at a constant rate neither GD nor SGD stops',
          caption: `Training loss and Euclidean norm of its gradient over all samples, every ${settings.every} steps from the first record on; line: median, band: range of ${settings.repetitions} repetition${settings.repetitions === 1 ? '' : 's'}. ${sizesOf(settings)}.`,
          panels: [
            curves(measured, 'loss', 'training loss'),
            curves(measured, 'gradientNorm', 'norm of the gradient, $‖∇L‖$'),
          ],
        },
      ],
      tables: [tableOf(measured, settings)],
      claims: measured.flatMap((cell) => claimsOf(cell, settings)),
    };
  },
});

function measure(results: Results, settings: Settings, algorithm: 'gd' | 'sgd'): Measured {
  const runs = unitsOf(settings, algorithm).map((unit) => {
    const { step, loss, gradientNorm, accuracy } = results.of(unit).arrays;
    const column = (array: typeof step) => array.data as Float64Array;
    return {
      step: column(step),
      loss: column(loss),
      gradientNorm: column(gradientNorm),
      accuracy: column(accuracy),
    };
  });
  return { algorithm, runs };
}

const sizesOf = ({ samples, side, hidden, batch, rate, steps }: Settings) =>
  `${samples} MNIST digits of ${side} x ${side} pixels, network ${side ** 2}-${hidden.join('-')}-10, ReLU, rate ${rate}, ${steps} steps, batches of ${batch} for SGD`;

function curves(measured: readonly Measured[], what: 'loss' | 'gradientNorm', label: string): Panel {
  return {
    x: { label: 'step', scale: 'log' },
    y: { label, scale: 'log' },
    marks: measured.flatMap(({ algorithm, runs }, color): Mark[] => {
      // Step 0 has no place on a logarithmic axis.
      const x = Array.from(runs[0].step).slice(1);
      const at = x.map((_, i) => ascending(runs.map((run) => run[what][i + 1])));
      return [
        { kind: 'band', x, low: at.map((s) => s[0]), high: at.map((s) => s[s.length - 1]), color },
        { kind: 'line', x, y: at.map(medianOf), label: algorithmName[algorithm], color },
      ];
    }),
    legend: 'bottom-left',
  };
}

/** The tail is the second half of the steps; it is at the bottom when every training sample is fitted throughout. */
const middle = ({ step }: Tail) => step.findIndex((at) => at >= step[step.length - 1] / 2);
const end = ({ step }: Tail) => step.length - 1;
const thousandsOfSteps = ({ step }: Tail, from: number) => (step[step.length - 1] - step[from]) / 1000;

/** How much the loss falls in 1,000 steps, on average over the tail. */
const fall = (run: Tail) => (run.loss[middle(run)] - run.loss[end(run)]) / thousandsOfSteps(run, middle(run));

/** s of gradient norm ~ step^-s, between the ends of the tail. An exponential decay has none: s grows with the step. */
const decay = (run: Tail) =>
  Math.log(run.gradientNorm[middle(run)] / run.gradientNorm[end(run)]) /
  Math.log(run.step[end(run)] / run.step[middle(run)]);

function tableOf(measured: readonly Measured[], settings: Settings): Table {
  const rows = measured.flatMap(({ algorithm, runs }) => {
    const records = runs[0].step.length;
    const shown = [0, 1, ...[1, 2, 4, 8].map((part) => Math.round(((records - 1) * part) / 8))];
    return [...new Set(shown)].map((record) => {
      const each = (of: (run: Tail) => number, digits = 3) =>
        runs.map((run) => (Number.isNaN(of(run)) ? '-' : of(run).toPrecision(digits))).join('; ');
      return [
        algorithmName[algorithm],
        runs[0].step[record],
        each(({ loss }) => loss[record]),
        each(({ loss, step }) =>
          record === 0 ? Number.NaN : ((loss[record - 1] - loss[record]) * 1000) / (step[record] - step[record - 1]),
        ),
        each(({ gradientNorm }) => gradientNorm[record]),
        each(({ accuracy }) => accuracy[record], 4),
      ];
    });
  });
  return {
    id: 'footnote-3',
    title: 'Footnote 3: loss and gradient at a constant rate',
    caption: `One value a repetition; the fall is that since the record before. ${sizesOf(settings)}.`,
    columns: [
      { header: 'algorithm' },
      { header: 'step' },
      { header: 'loss' },
      { header: 'fall of the loss per 1,000 steps' },
      { header: 'norm of the gradient' },
      { header: 'accuracy' },
    ],
    rows,
  };
}

function claimsOf({ algorithm, runs }: Measured, settings: Settings): Claim[] {
  const common = {
    place: 'Footnote 3, sec. 3.2',
    figure: 'figures/footnote-3.svg',
    atPublishedSize: false,
    difference: `${sizesOf(settings)}; the paper says it of its networks in general`,
  };
  const shown = {
    place: common.place,
    figure: 'tables/footnote-3.md',
    atPublishedSize: false,
    why: 'the paper prints no numbers',
  };
  const name = algorithmName[algorithm];
  const falls = {
    id: `S11.loss-falls.${algorithm}`,
    statement: `at a constant rate ${name} does not stop: at the bottom the loss still decreases`,
  };
  const slightly = {
    id: `S11.slightly.${algorithm}`,
    statement: `at the bottom the loss of ${name} decreases ever so slightly`,
  };
  const remains = {
    id: `S11.gradient-remains.${algorithm}`,
    statement: `at the bottom there is a small signal of the total gradient left for ${name}: it does not vanish`,
  };
  const above = runs.filter((run) => run.accuracy.subarray(middle(run)).some((accuracy) => accuracy < 1)).length;
  if (above > 0) {
    const why = `${above} of ${runs.length} runs did not reach the bottom: a training sample is misclassified in their second half`;
    const { place, figure } = common;
    return [falls, slightly, remains].map((statement) => judge.notRun({ ...statement, place, figure, why }));
  }
  return [
    judge.order({
      ...common,
      ...falls,
      larger: { name: 'loss half way', samples: runs.map((run) => run.loss[middle(run)]) },
      smaller: { name: 'at the end', samples: runs.map((run) => run.loss[end(run)]) },
      because: 'an order needs no tolerance; both ends of the second half, since the records between are one series',
    }),
    judge.order({
      ...common,
      ...slightly,
      larger: { name: 'a thousandth of the loss at the start', samples: runs.map(({ loss }) => loss[0] / 1000) },
      smaller: { name: 'fall of the loss per 1,000 steps over the second half', samples: runs.map(fall) },
      because: 'ever so slightly is read as a thousandth of the loss at the start in 1,000 steps (our choice)',
    }),
    judge.order({
      ...common,
      ...remains,
      larger: { name: 'norm of the gradient at the end', samples: runs.map((run) => run.gradientNorm[end(run)]) },
      smaller: {
        name: 'what rounding leaves of it',
        samples: runs.map(({ gradientNorm }) => settings.samples * Number.EPSILON * gradientNorm[0]),
      },
      factor: 1000,
      because:
        'a thousand times N epsilon times the norm at the start, a bound of the rounding error of a mean over N samples',
    }),
    judge.notComparable({
      ...shown,
      id: `S11.fall-per-1000-steps.${algorithm}`,
      statement: `fall of the loss of ${name} per 1,000 steps over the second half`,
      samples: runs.map(fall),
    }),
    judge.notComparable({
      ...shown,
      id: `S11.last-gradient-norm.${algorithm}`,
      statement: `norm of the gradient of the loss at the end of ${name}`,
      samples: runs.map((run) => run.gradientNorm[end(run)]),
    }),
    judge.notComparable({
      ...shown,
      id: `S11.decay-exponent.${algorithm}`,
      statement: `s where the norm of the gradient of ${name} falls like step^-s over the second half`,
      samples: runs.map(decay),
    }),
  ];
}

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const medianOf = (sorted: readonly number[]) => sorted[Math.floor(sorted.length / 2)];
