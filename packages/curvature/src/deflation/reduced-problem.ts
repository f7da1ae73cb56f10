import { type Dataset, type DenseNetwork, layerShapes, type Weights } from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { type RowSpan, rowSpan } from './row-span.js';

/** The same loss as a function of fewer weights: inputs, bias included, are coordinates in a basis of their span. */
export interface ReducedProblem {
  readonly network: DenseNetwork;
  readonly weights: Weights;
  readonly data: Dataset;
  /** Of the inputs [x; 1], or x where the network has no biases: `basis` takes coordinates back to them. */
  readonly span: RowSpan;
}

/**
 * First-layer weights orthogonal to every input [x; 1] change no pre-activation: z = W x~ = (W E^T)(E x~) with the rows
 * of E an orthonormal basis of the span of the inputs. A first-layer bias that remains, as the other layers have one,
 * is zero, and its directions are no part of the problem.
 */
export async function reducedProblem(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  linearAlgebra: LinearAlgebra,
): Promise<ReducedProblem> {
  const [{ rows, columns }, ...later] = layerShapes(network);
  const { count } = data;
  const inputs = network.bias ? withOnes(data) : data.inputs;
  const span = await rowSpan(linearAlgebra, inputs, count, columns);
  if (span.rank === 0) throw new RangeError(`${data.name}: expected an input that is not zero, found none`);
  const { rank, basis } = span;
  const inBasis = (a: Float64Array, m: number, c: Float64Array, ldc: number) =>
    linearAlgebra.gemm({ transposeB: true, m, n: rank, k: columns, a, lda: columns, b: basis, ldb: columns, c, ldc });

  const coordinates = new Float64Array(count * rank);
  inBasis(inputs, count, coordinates, rank);
  const reduced = { ...network, widths: [rank, ...network.widths.slice(1)] };
  const [first, ...rest] = layerShapes(reduced);
  const reducedWeights = new Float64Array(first.rows * first.columns + weights.length - rows * columns);
  inBasis(weights, rows, reducedWeights, first.columns);
  rest.forEach(({ offset }, l) => {
    const from = later[l];
    reducedWeights.set(weights.subarray(from.offset, from.offset + from.rows * from.columns), offset);
  });
  return {
    network: reduced,
    weights: reducedWeights,
    data: { ...data, dimension: rank, inputs: coordinates },
    span,
  };
}

function withOnes({ inputs, count, dimension }: Dataset): Float64Array {
  const extended = new Float64Array(count * (dimension + 1)).fill(1);
  for (let n = 0; n < count; n++) {
    extended.set(inputs.subarray(n * dimension, (n + 1) * dimension), n * (dimension + 1));
  }
  return extended;
}
