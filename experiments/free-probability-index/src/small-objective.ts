import type { CriticalPointOptions } from '@hessian-rmt/curvature';
import type { Dataset } from '@hessian-rmt/models';

/** What a search on J_g asks of a loss. */
type Objective = NonNullable<CriticalPointOptions['objective']>;

/**
 * The loss of the square network of one hidden layer without biases, its gradient and its Hessian-vector product, in plain
 * loops over the examples: at n = 4 two to four times as fast as products through a library, whose calls cost more than
 * what they compute. Descent on J_g takes 1e5 to 1e6 of these. Weights are laid out as those of `squareNetwork`.
 */
export function smallObjective(n: number, activation: 'tanh' | 'identity', { count, ...data }: Dataset): Objective {
  const { inputs } = data;
  const targets = data.targets!;
  const second = n * n;
  const hidden = new Float64Array(count * n);
  const errors = new Float64Array(count * n);
  const [slope, turned, change] = [0, 1, 2].map(() => new Float64Array(n));
  const tanh = activation === 'tanh';
  /** The weights that hidden units and errors are those of, and the loss there: a step asks for both derivatives. */
  const at = new Float64Array(2 * n * n).fill(Number.NaN);
  let lossThere = Number.NaN;
  const moved = (weights: Float64Array) => {
    for (let i = 0; i < at.length; i++) if (weights[i] !== at[i]) return true;
    return false;
  };

  /** Hidden units and errors of all examples; returns the loss. */
  const forward = (weights: Float64Array): number => {
    if (!moved(weights)) return lossThere;
    at.set(weights);
    let sum = 0;
    for (let example = 0; example < count; example++) {
      const from = example * n;
      for (let i = 0; i < n; i++) {
        let z = 0;
        for (let j = 0; j < n; j++) z += weights[i * n + j] * inputs[from + j];
        hidden[from + i] = tanh ? Math.tanh(z) : z;
      }
      for (let i = 0; i < n; i++) {
        let error = -targets[from + i];
        for (let j = 0; j < n; j++) error += weights[second + i * n + j] * hidden[from + j];
        errors[from + i] = error;
        sum += error * error;
      }
    }
    lossThere = sum / (2 * count);
    return lossThere;
  };

  return {
    parameters: 2 * n * n,

    gradient(weights, gradient) {
      const loss = forward(weights);
      gradient.fill(0);
      for (let example = 0; example < count; example++) {
        const from = example * n;
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let i = 0; i < n; i++) sum += weights[second + i * n + j] * errors[from + i];
          const derivative = tanh ? 1 - hidden[from + j] ** 2 : 1;
          for (let k = 0; k < n; k++) gradient[j * n + k] += derivative * sum * inputs[from + k];
          for (let i = 0; i < n; i++) gradient[second + i * n + j] += errors[from + i] * hidden[from + j];
        }
      }
      for (let i = 0; i < gradient.length; i++) gradient[i] /= count;
      return loss;
    },

    hessianVectorProduct(weights, vector) {
      forward(weights);
      const product = new Float64Array(2 * n * n);
      for (let example = 0; example < count; example++) {
        const from = example * n;
        for (let i = 0; i < n; i++) {
          let dz = 0;
          let sum = 0;
          for (let j = 0; j < n; j++) {
            dz += vector[i * n + j] * inputs[from + j];
            sum += weights[second + j * n + i] * errors[from + j];
          }
          const a = hidden[from + i];
          const derivative = tanh ? 1 - a * a : 1;
          slope[i] = derivative;
          turned[i] = derivative * dz;
          // f'' dz times what comes back from the errors: tanh'' = -2 tanh tanh'.
          change[i] = tanh ? -2 * a * derivative * dz * sum : 0;
        }
        for (let i = 0; i < n; i++) {
          const row = second + i * n;
          let dy = 0;
          for (let j = 0; j < n; j++) dy += vector[row + j] * hidden[from + j] + weights[row + j] * turned[j];
          const error = errors[from + i];
          for (let j = 0; j < n; j++) {
            product[row + j] += dy * hidden[from + j] + error * turned[j];
            change[j] += slope[j] * (vector[row + j] * error + weights[row + j] * dy);
          }
        }
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < n; k++) product[j * n + k] += change[j] * inputs[from + k];
        }
      }
      for (let i = 0; i < product.length; i++) product[i] /= count;
      return product;
    },
  };
}
