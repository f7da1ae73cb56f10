import { curves, type Panel, type Table } from '@hessian-rmt/plotting';
import { definePart, type Results } from '@hessian-rmt/replication';
import { type AveragedGradientsConfig, averagedGradients, type Weighting, weightings } from './averaged-gradients.js';
import { kernelOf } from './kernels.js';
import { deviation, mean } from './mean-and-deviation.js';
import { type MeasuredWeighting, theorem82Claims } from './theorem-8-2-claims.js';
import {
  type TrajectorySettings,
  trajectoriesOf,
  trajectoryProfiles,
  trajectoryText,
  trajectoryUnit,
} from './trajectories.js';

type Settings = {
  readonly sampling: Pick<AveragedGradientsConfig, 'waves' | 'draws' | 'blocks'>;
  readonly distances: readonly number[];
  readonly trajectory: TrajectorySettings;
};

const distances = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3];
const laptop: Settings = {
  sampling: { waves: 16, draws: 1000, blocks: 20 },
  distances,
  trajectory: trajectoryProfiles.laptop,
};
const quick: Settings = {
  ...laptop,
  sampling: { ...laptop.sampling, draws: 250 },
  trajectory: trajectoryProfiles.quick,
};
const smoke: Settings = {
  sampling: { waves: 4, draws: 100, blocks: 10 },
  distances: [0.5, 1.5],
  trajectory: trajectoryProfiles.smoke,
};
const paper: Settings = {
  ...laptop,
  sampling: { ...laptop.sampling, draws: 10_000 },
  trajectory: trajectoryProfiles.paper,
};

/** k(s) = exp(s): k' - k'' d^2 is negative beyond the distance 1. */
const kernel = { kind: 'exponential', variance: 1, length: 1 } as const;

/** The weightings at P = 5, T = 4, and two points in one dimension, where the bound fails by the most. */
const cases: readonly {
  readonly name: string;
  readonly text: string;
  readonly weighting: Weighting;
  readonly parameters: number;
  readonly points: number;
}[] = [
  ...weightings.map((weighting) => ({
    name: weighting,
    text: {
      identity: '$A$_{i} = 1',
      decaying: '$A$_{i} = 0.9^{i}',
      alternating: '$A$_{i} = (-1)^{i}',
      along: 'projection on the line',
      random: 'random symmetric',
    }[weighting],
    weighting,
    parameters: 5,
    points: 4,
  })),
  { name: 'two-points', text: '$A$ = 1, -1, $P$ = 1, $T$ = 2', weighting: 'alternating', parameters: 1, points: 2 },
];

const unitOf = ({ sampling, distances }: Settings, { weighting, parameters, points }: (typeof cases)[number]) =>
  averagedGradients.unit(
    { kernel, parameters, points, distances, weighting, ...sampling },
    { repetition: 0, threads: 1 },
  );

/** Theorem 8.2: variance of a weighted average of gradients, and its bound. */
export const theorem82 = definePart<Settings>({
  id: 'theorem-8-2',
  place: 'Theorem 8.2',
  title: 'Variance of weighted averages of gradients, and the bound',
  profiles: { smoke, quick, laptop, paper },
  units: (settings) => {
    const { trajectory } = settings;
    return [
      ...cases.map((each) => unitOf(settings, each)),
      ...Array.from({ length: trajectory.repetitions }, (_, repetition) =>
        trajectoryUnit(trajectory, trajectory.at.width, trajectory.at.rate, repetition),
      ),
    ];
  },

  present(results, settings) {
    const measured = cases.map((each) => measure(results, settings, each));
    const { at } = settings.trajectory;
    const trajectories = trajectoriesOf(results, settings.trajectory, at.width, at.rate);
    const { blocks, draws } = settings.sampling;
    return {
      figures: [
        {
          id: 'theorem-8-2',
          title: 'Theorem 8.2: variance of weighted averages of gradients',
          caption:
            `(1/$P$) Tr Cov of the average of $A$_{i}$g$_{i} over $T$ points on a line, $k$($s$) = exp($s$), $P$ = 5 and $T$ = 4 but in the last panel. Line: exact; dots: sampled from ` +
            `${blocks * draws} fields with two standard errors. Dashed: equation 19 with the trace norm as printed, and with the operator norm. ` +
            'Grey: a bound that always holds. Where the line is above a dashed one equation 19 fails.',
          columns: 3,
          panels: measured.map((each, i) => boundPanel(each, i === 0 ? 'above' : 'none')),
        },
      ],
      tables: [boundTable(measured)],
      claims: theorem82Claims(measured, trajectories, trajectoryText(settings.trajectory)),
    };
  },
});

function measure(results: Results, settings: Settings, each: (typeof cases)[number]): MeasuredWeighting {
  const { arrays } = results.of(unitOf(settings, each));
  const { distances, sampling } = settings;
  const { parameters, points, name, text } = each;
  const array = (key: string) => Array.from(arrays[key].data);
  return {
    name,
    text,
    parameters,
    points,
    distances,
    scale: kernelOf(kernel).first(0),
    exact: array('exact'),
    printedWithTraceNorm: array('printedWithTraceNorm'),
    printedWithOperatorNorm: array('printedWithOperatorNorm'),
    safe: array('safe'),
    sampled: distances.map((_, d) =>
      Array.from({ length: sampling.blocks }, (_, block) => arrays.sampled.data[block * distances.length + d]),
    ),
  };
}

function boundPanel(measured: MeasuredWeighting, legend: 'above' | 'none'): Panel {
  const { text, distances: x, exact, printedWithTraceNorm, printedWithOperatorNorm, safe, sampled } = measured;
  const panel = curves(
    [
      { label: 'exact', x, y: exact, color: 0 },
      { label: 'trace norm', x, y: printedWithTraceNorm, color: 1, dash: true },
      { label: 'operator norm', x, y: printedWithOperatorNorm, color: 2, dash: true },
      { label: 'always holds', x, y: safe, color: 'muted' },
    ],
    {
      title: text,
      x: { label: 'distance of neighbours, $d$' },
      y: { label: 'variance', scale: 'log' },
      legend,
    },
  );
  const intervals = sampled.map((values) => {
    const error = (2 * deviation(values)) / Math.sqrt(values.length);
    return [mean(values) - error, mean(values) + error] as const;
  });
  return { ...panel, marks: [...panel.marks, { kind: 'points', color: 0, x, y: sampled.map(mean), intervals }] };
}

function boundTable(measured: readonly MeasuredWeighting[]): Table {
  return {
    id: 'theorem-8-2',
    title: 'Theorem 8.2: exact variance and bounds',
    caption:
      '(1/P) Tr Cov of the weighted average; equation 19 with the largest trace norm and with the largest operator norm; a bound that always holds: with |k\' - k"d^2| along the line between two points.',
    columns: [
      { header: 'weights' },
      { header: 'P' },
      { header: 'T' },
      { header: 'd', format: '.3g' },
      { header: 'exact', format: '.4g' },
      { header: 'sampled', format: '.4g' },
      { header: 'Eq. 19, trace norm', format: '.4g' },
      { header: 'Eq. 19, operator norm', format: '.4g' },
      { header: 'always holds', format: '.4g' },
    ],
    rows: measured.flatMap((each) =>
      each.distances.map((distance, d) => [
        each.text.replaceAll(/[${}]/g, ''),
        each.parameters,
        each.points,
        distance,
        each.exact[d],
        mean(each.sampled[d]),
        each.printedWithTraceNorm[d],
        each.printedWithOperatorNorm[d],
        each.safe[d],
      ]),
    ),
  };
}
