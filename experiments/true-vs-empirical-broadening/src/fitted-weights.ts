import type { Panel, Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { fittedSets } from './fitted-point.js';
import { mean, range } from './mean-and-deviation.js';
import { fittedUnit, fittedUnits, type PointSettings, pointProfiles, repeated } from './points.js';

type SetName = (typeof fittedSets)[number] | 'true';
const setNames: readonly SetName[] = [...fittedSets, 'true'];
const setText: Record<SetName, string> = {
  training: 'training samples',
  augmented: 'their augmented copies',
  fresh: 'as many fresh samples',
  true: 'true',
};

type Losses = { readonly loss: number; readonly accuracy: number };

/** Of one size and one way of training: each a value a repetition. */
interface Fitted {
  readonly samples: number;
  readonly augmentedTraining: boolean;
  readonly largest: Readonly<Record<SetName, readonly number[]>>;
  readonly smallest: Readonly<Record<SetName, readonly number[]>>;
  readonly training: readonly Losses[];
  readonly test: readonly Losses[];
}

/** X2 where Theorem 1 is applied in the paper: at weights that were fitted to the samples. */
export const fittedWeights = definePart<PointSettings>({
  id: 'fitted-weights',
  place: 'sec. 6, added',
  title: 'True and empirical Hessians at weights fitted to the samples',
  profiles: pointProfiles,
  units: fittedUnits,

  present(results, settings) {
    const { sizes, copies, repetitions, trueSamples } = settings.fitted;
    const all = [false, true].map((augmented) =>
      sizes.map((samples) => fittedOf(results, settings, samples, augmented)),
    );
    const titles = ['trained on the samples', 'trained on their copies'];
    return {
      figures: [
        {
          id: 'fitted-weights',
          title: 'Hessians at weights fitted to the samples: extreme eigenvalues',
          caption: `Left: trained on the samples alone; right: on ${copies} augmented copies of each. Means and ranges over ${repetitions} networks; the true Hessian from ${trueSamples} fresh samples.`,
          columns: 2,
          panels: (['largest', 'smallest'] as const).flatMap((end) =>
            all.map((row, i) => panelOf(row, end, end === 'largest' ? titles[i] : undefined)),
          ),
        },
      ],
      tables: [tableOf(all.flat(), copies)],
      claims: all.flat().flatMap((one) => claimsOf(one, settings)),
    };
  },
});

function fittedOf(results: Results, settings: PointSettings, samples: number, augmentedTraining: boolean): Fitted {
  const found = repeated(settings.fitted.repetitions, (repetition) =>
    results.of(fittedUnit(settings, samples, augmentedTraining, repetition)),
  );
  const column = (end: 'largest' | 'smallest') =>
    Object.fromEntries(
      setNames.map((name, row) => [
        name,
        found.map(({ arrays: { extremes } }) => {
          const [, width] = extremes.shape;
          return extremes.data[row * width + (end === 'largest' ? width - 1 : 0)];
        }),
      ]),
    ) as Record<SetName, number[]>;
  const losses = (name: 'training' | 'test') => found.map(({ numbers }) => numbers[name] as unknown as Losses);
  return {
    samples,
    augmentedTraining,
    largest: column('largest'),
    smallest: column('smallest'),
    training: losses('training'),
    test: losses('test'),
  };
}

function panelOf(row: readonly Fitted[], end: 'largest' | 'smallest', title?: string): Panel {
  return {
    ...(title === undefined ? {} : { title }),
    x: {
      label: 'samples, $N$',
      scale: 'log',
      ticks: row.map(({ samples }) => ({ at: samples, label: String(samples) })),
    },
    y: { label: `${end} eigenvalue`, scale: 'symlog', linearWithin: 1e-2 },
    marks: setNames.flatMap((name, color) => [
      {
        kind: 'line' as const,
        color,
        dash: name === 'true',
        x: row.map(({ samples }) => samples),
        y: row.map((one) => mean(one[end][name])),
      },
      {
        kind: 'points' as const,
        label: setText[name],
        color,
        x: row.map(({ samples }) => samples),
        y: row.map((one) => mean(one[end][name])),
        intervals: row.map((one) => range(one[end][name])),
      },
    ]),
    legend: title === 'trained on the samples' ? 'bottom-right' : 'none',
  };
}

function tableOf(all: readonly Fitted[], copies: number): Table {
  return {
    id: 'fitted-weights',
    title: 'Extreme eigenvalues at fitted weights',
    caption: `Means over the networks. Trained on the samples, or on ${copies} augmented copies of each; as many steps for all.`,
    columns: [
      { header: 'trained on' },
      { header: 'N' },
      { header: 'training loss', format: '.3g' },
      { header: 'test loss', format: '.3g' },
      { header: 'training accuracy', format: '.3f' },
      { header: 'test accuracy', format: '.3f' },
      ...setNames.flatMap((name) => [
        { header: `smallest, ${setText[name]}`, format: '.3g' },
        { header: `largest, ${setText[name]}`, format: '.3g' },
      ]),
    ],
    rows: all.map((one) => [
      one.augmentedTraining ? 'copies' : 'samples',
      one.samples,
      mean(one.training.map(({ loss }) => loss)),
      mean(one.test.map(({ loss }) => loss)),
      mean(one.training.map(({ accuracy }) => accuracy)),
      mean(one.test.map(({ accuracy }) => accuracy)),
      ...setNames.flatMap((name) => [mean(one.smallest[name]), mean(one.largest[name])]),
    ]),
  };
}

function claimsOf({ samples, augmentedTraining, largest, smallest }: Fitted, settings: PointSettings): Claim[] {
  const how = augmentedTraining ? 'copies' : 'samples';
  const about = `${samples} samples, trained on ${augmentedTraining ? 'their augmented copies' : 'them'}`;
  const common = {
    place: 'Theorem 1, sec. 6',
    figure: 'figures/fitted-weights.svg',
    atPublishedSize: true,
    because: `in every one of ${settings.fitted.repetitions} networks`,
  } as const;
  const id = (what: string) => `X2.fitted-${what}.${how}-${samples}`;
  const spread = (name: SetName) => largest[name].map((value, i) => value - smallest[name][i]);
  const spreadOf = (name: SetName) => ({ name: `width over ${setText[name]}`, samples: spread(name) });
  const away = (name: SetName) => ({
    name: `distance from the true largest eigenvalue over ${setText[name]}`,
    samples: largest[name].map((value, i) => Math.abs(value - largest.true[i])),
  });
  const trueWidth = { name: 'that of the true Hessian', samples: spread('true') };
  return [
    judge.order({
      ...common,
      id: id('broader'),
      statement: `the spectrum of the empirical Hessian is broader than that of the true one (${about})`,
      larger: spreadOf('training'),
      smaller: trueWidth,
    }),
    judge.order({
      ...common,
      id: id('fresh-broader'),
      statement: `not in the paper: over as many samples that it was not fitted to, it is (${about})`,
      larger: spreadOf('fresh'),
      smaller: trueWidth,
    }),
    judge.order({
      ...common,
      id: id('augmented-narrower'),
      statement: `the spectrum over augmented copies is narrower than that over the samples (${about})`,
      larger: spreadOf('training'),
      smaller: { name: 'width over their copies', samples: spread('augmented') },
    }),
    judge.order({
      ...common,
      id: id('proxy'),
      statement: `the Hessian over augmented copies is nearer to the true one than the empirical is (${about})`,
      larger: away('training'),
      smaller: away('augmented'),
    }),
  ];
}
