import type { RandomStream } from '@hessian-rmt/numerics';
import type { KernelConfig } from './kernels.js';

/** One draw of a random function of P variables, through its derivatives. */
export interface Field {
  /** Gradient at a point, added to `sum`. */
  addGradient(point: ArrayLike<number>, sum: Float64Array): void;
  /** One element of the Hessian at a point. */
  secondDerivative(point: ArrayLike<number>, i: number, j: number): number;
}

/**
 * A random function whose covariance is the kernel: a sum of cosines of random wave vectors and phases (Rahimi & Recht
 * 2007). The covariance is exact for any number of waves; with many the function is a Gaussian process. It knows nothing
 * of equations 16 and 17, which are about derivatives of the kernel.
 *
 * The wave vectors of exp(s) are standard normal; those of 1/(1 - s) = E exp(t s), t exponential, normal of variance t.
 */
export function fourierField(
  { kind, variance, length }: KernelConfig & { readonly kind: 'exponential' | 'power' },
  parameters: number,
  waves: number,
  random: RandomStream,
): Field {
  const vectors = new Float64Array(waves * parameters);
  const phases = new Float64Array(waves);
  for (let m = 0; m < waves; m++) {
    const scale = (kind === 'power' ? Math.sqrt((random.normal() ** 2 + random.normal() ** 2) / 2) : 1) / length;
    vectors.set(random.normals(parameters, scale), m * parameters);
    phases[m] = 2 * Math.PI * random.uniform();
  }
  const amplitude = Math.sqrt((2 * variance) / waves);
  const phaseAt = (point: ArrayLike<number>, m: number) => {
    let phase = phases[m];
    for (let i = 0; i < parameters; i++) phase += vectors[m * parameters + i] * point[i];
    return phase;
  };
  return {
    addGradient(point, sum) {
      for (let m = 0; m < waves; m++) {
        const slope = -amplitude * Math.sin(phaseAt(point, m));
        for (let i = 0; i < parameters; i++) sum[i] += slope * vectors[m * parameters + i];
      }
    },
    secondDerivative(point, i, j) {
      let sum = 0;
      for (let m = 0; m < waves; m++) {
        sum -= amplitude * Math.cos(phaseAt(point, m)) * vectors[m * parameters + i] * vectors[m * parameters + j];
      }
      return sum;
    },
  };
}
