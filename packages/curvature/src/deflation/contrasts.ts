import type { DenseNetwork } from '@hessian-rmt/models';

// Softmax does not see a shift of all outputs. The reflection of Householder that takes (1, ..., 1) / sqrt C to minus the
// first unit vector turns C classes into the shift, in place of class 0, and C - 1 orthonormal contrasts after it.

/** Whether the loss does not change when a number is added to all outputs. */
export const hasShift = ({ loss }: DenseNetwork): boolean => loss === 'softmax-cross-entropy';

/** Reflects the vector of `classes` entries at `start`, `step` apart, in place. Its own inverse. */
export function toContrasts(values: Float64Array, start: number, classes: number, step: number): void {
  const end = start + classes * step;
  const root = Math.sqrt(classes);
  // I - 2 v v^T / |v|^2 with v = (1 + 1 / sqrt C, 1 / sqrt C, ...) and |v|^2 = 2 (1 + 1 / sqrt C)
  let sum = 0;
  for (let at = start; at < end; at += step) sum += values[at];
  const along = sum / root + values[start];
  const factor = along / (1 + 1 / root);
  values[start] -= factor;
  for (let at = start; at < end; at += step) values[at] -= factor / root;
}
