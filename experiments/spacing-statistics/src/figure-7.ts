import { type CurveSeries, curves, type Panel, type Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results, type Unit } from '@hessian-rmt/replication';
import { images } from './images-available.js';
import { median, signTestShare } from './repetitions.js';
import type { DataSource } from './samples.js';
import { type CurvesRun, curvesOf, final, type RunCurves, trainingCurves } from './training-curves.js';

const setNames = { digits: 'MNIST digits', fashion: 'Fashion-MNIST' };
type SetName = keyof typeof setNames;

type SetSettings = {
  readonly repetitions: number;
  readonly epochs: number;
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly fitted: number;
  readonly validation: number;
  readonly test: number;
};

type Settings = {
  /** Rising, from too low for so many epochs to where training no longer goes well (one seed of another run told which). */
  readonly rates: readonly number[];
  /** null: left out at this profile. */
  readonly sets: Readonly<Record<SetName, SetSettings | null>>;
};

const small: SetSettings = {
  repetitions: 8,
  epochs: 40,
  inputs: 196,
  hidden: [64],
  fitted: 6000,
  validation: 2000,
  test: 2000,
};
const laptop: Settings = {
  rates: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2],
  sets: { digits: small, fashion: { ...small, repetitions: 6 } },
};
const few: SetSettings = { ...small, repetitions: 5, epochs: 12, hidden: [32], fitted: 2000, validation: 1000 };
const quick: Settings = { rates: [0.01, 0.02, 0.05, 0.1], sets: { digits: few, fashion: few } };
const smoke: Settings = {
  rates: [0.01, 0.05, 0.2],
  sets: {
    digits: { ...few, repetitions: 1, epochs: 4, fitted: 400, validation: 200, test: 200 },
    fashion: null,
  },
};
const whole: SetSettings = {
  ...small,
  repetitions: 10,
  epochs: 100,
  inputs: 784,
  hidden: [100, 100],
  ...(images.digits.published ? { fitted: 50_000, validation: 10_000, test: 10_000 } : {}),
};
const paper: Settings = {
  rates: laptop.rates,
  sets: { digits: whole, fashion: { ...whole, fitted: 50_000, validation: 10_000, test: 10_000 } },
};

/** Both ways at every rate: SGD whose rate falls from half of the epochs on, and a constant rate averaged from there. */
export function runsOf(rates: readonly number[], epochs: number): CurvesRun[] {
  return rates.flatMap((rate): CurvesRun[] => [
    { rate, epochs, schedule: 'linear', averageFrom: null },
    { rate, epochs, schedule: 'constant', averageFrom: epochs / 2 },
  ]);
}

function unitsOf(name: SetName, { rates, sets }: Settings): Unit[] {
  const set = sets[name];
  const source: DataSource | undefined = images[name]?.source;
  if (!set || !source) return [];
  const { repetitions, epochs, ...sizes } = set;
  // Batches of 128 as in the authors' code; momentum and weight decay of sec. 4.
  const config = { source, ...sizes, batch: 128, momentum: 0.9, weightDecay: 5e-4, runs: runsOf(rates, epochs) };
  return Array.from({ length: repetitions }, (_, repetition) =>
    trainingCurves.unit(config, { repetition, threads: 1 }),
  );
}

/** Figure 7: tail averages of the iterates at a high rate against SGD with a falling rate (sec. 8). */
export const figure7 = definePart<Settings>({
  id: 'figure-7',
  place: 'Figure 7',
  title: 'Tail-averaged iterates against SGD, at the same number of epochs',
  profiles: { smoke, quick, laptop, paper },
  units: (settings) => [...unitsOf('digits', settings), ...unitsOf('fashion', settings)],

  present(results, settings) {
    const found = (['digits', 'fashion'] as const).map((name) => ({
      name,
      measured: measure(results, name, settings),
    }));
    const measured = found.flatMap((set) => set.measured ?? []);
    return {
      figures: [
        {
          id: 'figure-7',
          title: 'Figure 7: test error of SGD and of tail averages',
          caption:
            `${measured.map(describe).join('; ')}. Batches of 128, momentum 0.9, weight decay 0.0005. ` +
            'Left: along training, each way at the rate that its validation error chooses. Right: at the end, at every rate. ' +
            'SGD: the rate falls to a hundredth between half and nine tenths of the epochs. Average: constant rate, mean of ' +
            'the weights of all steps from half of the epochs on. Lines: medians; bands: smallest and largest over the seeds.',
          columns: 2,
          panels: measured.flatMap((set) => [alongTraining(set), againstRate(set)]),
        },
      ],
      tables: [tableOf(measured)],
      claims: found.flatMap(({ name, measured: set }) => (set ? claimsOf(set) : notRun(name, settings))),
    };
  },
});

/** The runs of one way of training: byRate[rate][repetition]. */
type Way = readonly (readonly RunCurves[])[];

interface MeasuredSet {
  readonly name: SetName;
  readonly text: string;
  readonly settings: SetSettings;
  readonly rates: readonly number[];
  readonly decayed: Way;
  readonly constant: Way;
  /** Positions among the rates: smallest median validation error at the end. */
  readonly chosen: { readonly decayed: number; readonly averaged: number };
}

function measure(results: Results, name: SetName, settings: Settings): MeasuredSet | undefined {
  const units = unitsOf(name, settings);
  if (units.length === 0) return undefined;
  const seeds = units.map((unit) => curvesOf(results, unit));
  const { rates, sets } = settings;
  const way = (offset: number): Way => rates.map((_, i) => seeds.map((runs) => runs[2 * i + offset]));
  const [decayed, constant] = [way(0), way(1)];
  const best = (of: Way, error: (run: RunCurves) => number) => {
    const medians = of.map((runs) => median(runs.map(error)));
    return medians.indexOf(Math.min(...medians));
  };
  return {
    name,
    text: setNames[name],
    settings: sets[name]!,
    rates,
    decayed,
    constant,
    chosen: {
      decayed: best(decayed, ({ iterates }) => final(iterates.validationError)),
      averaged: best(constant, ({ averages }) => final(averages!.validationError)),
    },
  };
}

const lastError = ({ iterates }: RunCurves) => final(iterates.testError);
const averageError = ({ averages }: RunCurves) => final(averages!.testError);

const statements = {
  'average-below-sgd':
    'tail averages at a high rate reach a lower error than SGD with its falling rate at the same number of epochs',
  'average-below-last': 'the average has a lower error than the last iterate of the same descent',
  'high-below-low': 'averaging needs a high rate: averages at a low one have a larger error',
  'gain-with-rate': 'what averaging gains over the last iterate grows with the rate',
  reduction: 'reduction of the error by tail averaging (published: nearly 2 % on ImageNet)',
} as const;
type ClaimName = keyof typeof statements;

const statement = (claim: ClaimName, set: SetName) => ({
  id: `B11.${claim}.${set}`,
  place: 'Figure 7, sec. 8',
  figure: 'figures/figure-7.svg',
  statement: statements[claim],
});

function claimsOf(set: MeasuredSet): Claim[] {
  const { name, settings, rates, decayed, constant, chosen } = set;
  const size = { atPublishedSize: false, difference: `${describe(set)}; published: WideResNet-101 on ImageNet` };
  const share = signTestShare(settings.repetitions);
  const order = { ...size, inAtLeast: share, because: 'the share of the seeds that a sign test at 5 % asks for' };
  const sgd = {
    name: `test error of SGD (rate ${rates[chosen.decayed]})`,
    samples: decayed[chosen.decayed].map(lastError),
  };
  const best = constant[chosen.averaged];
  const average = { name: `of the average (rate ${rates[chosen.averaged]})`, samples: best.map(averageError) };
  return [
    judge.order({ ...order, ...statement('average-below-sgd', name), larger: sgd, smaller: average }),
    judge.order({
      ...order,
      ...statement('average-below-last', name),
      larger: { name: `test error of the last iterate (rate ${rates[chosen.averaged]})`, samples: best.map(lastError) },
      smaller: average,
    }),
    judge.order({
      ...order,
      ...statement('high-below-low', name),
      larger: { name: `test error of the average at rate ${rates[0]}`, samples: constant[0].map(averageError) },
      smaller: average,
    }),
    judge.trend({
      ...size,
      ...statement('gain-with-rate', name),
      direction: 'increasing',
      along: { name: 'rate', samples: rates },
      samples: best.map((_, seed) => constant.map((runs) => lastError(runs[seed]) - averageError(runs[seed]))),
      because: 'the seeds are independent',
    }),
    judge.notComparable({
      ...statement('reduction', name),
      published: 0.02,
      samples: sgd.samples.map((error, seed) => error - average.samples[seed]),
      atPublishedSize: false,
      why: 'a number of ImageNet; here other images and a network of dense layers',
    }),
  ];
}

function notRun(name: SetName, { sets }: Settings): Claim[] {
  const why = sets[name] ? 'Fashion-MNIST is not installed' : 'this profile takes the digits alone';
  return (Object.keys(statements) as ClaimName[]).map((claim) =>
    judge.notRun({ ...statement(claim, name), ...(claim === 'reduction' ? { published: 0.02 } : {}), why }),
  );
}

function describe({ text, settings }: MeasuredSet): string {
  const { inputs, hidden, fitted, epochs, repetitions } = settings;
  return `${text}: ${[inputs, ...hidden, 10].join('-')} network, ${fitted} images, ${epochs} epochs, ${repetitions} ${repetitions === 1 ? 'seed' : 'seeds'}`;
}

const ways = { sgd: 'SGD', last: 'last iterate', average: 'average' };

function alongTraining({ text, rates, decayed, constant, chosen }: MeasuredSet): Panel {
  const series = (label: string, runs: readonly { epochs: readonly number[]; testError: readonly number[] }[]) =>
    spread(
      label,
      runs[0].epochs,
      runs.map(({ testError }) => testError),
    );
  const [falling, high] = [decayed[chosen.decayed], constant[chosen.averaged]];
  return curves(
    [
      series(
        `${ways.sgd}, rate ${rates[chosen.decayed]}`,
        falling.map(({ iterates }) => iterates),
      ),
      series(
        `${ways.last}, constant ${rates[chosen.averaged]}`,
        high.map(({ iterates }) => iterates),
      ),
      series(
        `${ways.average}, constant ${rates[chosen.averaged]}`,
        high.map(({ averages }) => averages!),
      ),
    ],
    { title: text, x: { label: 'epochs' }, y: { label: 'test error in %', scale: 'log' }, legend: 'top-right' },
  );
}

function againstRate({ text, rates, decayed, constant, settings }: MeasuredSet): Panel {
  const series = (label: string, way: Way, error: (run: RunCurves) => number) => ({
    ...spread(
      label,
      rates,
      way[0].map((_, seed) => way.map((runs) => error(runs[seed]))),
    ),
    dots: true,
  });
  return curves(
    [
      series(ways.sgd, decayed, lastError),
      series(ways.last, constant, lastError),
      series(ways.average, constant, averageError),
    ],
    {
      title: `${text}, after ${settings.epochs} epochs`,
      x: { label: 'rate (at the start)', scale: 'log', ticks: rates.map((rate) => ({ at: rate, label: `${rate}` })) },
      y: { label: 'test error in %', scale: 'log' },
    },
  );
}

/** Median, smallest and largest over the seeds, in per cent. */
function spread(label: string, x: readonly number[], seeds: readonly (readonly number[])[]): CurveSeries {
  const at = (i: number) => seeds.map((values) => 100 * values[i]);
  return {
    label,
    x,
    y: x.map((_, i) => median(at(i))),
    low: x.map((_, i) => Math.min(...at(i))),
    high: x.map((_, i) => Math.max(...at(i))),
  };
}

function tableOf(sets: readonly MeasuredSet[]): Table {
  return {
    id: 'figure-7',
    title: 'Figure 7: errors at the end of training, at every rate',
    caption:
      'Medians over the seeds, in per cent. Validation: the part of the training images that rates are chosen by; test: never looked at before. The chosen rates are marked.',
    columns: [
      { header: 'images' },
      { header: 'rate' },
      ...Object.values(ways).flatMap((way) => [
        { header: `${way}, validation`, format: '.2f' },
        { header: `${way}, test`, format: '.2f' },
      ]),
      { header: 'chosen for' },
    ],
    rows: sets.flatMap(({ text, rates, decayed, constant, chosen }) =>
      rates.map((rate, i) => {
        const percent = (runs: readonly RunCurves[], of: (run: RunCurves) => number) => 100 * median(runs.map(of));
        return [
          text,
          rate,
          percent(decayed[i], ({ iterates }) => final(iterates.validationError)),
          percent(decayed[i], lastError),
          percent(constant[i], ({ iterates }) => final(iterates.validationError)),
          percent(constant[i], lastError),
          percent(constant[i], ({ averages }) => final(averages!.validationError)),
          percent(constant[i], averageError),
          [...(i === chosen.decayed ? [ways.sgd] : []), ...(i === chosen.averaged ? [ways.average] : [])].join(', '),
        ];
      }),
    ),
  };
}
