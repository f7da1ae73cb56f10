import { type Claim, judge } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, spikedWigner, tracyWidom } from '@hessian-rmt/rmt';
import { powerFit } from './power-fit.js';
import type { Deviations, SpikeFound, Theorem1Settings } from './theorem-1-settings.js';

export interface Theorem1Measured {
  readonly outliers: readonly { readonly ratio: number; readonly found: readonly SpikeFound[] }[];
  readonly deviations: readonly Deviations[];
  /** largest[spike][draw]. */
  readonly edges: readonly { readonly size: number; readonly largest: readonly (readonly number[])[] }[];
  readonly settings: Theorem1Settings;
}

const figure = 'figures/theorem-1.svg';

export function theorem1Claims({ outliers, deviations, edges, settings }: Theorem1Measured): Claim[] {
  return [
    ...outliers.flatMap(({ ratio, found }) => found.map((one) => spikeClaim(one, ratio, settings))),
    ...edgeClaims(edges, settings),
    ...deviations.flatMap((one) => rateClaims(one, settings)),
  ];
}

/** An outlier above the threshold, the edge below it; the median of the draws against its limit. */
function spikeClaim({ spike, samples }: SpikeFound, variance: number, { size, draws }: Theorem1Settings): Claim {
  const [{ place, deviation }] = spikedWigner({ variance, spikes: [spike] }).images;
  // A median of normal draws has a standard error of 1.253 standard deviations over the root of their number.
  const errors = (3 * 1.253) / Math.sqrt(draws);
  const judged = {
    id: `G1.outlier-${ratioText(spike)}-q-${ratioText(variance)}`,
    place: 'Lemma 3, Theorem 1, Eqs. 7, 8',
    figure,
    atPublishedSize: false,
    difference: `a law in the limit, met at P = ${size}`,
    measure: 'eigenvalue',
    samples,
  };
  if (place !== 'bulk') {
    return judge.law({
      ...judged,
      statement: `the eigenvalue ${spike} of the true matrix, beyond the threshold sqrt(q) sigma = ${Math.sqrt(variance)}, moves to lambda + q sigma^2 / lambda`,
      published: { expression: 'lambda + q / lambda', scope: { lambda: spike, q: variance } },
      bound: errors * (deviation! / Math.sqrt(size)) + Math.abs(variance / spike) / size,
      because: `three standard errors of the median of ${draws} outliers, their normal limit, and a correction of the order 1/P`,
    });
  }
  return judge.law({
    ...judged,
    statement: `the eigenvalue ${spike} of the true matrix, within the threshold sqrt(q) sigma = ${Math.sqrt(variance)}, is lost: the edge 2 sqrt(q) sigma takes its place`,
    published: { expression: 's * 2 * sqrt(q)', scope: { s: Math.sign(spike), q: variance } },
    // The Tracy-Widom law (beta = 1) has median -1.269 and standard deviation 1.268 in units of this scale.
    bound: (1.269 + errors * 1.268) * Math.sqrt(variance) * size ** (-2 / 3),
    because: `the median of the Tracy-Widom law lies 1.27 of its scale inside the edge; three standard errors of ${draws} draws`,
  });
}

function edgeClaims(edges: Theorem1Measured['edges'], { edge: { spikes, draws } }: Theorem1Settings): Claim[] {
  const { size, largest } = edges[edges.length - 1];
  const scaled = (spike: number) =>
    Float64Array.from(largest[spikes.indexOf(spike)], (value) => (value - 2) * size ** (2 / 3)).sort();
  const common = {
    place: 'Lemma 3, Theorem 1',
    figure,
    atPublishedSize: false,
    difference: `a law in the limit, met at P = ${size}`,
  };
  return [
    judge.law({
      ...common,
      id: 'G1.continuous',
      statement: 'at the threshold both cases of the theorem give the edge, 2 sqrt(q) sigma',
      measure: 'largest eigenvalue at the threshold, in P^(-2/3) from the edge',
      samples: Array.from(scaled(1), Math.abs),
      bound: 3,
      because: 'the transition is spread over this scale (Baik, Ben Arous & Peche 2005); three of it are our choice',
    }),
    judge.law({
      ...common,
      id: 'G1.tracy-widom',
      statement: 'not in the paper: what sticks to the edge does so by a Tracy-Widom variable times P^(-2/3)',
      measure: 'Kolmogorov-Smirnov distance',
      samples: [kolmogorovSmirnov(scaled(0), tracyWidom({ beta: 1 }))],
      bound: 1.63 / Math.sqrt(draws),
      because: `what ${draws} independent draws exceed once in a hundred times`,
    }),
  ];
}

const quoted = {
  goe: { power: -0.4, text: 'P^(-2/5) when all moments are finite' },
  'student-5': { power: -0.25, text: 'P^(-1/4) when fourth moments are finite' },
} as const;

function rateClaims({ ensemble, ...deviations }: Deviations, { sizes }: Theorem1Settings): Claim[] {
  const at = sizes.map(([size]) => size);
  const { power, text } = quoted[ensemble];
  const what = { outlier: 'of the outlier', edge: 'at the edge', spectrum: 'of the whole spectrum' } as const;
  const common = { place: 'sec. 4.3', figure, atPublishedSize: true };
  return (['outlier', 'edge', 'spectrum'] as const).flatMap((name) => {
    const { exponent, standardError } = powerFit(at, deviations[name]);
    const where = `${what[name]}, ${ensemble === 'goe' ? 'GOE' : "Student's law of five degrees"}`;
    const fitted = `three standard errors of the fitted power over P = ${at[0]} to ${at[at.length - 1]}`;
    const rate = (id: string, statement: string, published: number) =>
      judge.law({
        ...common,
        id: `G1.${id}-${name}-${ensemble}`,
        statement,
        measure: 'fitted power of the root mean square deviation',
        published,
        samples: [exponent],
        bound: 3 * standardError,
        because: fitted,
      });
    const own = { outlier: -1 / 2, edge: -2 / 3, spectrum: undefined }[name];
    return [
      rate('rate', `corrections scale as ${text} (${where})`, power),
      judge.order({
        ...common,
        id: `G1.at-least-${name}-${ensemble}`,
        statement: `corrections fall at least as fast as ${text} (${where})`,
        larger: { name: 'fitted power, its sign reversed', samples: [-exponent] },
        smaller: { name: 'the quoted one', samples: [-power] },
        because: 'the theorems that the paper cites (Bai) are bounds on the distance of the whole spectrum',
      }),
      ...(ensemble === 'goe' && own !== undefined
        ? [
            rate(
              'own-rate',
              name === 'outlier'
                ? 'not in the paper: an outlier is normal about its limit, off by P^(-1/2)'
                : 'not in the paper: an eigenvalue at the edge is off by P^(-2/3)',
              own,
            ),
          ]
        : []),
    ];
  });
}

/** As ids can have it: `minus-1p6`. */
const ratioText = (ratio: number) => String(ratio).replace('.', 'p').replace('-', 'minus-');
