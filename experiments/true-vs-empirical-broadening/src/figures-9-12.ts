import { granziolSchedule, rateAfter } from '@hessian-rmt/models';
import { curves, type Figure, type Panel } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { comparison } from './comparison.js';
import { slugOf } from './main-spectra.js';
import {
  type Condition,
  describe,
  mainConditions,
  type NetworkSettings,
  networkProfiles,
  repetitionsOf,
  trainingConfig,
} from './network-settings.js';
import { type TrainingCurves, trainingCurves, trainingUnit } from './trained-network.js';

/** Which figure of the paper shows what; it does not say of which data set it is. */
const figureNumbers = { Normal: [9, 10], Overfit: [11, 12] } as const;

const unitOf = (settings: NetworkSettings, condition: Condition, repetition: number) =>
  trainingUnit(trainingConfig(settings, condition), repetition);

/** Figures 9 to 12: accuracy and loss along training, train and test, of both schedules (Apps. B, C). */
export const figures912 = definePart<NetworkSettings>({
  id: 'figures-9-12',
  place: 'Figures 9-12',
  title: 'Training curves of the two schedules',
  profiles: networkProfiles,
  units: (settings) =>
    mainConditions(settings).flatMap((condition) =>
      repetitionsOf(settings, condition).map((repetition) => unitOf(settings, condition, repetition)),
    ),

  present(results, settings) {
    const all = mainConditions(settings).map((condition) => ({
      condition,
      runs: runsOf(results, settings, condition),
    }));
    return {
      figures: all.map(({ condition, runs }) => figureOf(condition, runs, settings)),
      claims: all.flatMap(({ condition, runs }) => claimsOf(condition, runs, settings)),
    };
  },
});

const runsOf = (results: Results, settings: NetworkSettings, condition: Condition): TrainingCurves[] =>
  repetitionsOf(settings, condition).map((repetition) =>
    trainingCurves(results, unitOf(settings, condition, repetition)),
  );

const figureId = (condition: Condition) =>
  `figures-${figureNumbers[condition.schedule].join('-')}-${slugOf(condition).replace(/-.*/, '')}`;

function figureOf(condition: Condition, runs: readonly TrainingCurves[], settings: NetworkSettings): Figure {
  const { schedule } = condition;
  const { rate, epochs } = trainingConfig(settings, condition);
  const [first] = runs;
  return {
    id: figureId(condition),
    title: `Figures ${figureNumbers[schedule].join(' and ')}: training curves of the schedule ${schedule}, ${condition.images.name}`,
    caption:
      `First repetition. ${describe(settings, condition)}. Train: mini-batches of each epoch, mirrored and shifted; test: by the running statistics. ` +
      `Rate ${rate}, ${epochs} epochs; dashed: the rate over its start (Eq. 11).`,
    columns: 2,
    panels: [accuracyPanel(first, rate, epochs), lossPanel(first)],
  };
}

function accuracyPanel({ train, test }: TrainingCurves, rate: number, epochs: number): Panel {
  const schedule = granziolSchedule(epochs);
  const at = train.map((_, t) => t);
  return curves(
    [
      { label: 'train', x: epochsOf(train), y: train.map(({ accuracy }) => accuracy) },
      { label: 'test', x: test.map(({ epoch }) => epoch), y: test.map(({ accuracy }) => accuracy) },
      { label: 'rate', x: at, y: at.map((t) => rateAfter(t, rate, schedule) / rate), dash: true, color: 'muted' },
    ],
    { x: { label: 'epochs' }, y: { label: 'accuracy', domain: [0, 1.02] } },
  );
}

function lossPanel({ train, test }: TrainingCurves): Panel {
  return curves(
    [
      { label: 'train', x: epochsOf(train), y: train.map(({ loss }) => loss) },
      { label: 'test', x: test.map(({ epoch }) => epoch), y: test.map(({ loss }) => loss) },
    ],
    { x: { label: 'epochs' }, y: { label: 'loss', scale: 'log' } },
  );
}

const epochsOf = (train: TrainingCurves['train']) => train.map((_, i) => i + 1);

/** What the curves of the paper show without a number. */
function claimsOf(condition: Condition, runs: readonly TrainingCurves[], settings: NetworkSettings): Claim[] {
  const { schedule, set } = condition;
  const common = {
    place: `Figs. ${figureNumbers[schedule].join(', ')}`,
    figure: `figures/${figureId(condition)}.svg`,
    ...comparison(settings, condition),
  };
  const last = <T>(values: readonly T[]) => values[values.length - 1];
  const half = (run: TrainingCurves) => run.train[Math.ceil(run.train.length / 2) - 1];
  return [
    judge.order({
      ...common,
      id: `G9.${slugOf(condition)}.falls-with-rate`,
      statement: `the train loss falls further as the rate falls (${set}, ${schedule})`,
      larger: { name: 'train loss at half of the epochs', samples: runs.map((run) => half(run).loss) },
      smaller: { name: 'train loss at the end', samples: runs.map((run) => last(run.train).loss) },
      because: 'the curves show it',
    }),
    judge.order({
      ...common,
      id: `G9.${slugOf(condition)}.gap`,
      statement: `at the end the train accuracy is above the test accuracy (${set}, ${schedule})`,
      larger: { name: 'train accuracy', samples: runs.map((run) => last(run.train).accuracy) },
      smaller: { name: 'test accuracy', samples: runs.map((run) => last(run.test).accuracy) },
      because: 'the curves and Tables 1 and 2 show it',
    }),
  ];
}
