import type { Results } from '@hessian-rmt/replication';
import { hessianCovariance } from '@hessian-rmt/rmt';
import { type ProcessHessiansConfig, processHessians } from './process-hessians.js';

export type ProcessSettings = Pick<ProcessHessiansConfig, 'size' | 'samples'> & {
  /** Degenerate directions, and outliers: 100 and 20 of 300 in the captions. */
  readonly zeroDirections: number;
  readonly outliers: number;
  /** Draws of the GOE's own statistics. */
  readonly references: number;
};

const laptop: ProcessSettings = { size: 300, samples: 100, zeroDirections: 100, outliers: 20, references: 20 };
const quick: ProcessSettings = { size: 150, samples: 50, zeroDirections: 50, outliers: 10, references: 20 };
const smoke: ProcessSettings = { size: 45, samples: 16, zeroDirections: 15, outliers: 3, references: 8 };
/** Sizes and samples of the authors' notebook. */
const paper: ProcessSettings = { size: 500, samples: 300, zeroDirections: 100, outliers: 20, references: 100 };
export const processProfiles = { smoke, quick, laptop, paper };

export interface ProcessPanel {
  readonly id: string;
  /** For titles of panels. */
  readonly text: string;
  /** k'(0) and k''(0); the first null where the caption says it. */
  readonly first: number | null;
  readonly second: number;
  readonly degenerate?: boolean;
  /** Scale of the outliers. */
  readonly outliers?: number;
  /** Its own covariance, where it is that of the spin glass on the sphere. */
  readonly sphere?: 'nothing' | 'value';
}

/**
 * The legends are lost: kernels of the authors' notebook, in which k'(0) is 1 but for the spin glass of p = 3 with its 3
 * and 6. Given the value of the field the shift of k'(0)^2 loses k'(0)^2/k(0), that is all of it for the spin glass.
 */
export const processPanels: readonly ProcessPanel[] = [
  { id: 'a', text: '$k$″(0) = 10^{-4}', first: null, second: 1e-4 },
  { id: 'b', text: '$k$″(0) = 0.1', first: null, second: 0.1 },
  { id: 'c', text: '$k$″(0) = 10', first: null, second: 10 },
  { id: 'd', text: '$k$″(0) = 0.001 *', first: null, second: 0.001, degenerate: true },
  { id: 'e', text: '$k$″(0) = 0.1 †', first: null, second: 0.1, outliers: 5 },
  { id: 'f', text: '$k$″(0) = 0.01 †', first: null, second: 0.01, outliers: 10 },
  { id: 'spin-glass', text: 'spin glass, $p$ = 3', first: 3, second: 6, sphere: 'nothing' },
  { id: 'spin-glass-given-value', text: 'the same, value given', first: 3, second: 6, sphere: 'value' },
];

/** @param firstDerivative  k'(0) of the caption: the shift of the panels has variance k'(0)^2, as equation 17 prints */
export function processUnit(settings: ProcessSettings, panel: ProcessPanel, firstDerivative: number) {
  const { size, samples, zeroDirections, outliers } = settings;
  const first = panel.first ?? firstDerivative;
  const { elements, shift } = panel.sphere
    ? hessianCovariance({ value: 1, first, second: panel.second }, { on: 'sphere', given: panel.sphere })
    : { elements: panel.second, shift: first ** 2 };
  return processHessians.unit(
    {
      size,
      elements,
      shift,
      zeroDirections: panel.degenerate ? zeroDirections : 0,
      outliers: { count: panel.outliers ? outliers : 0, scale: panel.outliers ?? 0 },
      samples,
    },
    { repetition: 0, threads: 1 },
  );
}

export interface ProcessSpectra {
  /** Without structural zeros, one spectrum a sample. */
  readonly levels: readonly Float64Array[];
  /** The whole matrix, and the whole matrix in a random basis (fewer samples); empty unless degenerate. */
  readonly whole: readonly Float64Array[];
  readonly rotated: readonly Float64Array[];
}

export function processSpectra(
  results: Results,
  settings: ProcessSettings,
  panel: ProcessPanel,
  firstDerivative: number,
): ProcessSpectra {
  const { arrays } = results.of(processUnit(settings, panel, firstDerivative));
  const rows = (name: string) => {
    if (arrays[name] === undefined) return [];
    const { shape, data } = arrays[name];
    const [count, length] = shape;
    return Array.from({ length: count }, (_, i) => (data as Float64Array).subarray(i * length, (i + 1) * length));
  };
  return { levels: rows('levels'), whole: rows('whole'), rotated: rows('rotated') };
}

/** Under figures and claims. */
export const processText = ({ size, samples, zeroDirections, outliers }: ProcessSettings): string =>
  `${size} dimensions, ${samples} samples, * ${zeroDirections} degenerate directions beside these, † ${outliers} outliers`;

/** The captions' sizes, or the notebook's. */
export const atPublishedSizes = ({ size, samples }: ProcessSettings): boolean =>
  (size === 300 && samples === 100) || (size === 500 && samples === 300);
