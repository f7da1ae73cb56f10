import { denseObjective, layerShapes, mlp, parameterCount, softmaxRegression } from '@hessian-rmt/models';
import { type LinearAlgebra, linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { exactHessian, type HessianPart, InsufficientMemoryError } from '../src/index.js';
import { activations, examples, losses, randomData, randomWeights, relativeDifference } from './examples.js';
import { finiteDifferenceHessian, naiveHessian } from './naive-derivatives.js';

const la = await linearAlgebra();
const parts: readonly HessianPart[] = ['hessian', 'gauss-newton', 'residual'];

describe('the exact Hessian', () => {
  it.each(examples)('and its two parts equal the sum written out, sample by sample: $title', async ({ network }) => {
    const data = randomData(network, 7);
    const weights = randomWeights(network);
    for (const part of parts) {
      const { n, data: entries } = await exactHessian(network, weights, data, { linearAlgebra: la, part, chunk: 3 });
      expect(n).toBe(parameterCount(network));
      expect(relativeDifference(entries, naiveHessian(network, weights, data, part)), part).toBeLessThan(1e-14);
    }
  });

  // Truncation is about step^2 = 1e-10 times a fourth derivative, rounding about 1e-16 / 1e-5.
  it.each(examples)('equals differences of gradients: $title', async ({ network }) => {
    const data = randomData(network, 5);
    const weights = randomWeights(network);
    const { data: entries } = await exactHessian(network, weights, data, { linearAlgebra: la });
    expect(relativeDifference(entries, finiteDifferenceHessian(network, weights, data))).toBeLessThan(2e-8);
  });

  it.each(examples.filter(({ title }) => title.startsWith('12-') || title.includes('no bias')))(
    'is the same without BLAS: $title',
    async ({ network }) => {
      const data = randomData(network, 6);
      const weights = randomWeights(network);
      const fast = await exactHessian(network, weights, data, { linearAlgebra: la });
      const portable = await exactHessian(network, weights, data, { linearAlgebra: portableLinearAlgebra() });
      expect(relativeDifference(portable.data, fast.data)).toBeLessThan(1e-14);
    },
  );

  // Wide enough for every buffer that is filled in pieces to be filled more than once.
  const wideResult = new Float64Array(parameterCount(mlp([41, 100, 12, 3])) ** 2);
  it.each(activations)(
    'acts as the R-operator does, on a network with thousands of weights: %s',
    async (activation) => {
      const network = mlp([41, 100, 12, 3], { activation });
      const data = randomData(network, 9);
      const weights = randomWeights(network).map((weight) => weight / 4);
      const objective = denseObjective(network, data, la);
      for (const [part, product] of [
        ['hessian', objective.hessianVectorProduct],
        ['gauss-newton', objective.gaussNewtonVectorProduct],
      ] as const) {
        const { n, data: entries } = await exactHessian(network, weights, data, {
          linearAlgebra: la,
          part,
          chunk: 4,
          into: wideResult,
        });
        for (let trial = 0; trial < 3; trial++) {
          const v = randomStream(trial, 'direction').normals(n);
          const dense = new Float64Array(n);
          la.gemv({ m: n, n, a: entries, lda: n, x: v, y: dense });
          expect(relativeDifference(dense, product(weights, v)), part).toBeLessThan(1e-12);
        }
      }
    },
  );

  it('is exactly symmetric', async () => {
    // Wide enough for blocks to be mirrored in pieces by the library.
    const wide = [mlp([300, 4, 3]), mlp([70, 3, 90, 2], { activation: 'tanh', bias: false })];
    for (const network of [...examples.map((example) => example.network), ...wide]) {
      const { n, data } = await exactHessian(network, randomWeights(network), randomData(network, 5), {
        linearAlgebra: la,
      });
      let differing = 0;
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) if (data[i * n + j] !== data[j * n + i]) differing++;
      expect(differing).toBe(0);
    }
  });

  it.each([1, 2, 5, 6, 7, 8, 100])(
    'does not depend on how the samples are cut into chunks: %d at a time',
    async (chunk) => {
      const network = mlp([9, 2, 5, 3], { activation: 'tanh' });
      const data = randomData(network, 7);
      const weights = randomWeights(network);
      const { data: inPieces } = await exactHessian(network, weights, data, { linearAlgebra: la, chunk });
      expect(relativeDifference(inPieces, naiveHessian(network, weights, data, 'hessian'))).toBeLessThan(1e-14);
    },
  );

  // Products that run side by side finish in any order.
  it('has the same bits whichever product is done first', async () => {
    const results: Float64Array[] = [];
    for (let seed = 0; seed < 6; seed++) {
      const random = randomStream(seed);
      const late = (work: Promise<void>) =>
        work.then(() => new Promise<void>((resolve) => setTimeout(resolve, 4 * random.uniform())));
      const shuffled: LinearAlgebra = {
        ...la,
        gemmAsync: (product) => late(la.gemmAsync(product)),
        syrkAsync: (product) => late(la.syrkAsync(product)),
        sideBySide: (work) => work(3),
      };
      const network = mlp([9, 2, 5, 3, 3], { activation: 'tanh' });
      const data = randomData(network, 40);
      const options = { linearAlgebra: shuffled, chunk: 10 };
      results.push((await exactHessian(network, randomWeights(network), data, options)).data);
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it('exists for a single sample', async () => {
    for (const { network } of examples) {
      const data = randomData(network, 1);
      const weights = randomWeights(network);
      const { data: entries } = await exactHessian(network, weights, data, { linearAlgebra: la });
      expect(relativeDifference(entries, naiveHessian(network, weights, data, 'hessian'))).toBeLessThan(1e-14);
    }
  });

  it('is X~^T X~ / N in every output of a linear regression', async () => {
    const network = mlp([6, 2], { activation: 'identity', loss: 'squared-error' });
    const data = randomData(network, 20);
    const { n, data: entries } = await exactHessian(network, randomWeights(network), data, { linearAlgebra: la });
    const x = (sample: number, j: number) => (j === 6 ? 1 : data.inputs[sample * 6 + j]);
    const closedForm = new Float64Array(n * n);
    for (let row = 0; row < n; row++) {
      for (let column = 0; column < n; column++) {
        if (Math.floor(row / 7) !== Math.floor(column / 7)) continue;
        let sum = 0;
        for (let sample = 0; sample < 20; sample++) sum += x(sample, row % 7) * x(sample, column % 7);
        closedForm[row * n + column] = sum / 20;
      }
    }
    expect(relativeDifference(entries, closedForm)).toBeLessThan(1e-14);
  });

  it('is the mean of (diag(p) - p p^T) (x) x x^T in softmax regression', async () => {
    const network = softmaxRegression(5, 3);
    const data = randomData(network, 11);
    const weights = randomWeights(network);
    const { n, data: entries } = await exactHessian(network, weights, data, { linearAlgebra: la });
    const closedForm = new Float64Array(n * n);
    for (let sample = 0; sample < 11; sample++) {
      const x = [...data.inputs.subarray(sample * 5, sample * 5 + 5), 1];
      const z = [0, 1, 2].map((c) => x.reduce((sum, value, j) => sum + value * weights[c * 6 + j], 0));
      const total = z.reduce((sum, value) => sum + Math.exp(value), 0);
      const p = z.map((value) => Math.exp(value) / total);
      for (let row = 0; row < n; row++) {
        for (let column = 0; column < n; column++) {
          const [c, d] = [Math.floor(row / 6), Math.floor(column / 6)];
          const factor = (c === d ? p[c] : 0) - p[c] * p[d];
          closedForm[row * n + column] += (factor * x[row % 6] * x[column % 6]) / 11;
        }
      }
    }
    expect(relativeDifference(entries, closedForm)).toBeLessThan(1e-14);
  });

  // z = W_2 W_1 x: d2 loss / dW_2[k, q] dW_1[i, j] = W_2[k, i] (W_1 x)_q x_j + delta_k [q = i] x_j.
  it('has the cross term of a two-layer linear network', async () => {
    const network = mlp([1, 1, 1], { activation: 'identity', loss: 'squared-error', bias: false });
    const data = { ...randomData(network, 1), inputs: Float64Array.of(3), targets: Float64Array.of(5) };
    const { data: entries } = await exactHessian(network, Float64Array.of(2, 7), data, { linearAlgebra: la });
    // loss = (7 * 2 * 3 - 5)^2 / 2 with z = w1 w0 x: d2/dw0^2 = (w1 x)^2, d2/dw1^2 = (w0 x)^2, cross w0 w1 x^2 + (z - y) x
    expect(Array.from(entries)).toEqual([21 ** 2, 6 * 21 + 37 * 3, 6 * 21 + 37 * 3, 6 ** 2]);
  });

  it('keeps what a saturated softmax leaves: curvatures of 1e-26 to all digits', async () => {
    // Two classes, one input: H = p (1 - p) (x, 1) (x, 1)^T, and 1 - p = 1 / (1 + e^60) is lost beside 1.
    const network = softmaxRegression(1, 2);
    const data = { ...randomData(network, 1), inputs: Float64Array.of(1), labels: Uint8Array.of(0) };
    const { data: entries } = await exactHessian(network, Float64Array.of(60, 0, 0, 0), data, { linearAlgebra: la });
    const curvature = Math.exp(-60) / (1 + Math.exp(-60)) ** 2;
    expect(entries[0] / curvature).toBeCloseTo(1, 12);
    expect(entries[2] / -curvature).toBeCloseTo(1, 12);
  });
});

describe('the Gauss-Newton part', () => {
  it.each(losses)('is positive semidefinite, of rank at most N (C - 1) or N C: %s', async (loss) => {
    for (const activation of activations) {
      const network = mlp([6, 5, 4, 3], { activation, loss });
      const count = 7;
      const { n, data } = await exactHessian(network, randomWeights(network), randomData(network, count), {
        linearAlgebra: la,
        part: 'gauss-newton',
      });
      const values = await la.symmetricEigenvalues(data, n);
      const floor = n * 2 ** -52 * values[n - 1];
      const rank = values.filter((value) => value > floor).length;
      expect(values[0]).toBeGreaterThan(-floor);
      expect(rank).toBeGreaterThan(0);
      expect(rank).toBeLessThanOrEqual(loss === 'softmax-cross-entropy' ? count * 2 : count * 3);
    }
  });
});

describe('the residual', () => {
  it.each(['relu', 'identity'] as const)('is exactly zero within each layer: %s', async (activation) => {
    const network = mlp([9, 2, 5, 3], { activation });
    const { n, data } = await exactHessian(network, randomWeights(network), randomData(network, 8), {
      linearAlgebra: la,
      part: 'residual',
    });
    let largest = 0;
    const shapes = layerShapes(network);
    const layerOf = (index: number) => shapes.findLastIndex(({ offset }) => offset <= index);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (layerOf(i) === layerOf(j)) expect(data[i * n + j]).toBe(0);
        else largest = Math.max(largest, Math.abs(data[i * n + j]));
      }
    }
    expect(largest).toBeGreaterThan(0.01);
  });

  it('of a network of one layer is zero', async () => {
    const network = softmaxRegression(4, 3);
    const { data } = await exactHessian(network, randomWeights(network), randomData(network, 6), {
      linearAlgebra: la,
      part: 'residual',
    });
    expect(data.every((entry) => entry === 0)).toBe(true);
  });
});

describe('the options of exactHessian', () => {
  const network = mlp([3, 4, 2], { activation: 'tanh' });
  const data = randomData(network, 10);
  const weights = randomWeights(network);
  const n = parameterCount(network);

  it('add weight decay to the diagonal of H and of G, not of R', async () => {
    for (const part of parts) {
      const plain = await exactHessian(network, weights, data, { linearAlgebra: la, part });
      const decayed = await exactHessian(network, weights, data, { linearAlgebra: la, part, weightDecay: 0.25 });
      const added = part === 'residual' ? 0 : 0.25;
      expect(Array.from(decayed.data)).toEqual(
        Array.from(plain.data, (entry, index) => (index % (n + 1) === 0 ? entry + added : entry)),
      );
    }
  });

  it('write into memory that is given, whatever it held', async () => {
    const fresh = await exactHessian(network, weights, data, { linearAlgebra: la });
    const into = new Float64Array(n * n).fill(Number.NaN);
    const again = await exactHessian(network, weights, data, { linearAlgebra: la, into });
    expect(again.data).toBe(into);
    expect(into).toEqual(fresh.data);
  });

  // The first chunk has one sample, on which some ReLU units are inactive: nothing is summed into their rows.
  it.each(examples)('overwrite what `into` held with the same bits, in every part: $title', async ({ network }) => {
    const data = randomData(network, 3);
    const weights = randomWeights(network);
    const into = new Float64Array(parameterCount(network) ** 2);
    for (const part of parts) {
      for (const linearAlgebra of [la, portableLinearAlgebra()]) {
        const options = { linearAlgebra, part, chunk: 1 };
        const fresh = await exactHessian(network, weights, data, options);
        await exactHessian(network, weights, data, { ...options, into: into.fill(Number.NaN) });
        expect(Buffer.from(into.buffer).equals(Buffer.from(fresh.data.buffer)), part).toBe(true);
      }
    }
  });

  it('report progress that rises to 1', async () => {
    const fractions: number[] = [];
    await exactHessian(network, weights, data, {
      linearAlgebra: la,
      chunk: 3,
      progress: (fraction) => fractions.push(fraction),
    });
    expect(fractions.length).toBeGreaterThan(8);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBeGreaterThan(0.9);
    expect(fractions.at(-1)).toBeLessThanOrEqual(1);
  });

  it('refuse what would not fit before allocating it, with the bytes needed and the bytes there are', async () => {
    const large = mlp([784, 1000, 10]);
    const refusal = await exactHessian(large, new Float64Array(parameterCount(large)), randomData(large, 2), {
      linearAlgebra: la,
      memoryLimit: 4e9,
    }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InsufficientMemoryError);
    const { needed, available, message } = refusal as InsufficientMemoryError;
    expect(needed).toBeGreaterThan(8 * parameterCount(large) ** 2);
    expect(available).toBe(4e9);
    expect(message).toMatch(
      /^exactHessian of 795010 parameters: [\d.e+]+ GB needed \(\d+ bytes\), 4\.00 GB available$/,
    );
  });

  it('must fit the network', async () => {
    const options = { linearAlgebra: la };
    const short = weights.subarray(1);
    await expect(exactHessian(network, short, data, options)).rejects.toThrow('expected 26 weights, found 25');
    await expect(exactHessian(mlp([4, 2]), short, data, options)).rejects.toThrow('expected 4 inputs a sample');
    await expect(exactHessian(network, weights, data, { ...options, weightDecay: -1 })).rejects.toThrow('weightDecay');
    await expect(exactHessian(network, weights, data, { ...options, chunk: 0 })).rejects.toThrow('chunk');
    await expect(
      exactHessian(network, weights, data, { ...options, into: new Float64Array(n * n + 1) }),
    ).rejects.toThrow('expected 26 x 26 entries to write into, found 677');
  });

  it('hand on an error of the linear algebra', async () => {
    const failing = {
      ...la,
      gemmAsync: () => Promise.reject(new Error('no such library')),
      syrkAsync: () => Promise.reject(new Error('no such library')),
    };
    const wide = mlp([9, 2, 3]);
    await expect(
      exactHessian(wide, randomWeights(wide), randomData(wide, 5), { linearAlgebra: failing }),
    ).rejects.toThrow('no such library');
  });
});
