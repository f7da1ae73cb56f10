import type { Split } from '@hessian-rmt/models';
import type { Mark, Panel } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results, type Unit } from '@hessian-rmt/replication';
import type { MeanEstimate } from '@hessian-rmt/rmt';
import { agreement } from './authors-procedure.js';
import { deflatedLevels } from './batch-spectra.js';
import { type Condition, deflatedUnit, describe, trainingText, weightsFor } from './conditions.js';
import { type Images, images } from './images-available.js';
import { foldedRatiosBySign, meanRatio, resolvedLevels } from './level-statistics.js';
import { type NetworkName, networkNames } from './networks.js';
import { goeRule, ratioLabel, ratioPoints } from './ratio-points.js';
import { wholeSetSpectrum } from './whole-set-spectrum.js';

/** Networks of one size, their batches and whole sets. */
type Group = {
  readonly networks: readonly NetworkName[];
  readonly inputs: number;
  readonly batch: number;
  /** Batches of each set; none for whole sets alone. */
  readonly batches: number;
  /** Sets whose whole spectrum is computed too. */
  readonly wholeSets: readonly Split[];
  readonly threads: number;
};

type Settings = {
  /** Epochs after which weights are kept: the first is 0, the last the length of the training. */
  readonly epochs: readonly number[];
  readonly groups: readonly Group[];
};

const splits: readonly Split[] = ['test', 'train'];
const softmax = 'softmax regression';
const perceptron = 'MLP 10-100';

const laptop: Settings = {
  epochs: [0, 1, 5, 30],
  groups: [
    { networks: [softmax], inputs: 784, batch: 64, batches: 24, wholeSets: [], threads: 1 },
    { networks: [perceptron], inputs: 784, batch: 64, batches: 12, wholeSets: [], threads: 1 },
    { networks: [softmax], inputs: 196, batch: 64, batches: 24, wholeSets: ['test'], threads: 1 },
    { networks: [perceptron], inputs: 196, batch: 64, batches: 12, wholeSets: ['test'], threads: 1 },
  ],
};
const quick: Settings = {
  epochs: [0, 1, 5],
  groups: [{ networks: [softmax], inputs: 49, batch: 16, batches: 24, wholeSets: splits, threads: 1 }],
};
const smoke: Settings = {
  epochs: [0, 1],
  groups: [{ networks: [softmax], inputs: 49, batch: 16, batches: 6, wholeSets: splits, threads: 1 }],
};
const paper: Settings = {
  epochs: [0, 1, 5, 20, 60, 150, 300],
  groups: [
    { networks: [softmax, perceptron], inputs: 784, batch: 64, batches: 156, wholeSets: splits, threads: 2 },
    { networks: networkNames.slice(2), inputs: 784, batch: 64, batches: 156, wholeSets: splits, threads: 2 },
  ],
};

/** A network and its images in the four states of section 6. */
interface Comparison {
  readonly group: Group;
  readonly network: NetworkName;
  readonly images: Images;
  readonly states: readonly Condition[];
}

function comparisons({ groups, epochs }: Settings): Comparison[] {
  const last = epochs[epochs.length - 1];
  return groups.flatMap((group) =>
    group.networks.flatMap((network) =>
      [images.digits, images.fashion].flatMap((found) => {
        if (!found) return [];
        const states = [0, last].flatMap((epoch) =>
          splits.map((split): Condition => {
            const { inputs, batch } = group;
            return { network, images: found, inputs, epochs: last, keep: epochs, epoch, split, batch };
          }),
        );
        return [{ group, network, images: found, states }];
      }),
    ),
  );
}

const batchesOf = (group: Group, condition: Condition): Unit => deflatedUnit(condition, group.batches, 0);
const wholeSetOf = ({ threads }: Group, condition: Condition): Unit =>
  wholeSetSpectrum.unit({ weights: weightsFor(condition), split: condition.split }, { repetition: 0, threads });

interface State {
  readonly condition: Condition;
  readonly batches: MeanEstimate;
  readonly spacingDistance: number;
  readonly ratioDistance: number;
  readonly wholeSet: MeanEstimate | null;
}

/** Section 6: train and test, batch and whole set, trained and untrained, of the levels of curvature (B8). */
export const section6 = definePart<Settings>({
  id: 'section-6',
  place: 'sec. 6',
  title: 'Train and test, batches and whole sets, trained and untrained',
  profiles: { smoke, quick, laptop, paper },
  units: (settings) =>
    comparisons(settings).flatMap(({ group, states }) =>
      states.flatMap((condition) => [
        batchesOf(group, condition),
        ...(group.wholeSets.includes(condition.split) ? [wholeSetOf(group, condition)] : []),
      ]),
    ),

  present(results, settings) {
    const measured = comparisons(settings).map((comparison) => ({
      ...comparison,
      measured: comparison.states.map((condition) => stateOf(results, comparison.group, condition)),
    }));
    return {
      figures: [
        {
          id: 'section-6',
          title: 'Section 6: levels of curvature under all conditions',
          caption:
            'Mean ratio of consecutive spacings, structural zeros removed exactly, negative and positive levels apart; bars: 95 % intervals. ' +
            'The paper sees no difference between these conditions.',
          columns: Math.min(2, measured.length),
          panels: measured.map(conditionsPanel),
        },
      ],
      tables: [
        {
          id: 'section-6',
          title: 'Levels of curvature under all conditions',
          caption:
            'Mean of min(r, 1/r) of the resolved deflated levels (GOE 0.5307) with its standard error, over batches, and in the spectrum of the whole set; distances of the spacings unfolded by the pool, and of the ratios, from the surmises.',
          columns: [
            { header: 'condition' },
            { header: 'inputs' },
            { header: 'batches: mean ratio', format: '.4f' },
            { header: 'standard error', format: '.4f' },
            { header: 'whole set: mean ratio', format: '.4f' },
            { header: 'standard error', format: '.4f' },
            { header: 'distance of spacings', format: '.4f' },
            { header: 'of ratios', format: '.4f' },
          ],
          rows: measured.flatMap(({ measured: states }) =>
            states.map(({ condition, batches, wholeSet, spacingDistance, ratioDistance }) => [
              describe(condition),
              condition.inputs,
              batches.mean,
              batches.standardError,
              wholeSet?.mean ?? null,
              wholeSet?.standardError ?? null,
              spacingDistance,
              ratioDistance,
            ]),
          ),
        },
      ],
      claims: measured.flatMap(claimsOf),
    };
  },
});

function stateOf(results: Results, group: Group, condition: Condition): State {
  const levels = deflatedLevels(results.of(batchesOf(group, condition))).map(resolvedLevels);
  const { spacingDistance, ratioDistance } = agreement(levels);
  const whole = group.wholeSets.includes(condition.split)
    ? deflatedLevels(results.of(wholeSetOf(group, condition))).map(resolvedLevels)
    : [];
  return {
    condition,
    batches: meanRatio(levels.map(foldedRatiosBySign))!,
    spacingDistance,
    ratioDistance,
    wholeSet: meanRatio(whole.map(foldedRatiosBySign)),
  };
}

type Measured = Comparison & { readonly measured: readonly State[] };

function conditionsPanel({ network, images: { text }, group, measured }: Measured): Panel {
  const epochs = [...new Set(measured.map(({ condition }) => condition.epoch))];
  const points = (split: Split, what: string, of: (state: State) => MeanEstimate | null, shift: number): Mark =>
    ratioPoints(
      `${split} set, ${what}`,
      split === 'test' ? 'circle' : 'square',
      measured
        .filter(({ condition }) => condition.split === split)
        .map((state) => ({ x: epochs.indexOf(state.condition.epoch) + shift, ratio: of(state) })),
    );
  return {
    title: `${network}, ${text}, ${group.inputs} inputs`,
    x: {
      label: '',
      domain: [-0.5, epochs.length - 0.5],
      ticks: epochs.map((epoch, at) => ({ at, label: trainingText(epoch) })),
    },
    y: { label: ratioLabel, domain: [0.42, 0.58] },
    legend: 'above',
    marks: [
      goeRule,
      ...splits.flatMap((split, i) => [
        points(split, `batches of ${group.batch}`, ({ batches }) => batches, 0.14 * i - 0.21),
        ...(group.wholeSets.includes(split)
          ? [points(split, 'whole', ({ wholeSet }) => wholeSet, 0.14 * i + 0.07)]
          : []),
      ]),
    ],
  };
}

function claimsOf({ network, images: found, group, measured }: Measured): Claim[] {
  const name = `${network}, ${found.text}, ${group.inputs} inputs`;
  const id = `${network.toLowerCase().replaceAll(' ', '-')}-${found.source.dataset}-${group.inputs}`;
  const common = {
    place: 'sec. 6',
    figure: 'figures/section-6.svg',
    atPublishedSize: group.inputs === 784 && found.published,
    difference: `${found.text}, ${group.inputs} inputs`,
  };
  const of = (split: Split, trained: boolean) =>
    measured.find(({ condition }) => condition.split === split && condition.epoch > 0 === trained)!;
  const same = (key: string, what: string, one: MeanEstimate, other: MeanEstimate): Claim =>
    judge.law({
      ...common,
      id: `B8.${key}-${id}`,
      statement: `no discernible difference between ${what} (${name}, levels of curvature)`,
      measure: 'difference of the means of min(r, 1/r)',
      samples: [Math.abs(one.mean - other.mean)],
      bound: 3 * Math.hypot(one.standardError, other.standardError),
      because: 'three standard errors',
    });
  const trained = of('test', true);
  return [
    same('train-test', 'the train and test conditions, trained', of('train', true).batches, trained.batches),
    same('training', 'trained and untrained, test set', of('test', false).batches, trained.batches),
    ...(trained.wholeSet
      ? [same('batch', 'batch and full dataset, trained, test set', trained.wholeSet, trained.batches)]
      : []),
    ...(group.batches >= 24
      ? [
          judge.order({
            ...common,
            id: `B8.ratios-${id}`,
            statement: `agreement is closer for ratios than for unfolded spacings (${name}, levels of curvature)`,
            larger: {
              name: "distance of the unfolded spacings from Wigner's surmise",
              samples: measured.map(({ spacingDistance }) => spacingDistance),
            },
            smaller: {
              name: 'of the ratios from that of Atas et al.',
              samples: measured.map(({ ratioDistance }) => ratioDistance),
            },
            because: 'under each of the conditions',
          }),
        ]
      : []),
  ];
}
