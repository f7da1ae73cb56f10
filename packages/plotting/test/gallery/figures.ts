import {
  curves,
  edgeByRank,
  edgeByRatio,
  type Figure,
  type Panel,
  screePlot,
  spectrumHistogram,
} from '../../src/index.js';
import { draws, galleryStream, marchenkoPastur, range } from './samples.js';

/** Each exported function makes one figure of the gallery; `gallery.test.ts` holds each against its snapshot. */

const q = 0.5;
const law = { label: 'Marchenko–Pastur, $q = 1/2$', density: marchenkoPastur(q) };

function wishartLike(n: number, name: string): number[] {
  return draws(law.density, [0.08, 2.92], 1.1, n, galleryStream(name));
}

export function histogramLogarithmic(): Figure {
  const values = [...wishartLike(2000, 'wishart'), 5.4, 5.45, 6.9];
  const histogram = spectrumHistogram(values, { law, logY: true, bins: 70, x: { label: 'eigenvalue $\\lambda$' } });
  return {
    id: 'histogram-logarithmic',
    title: 'Bulk and outliers of a spiked Wishart matrix',
    profile: 'laptop',
    caption:
      'Density of 2,003 eigenvalues with the Marchenko–Pastur law of $q = 1/2$ over it. Three eigenvalues stand apart from ' +
      'the bulk, whose edges are $\\lambda_\\pm = (1 \\pm \\sqrt q)^2$. Seed 2017.',
    panels: [
      {
        ...histogram,
        marks: [
          ...histogram.marks,
          { kind: 'rule', x: (1 - Math.sqrt(q)) ** 2, label: '$\\lambda_-$' },
          { kind: 'rule', x: (1 + Math.sqrt(q)) ** 2, label: 'right edge $\\lambda_+$' },
          { kind: 'rule', x: 5.5, label: 'spike 4: $\\ell + q \\ell / (\\ell - 1)$' },
        ],
      },
    ],
  };
}

export function histogramRange(): Figure {
  const values = [...wishartLike(5000, 'range'), 14, 15, ...range(40).map((i) => -0.001 * i)];
  const atom = {
    label: 'law with atom',
    density: (x: number) => 0.75 * law.density(x),
    atoms: [{ at: 0, mass: 0.25 }],
  };
  const withZeros = [...wishartLike(3000, 'zeros'), ...range(1000).map(() => 0)];
  return {
    id: 'histogram-range',
    title: 'Ranges that leave values out, and a law with an atom',
    caption: 'Left: the legend counts what lies beyond. Right: a quarter of the mass at zero.',
    panels: [
      spectrumHistogram(values, { law, range: [-0.02, 3.2], title: 'range', bins: 50 }),
      spectrumHistogram(withZeros, {
        law: atom,
        title: 'atom at 0',
        edges: range(65).map((i) => -0.05 + 0.05 * i),
        logY: true,
      }),
    ],
  };
}

export function screePlots(): Figure {
  const random = galleryStream('scree');
  const spectrum = (large: number, n: number): number[] => [
    ...range(large).map((i) => 3 * 0.82 ** i),
    ...range(n).map((i) => 2e-2 * Math.exp(-(i / n) * 18) * (1 + 0.05 * random.normal())),
    ...range(30).map(() => -1e-9 * random.uniform()),
  ];
  const panel = (k: number, n: number): Panel =>
    screePlot(spectrum(k, n), {
      title: `$k = ${k}$ clusters`,
      label: `$P = ${n.toLocaleString('en-US')}$`,
      cutoff: { at: 4e-10, label: 'rounding floor' },
      markers: [{ after: k, label: `gap after ${k}` }],
      x: { scale: 'log' },
      y: { label: 'eigenvalue of $H$' },
    });
  return {
    id: 'scree-plots',
    title: 'Large eigenvalues against the number of clusters',
    profile: 'quick',
    caption: 'Eigenvalues by rank for three numbers of Gaussian clusters; the gap stands after the $k$-th.',
    panels: [panel(2, 1000), panel(5, 4270), panel(10, 10000)],
  };
}

export function errorBars(): Figure {
  const k = [2, 5, 10, 20, 50];
  const counts = (offset: number): number[] => k.map((value, i) => value + offset * (i % 3));
  return {
    id: 'error-bars',
    title: 'Number of large eigenvalues, published and measured',
    caption: 'Medians over ten seeds with smallest and largest. The line is the number of clusters itself.',
    panels: [
      {
        x: { label: 'clusters $k$', scale: 'log', domain: [1.5, 70] },
        y: { label: 'eigenvalues above the gap', scale: 'log' },
        marks: [
          { kind: 'line', x: [1.5, 70], y: [1.5, 70], color: 'muted', dash: true, label: '$k$' },
          { kind: 'points', x: k, y: counts(0), symbol: 'cross', size: 8, label: 'published (Table 1)' },
          {
            kind: 'points',
            x: k.map((value) => value * 1.06),
            y: counts(1),
            intervals: counts(1).map((count, i) => [count * 0.8, count * (1.1 + 0.1 * i)]),
            label: 'measured, gap',
          },
          {
            kind: 'points',
            x: k.map((value) => value * 0.94),
            y: counts(-0.5),
            intervals: counts(-0.5).map((count) => [count * 0.7, count * 1.3]),
            symbol: 'square',
            label: 'measured, elbow',
          },
        ],
      },
      {
        title: 'by network',
        x: {
          label: 'network',
          domain: [0.5, 4.5],
          ticks: ['logistic', 'MLP', 'LeNet', 'ResNet'].map((label, i) => ({ at: i + 1, label })),
        },
        y: { label: 'mean ratio $\\langle r \\rangle$' },
        marks: [
          { kind: 'rule', y: 0.5307, label: 'GOE' },
          { kind: 'rule', y: 0.3863, label: 'Poisson' },
          {
            kind: 'points',
            x: [1, 2, 3, 4],
            y: [0.529, 0.532, 0.5285, 0.41],
            intervals: [
              [0.52, 0.538],
              [0.525, 0.539],
              [0.519, 0.538],
              [0.37, 0.45],
            ],
          },
        ],
      },
    ],
  };
}

export function edges(): Figure {
  const sizes = [1000, 4000, 16000];
  const series = sizes.map((size) => {
    const random = galleryStream(`edge-${size}`);
    const values = range(size).map((i) => {
      const ratio = (i + 1) / size;
      return ratio < 0.3
        ? -0.02 * Math.exp(-ratio * 40) * (1 + 0.05 * random.uniform())
        : 10 ** (-7 + 7 * random.uniform() ** 3);
    });
    return { label: `$P = ${size.toLocaleString('en-US')}$`, values, size };
  });
  const symlog = { scale: 'symlog', linearWithin: 1e-6 } as const;
  return {
    id: 'edges',
    title: 'Left edge of the spectrum by rank and by ratio',
    caption: 'Ordered eigenvalues of three widths. By rank they shift, by ratio they fall on one curve.',
    panels: [
      edgeByRank(series, { edge: 'left', top: 1500, title: 'by rank', y: symlog }),
      edgeByRatio(series, { edge: 'left', upTo: 0.6, title: 'by ratio', y: symlog }),
      edgeByRank(series, { edge: 'right', top: 100, title: 'right edge', legend: 'none' }),
    ],
  };
}

export function curvesWithBands(): Figure {
  const epochs = range(301);
  const error = (level: number, rate: number): number[] => epochs.map((t) => level + 0.17 * Math.exp(-rate * t));
  const band = (level: number, rate: number) => ({
    x: epochs,
    y: error(level, rate),
    low: error(level, rate).map((y, t) => y - 0.012 * (1 + Math.sin(t / 9) / 3)),
    high: error(level, rate).map((y, t) => y + 0.012 * (1 + Math.cos(t / 7) / 3)),
  });
  return {
    id: 'curves',
    title: 'Validation error against epochs trained',
    caption: 'Means over five seeds; bands are $\\pm$ one standard deviation.',
    panels: [
      curves(
        [
          { label: 'SGD', ...band(0.232, 0.04) },
          { label: 'tail averaged', ...band(0.217, 0.031) },
          { label: 'fit $a + b e^{c t}$', x: epochs, y: error(0.25, 0.02), dash: true },
        ],
        { x: { label: 'epoch $t$' }, y: { label: 'validation error' } },
      ),
    ],
  };
}

export function twoByThree(): Figure {
  const random = galleryStream('six');
  const walk = (n: number): number[] => {
    let level = 0;
    return range(n).map(() => (level += random.normal()));
  };
  return {
    id: 'two-by-three',
    title: 'Six panels of every kind',
    profile: 'smoke',
    columns: 3,
    caption:
      'Top: a long noisy walk, a small unit on both axes, a narrow logarithmic axis. Bottom: bars below zero, stems, a scatter plot of 2,000 points.',
    panels: [
      {
        title: '(a) 50,000 steps',
        x: { label: 'step' },
        y: { label: 'level' },
        marks: [
          { kind: 'line', x: range(50000), y: walk(50000), label: 'walk' },
          { kind: 'rule', y: 0 },
        ],
      },
      {
        title: '(b) small units',
        x: { label: 'step size along the line, $\\alpha$' },
        y: { label: 'loss − minimum (nats per sample)' },
        marks: [
          {
            kind: 'line',
            x: range(41).map((i) => (i - 20) * 1e-5),
            y: range(41).map((i) => 3e-4 * ((i - 20) / 20) ** 2),
          },
        ],
      },
      {
        title: '(c) less than a decade',
        x: { label: 'variance $\\sigma^2$', scale: 'log' },
        y: { label: '$\\lambda_{1}$', scale: 'log' },
        marks: [
          {
            kind: 'points',
            x: [20, 25, 31, 40, 52, 66],
            y: [1.1e-4, 1.5e-4, 2e-4, 2.4e-4, 3.3e-4, 4e-4],
            symbol: 'triangle',
            label: 'P',
          },
        ],
      },
      {
        title: '(d) signed bars',
        x: { label: 'layer' },
        y: { label: 'change' },
        marks: [{ kind: 'histogram', edges: range(9), heights: [1, -2, 3, 0, 0, -1, 2, 0.5] }],
      },
      {
        title: '(e) stems',
        x: { label: 'Ritz value $\\theta$', scale: 'symlog', linearWithin: 0.01 },
        y: { label: 'weight', scale: 'log' },
        marks: [
          {
            kind: 'stem',
            x: [-3, -1, -0.3, -0.02, 0, 0.003, 0.05, 0.2, 0.7, 3, 11, 45],
            y: [1e-5, 3e-4, 2e-3, 0.05, 0.7, 0.15, 0.06, 0.02, 5e-3, 1e-3, 2e-4, 3e-5],
            label: 'spectral measure',
          },
        ],
      },
      {
        title: '(f) scatter',
        x: { label: 'real part' },
        y: { label: 'imaginary part' },
        marks: [
          {
            kind: 'points',
            x: Array.from(random.normals(2000)),
            y: Array.from(random.normals(2000)),
            label: '2,000 points',
          },
        ],
      },
    ],
  };
}

export function crowded(): Figure {
  const x = range(60).map((i) => i / 6);
  return {
    id: 'crowded',
    title:
      'A title so long that it has to be broken into two lines, since somebody put the whole of the claim $\\lambda_{1}(H) \\gg \\lambda_{k+1}(H)$ into it',
    profile: 'paper',
    columns: 2,
    caption: `${'A long caption is broken into lines as wide as the figure and never runs out of it. '.repeat(5)}It may end in a formula $P^{-2/5}$.`,
    panels: [
      {
        title: 'A long legend goes above the axes when the data leave no room for it',
        x: {
          label:
            'a long label of the horizontal axis, which is wider than the panel that it belongs to, in $\\sigma^{-1}$',
        },
        y: { label: 'a long label of the vertical axis, also wider than its panel' },
        marks: range(9).map((i) => ({
          kind: 'line' as const,
          label: `series ${i + 1} of nine, $\\phi = ${i / 8}$`,
          x,
          y: x.map((value) => Math.sin(value + i) * (1 + i)),
        })),
      },
      {
        title: 'Many rules',
        x: { label: '$x$' },
        y: { label: '$y$' },
        marks: [
          { kind: 'line', x, y: x.map((value) => Math.exp(-value) * 3), label: '$3 e^{-x}$' },
          ...[1, 1.2, 1.4, 9.9].map((at) => ({ kind: 'rule' as const, x: at, label: `$x_0 = ${at}$` })),
          ...[0.5, 0.62, 2].map((at) => ({ kind: 'rule' as const, y: at, label: `level ${at}` })),
        ],
      },
    ],
  };
}

export function hiddenValues(): Figure {
  return {
    id: 'hidden-values',
    title: 'Values that a logarithmic axis cannot show are counted',
    caption: 'One series is named and one is not.',
    panels: [
      {
        x: { label: 'step' },
        y: { label: 'loss', scale: 'log' },
        marks: [
          {
            kind: 'line',
            x: range(50),
            y: range(50).map((i) => (i > 20 && i < 26 ? 0 : Math.exp(-i / 5))),
            label: 'loss',
          },
          { kind: 'points', x: range(50), y: range(50).map((i) => Math.exp(-i / 4) - 1e-4) },
          { kind: 'points', x: [], y: [], label: 'diverged' },
        ],
      },
    ],
  };
}
