import { curves, type Panel, type Table } from '@hessian-rmt/plotting';
import { definePart, type Results } from '@hessian-rmt/replication';
import { correctedNorms, exactNorms, printedNorms, type QuadraticDescent } from './descent-norms.js';
import { deviation, mean } from './mean-and-deviation.js';
import type { MeasuredDescent, MeasuredTheorem } from './measured-descent.js';
import { type QuadraticDescentConfig, type QuadraticSpectrum, quadraticDescent } from './quadratic-descent.js';
import { type SoftmaxDescentConfig, softmaxDescent } from './softmax-descent.js';
import { theorem81Claims } from './theorem-8-1-claims.js';

type Settings = {
  readonly quadratic: Pick<QuadraticDescentConfig, 'parameters' | 'steps' | 'runs'>;
  /** Sizes at which the spread of the norm is compared, each over this many runs. */
  readonly concentration: { readonly sizes: readonly number[]; readonly runs: number };
  readonly softmax: SoftmaxDescentConfig;
};

/** Rates below a third of 2 / largest eigenvalue; the second rate tells a formula with a factor a from one without. */
const cases: readonly { readonly spectrum: QuadraticSpectrum; readonly rate: number; readonly text: string }[] = [
  { spectrum: 'wishart', rate: 0.3, text: 'Wishart spectrum' },
  { spectrum: 'wishart', rate: 0.1, text: 'Wishart spectrum' },
  { spectrum: 'goe', rate: 0.3, text: 'shifted GOE spectrum' },
  { spectrum: 'outliers', rate: 0.3, text: 'bulk and outliers' },
];

/**
 * At the last of the steps n a lambda is 40 and more for the smallest eigenvalues (8 at smoke's sizes), where the
 * formulas, which are for n a lambda >> 1, are to hold; the decay of the softmax regression makes it 45 there.
 */
const laptop: Settings = {
  quadratic: { parameters: 200, steps: [30, 100, 300, 1000, 3000, 10_000], runs: 20 },
  concentration: { sizes: [25, 100, 400, 1600], runs: 50 },
  softmax: {
    samples: 1000,
    side: 7,
    decay: 0.03,
    batch: 10,
    rate: 0.3,
    steps: [30, 100, 300, 1000, 5000],
    runs: 10,
  },
};
const quick: Settings = {
  quadratic: { parameters: 100, steps: [30, 100, 300, 1000, 5000], runs: 10 },
  concentration: { sizes: [20, 60, 180, 540], runs: 30 },
  softmax: { ...laptop.softmax, samples: 500, runs: 3 },
};
const smoke: Settings = {
  quadratic: { parameters: 40, steps: [30, 100, 1000], runs: 5 },
  concentration: { sizes: [10, 20, 40, 80], runs: 20 },
  softmax: { ...quick.softmax, samples: 200, steps: [30, 300], runs: 3 },
};
const paper: Settings = {
  quadratic: { parameters: 1000, steps: [30, 100, 300, 1000, 3000, 10_000, 30_000], runs: 20 },
  concentration: { sizes: [25, 100, 400, 1600], runs: 200 },
  softmax: { ...laptop.softmax, samples: 4000, side: 14, runs: 20 },
};

const once = { repetition: 0, threads: 1 };
const quadraticUnit = ({ quadratic }: Settings, { spectrum, rate }: (typeof cases)[number]) =>
  quadraticDescent.unit({ ...quadratic, spectrum, rate, variance: 1, start: 3 }, once);
const sizeUnit = ({ concentration: { runs } }: Settings, parameters: number) =>
  quadraticDescent.unit(
    { spectrum: 'wishart', parameters, rate: 0.3, variance: 1, start: 3, steps: [200], runs },
    once,
  );
const softmaxUnit = ({ softmax }: Settings) => softmaxDescent.unit(softmax, once);

/** Theorem 8.1: norms of the last iterate and of the average of SGD on a quadratic loss. */
export const theorem81 = definePart<Settings>({
  id: 'theorem-8-1',
  place: 'Theorem 8.1',
  title: 'Norms of the last iterate and of the average',
  profiles: { smoke, quick, laptop, paper },
  units: (settings) => [
    ...cases.map((each) => quadraticUnit(settings, each)),
    ...settings.concentration.sizes.map((size) => sizeUnit(settings, size)),
    softmaxUnit(settings),
  ],

  present(results, settings) {
    const measured = measure(results, settings);
    const { quadratic, softmax } = measured;
    return {
      figures: [
        {
          id: 'theorem-8-1',
          title: 'Theorem 8.1: norms of the last iterate and of the average',
          caption:
            'Dots: mean and range over the runs; dashed: equation 18 as printed; lines: without the factor $a$ in the noise of the average, ' +
            `for softmax regression also with the variance of the gradient along each eigenvector. ${measured.settings}.`,
          columns: 3,
          panels: [...quadratic.map((each) => normPanel(each)), normPanel(softmax, softmax.own)],
        },
      ],
      tables: [normTable(measured)],
      claims: theorem81Claims(measured),
    };
  },
});

function measure(results: Results, settings: Settings): MeasuredTheorem {
  const { quadratic, concentration, softmax } = settings;
  const rows = (data: Float64Array, steps: readonly number[]) =>
    Array.from({ length: data.length / steps.length }, (_, run) => [
      ...data.subarray(run * steps.length, (run + 1) * steps.length),
    ]);
  const real = results.of(softmaxUnit(settings)).arrays;
  const array = (name: string) => real[name].data as Float64Array;
  const perSample = array('variances');
  const atMinimum = { curvatures: array('curvatures'), start: array('start'), rate: softmax.rate };
  const meanVariance = perSample.reduce((sum, x) => sum + x, 0) / perSample.length;
  return {
    quadratic: cases.map((each) => {
      const { arrays } = results.of(quadraticUnit(settings, each));
      const { spectrum, rate, text } = each;
      const curvatures = arrays.curvatures.data as Float64Array;
      return {
        name: `${spectrum}-${rate}`,
        text: `${text}, $a$ = ${rate}`,
        steps: quadratic.steps,
        last: rows(arrays.last.data as Float64Array, quadratic.steps),
        average: rows(arrays.average.data as Float64Array, quadratic.steps),
        descent: { curvatures, start: new Float64Array(curvatures.length).fill(3), rate, variance: 1 },
      };
    }),
    bySize: concentration.sizes.map((parameters) => ({
      parameters,
      norms: [...(results.of(sizeUnit(settings, parameters)).arrays.last.data as Float64Array)],
    })),
    softmax: {
      name: 'softmax',
      text: `softmax regression, $a$ = ${softmax.rate}`,
      steps: softmax.steps,
      last: rows(array('last'), softmax.steps),
      average: rows(array('average'), softmax.steps),
      descent: { ...atMinimum, variance: meanVariance / softmax.batch },
      own: { ...atMinimum, variance: perSample.map((x) => x / softmax.batch) },
    },
    settings:
      `Quadratic: $P$ = ${quadratic.parameters}, $σ$^{2}/$B$ = 1, $w$_{0} = (3, 3, ...), ${quadratic.runs} runs. ` +
      `Softmax regression: $P$ = ${perSample.length}, ${softmax.samples} MNIST digits, weight decay ${softmax.decay}, batches of ${softmax.batch} with replacement, ` +
      `${softmax.runs} runs, distances from the minimum`,
  };
}

function normPanel({ text, steps, last, average, descent }: MeasuredDescent, own?: QuadraticDescent): Panel {
  const grid = Array.from({ length: 41 }, (_, i) =>
    Math.round(steps[0] * (steps[steps.length - 1] / steps[0]) ** (i / 40)),
  );
  const line = (norms: typeof printedNorms, of: QuadraticDescent, which: 'last' | 'average') =>
    grid.map((n) => norms(of, n)[which]);
  const dots = (rows: readonly (readonly number[])[], label: string, color: number) => {
    const columns = steps.map((_, k) => rows.map((row) => row[k]));
    return {
      kind: 'points' as const,
      label,
      color,
      x: steps,
      y: columns.map(mean),
      intervals: columns.map((values) => [Math.min(...values), Math.max(...values)] as const),
    };
  };
  const panel = curves(
    [
      { x: grid, y: line(printedNorms, descent, 'last'), color: 0, dash: true },
      { x: grid, y: line(printedNorms, descent, 'average'), color: 1, dash: true },
      { x: grid, y: line(correctedNorms, own ?? descent, 'last'), color: 0 },
      { x: grid, y: line(correctedNorms, own ?? descent, 'average'), color: 1 },
    ],
    {
      title: text,
      x: { label: 'steps, $n$', scale: 'log' },
      y: { label: 'norm', scale: 'log' },
      legend: 'bottom-left',
    },
  );
  return { ...panel, marks: [...panel.marks, dots(last, 'last iterate', 0), dots(average, 'average', 1)] };
}

function normTable({ quadratic, softmax, bySize, settings }: MeasuredTheorem): Table {
  const formulas = [printedNorms, correctedNorms, exactNorms];
  const rowsOf = ({ text, steps, last, average, descent }: MeasuredDescent, note: string) =>
    steps.flatMap((n, k) =>
      (['last', 'average'] as const).map((which) => {
        const norms = (which === 'last' ? last : average).map((row) => row[k]);
        return [
          text.replaceAll('$', '') + note,
          n,
          which,
          mean(norms),
          deviation(norms) / Math.sqrt(norms.length),
          ...formulas.map((formula) => formula(descent, n)[which]),
        ];
      }),
    );
  return {
    id: 'theorem-8-1',
    title: 'Theorem 8.1: measured norms and formulas',
    caption:
      `Mean over the runs with its standard error; equation 18; the same without the factor a in the noise of the average; exact at n steps. ${settings.replaceAll('$', '')}. ` +
      `Standard deviation of the norm of the last iterate at n = 200 by P: ${bySize.map(({ parameters, norms }) => `${parameters}: ${deviation(norms).toPrecision(3)}`).join(', ')}.`,
    columns: [
      { header: 'loss' },
      { header: 'n' },
      { header: 'iterate' },
      { header: 'norm', format: '.4g' },
      { header: 'standard error', format: '.2g' },
      { header: 'printed', format: '.4g' },
      { header: 'corrected', format: '.4g' },
      { header: 'exact', format: '.4g' },
    ],
    rows: [
      ...quadratic.flatMap((each) => rowsOf(each, '')),
      ...rowsOf(softmax, ', one variance for all directions'),
      ...rowsOf({ ...softmax, descent: softmax.own }, ', the variance of each direction'),
    ],
  };
}
