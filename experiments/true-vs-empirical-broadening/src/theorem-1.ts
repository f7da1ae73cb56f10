import type { Panel } from '@hessian-rmt/plotting';
import { definePart, type Results } from '@hessian-rmt/replication';
import { broadened } from './broadened.js';
import { mean, range } from './mean-and-deviation.js';
import { powerFit, rootMeanSquare } from './power-fit.js';
import { spikedEdge } from './spiked-edge.js';
import { type Ensemble, ensembles, spikedNoise } from './spiked-noise.js';
import { theorem1Claims } from './theorem-1-claims.js';
import { type Deviations, type SpikeFound, type Theorem1Settings, theorem1Profiles } from './theorem-1-settings.js';

/** For the size of the deviation: an outlier above (at 2.5) and an eigenvalue below that sticks to the edge, -2. */
const single = { spikes: [2, -0.5], variance: 1 } as const;

const outliersUnit = ({ size, draws, spikes }: Theorem1Settings, variance: number) =>
  spikedNoise.unit({ ensemble: 'goe', size, variance, spikes, draws, keep: 6 }, { repetition: 0, threads: 1 });
const deviationUnit = (ensemble: Ensemble, [size, draws]: readonly [number, number]) =>
  spikedNoise.unit({ ensemble, size, draws, ...single, keep: 1 }, { repetition: 0, threads: 1 });
const edgeUnit = ({ edge: { spikes, draws } }: Theorem1Settings, size: number) =>
  spikedEdge.unit({ size, spikes, draws }, { repetition: 0, threads: 1 });

/** Lemma 3 and Theorem 1, on the matrices that they speak of: finite rank plus GOE. */
export const theorem1 = definePart<Theorem1Settings>({
  id: 'theorem-1',
  place: 'Lemma 3, Theorem 1, sec. 4.3',
  title: 'Outliers of a matrix of finite rank plus noise',
  profiles: theorem1Profiles,
  units: (settings) => [
    ...settings.ratios.map((ratio) => outliersUnit(settings, ratio)),
    ...ensembles.flatMap((ensemble) => settings.sizes.map((size) => deviationUnit(ensemble, size))),
    ...settings.edge.sizes.map((size) => edgeUnit(settings, size)),
  ],

  present(results, settings) {
    const outliers = settings.ratios.map((ratio) => ({ ratio, found: outliersOf(results, settings, ratio) }));
    const deviations = ensembles.map((ensemble) => ({ ensemble, ...deviationsOf(results, settings, ensemble) }));
    const edges = settings.edge.sizes.map((size) => ({ size, largest: edgeOf(results, settings, size) }));
    return {
      figures: [
        {
          id: 'theorem-1',
          title: 'Theorem 1: outliers of a matrix of finite rank plus noise',
          caption:
            `Left: $P$ = ${settings.size}, GOE noise, seven eigenvalues of the true matrix at once; dots are means of ${settings.draws} matrices, bars their range, lines the theorem. ` +
            'Middle: the largest eigenvalue around the threshold, in its units. Right: root mean square distance from the theorem, the outlier 2 (at 2.5) and the edge (−2), GOE and Student’s law with five degrees of freedom; dashed: the rates that the paper quotes.',
          panels: [outlierPanel(outliers), edgePanel(edges, settings), deviationPanel(deviations, settings)],
        },
      ],
      claims: theorem1Claims({ outliers, deviations, edges, settings }),
    };
  },
});

/** The largest spike to the largest eigenvalue and so on inwards, from either end. */
function outliersOf(results: Results, settings: Theorem1Settings, variance: number): SpikeFound[] {
  const { data, shape } = results.of(outliersUnit(settings, variance)).arrays.extremes;
  const [draws, width] = shape;
  const at = (column: number) => Array.from({ length: draws }, (_, draw) => data[draw * width + column]);
  const above = settings.spikes.filter((spike) => spike > 0).sort((a, b) => b - a);
  const below = settings.spikes.filter((spike) => spike < 0).sort((a, b) => a - b);
  return [
    ...above.map((spike, i) => ({
      spike,
      predicted: broadened(spike, variance, 'largest'),
      samples: at(width - 1 - i),
    })),
    ...below.map((spike, i) => ({ spike, predicted: broadened(spike, variance, 'smallest'), samples: at(i) })),
  ];
}

function deviationsOf(results: Results, settings: Theorem1Settings, ensemble: Ensemble): Omit<Deviations, 'ensemble'> {
  const found = settings.sizes.map((size) => results.of(deviationUnit(ensemble, size)).arrays);
  const from = (column: number, limit: number) =>
    found.map(({ extremes: { data } }) =>
      Array.from({ length: data.length / 2 }, (_, draw) => data[2 * draw + column] - limit),
    );
  const [outlier, edge] = single.spikes;
  return {
    outlier: from(1, broadened(outlier, single.variance, 'largest')),
    edge: from(0, broadened(edge, single.variance, 'smallest')),
    spectrum: found.map(({ distances }) => Array.from(distances.data)),
  };
}

function edgeOf(results: Results, settings: Theorem1Settings, size: number): number[][] {
  const { data } = results.of(edgeUnit(settings, size)).arrays.largest;
  const { spikes, draws } = settings.edge;
  return spikes.map((_, s) => Array.from(data.subarray(s * draws, (s + 1) * draws)));
}

function outlierPanel(outliers: readonly { readonly ratio: number; readonly found: readonly SpikeFound[] }[]): Panel {
  const spikes = outliers.flatMap(({ found }) => found.map(({ spike }) => spike));
  const reach = 1.05 * Math.max(...spikes.map(Math.abs));
  const grid = (sign: number) => Array.from({ length: 101 }, (_, i) => (sign * reach * (i + 0.5)) / 101);
  return {
    title: 'Several outliers at once',
    x: { label: 'eigenvalue of the true matrix, $λ$' },
    y: { label: 'eigenvalue of the sum, $λ$′' },
    marks: outliers.flatMap(({ ratio, found }, color) => [
      ...([1, -1] as const).map((sign) => ({
        kind: 'line' as const,
        color,
        x: grid(sign),
        y: grid(sign).map((spike) => broadened(spike, ratio, sign > 0 ? 'largest' : 'smallest')),
      })),
      {
        kind: 'points' as const,
        label: `$q σ$^{2} = ${ratio}`,
        color,
        x: found.map(({ spike }) => spike),
        y: found.map(({ samples }) => mean(samples)),
        intervals: found.map(({ samples }) => range(samples)),
      },
    ]),
    legend: 'top-left',
  };
}

function edgePanel(
  edges: readonly { readonly size: number; readonly largest: readonly (readonly number[])[] }[],
  { edge: { spikes } }: Theorem1Settings,
): Panel {
  const grid = Array.from({ length: 101 }, (_, i) => (spikes[spikes.length - 1] * i) / 100);
  return {
    title: 'Around the threshold',
    x: { label: '$λ$/(√$q$ $σ$)' },
    y: { label: '$λ$′/(√$q$ $σ$)' },
    marks: [
      { kind: 'line', label: 'Theorem 1', color: 'muted', x: grid, y: grid.map((x) => broadened(x, 1, 'largest')) },
      ...edges.map(({ size, largest }, color) => ({
        kind: 'points' as const,
        label: `$P$ = ${size}`,
        color,
        // Side by side, so that the bars of one do not hide the other's.
        x: spikes.map((spike) => spike + 0.02 * (2 * color - 1)),
        y: largest.map(mean),
        intervals: largest.map(range),
      })),
    ],
    legend: 'top-left',
  };
}

function deviationPanel(deviations: readonly Deviations[], { sizes }: Theorem1Settings): Panel {
  const at = sizes.map(([size]) => size);
  const ends = [at[0], at[at.length - 1]];
  const names = { goe: 'GOE', 'student-5': 'Student' };
  const shown = deviations.flatMap((each) =>
    (['outlier', 'edge'] as const).map((what) => ({ ...each, what, values: each[what] })),
  );
  const start = 1.6 * Math.max(...shown.map(({ values }) => rootMeanSquare(values[0])));
  return {
    title: 'Distance from the theorem',
    x: { label: '$P$', scale: 'log', ticks: at.map((size) => ({ at: size, label: String(size) })) },
    y: { label: 'root mean square', scale: 'log' },
    marks: [
      ...(['-1/4', '-2/5'] as const).map((power) => ({
        kind: 'line' as const,
        dash: true,
        color: 'muted' as const,
        label: `$P$^{${power.replace('-', '−')}}`,
        x: ends,
        y: ends.map((size) => start * (size / ends[0]) ** (power === '-1/4' ? -0.25 : -0.4)),
      })),
      ...shown.flatMap(({ ensemble, what, values }, color) => {
        const { exponent, prefactor } = powerFit(at, values);
        return [
          { kind: 'line' as const, color, x: ends, y: ends.map((size) => prefactor * size ** exponent) },
          {
            kind: 'points' as const,
            color,
            label: `${names[ensemble]}, ${what}: $P$^{${exponent.toFixed(2).replace('-', '−')}}`,
            x: at,
            y: values.map(rootMeanSquare),
          },
        ];
      }),
    ],
    legend: 'above',
  };
}
