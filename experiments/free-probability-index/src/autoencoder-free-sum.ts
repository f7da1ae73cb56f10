import { eigenvalues, gaussNewtonDecomposition, type SymmetricMatrix, spectrumOf } from '@hessian-rmt/curvature';
import { type DenseNetwork, layerShapes, parameterCount, train, type Weights } from '@hessian-rmt/models';
import { haarOrthogonal, type LinearAlgebra, type RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { empiricalLaw, freeAdditiveConvolution, indexOf, kolmogorovSmirnov, lawOfDensity } from '@hessian-rmt/rmt';
import { autoencoder, energyOf, normalWeights, residualsOf } from './autoencoder.js';
import { restricted, withoutRescaling } from './autoencoder-rescaling.js';
import { type InputsConfig, inputsOf } from './images.js';

export type FreeSumConfig = InputsConfig & {
  readonly hidden: number;
  readonly samples: number;
  readonly rate: number;
  readonly steps: number;
  /** Haar orthogonal Q. */
  readonly rotations: number;
};

/** The last: after training too, in the directions orthogonal to the rescalings of hidden units. */
export const moments = ['start', 'end', 'end-without-rescaling'] as const;
export type Moment = (typeof moments)[number];

/** Bins in which the free convolution is kept, from the lowest eigenvalue up to this share of them. */
const binning = { bins: 60, share: 0.95 };

/**
 * H_0 + H_1 of an autoencoder, at the random start and after gradient descent, and what it would be if the eigenvectors
 * of H_1 were in general position to those of H_0: H_0 + Q H_1 Q^T with Q Haar, and the free convolution of both spectra;
 * after training a second time without the null directions that are common to both parts. For comparison, the sum of both when they commute, eigenvalues paired at random.
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
    const partsAt = async (weights: Weights) => {
      const { gaussNewton, residual } = await gaussNewtonDecomposition(network, weights, data, { linearAlgebra });
      return { first: gaussNewton, second: residual };
    };
    const sumsAt = (moment: Moment, parts: Parts, from: number) =>
      sumsOf(parts, rotations, random.stream(moment), linearAlgebra, (done) => progress(from + 0.25 * done, moment));

    const atStart = await sumsAt('start', await partsAt(start), 0);
    const { weights } = await train(network, start, data, { algorithm: 'gd', rate, steps }, random.stream('training'), {
      linearAlgebra,
      progress: (done, doing) => progress(0.25 + 0.25 * done, doing),
    });
    const { first, second } = await partsAt(weights);
    const atEnd = await sumsAt('end', { first, second }, 0.5);
    const basis = await withoutRescaling(network, weights, random.stream('basis'), linearAlgebra);
    const parts = {
      first: await restricted(first, basis, linearAlgebra),
      second: await restricted(second, basis, linearAlgebra),
    };
    const atEndWithout = await sumsAt('end-without-rescaling', parts, 0.75);

    const sums = { start: atStart, end: atEnd, 'end-without-rescaling': atEndWithout };
    const energyAt = (at: Weights) => energyOf(residualsOf(network, at, data, linearAlgebra));
    return {
      numbers: {
        energyStart: energyAt(start),
        energyEnd: energyAt(weights),
        weightDistances: distancesFromNormal(network, weights),
        ...Object.fromEntries(Object.entries(sums).map(([moment, { numbers }]) => [moment, numbers])),
      },
      arrays: Object.fromEntries(
        Object.entries(sums).flatMap(([moment, { arrays }]) =>
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
        3 * (rotations * rotation + 3 * flopsOf.eigenvalues(size)) +
        4 * flopsOf.hessian(samples, size),
      seconds: 10,
      memory: 6 * 8 * size ** 2 + 4e8,
    };
  },
});

const standardNormal = lawOfDensity({
  name: 'standard normal',
  support: [[-10, 10]],
  density: (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI),
});

/** Of the weights of each layer, shifted and scaled to mean zero and variance one: Kolmogorov-Smirnov distance from normal. */
export function distancesFromNormal(network: DenseNetwork, weights: Weights): number[] {
  return layerShapes(network).map(({ offset, rows, columns }) => {
    const layer = weights.slice(offset, offset + rows * columns);
    const mean = layer.reduce((sum, weight) => sum + weight, 0) / layer.length;
    const variance = layer.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / layer.length;
    return kolmogorovSmirnov(layer.map((weight) => (weight - mean) / Math.sqrt(variance)).sort(), standardNormal);
  });
}

interface Parts {
  readonly first: SymmetricMatrix;
  readonly second: SymmetricMatrix;
}

async function sumsOf(
  parts: Parts,
  rotations: number,
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
  progress: (done: number) => void,
) {
  const { n, data } = parts.first;
  const sum = { n, data: data.map((entry, i) => entry + parts.second.data[i]) };
  const whole = await eigenvalues(sum, { linearAlgebra, overwrite: true });
  const first = await eigenvalues(parts.first, { linearAlgebra });
  const second = await eigenvalues(parts.second, { linearAlgebra });

  const rotated = new Float64Array(rotations * n);
  const commuting = new Float64Array(rotations * n);
  for (let i = 0; i < rotations; i++) {
    progress(i / (rotations + 1));
    const stream = random.stream(`rotation-${i}`);
    rotated.set(await rotatedSum(parts.first, parts.second, stream.stream('Q'), linearAlgebra), i * n);
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
