import type { Panel, Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import {
  configsOf,
  type GaussNewtonSpectrum,
  marchenkoPasturGap,
  type SizesSettings,
  sizesProfiles,
  spectraOf,
  unitOf,
} from './autoencoder-sizes.js';
import { imagesText } from './images-available.js';

/** Our reading of a curve that goes through the dots: none is farther from it than a tenth of the largest gap. */
const within = 0.1;

/** Figure 5: the gap of H_0 against phi, with the gap of a Marchenko-Pastur law of one sigma (sec. 6.2). */
export const figure5 = definePart<SizesSettings>({
  id: 'figure-5',
  place: 'Figure 5',
  title: 'Gap of H0 against phi',
  profiles: sizesProfiles,
  units: ({ sizes }) => sizes.flatMap((size) => configsOf(size).map(unitOf)),

  present(results, { sizes }) {
    const curvesOfSizes = sizes.map((size) => gapCurve(configsOf(size).map((config) => spectraOf(results, config))));
    return {
      figures: [
        {
          id: 'figure-5',
          title: 'Figure 5: gap of $H$_{0} against $φ$',
          caption:
            `Square ReLU autoencoders at the random start on ${imagesText}; ${curvesOfSizes.map(({ n, points }) => `$n$ = ${n}: ${points[0].gaps.length} networks for each $φ$`).join('; ')}. ` +
            'Dots: mean gap, with twice its standard error. Line: $σ$ (1 − √$φ$)^{2} with one $σ$ for all $φ$. ' +
            'Right: the $σ$ that each dot alone would ask for.',
          panels: [...curvesOfSizes.map(gapPanel), scalePanel(curvesOfSizes)],
        },
      ],
      tables: [gapTable(curvesOfSizes)],
      claims: curvesOfSizes.flatMap(claimsOf),
    };
  },
});

interface GapPoint {
  readonly phi: number;
  /** One a network. */
  readonly gaps: readonly number[];
  readonly mean: number;
  readonly standardError: number;
  /** Mean number of null directions beyond the n of rescaling. */
  readonly furtherZeros: number;
}

interface GapCurve {
  readonly n: number;
  readonly points: readonly GapPoint[];
  /** By least squares over the means. */
  readonly sigma: number;
}

function gapCurve(spectra: readonly (readonly GaussNewtonSpectrum[])[]): GapCurve {
  const points = spectra.map((networks): GapPoint => {
    const gaps = networks.map(({ gap }) => gap);
    const centre = mean(gaps);
    const variance = gaps.reduce((sum, gap) => sum + (gap - centre) ** 2, 0) / (gaps.length - 1);
    return {
      phi: networks[0].phi,
      gaps,
      mean: centre,
      standardError: Math.sqrt(variance / gaps.length),
      furtherZeros: mean(networks.map(({ zeros, n }) => zeros - n)),
    };
  });
  return { n: spectra[0][0].n, points, sigma: fittedSigma(points) };
}

/** Least squares of the gaps on (1 - sqrt(phi))^2. */
export function fittedSigma(points: readonly Pick<GapPoint, 'phi' | 'mean'>[]): number {
  let [above, below] = [0, 0];
  for (const { phi, mean: gap } of points) {
    const shape = marchenkoPasturGap(phi);
    above += gap * shape;
    below += shape * shape;
  }
  return above / below;
}

function claimsOf({ n, points, sigma }: GapCurve): Claim[] {
  const common = {
    place: 'Figure 5, sec. 6.2',
    figure: 'figures/figure-5.svg',
    atPublishedSize: false,
    difference: `n = ${n}, ${imagesText}; the paper's width, runs and sigma are lost`,
  };
  const largest = Math.max(...points.map((point) => point.mean));
  const farthest = Math.max(...points.map((point) => Math.abs(point.mean - marchenkoPasturGap(point.phi, sigma))));
  return [
    judge.law({
      ...common,
      id: `P7.one-sigma-n-${n}`,
      statement: 'the gap of H0 against phi follows sigma (1 - sqrt(phi))^2 with a single sigma',
      measure: 'largest distance of a mean gap from the fitted curve, over the largest mean gap',
      samples: [farthest / largest],
      bound: within,
      because: `"well-approximated", by eye, is read as ${within} of the largest gap (our choice); sigma = ${sigma.toPrecision(3)}`,
    }),
    judge.trend({
      ...common,
      id: `P7.closes-n-${n}`,
      statement: 'the gap of H0 closes as phi rises',
      direction: 'decreasing',
      along: { name: 'phi', samples: points.map(({ phi }) => phi) },
      samples: points[0].gaps.map((_, run) => points.map(({ gaps }) => gaps[run])),
      monotone: true,
      because: 'the networks of each phi are independent',
    }),
  ];
}

function gapPanel({ n, points, sigma }: GapCurve): Panel {
  const grid = Array.from({ length: 101 }, (_, i) => i / 100);
  const from = 0.8 * points[0].phi;
  const x = grid.filter((phi) => phi >= from);
  return {
    title: `$n$ = ${n}`,
    x: { label: '$φ$', domain: [0, 1] },
    y: { label: 'gap of $H$_{0}' },
    legend: 'top-right',
    marks: [
      {
        kind: 'line',
        label: `$σ$ (1 − √$φ$)^{2}, $σ$ = ${sigma.toPrecision(2)}`,
        color: 1,
        x,
        y: x.map((phi) => marchenkoPasturGap(phi, sigma)),
      },
      {
        kind: 'points',
        label: 'networks',
        color: 0,
        x: points.map(({ phi }) => phi),
        y: points.map((point) => point.mean),
        intervals: points.map((point) => [point.mean - 2 * point.standardError, point.mean + 2 * point.standardError]),
      },
    ],
  };
}

function scalePanel(sizes: readonly GapCurve[]): Panel {
  return {
    title: '$σ$ of each $φ$',
    x: { label: '$φ$', domain: [0, 1] },
    y: { label: 'gap / (1 − √$φ$)^{2}' },
    marks: sizes.map(({ n, points }, color) => {
      const scaled = (gap: number, phi: number) => gap / marchenkoPasturGap(phi);
      return {
        kind: 'points',
        label: `$n$ = ${n}`,
        color,
        x: points.map(({ phi }) => phi),
        y: points.map(({ mean: gap, phi }) => scaled(gap, phi)),
        intervals: points.map(
          ({ mean: gap, standardError, phi }) =>
            [scaled(gap - 2 * standardError, phi), scaled(gap + 2 * standardError, phi)] as const,
        ),
      };
    }),
  };
}

function gapTable(sizes: readonly GapCurve[]): Table {
  return {
    id: 'figure-5',
    title: 'Figure 5: gap of H0 against phi',
    caption:
      'Mean over independent networks; null directions beyond the n of rescaling come from units that are on for fewer samples than there are inputs, and close the gap.',
    columns: [
      { header: 'n' },
      { header: 'phi', format: '.3f' },
      { header: 'networks' },
      { header: 'gap', format: '.3g' },
      { header: 'standard error', format: '.2g' },
      { header: 'sigma (1 - sqrt(phi))^2', format: '.3g' },
      { header: 'sigma of this phi alone', format: '.3g' },
      { header: 'further null directions', format: '.2f' },
    ],
    rows: sizes.flatMap(({ n, points, sigma }) =>
      points.map(({ phi, gaps, mean: gap, standardError, furtherZeros }) => [
        n,
        phi,
        gaps.length,
        gap,
        standardError,
        marchenkoPasturGap(phi, sigma),
        gap / marchenkoPasturGap(phi),
        furtherZeros,
      ]),
    ),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
