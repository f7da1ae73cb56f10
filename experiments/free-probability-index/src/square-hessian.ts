import type { Dataset, Weights } from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';

/**
 * The exact Hessian of the square network of one hidden layer without biases, W_2 f(W_1 x), from matrix products over the
 * examples. With a = f(W_1 x), t = f'(W_1 x), e = W_2 a - y, c = f''(W_1 x) (W_2^T e) and means over the examples,
 *
 *     d2L / dW_1[j, k] dW_1[q, r] = (W_2^T W_2)[j, q] <t_j x_k t_q x_r> + delta_jq <c_j x_k x_r>
 *     d2L / dW_1[j, k] dW_2[i, l] = W_2[i, j] <t_j x_k a_l> + delta_jl <t_j x_k e_i>
 *     d2L / dW_2[i, l] dW_2[p, q] = delta_ip <a_l a_q>.
 *
 * A search asks for hundreds of them: `exactHessian`, which knows any depth, width and loss, takes five times as long at
 * n = 16 and, where most of the time goes into calls, twenty times at n = 8. Weights are laid out as those of
 * `squareNetwork`.
 *
 * @returns what writes the 2 n^2 x 2 n^2 matrix at given weights: both triangles, exactly symmetric
 */
export function squareHessian(
  n: number,
  activation: 'tanh' | 'identity',
  { count, inputs, targets }: Dataset,
  linearAlgebra: LinearAlgebra,
): (weights: Weights, into: Float64Array) => void {
  const square = n * n;
  const parameters = 2 * square;
  const tanh = activation === 'tanh';
  const [hidden, errors, returned] = [0, 1, 2].map(() => new Float64Array(count * n));
  /** Of each example t_j x_k, then a, then e. */
  const width = square + 2 * n;
  const factors = new Float64Array(count * width);
  /** Of each example c_j x_k. */
  const bent = new Float64Array(count * square);
  /** Means of products of the first two with all factors. */
  const means = new Float64Array((square + n) * width);
  /** <c_j x_k x_r>, a row for each j, k. */
  const bends = new Float64Array(square * n);
  /** W_2^T W_2. */
  const outward = new Float64Array(square);

  const loadExamples = (first: Weights, second: Weights) => {
    const layer = { m: count, n, k: n, lda: n, ldb: n, ldc: n } as const;
    linearAlgebra.gemm({ ...layer, transposeB: true, a: inputs, b: first, c: hidden });
    if (tanh) for (let i = 0; i < hidden.length; i++) hidden[i] = Math.tanh(hidden[i]);
    errors.set(targets!);
    linearAlgebra.gemm({ ...layer, transposeB: true, a: hidden, b: second, beta: -1, c: errors });
    linearAlgebra.gemm({ ...layer, a: errors, b: second, c: returned });
    for (let example = 0; example < count; example++) {
      const from = example * n;
      const row = example * width;
      for (let j = 0; j < n; j++) {
        const a = hidden[from + j];
        const slope = tanh ? 1 - a * a : 1;
        // tanh'' = -2 tanh tanh'
        const bend = tanh ? -2 * a * slope * returned[from + j] : 0;
        for (let k = 0; k < n; k++) {
          factors[row + j * n + k] = slope * inputs[from + k];
          bent[example * square + j * n + k] = bend * inputs[from + k];
        }
        factors[row + square + j] = a;
        factors[row + square + n + j] = errors[from + j];
      }
    }
  };

  const takeMeans = (second: Weights) => {
    const mean = { transposeA: true, k: count, alpha: 1 / count } as const;
    const all = { m: square + n, n: width, lda: width, ldb: width, ldc: width } as const;
    linearAlgebra.gemm({ ...mean, ...all, a: factors, b: factors, c: means });
    if (tanh) linearAlgebra.gemm({ ...mean, m: square, n, a: bent, lda: square, b: inputs, ldb: n, c: bends, ldc: n });
    linearAlgebra.gemm({ transposeA: true, m: n, n, k: n, a: second, lda: n, b: second, ldb: n, c: outward, ldc: n });
  };

  return (weights, into) => {
    const second = weights.subarray(square);
    loadExamples(weights.subarray(0, square), second);
    takeMeans(second);
    into.fill(0, square * parameters);
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) {
        const from = (j * n + k) * width;
        const row = (j * n + k) * parameters;
        for (let q = j; q < n; q++) {
          for (let r = q === j ? k : 0; r < n; r++) {
            const bend = q === j ? bends[(j * n + k) * n + r] : 0;
            const entry = outward[j * n + q] * means[from + q * n + r] + bend;
            into[row + q * n + r] = entry;
            into[(q * n + r) * parameters + j * n + k] = entry;
          }
        }
        for (let i = 0; i < n; i++) {
          const weight = second[i * n + j];
          for (let l = 0; l < n; l++) {
            const direct = l === j ? means[from + square + n + i] : 0;
            const entry = weight * means[from + square + l] + direct;
            into[row + square + i * n + l] = entry;
            into[(square + i * n + l) * parameters + j * n + k] = entry;
          }
        }
      }
    }
    for (let i = 0; i < n; i++) {
      for (let l = 0; l < n; l++) {
        for (let q = 0; q <= l; q++) {
          const entry = means[(square + l) * width + square + q];
          into[(square + i * n + l) * parameters + square + i * n + q] = entry;
          into[(square + i * n + q) * parameters + square + i * n + l] = entry;
        }
      }
    }
  };
}
