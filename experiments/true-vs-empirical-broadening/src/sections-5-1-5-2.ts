import {
  kernelWidthGhorbani,
  kernelWidthPapyan,
  moment,
  pooled,
  type Quadrature,
  smoothedDensity,
} from '@hessian-rmt/curvature';
import type { Panel } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import type { DenseLanczosConfig } from './dense-lanczos.js';
import { type LanczosFound, lanczosFound, lanczosProfiles, lanczosUnit } from './lanczos-settings.js';
import { mean } from './mean-and-deviation.js';
import { repeated } from './points.js';

/** Sections 5.1 and 5.2: quadrature is exact, one random vector is enough, smoothing biases moments. */
export const sections51And52 = definePart<DenseLanczosConfig>({
  id: 'sections-5-1-5-2',
  place: 'secs. 5.1, 5.2',
  title: 'Lanczos quadrature against the dense spectrum',
  profiles: lanczosProfiles,
  units: (settings) => [lanczosUnit(settings)],

  present(results, settings) {
    const found = lanczosFound(results, settings);
    const { steps, momentSteps, vectors } = settings;
    const quadratures = repeated(
      vectors,
      (i): Quadrature => ({
        nodes: found.row('nodes', i),
        weights: found.row('masses', i),
      }),
    );
    return {
      figures: [
        {
          id: 'sections-5-1-5-2',
          title: 'Lanczos quadrature of an exact Hessian, against its dense spectrum',
          caption:
            `${found.parameters} parameters at trained weights. Left: nodes and weights of one vector after ${steps} steps, and shares of all eigenvalues in sixty bins. ` +
            `Middle: relative error of the moments after ${momentSteps} steps, worst of ${vectors} vectors. Right: squared overlaps of random vectors with the eigenvectors, times $P$.`,
          panels: [stemPanel(found, quadratures[0]), momentPanel(found, settings), overlapPanel(found, vectors)],
        },
      ],
      claims: [
        ...momentClaims(found, settings),
        ...overlapClaims(found, vectors),
        ...vectorClaims(found, quadratures, steps),
        ...smoothingClaims(quadratures, steps),
      ],
    };
  },
});

const figure = 'figures/sections-5-1-5-2.svg';

/** Worst relative error over degrees from..to of each vector. */
const momentErrors = (found: LanczosFound, vectors: number, from: number, to: number) =>
  repeated(vectors, (i) => Math.max(...found.row('momentErrors', i).subarray(from, to + 1)));

function momentClaims(found: LanczosFound, { momentSteps: m, vectors }: DenseLanczosConfig): Claim[] {
  const common = { place: 'sec. 5.1, Theorem 4', figure, atPublishedSize: true } as const;
  const exact = (id: string, statement: string, to: number) =>
    judge.law({
      ...common,
      id,
      statement,
      measure: 'largest relative error of the moments',
      samples: momentErrors(found, vectors, 0, to),
      bound: 1e-11,
      because: 'exact; float64 and powers up to fifteen leave that much',
    });
  return [
    exact('G3.first-m', `the quadrature of m = ${m} steps has the first m moments v^T H^k v`, m),
    exact('G3.gauss', `as Gauss quadrature it has them up to degree 2 m - 1 = ${2 * m - 1}`, 2 * m - 1),
    judge.order({
      ...common,
      id: 'G3.beyond',
      statement: `not in the paper: at degree 2 m = ${2 * m} it no longer does`,
      larger: { name: 'relative error at degree 2 m', samples: momentErrors(found, vectors, 2 * m, 2 * m) },
      smaller: { name: 'what rounding leaves', samples: repeated(vectors, () => 1e-11) },
      because: 'for every vector',
    }),
  ];
}

function overlapClaims(found: LanczosFound, vectors: number): Claim[] {
  const P = found.parameters;
  const top = Math.min(50, Math.floor(P / 2));
  const common = { place: 'sec. 5.1, App. G', figure, atPublishedSize: true } as const;
  return (['rademacher', 'normal'] as const).flatMap((law) => {
    const scaled = repeated(vectors, (i) => Array.from(found.row(law, i), (overlap) => P * overlap));
    const all = scaled.flat();
    return [
      judge.law({
        ...common,
        id: `G4.overlap-mean-${law}`,
        statement: `the mean squared overlap of a random vector (${law}) with an eigenvector is 1/P`,
        measure: `P times the overlap, mean over the vectors and the eigenvectors of the ${top} largest eigenvalues`,
        published: 1,
        samples: [mean(scaled.flatMap((values) => values.slice(-top)))],
        bound: 4 * Math.sqrt(2 / (top * vectors)),
        because: 'four standard errors of a mean of squared normals (over all eigenvectors the mean is 1/P by itself)',
      }),
      judge.law({
        ...common,
        id: `G4.overlap-spread-${law}`,
        statement: `not in the paper: P times the squared overlap varies as a squared normal variable (${law})`,
        measure: 'its variance over all vectors and eigenvectors',
        published: 2,
        samples: [mean(all.map((value) => (value - 1) ** 2))],
        // The square of (chi-squared of one degree less 1) has the mean 2 and the variance 60 - 4.
        bound: 4 * Math.sqrt(56 / all.length),
        because: 'four standard errors',
      }),
      judge.order({
        ...common,
        id: `G4.overlap-near-${law}`,
        statement: `with high probability the squared overlap is near 1/P for every eigenvector (${law})`,
        larger: {
          name: 'share of the overlaps within a factor of two of 1/P',
          samples: scaled.map((values) => values.filter((value) => value > 0.5 && value < 2).length / values.length),
        },
        smaller: { name: 'nine in ten', samples: repeated(vectors, () => 0.9) },
        because: '"near" and "high" as a factor of two and nine in ten, our reading',
      }),
    ];
  });
}

/** sup |F - F_P| of the measure of a quadrature and of the spectrum. */
function distance(quadrature: Quadrature, eigenvalues: Float64Array): number {
  let [worst, mass, i] = [0, 0, 0];
  // Structural zeros and their node are the same number but for rounding.
  const rounding = 1e-12 * (eigenvalues[eigenvalues.length - 1] - eigenvalues[0]);
  for (let e = 0; e < eigenvalues.length; e++) {
    while (i < quadrature.nodes.length && quadrature.nodes[i] <= eigenvalues[e] + rounding)
      mass += quadrature.weights[i++];
    if (eigenvalues[e + 1] - eigenvalues[e] <= rounding) continue;
    worst = Math.max(worst, Math.abs(mass - (e + 1) / eigenvalues.length));
  }
  return worst;
}

function vectorClaims(found: LanczosFound, quadratures: readonly Quadrature[], steps: number): Claim[] {
  const { eigenvalues } = found;
  const P = eigenvalues.length;
  const common = { place: 'sec. 5.2', figure, atPublishedSize: true } as const;
  const ten = pooled(quadratures);
  return [
    judge.law({
      ...common,
      id: 'G4.outliers',
      statement: `one random vector finds the outliers (the four largest eigenvalues, ${steps} steps)`,
      measure: 'largest relative distance',
      samples: quadratures.map(({ nodes }) =>
        Math.max(...repeated(4, (i) => Math.abs(nodes[nodes.length - 1 - i] / eigenvalues[P - 1 - i] - 1))),
      ),
      bound: 1e-6,
      because: 'far below what a figure shows, our choice',
    }),
    judge.order({
      ...common,
      id: 'G4.bulk',
      statement: `one vector describes the bulk as well as ${quadratures.length} do`,
      larger: {
        name: `twice the distance of ${quadratures.length} vectors from the spectrum's distribution function`,
        samples: quadratures.map(() => 2 * distance(ten, eigenvalues)),
      },
      smaller: { name: 'distance of one', samples: quadratures.map((one) => distance(one, eigenvalues)) },
      because: '"as well" as within a factor of two, our reading, for every vector',
    }),
    judge.value({
      ...common,
      id: 'G4.cost',
      statement: 'ten vectors cost ten times the products of one',
      published: 10,
      samples: [(quadratures.length * steps) / steps],
      within: { relative: 0 },
      because: 'a count',
    }),
  ];
}

function smoothingClaims(quadratures: readonly Quadrature[], steps: number): Claim[] {
  const common = { place: 'sec. 5.2', figure, atPublishedSize: true } as const;
  const widths = {
    ghorbani: { name: 'Ghorbani et al. 2019', of: kernelWidthGhorbani },
    papyan: { name: 'Papyan 2018', of: (one: Quadrature) => kernelWidthPapyan(one, steps) },
  } as const;
  return (['ghorbani', 'papyan'] as const).flatMap((id) => {
    const measured = quadratures.map((one) => {
      const width = widths[id].of(one);
      const range = one.nodes[one.nodes.length - 1] - one.nodes[0];
      const count = Math.ceil((range + 16 * width) / (width / 4));
      const from = one.nodes[0] - 8 * width;
      const { points, density } = smoothedDensity(one, { width, from, to: from + (count - 1) * (width / 4), count });
      const second = points.reduce((sum, x, i) => sum + (width / 4) * x * x * density[i], 0);
      return { second, plain: moment(one, 2), width };
    });
    return [
      judge.order({
        ...common,
        id: `G4.smoothing-${id}`,
        statement: `smoothing with a Gaussian kernel biases the moments (width of ${widths[id].name})`,
        larger: { name: 'second moment of the smoothed density', samples: measured.map(({ second }) => second) },
        smaller: { name: 'that of the quadrature', samples: measured.map(({ plain }) => plain) },
        because: 'for every vector',
      }),
      judge.law({
        ...common,
        id: `G4.bias-${id}`,
        statement: `the second moment grows by the variance of the kernel (${widths[id].name})`,
        measure: 'relative distance of the bias from the variance of the kernel',
        samples: measured.map(({ second, plain, width }) => Math.abs((second - plain) / width ** 2 - 1)),
        bound: 1e-6,
        because: 'exact; the sums over the grid leave that much',
      }),
    ];
  });
}

function stemPanel({ eigenvalues }: LanczosFound, { nodes, weights }: Quadrature): Panel {
  const bins = 60;
  const [low, high] = [eigenvalues[0], eigenvalues[eigenvalues.length - 1]];
  const width = (high - low) / bins;
  const heights = new Array<number>(bins).fill(0);
  for (const value of eigenvalues)
    heights[Math.min(bins - 1, Math.floor((value - low) / width))] += 1 / eigenvalues.length;
  const seen = Array.from(nodes, (node, i) => [node, weights[i]] as const).filter(([, weight]) => weight > 1e-8);
  return {
    title: 'One vector',
    x: { label: 'eigenvalue' },
    y: { label: 'mass', scale: 'log' },
    marks: [
      {
        kind: 'histogram',
        label: 'all eigenvalues',
        color: 'muted',
        edges: Array.from({ length: bins + 1 }, (_, i) => low + width * i),
        heights,
      },
      { kind: 'stem', label: 'nodes, weights', color: 0, x: seen.map(([x]) => x), y: seen.map(([, y]) => y) },
    ],
    legend: 'top-right',
  };
}

function momentPanel(found: LanczosFound, { momentSteps, vectors }: DenseLanczosConfig): Panel {
  const degrees = repeated(2 * momentSteps + 2, (k) => k);
  return {
    title: 'Moments: exact up to degree 2$m$ − 1',
    x: { label: 'degree' },
    y: { label: 'relative error', scale: 'log' },
    marks: [
      {
        kind: 'points',
        x: degrees,
        y: degrees.map((k) => Math.max(1e-17, ...momentErrors(found, vectors, k, k))),
      },
      { kind: 'rule', x: 2 * momentSteps - 0.5 },
    ],
    legend: 'none',
  };
}

function overlapPanel(found: LanczosFound, vectors: number): Panel {
  const edges = repeated(49, (i) => 10 ** (-4 + i / 8));
  const heightsOf = (law: 'rademacher' | 'normal') => {
    const heights = new Array<number>(edges.length - 1).fill(0);
    const total = vectors * found.parameters;
    for (const i of repeated(vectors, (vector) => vector)) {
      for (const overlap of found.row(law, i)) {
        const bin = Math.floor(8 * (Math.log10(found.parameters * overlap) + 4));
        if (bin >= 0 && bin < heights.length) heights[bin] += 1 / total;
      }
    }
    return heights;
  };
  return {
    title: 'Overlaps',
    x: { label: '$P$ |$v$ · $φ$|^{2}', scale: 'log' },
    y: { label: 'share' },
    marks: [
      { kind: 'histogram', label: 'Rademacher', edges, heights: heightsOf('rademacher') },
      {
        kind: 'line',
        label: 'normal',
        x: edges.slice(1).map((edge, i) => Math.sqrt(edge * edges[i])),
        y: heightsOf('normal'),
      },
      { kind: 'rule', x: 1, label: 'mean' },
    ],
    legend: 'top-left',
  };
}
