import type { Mark, Panel } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results, type Unit } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, ratioSurmise, wignerSurmise } from '@hessian-rmt/rmt';
import { auditProfiles } from './audit-settings.js';
import { agreement, cutOffs, largestRatio, passing, truncatedRatios, unfoldedSpacings } from './authors-procedure.js';
import { batchesThere, type Condition, describe, type FullBatches, fullResults, fullUnits } from './conditions.js';
import { goeProcedure } from './goe-procedure.js';
import { images } from './images-available.js';
import { resolvedLevels } from './level-statistics.js';
import { type NetworkName, parametersOf } from './networks.js';

type Settings = {
  readonly network: NetworkName;
  readonly inputs: number;
  readonly batch: number;
  readonly epochs: readonly number[];
  readonly batches: FullBatches;
  /** Draws of the GOE through the same procedure. */
  readonly draws: number;
};

const pooled = { batches: 36, inFloat64: 6, threads: 1 };

/** The sizes of the audit: its units serve here too. */
const sizesOf = ({ inputs, batch, epochs }: (typeof auditProfiles)['laptop']) => ({ inputs, batch, epochs });

const laptop: Settings = { network: 'MLP 10-100', ...sizesOf(auditProfiles.laptop), batches: pooled, draws: 10 };
const quick: Settings = {
  network: 'softmax regression',
  ...sizesOf(auditProfiles.quick),
  batches: { ...pooled, inFloat64: 12 },
  draws: 10,
};
const smoke: Settings = {
  ...quick,
  ...sizesOf(auditProfiles.smoke),
  batches: { batches: 6, inFloat64: 2, threads: 1 },
  draws: 4,
};
const paper: Settings = {
  ...laptop,
  network: 'MLP 10-100-100',
  inputs: 784,
  epochs: auditProfiles.paper.epochs,
  batches: { batches: 12, inFloat64: 12, threads: 2 },
};

/** Fashion-MNIST where it is installed (the published test set, that is), else the digits, and at `paper` always these. */
const source = (inputs: number) => (inputs === 784 ? images.digits : (images.fashion ?? images.digits));

function conditionOf({ network, inputs, batch, epochs }: Settings): Condition {
  const last = epochs[epochs.length - 1];
  const found = source(inputs);
  return { network, images: found, inputs, epochs: last, keep: epochs, epoch: last, split: 'test', batch };
}

function goeOf(settings: Settings): Unit {
  const { network, inputs, batches, draws } = settings;
  const size = Math.min(1000, parametersOf(network, inputs));
  const spectra = batchesThere(conditionOf(settings), batches.batches);
  return goeProcedure.unit({ size, spectra, draws }, { repetition: 0, threads: 1 });
}

/** Figure 4: unfolded spacings and ratios of batch spectra of a perceptron on test images (sec. 6). */
export const figure4 = definePart<Settings>({
  id: 'figure-4',
  place: 'Figure 4',
  title: 'Spacings and ratios of a perceptron, test set, batches of 64',
  profiles: { smoke, quick, laptop, paper },
  units: (settings) => [...fullUnits(conditionOf(settings), settings.batches), goeOf(settings)],

  present(results, settings) {
    const condition = conditionOf(settings);
    const { float32, deflated } = fullResults(results, fullUnits(condition, settings.batches));
    const spectra = {
      zeros: float32.map((values) => Float64Array.from(values)),
      published: float32.map((values) => passing(values, cutOffs.spacings)),
      deflated: deflated.map(resolvedLevels),
    };
    const { wigner, poisson, atas } = laws;
    const spacingPanel = (title: string, levels: readonly Float64Array[]): Panel =>
      histogramPanel(title, 'unfolded spacing', unfoldedSpacings(levels), binsOfMultiples(levels.length), [
        { label: 'Wigner', density: wigner },
        { label: 'independent', density: poisson },
      ]);
    const ratioPanel = (title: string, levels: readonly Float64Array[]): Panel =>
      histogramPanel(title, 'ratio of spacings', truncatedRatios(levels), evenBins(largestRatio), [
        { label: 'Atas et al.', density: atas },
      ]);
    const ratios = float32.map((values) => passing(values, cutOffs.ratios));
    return {
      figures: [
        {
          id: 'figure-4',
          title: 'Figure 4: unfolded spacings and ratios of batch spectra',
          caption:
            `${describe(condition)}, batches of ${settings.batch}: a third of ${float32.length} spectra, unfolded by the others. Above: the published procedure (float32, magnitudes below 1e-20 dropped). ` +
            'Below: the levels that are left when the structural zeros are removed exactly; last: the published procedure without the cut-off.',
          columns: 2,
          panels: [
            spacingPanel('(a) as published', spectra.published),
            ratioPanel('(b) as published', ratios),
            spacingPanel('zeros removed by structure', spectra.deflated),
            ratioPanel('zeros removed by structure', spectra.deflated),
            spacingPanel('zeros kept', spectra.zeros),
          ],
        },
      ],
      claims: claimsOf(spectra, ratios, results, settings),
    };
  },
});

const laws = {
  wigner: wignerSurmise({ beta: 1 }).density,
  poisson: (s: number) => Math.exp(-s),
  atas: ratioSurmise({ beta: 1 }).density,
};

function histogramPanel(
  title: string,
  label: string,
  values: Float64Array,
  edges: readonly number[],
  curves: readonly { readonly label: string; readonly density: (x: number) => number }[],
): Panel {
  const [first, most] = [edges[0], edges[edges.length - 1]];
  const width = edges[1] - first;
  const heights = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    const bin = Math.floor((value - first) / width);
    if (bin < heights.length) heights[bin] += 1 / (width * values.length);
  }
  const x = Array.from({ length: 201 }, (_, i) => (most * i) / 200);
  return {
    title,
    x: { label, domain: [0, most] },
    y: { label: 'density' },
    marks: [
      { kind: 'histogram', edges, heights, label: 'measured' },
      ...curves.map(
        ({ label: name, density }, i): Mark => ({
          kind: 'line',
          x,
          y: x.map(density),
          label: name,
          dash: i > 0,
        }),
      ),
    ],
  };
}

const evenBins = (most: number) => Array.from({ length: 41 }, (_, i) => (most * i) / 40);

/** Spacings unfolded by a pool of m spectra are multiples of 1/m: every bin holds as many of these, in its middle. */
function binsOfMultiples(spectra: number): number[] {
  const pool = spectra - Math.floor(spectra / 3);
  const multiples = Math.max(1, Math.round(0.125 * pool));
  const count = Math.ceil((4 * pool) / multiples);
  return Array.from({ length: count + 1 }, (_, i) => (i * multiples - 0.5) / pool);
}

type Kind = 'zeros' | 'published' | 'deflated';

function claimsOf(
  spectra: Readonly<Record<Kind, readonly Float64Array[]>>,
  ratios: readonly Float64Array[],
  results: Results,
  settings: Settings,
): Claim[] {
  const condition = conditionOf(settings);
  const what = describe(condition);
  const goe = results.of(goeOf(settings)).arrays;
  const drawn = (name: string) => [...goe[name].data];
  /** What the GOE itself gives, and three standard deviations of it. */
  const reach = (name: string) => {
    const values = drawn(name);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
    return mean + 3 * deviation;
  };
  const common = {
    place: 'Figure 4, sec. 6',
    figure: 'figures/figure-4.svg',
    atPublishedSize: settings.network === 'MLP 10-100-100' && condition.images.published,
    difference: `${what}, ${condition.inputs} inputs; the paper has a perceptron of three hidden layers on MNIST`,
  };
  const published = { ...agreement(spectra.published), ratioDistance: agreement(ratios).ratioDistance };
  const deflated = agreement(spectra.deflated);
  const because = `what the GOE itself gives through the same procedure, and three standard deviations of ${settings.draws} draws`;
  return [
    judge.law({
      ...common,
      id: 'B6.spacings',
      statement: "unfolded spacings follow Wigner's surmise when magnitudes below 1e-20 are dropped",
      measure: 'Kolmogorov-Smirnov distance',
      samples: [published.spacingDistance],
      bound: reach('spacingDistance'),
      because,
    }),
    judge.law({
      ...common,
      id: 'B6.ratios',
      statement: 'ratios of consecutive spacings follow the surmise of Atas et al.',
      measure: 'Kolmogorov-Smirnov distance of the ratios up to 10',
      samples: [published.ratioDistance],
      bound: reach('ratioDistance'),
      because,
    }),
    judge.order({
      ...common,
      id: 'B6.zeros',
      statement: "spacings do not follow Wigner's surmise when the zeros are kept",
      larger: {
        // Equal zeros are levels too when they are kept.
        name: 'Kolmogorov-Smirnov distance with zeros kept',
        samples: [kolmogorovSmirnov(unfoldedSpacings(spectra.zeros), wignerSurmise({ beta: 1 }))],
      },
      smaller: { name: 'distance after the cut-off', samples: [published.spacingDistance] },
      factor: 2,
      because: 'same spectra, same pool; a bad fit beside a good one is at least twice as far off (our reading)',
    }),
    judge.law({
      ...common,
      id: 'B6.curvature-spacings',
      statement: "the spacings of the levels of curvature, zeros removed by structure, follow Wigner's surmise",
      measure: 'Kolmogorov-Smirnov distance',
      samples: [deflated.spacingDistance],
      bound: reach('spacingDistance'),
      because,
    }),
    judge.law({
      ...common,
      id: 'B6.curvature-ratios',
      statement: 'their ratios follow the surmise of Atas et al.',
      measure: 'Kolmogorov-Smirnov distance of the ratios up to 10',
      samples: [deflated.ratioDistance],
      bound: reach('ratioDistance'),
      because,
    }),
  ];
}
