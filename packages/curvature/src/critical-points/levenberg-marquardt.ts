import { type Dataset, type DenseNetwork, denseObjective, type Weights } from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { exactHessian } from '../exact/exact-hessian.js';
import { BlockCholesky } from './block-cholesky.js';
import { type Descent, type DescentEnd, type DescentOptions, dot, norm, reached } from './smooth-function.js';

/** Damping at the start, as a share of the largest diagonal entry of H^2 (Nielsen 1999). */
const firstDamping = 1e-3;
/** Attempts at one point before nothing more is expected of it. */
const maxAttempts = 60;

/** Writes the P x P Hessian of the loss at the weights, both triangles. */
export type HessianInto = (weights: Weights, into: Float64Array) => void | Promise<void>;

export interface LevenbergMarquardtOptions extends DescentOptions {
  /** The Hessian of this network on these data, where a faster form of it is at hand. Default: `exactHessian`. */
  readonly hessian?: HessianInto;
}

/**
 * Minimises J_g = 1/2 |g|^2, g = grad L, by Levenberg and Marquardt's method with the exact Hessian: steps
 * (H^2 + mu I) p = -H g, the least-squares solution of g + H p = 0 damped by mu, which follows the gain as Nielsen 1999
 * has it. Value and gradient of the result are those of J_g; `evaluations` counts gradients, Hessians are as many as
 * iterations.
 *
 * @throws RangeError when the loss at the start is not finite
 */
export async function levenbergMarquardt(
  network: DenseNetwork,
  data: Dataset,
  start: Weights,
  linearAlgebra: LinearAlgebra,
  options: LevenbergMarquardtOptions = {},
): Promise<Descent> {
  const { maxIterations = 1000 } = options;
  const objective = denseObjective(network, data, linearAlgebra);
  const n = objective.parameters;
  const {
    hessian = async (weights, into) => {
      await exactHessian(network, weights, data, { linearAlgebra, into });
    },
  } = options;
  const system = new DampedSystem(n, hessian, linearAlgebra);
  let point = start.slice();
  let slope: Float64Array = new Float64Array(n);
  const loss = objective.gradient(point, slope);
  if (!Number.isFinite(loss)) throw new RangeError(`levenbergMarquardt: the loss at the start is ${loss}`);
  let value = dot(slope, slope) / 2;
  let evaluations = 1;
  let iterations = 0;
  let damping = 0;
  let factor = 2;
  for (;;) {
    await system.moveTo(point, slope);
    const gradientNorm = norm(system.rightSide);
    let end: DescentEnd | undefined = reached(options, value, gradientNorm);
    if (!end && iterations === maxIterations) end = 'iterations';
    if (end) return { point, value, gradientNorm, iterations, evaluations, end };
    if (damping === 0) damping = firstDamping * system.largestDiagonal();
    let moved = false;
    for (let attempt = 0; attempt < maxAttempts && !moved; attempt++) {
      const step = system.solve(damping);
      const predicted = step ? value - system.modelled(slope, step) : 0;
      if (step && predicted > 0) {
        const candidate = point.map((weight, i) => weight + step[i]);
        const candidateSlope = new Float64Array(n);
        objective.gradient(candidate, candidateSlope);
        evaluations++;
        const next = dot(candidateSlope, candidateSlope) / 2;
        const gain = (value - next) / predicted;
        if (gain > 0) {
          [point, slope, value, moved] = [candidate, candidateSlope, next, true];
          damping *= Math.max(1 / 3, 1 - (2 * gain - 1) ** 3);
          factor = 2;
          continue;
        }
      }
      damping *= factor;
      factor *= 2;
    }
    if (!moved) return { point, value, gradientNorm, iterations, evaluations, end: 'stalled' };
    iterations++;
    options.onIteration?.(iterations, value);
  }
}

/** The matrices of one point, in memory that is used again: H, H^2 and -H g. */
class DampedSystem {
  readonly rightSide: Float64Array;
  private readonly hessian: Float64Array;
  private readonly square: Float64Array;
  private readonly damped: Float64Array;
  private readonly cholesky: BlockCholesky;

  constructor(
    private readonly n: number,
    private readonly hessianInto: HessianInto,
    private readonly linearAlgebra: LinearAlgebra,
  ) {
    this.rightSide = new Float64Array(n);
    this.hessian = new Float64Array(n * n);
    this.square = new Float64Array(n * n);
    this.damped = new Float64Array(n * n);
    this.cholesky = new BlockCholesky(n, linearAlgebra);
  }

  async moveTo(weights: Weights, slope: Float64Array): Promise<void> {
    const { n, hessian, square, linearAlgebra } = this;
    await this.hessianInto(weights, hessian);
    linearAlgebra.syrk({ triangle: 'lower', n, k: n, a: hessian, lda: n, c: square, ldc: n });
    linearAlgebra.gemv({ m: n, n, alpha: -1, a: hessian, lda: n, x: slope, y: this.rightSide });
  }

  largestDiagonal(): number {
    let largest = 0;
    for (let i = 0; i < this.n; i++) largest = Math.max(largest, this.square[i * this.n + i]);
    return largest;
  }

  /** p with (H^2 + damping I) p = -H g; undefined where the damping is too small for rounding. */
  solve(damping: number): Float64Array | undefined {
    const { n, square, damped, cholesky } = this;
    damped.set(square);
    for (let i = 0; i < n; i++) damped[i * n + i] += damping;
    return cholesky.factor(damped) ? cholesky.solve(damped, this.rightSide) : undefined;
  }

  /** 1/2 |g + H p|^2: what J_g would be if the gradient were linear. */
  modelled(slope: Float64Array, step: Float64Array): number {
    const { n } = this;
    const image = slope.slice();
    this.linearAlgebra.gemv({ m: n, n, a: this.hessian, lda: n, x: step, beta: 1, y: image });
    return dot(image, image) / 2;
  }
}
