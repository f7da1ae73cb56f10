import type { Mark, Panel, Table } from '@hessian-rmt/plotting';
import { definePart, type Results } from '@hessian-rmt/replication';
import { semicircle } from '@hessian-rmt/rmt';
import { broadened } from './broadened.js';
import { mean, range } from './mean-and-deviation.js';
import {
  type Point,
  type PointName,
  type PointSettings,
  pointNames,
  pointOf,
  pointProfiles,
  pointText,
  pointUnits,
  ratioOf,
  repeated,
} from './points.js';
import { rootMeanSquare } from './power-fit.js';
import { trueHessianClaims } from './true-hessian-claims.js';

/** X2: Theorem 1 on networks whose true Hessian is known, at weights that are independent of the samples. */
export const trueHessianPart = definePart<PointSettings>({
  id: 'true-hessian',
  place: 'Theorem 1, added',
  title: 'The true Hessian from fresh samples, and Theorem 1 as a law',
  profiles: pointProfiles,
  units: pointUnits,

  present(results, settings) {
    const points = pointNames.map((name) => ({ name, all: pointsOf(results, settings, name) }));
    const [first] = points[0].all;
    const text =
      `${first.parameters} parameters (softmax regression: ${points[2].all[0].parameters}); true Hessian from ${settings.trueSamples} fresh samples, ` +
      `means over ${settings.draws} samples of each size, ranges over ${settings.repetitions} networks.`;
    return {
      figures: [
        {
          id: 'true-hessian',
          title: 'How far the extreme eigenvalues of empirical Hessians move, predicted and measured',
          caption: `Empirical less true eigenvalue at weights independent of the samples, largest above and smallest below. ${text} Lines: Theorem 1 with the measured $σ$; independent elements, each with its own variance; the network’s own noise turned at random.`,
          columns: 3,
          panels: (['largest', 'smallest'] as const).flatMap((end) =>
            points.map(({ name, all }) => extremePanel(name, all, end, settings)),
          ),
        },
        {
          id: 'true-hessian-noise',
          title: 'Empirical less true Hessian: its spectrum, and where its variance is',
          caption: `Top: one spectrum of the difference at $N$ = ${settings.judgedAt}, in units of the semicircle’s standard deviation, against the semicircle; values beyond are left out. Bottom: mean variance of the elements that couple each eigenvector of the true Hessian to all, over the mean of all elements, by the true eigenvalue. ${text}`,
          columns: 3,
          panels: [
            ...points.map(({ name, all: [point] }) => noisePanel(name, point, settings)),
            ...points.map(({ all: [point] }) => variancePanel(point)),
          ],
        },
      ],
      tables: [tableOf(points, settings)],
      claims: points.flatMap(({ name, all }) => trueHessianClaims(name, all, settings)),
    };
  },
});

const pointsOf = (results: Results, settings: PointSettings, name: PointName): Point[] =>
  repeated(settings.repetitions, (repetition) => pointOf(results, settings, name, repetition));

/** Independent samples alone, from the smallest q. */
const independentSizes = ({ sizes }: PointSettings) =>
  sizes.map((size, s) => ({ ...size, s })).filter(({ copies }) => copies === 1);

/** How far an extreme eigenvalue moves, so that networks of different true ones can be seen together. */
function extremePanel(
  name: PointName,
  all: readonly Point[],
  end: 'largest' | 'smallest',
  settings: PointSettings,
): Panel {
  const sizes = independentSizes(settings);
  const x = sizes.map((size) => ratioOf(all[0], size));
  const curve = (label: string, color: number, of: (point: Point, s: number, q: number) => number): Mark => ({
    kind: 'line',
    label,
    color,
    x,
    y: sizes.map(({ s }, i) => mean(all.map((point) => of(point, s, x[i]) - point[end]))),
  });
  const measured = sizes.map(({ s }) => all.map((point) => point.extreme('measured', s, end) - point[end]));
  return {
    ...(end === 'largest' ? { title: pointText[name] } : {}),
    x: { label: '$q$ = $P$/$N$', scale: 'log' },
    y: { label: `shift of the ${end} eigenvalue` },
    marks: [
      curve('Theorem 1', 0, (point, _, q) => broadened(point[end], q * point.variance, end)),
      curve('own variances', 1, (point, s) => point.extreme('profile', s, end)),
      curve('own spectrum', 2, (point, s) => point.extreme('rotated', s, end)),
      {
        kind: 'points',
        label: 'measured',
        color: 3,
        x,
        y: measured.map(mean),
        intervals: measured.map(range),
      },
    ],
    legend: end === 'largest' ? 'top-left' : 'none',
  };
}

function noisePanel(name: PointName, { result, parameters }: Point, settings: PointSettings): Panel {
  const s = settings.sizes.findIndex(({ samples, copies }) => samples === settings.judgedAt && copies === 1);
  const values = result.arrays.noiseSpectra.data.subarray(s * parameters, (s + 1) * parameters);
  const scale = rootMeanSquare(Array.from(values));
  const bins = 40;
  const edges = Array.from({ length: bins + 1 }, (_, i) => -4 + (8 * i) / bins);
  const heights = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value / scale + 4) / 8) * bins);
    if (bin >= 0 && bin < bins) heights[bin] += bins / 8 / parameters;
  }
  const grid = Array.from({ length: 201 }, (_, i) => -2 + i / 50);
  return {
    title: pointText[name],
    x: { label: 'eigenvalue of the difference, scaled' },
    y: { label: 'density' },
    marks: [
      { kind: 'histogram', edges, heights, label: 'measured' },
      { kind: 'line', label: 'semicircle', x: grid, y: grid.map(semicircle({ variance: 1 }).density) },
    ],
    legend: 'top-right',
  };
}

function variancePanel({ result, variance }: Point): Panel {
  const { trueValues, rowVariances } = result.arrays;
  return {
    x: { label: 'eigenvalue of the true Hessian', scale: 'symlog', linearWithin: 1e-3 },
    y: { label: 'variance over the mean', scale: 'log' },
    marks: [
      {
        kind: 'points',
        size: 3,
        x: Array.from(trueValues.data),
        // Structural zeros have no variance at all but for rounding.
        y: Array.from(rowVariances.data, (row) => (row > 1e-12 * variance ? row / variance : 0)),
      },
      { kind: 'rule', y: 1, label: 'assumption 1' },
    ],
  };
}

function tableOf(
  points: readonly { readonly name: PointName; readonly all: readonly Point[] }[],
  { sizes }: PointSettings,
): Table {
  return {
    id: 'true-hessian',
    title: 'Extreme eigenvalues: true, empirical, and predicted in four ways',
    caption:
      'Means over samples and networks. GOE: sampled with the measured sigma and the whole true spectrum; own variances: independent elements in the basis of the true eigenvectors; own spectrum: the noise turned at random; overlap: squared inner product of the first eigenvectors, empirical and true.',
    columns: [
      { header: 'network' },
      { header: 'N' },
      { header: 'copies' },
      { header: 'q', format: '.3g' },
      { header: 'end' },
      { header: 'true', format: '.4g' },
      { header: 'measured', format: '.4g' },
      { header: 'Theorem 1', format: '.4g' },
      { header: 'GOE', format: '.4g' },
      { header: 'own variances', format: '.4g' },
      { header: 'own spectrum', format: '.4g' },
      { header: 'overlap', format: '.3f' },
      { header: 'overlap, Theorem 1', format: '.3f' },
    ],
    rows: points.flatMap(({ name, all }) =>
      sizes.flatMap((size, s) =>
        (['largest', 'smallest'] as const).map((end) => {
          const q = ratioOf(all[0], size);
          const over = (of: (point: Point) => number) => mean(all.map(of));
          const top = end === 'largest';
          return [
            pointText[name],
            size.samples,
            size.copies,
            q,
            end,
            over((point) => point[end]),
            over((point) => point.extreme('measured', s, end)),
            over((point) => broadened(point[end], q * point.variance, end)),
            over((point) => point.extreme('goe', s, end)),
            over((point) => point.extreme('profile', s, end)),
            over((point) => point.extreme('rotated', s, end)),
            top ? over((point) => point.average('overlap', s)) : null,
            top ? over((point) => Math.max(0, 1 - (q * point.variance) / point.largest ** 2)) : null,
          ];
        }),
      ),
    ),
  };
}
