import { eigenvalues, gaussNewtonDecomposition, type SymmetricMatrix, spectrumOf } from '@hessian-rmt/curvature';
import { type Dataset, type DenseNetwork, parameterCount, train, type Weights } from '@hessian-rmt/models';
import { haarOrthogonal, type LinearAlgebra, type RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { empiricalLaw, freeAdditiveConvolution, indexOf, kolmogorovSmirnov } from '@hessian-rmt/rmt';
import { autoencoder, energyOf, normalWeights, residualsOf } from './autoencoder.js';
import { type InputsConfig, inputsOf } from './images.js';

export type FreeSumConfig = InputsConfig & {
  readonly hidden: number;
  readonly samples: number;
  readonly rate: number;
  readonly steps: number;
  /** Haar orthogonal Q. */
  readonly rotations: number;
};

/** Bins in which the free convolution is kept, from the lowest eigenvalue up to this share of them. */
const binning = { bins: 60, share: 0.95 };

/**
 * H_0 + H_1 of an autoencoder, at the random start and after gradient descent, and what it would be if the eigenvectors
 * of H_1 were in general position to those of H_0: H_0 + Q H_1 Q^T with Q Haar, and the free convolution of both spectra.
 * For comparison, the sum of both when they commute, eigenvalues paired at random.
 */
export const autoencoderFreeSum = defineUnitKind<FreeSumConfig>({
  name: 'autoencoder-free-sum',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { side, hidden, samples, rate, steps, rotations } = config;
    const inputs = await inputsOf(config, linearAlgebra);
    const data = inputs.draw(samples, random.stream('samples'));
    const network = autoencoder(side ** 2, hidden);
    const start = normalWeights(network, random.stream('initial weights'));
    const atStart = await sumsAt(network, start, data, rotations, random.stream('start'), linearAlgebra, (done) =>
      progress(0.4 * done, 'start'),
    );
    const { weights } = await train(network, start, data, { algorithm: 'gd', rate, steps }, random.stream('training'), {
      linearAlgebra,
      progress: (done, doing) => progress(0.4 + 0.2 * done, doing),
    });
    const atEnd = await sumsAt(network, weights, data, rotations, random.stream('end'), linearAlgebra, (done) =>
      progress(0.6 + 0.4 * done, 'end'),
    );
    return {
      numbers: { start: atStart.numbers, end: atEnd.numbers },
      arrays: Object.fromEntries(
        Object.entries({ start: atStart, end: atEnd }).flatMap(([moment, { arrays }]) =>
          Object.entries(arrays).map(([name, array]) => [`${moment}-${name}`, array]),
        ),
      ),
      uses: { datasets: [{ name: inputs.name, checksum: inputs.checksum }] },
    };
  },

  cost({ side, hidden, samples, rate: _, steps, rotations }) {
    const size = parameterCount(autoencoder(side ** 2, hidden));
    // A QR decomposition and two products of size^3 for each rotation.
    const rotation = 12 * size ** 3 + flopsOf.eigenvalues(size);
    return {
      flops:
        flopsOf.training(steps, samples, size) +
        2 * (rotations * rotation + 3 * flopsOf.eigenvalues(size) + 2 * flopsOf.hessian(samples, size)),
      seconds: 10,
      memory: 6 * 8 * size ** 2 + 4e8,
    };
  },
});

async function sumsAt(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  rotations: number,
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
  progress: (done: number) => void,
) {
  const { hessian, gaussNewton, residual } = await gaussNewtonDecomposition(network, weights, data, { linearAlgebra });
  const { n } = hessian;
  const whole = await eigenvalues(hessian, { linearAlgebra });
  const first = await eigenvalues(gaussNewton, { linearAlgebra });
  const second = await eigenvalues(residual, { linearAlgebra });

  const rotated = new Float64Array(rotations * n);
  const commuting = new Float64Array(rotations * n);
  for (let i = 0; i < rotations; i++) {
    progress(i / (rotations + 1));
    const stream = random.stream(`rotation-${i}`);
    rotated.set(await rotatedSum(gaussNewton, residual, stream.stream('Q'), linearAlgebra), i * n);
    const order = stream.stream('pairs').permutation(n);
    commuting.set(first.values.map((value, j) => value + second.values[order[j]]).sort(), i * n);
  }

  const free = freeAdditiveConvolution(
    empiricalLaw(first.values, { zeroTolerance: first.roundingFloor }),
    empiricalLaw(second.values, { zeroTolerance: second.roundingFloor }),
  );
  const pooled = rotated.slice().sort();
  const [from, to] = [pooled[0], pooled[Math.floor(binning.share * pooled.length)]];
  const edges = Float64Array.from({ length: binning.bins + 1 }, (_, i) => from + ((to - from) * i) / binning.bins);
  return {
    numbers: {
      energy: energyOf(residualsOf(network, weights, data, linearAlgebra)),
      roundingFloor: whole.roundingFloor,
      freeDistance: kolmogorovSmirnov(pooled, free),
      freeIndex: indexOf(free),
    },
    arrays: {
      sum: { shape: [n], data: whole.values },
      first: { shape: [n], data: first.values },
      second: { shape: [n], data: second.values },
      rotated: { shape: [rotations, n], data: rotated },
      commuting: { shape: [rotations, n], data: commuting },
      edges: { shape: [edges.length], data: edges },
      free: { shape: [edges.length], data: edges.map((x) => free.cumulative(x)) },
    },
  };
}

/** Eigenvalues of A + Q B Q^T, ascending. */
export async function rotatedSum(
  { n, data: a }: SymmetricMatrix,
  { data: b }: SymmetricMatrix,
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
): Promise<Float64Array> {
  const q = await haarOrthogonal(n, random, linearAlgebra);
  const square = { m: n, n, k: n, lda: n, ldb: n, ldc: n };
  const qb = new Float64Array(n * n);
  await linearAlgebra.gemmAsync({ ...square, a: q, b, c: qb });
  const sum = a.slice();
  await linearAlgebra.gemmAsync({ ...square, transposeB: true, a: qb, b: q, beta: 1, c: sum });
  return spectrumOf(await linearAlgebra.symmetricEigenvalues(sum, n, { overwrite: true })).values;
}
