import { type Dataset, type DenseNetwork, denseObjective, type Weights } from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Operator, SymmetricMatrix } from './operator.js';

/** An operator of this size from its products, which get vectors of the right length only. */
export function fromMatvec(size: number, matvec: Operator['matvec']): Operator {
  return {
    shape: [size, size],
    matvec(v) {
      if (v.length !== size) throw new RangeError(`matvec: expected a vector of length ${size}, found ${v.length}`);
      return matvec(v);
    },
  };
}

/** A matrix as an operator. @param linearAlgebra  does the products; without it plain loops do */
export function denseOperator({ n, data }: SymmetricMatrix, linearAlgebra?: LinearAlgebra): Operator {
  return fromMatvec(n, (v) => {
    const product = new Float64Array(n);
    if (linearAlgebra) linearAlgebra.gemv({ m: n, n, a: data, lda: n, x: v, y: product });
    else {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += data[i * n + j] * v[j];
        product[i] = sum;
      }
    }
    return product;
  });
}

export interface OperatorOptions {
  readonly linearAlgebra: LinearAlgebra;
}

/** The Hessian of the mean loss without its matrix: exact products in float64, about three gradients each. */
export function hessianOperator(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  { linearAlgebra }: OperatorOptions,
): Operator {
  const objective = denseObjective(network, data, linearAlgebra);
  return fromMatvec(objective.parameters, (v) => objective.hessianVectorProduct(weights, v));
}

/** The Gauss-Newton matrix G = mean of J^T (d2 loss / d outputs2) J without its matrix. */
export function gaussNewtonOperator(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  { linearAlgebra }: OperatorOptions,
): Operator {
  const objective = denseObjective(network, data, linearAlgebra);
  return fromMatvec(objective.parameters, (v) => objective.gaussNewtonVectorProduct(weights, v));
}
