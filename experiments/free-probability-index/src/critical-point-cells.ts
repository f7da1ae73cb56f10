import type { CriticalPointMethod } from '@hessian-rmt/curvature';
import type { Results, Unit } from '@hessian-rmt/replication';
import { type CriticalPointsConfig, criticalPoints } from './critical-points.js';
import type { IndexedPoint } from './index-law.js';
import { phiOf } from './memorisation.js';

/** Searches of one configuration: so many batches, each a unit of work with a repetition number of its own. */
export interface Cell extends CriticalPointsConfig {
  readonly batches: number;
  /** Number of the first batch, 0 without it. Batches of other numbers have other data, weights and levels. */
  readonly from?: number;
}

/** What a cell is when it does not say otherwise: the search of sec. 6.4, with the fast method. */
const usual = {
  activation: 'tanh',
  method: 'levenberg-marquardt',
  start: 'uniform',
  tolerance: 1e-6,
  // Levels below the minimum of the loss are never reached; where the descent then ends hardly depends on its length.
  maxDescent: 1000,
} as const;

/**
 * Enough for most searches of Levenberg-Marquardt and L-BFGS, whose medians are about 50 and 2,500 at n = 4; the other two
 * stop when they must (our choice).
 */
export const stepsOf: Readonly<Record<CriticalPointMethod, number>> = {
  'levenberg-marquardt': 300,
  'l-bfgs': 20_000,
  'barzilai-borwein': 200_000,
  'gradient-descent': 2_000_000,
};

export function cellOf(cell: Pick<Cell, 'size' | 'samples' | 'runs' | 'batches'> & Partial<Cell>): Cell {
  return { ...usual, maxIterations: stepsOf[cell.method ?? usual.method], ...cell };
}

export function unitsOf({ batches, from = 0, ...config }: Cell): Unit[] {
  return Array.from({ length: batches }, (_, batch) =>
    criticalPoints.unit(config, { repetition: from + batch, threads: 1 }),
  );
}

/** One search, accepted or not. Energies are over the mean of y^2, so that the outputs 0 have the energy 1/2. */
export interface Search {
  readonly accepted: boolean;
  readonly energy: number;
  readonly startEnergy: number;
  readonly halfSquaredGradient: number;
  readonly iterations: number;
  readonly evaluations: number;
  /** J_g after 1, 2, 4, ... iterations; 0 where the search had ended. */
  readonly trace: Float64Array;
  /** |H g| / |g| over the largest eigenvalue: where it is tiny the point is a minimum of J_g near no critical point. */
  readonly curvatureShare: number;
  /** Ascending; empty where the search was not accepted. */
  readonly eigenvalues: Float64Array;
  readonly roundingFloor: number;
}

export function searchesOf(results: Results, cell: Cell): Search[] {
  const parameters = 2 * cell.size ** 2;
  return unitsOf(cell).flatMap((unit) => {
    const { arrays } = results.of(unit);
    const column = (name: string) => arrays[name].data as Float64Array;
    let row = 0;
    return Array.from({ length: cell.runs }, (_, run): Search => {
      const accepted = arrays.accepted.data[run] === 1;
      const meanSquare = column('meanSquaredTarget')[run];
      const eigenvalues = accepted
        ? column('eigenvalues').subarray(row * parameters, (row + 1) * parameters)
        : new Float64Array(0);
      const width = arrays.trace.shape[1];
      return {
        accepted,
        energy: column('energy')[run] / meanSquare,
        startEnergy: column('startEnergy')[run] / meanSquare,
        halfSquaredGradient: column('halfSquaredGradient')[run],
        iterations: column('iterations')[run],
        evaluations: column('evaluations')[run],
        trace: column('trace').subarray(run * width, (run + 1) * width),
        curvatureShare: accepted ? column('curvatureAlongGradient')[run] / eigenvalues[parameters - 1] : 0,
        eigenvalues,
        roundingFloor: accepted ? column('roundingFloor')[row++] : 0,
      };
    });
  });
}

/** Which eigenvalues count as zero, beyond the computed rounding floor, which always does. Defaults 0. */
export interface IndexThreshold {
  /** Up to this share of the largest eigenvalue. */
  readonly ofLargest?: number;
  /**
   * Up to this multiple of |grad L|. Directions along which a symmetry leaves the loss unchanged have curvature 0 where
   * the gradient vanishes, and of the order of |grad L|, of either sign, near there: n^2 of them in a linear network
   * (W_1 -> M W_1, W_2 -> W_2 M^-1), half of which the rounding floor takes for negative however far the search went.
   */
  readonly ofGradient?: number;
}

/** Share of negative eigenvalues. */
export function indexOf(search: Search, { ofLargest = 0, ofGradient = 0 }: IndexThreshold = {}): number {
  const { eigenvalues, roundingFloor, halfSquaredGradient } = search;
  const least = -Math.max(
    roundingFloor,
    ofLargest * eigenvalues[eigenvalues.length - 1],
    ofGradient * Math.sqrt(2 * halfSquaredGradient),
  );
  return eigenvalues.filter((value) => value < least).length / eigenvalues.length;
}

export interface PointSelection {
  readonly threshold?: IndexThreshold;
  /** Points whose `curvatureShare` is less are left out. Default 0. */
  readonly curvatureShare?: number;
}

export function pointsOf(searches: readonly Search[], selection: PointSelection = {}): IndexedPoint[] {
  const { threshold, curvatureShare = 0 } = selection;
  return searches
    .filter((search) => search.accepted && search.curvatureShare >= curvatureShare)
    .map((search) => ({ energy: search.energy, index: indexOf(search, threshold) }));
}

export const cellPhi = ({ size, samples }: Cell): number => phiOf(size, samples);
