import { eigenvalues, exactHessian } from '@hessian-rmt/curvature';
import { type Dataset, denseObjective, initialWeights, mlp, parameterCount, slice } from '@hessian-rmt/models';
import { linearAlgebra, type RandomStream, randomStream } from '@hessian-rmt/numerics';
import type { UnitContext } from '@hessian-rmt/replication';
import { describe, expect, it } from 'vitest';
import { clusterSpectrum } from '../src/cluster-spectrum.js';
import { decomposition } from '../src/decomposition.js';
import { descentTail } from '../src/descent-tail.js';
import { digitSpectrum } from '../src/digit-spectrum.js';
import { digits } from '../src/digits.js';
import experiment from '../src/index.js';
import { linearModel } from '../src/linear-model.js';
import { widthSpectrum } from '../src/width-spectrum.js';

function regression(random: RandomStream, count: number, dimension: number): Dataset {
  const inputs = random.stream('inputs').normals(count * dimension);
  const targets = random.stream('targets').normals(count);
  return { name: 'normal', count, dimension, classes: 0, inputs, labels: new Uint8Array(), targets, checksum: '' };
}

async function context(): Promise<UnitContext> {
  return {
    repetition: 0,
    random: randomStream(1, 'test'),
    linearAlgebra: await linearAlgebra({ threads: 1 }),
    progress: () => {},
    of: () => Promise.reject(new Error('no unit of this experiment needs another')),
    scratch: () => Promise.reject(new Error('no unit of this experiment keeps checkpoints')),
  };
}

describe('cluster-spectrum', () => {
  it('trains a network to its labels and returns as many eigenvalues as parameters, ascending', async () => {
    const { numbers, arrays } = await clusterSpectrum.run(
      {
        clusters: 3,
        covariance: 1,
        samples: 90,
        dimension: 20,
        centreScale: 1,
        hidden: [6],
        activation: 'relu',
        algorithm: 'sgd',
        batch: 16,
        rate: 0.1,
        steps: 500,
      },
      await context(),
    );
    const values = arrays.spectrum.data as Float64Array;
    expect(values).toHaveLength(20 * 6 + 6 + 6 * 3 + 3);
    expect(numbers.accuracy).toBeGreaterThan(0.95);
    expect(values.every((value, i) => i === 0 || value >= values[i - 1])).toBe(true);
    expect(arrays.principalComponents.data).toHaveLength(20);
  });

  it('repeats to the bit with the same stream', async () => {
    const config = {
      clusters: 2,
      covariance: 1,
      samples: 40,
      dimension: 10,
      centreScale: 1,
      hidden: [4],
      activation: 'tanh',
      algorithm: 'gd',
      batch: 40,
      rate: 0.1,
      steps: 50,
    } as const;
    const once = await clusterSpectrum.run(config, await context());
    const again = await clusterSpectrum.run(config, await context());
    expect(again.arrays.spectrum.data).toEqual(once.arrays.spectrum.data);
  });
});

describe('linear-model', () => {
  it('has M - N zeros for more parameters than samples, in every draw', async () => {
    const { numbers, arrays } = await linearModel.run(
      { parameters: 60, samples: 25, spikes: [9], entries: 'normal', draws: 2 },
      await context(),
    );
    const values = arrays.spectra.data as Float64Array;
    expect(arrays.spectra.shape).toEqual([2, 60]);
    for (const draw of [values.subarray(0, 60), values.subarray(60)]) {
      const zeros = draw.filter((value) => Math.abs(value) <= (numbers.roundingFloor as number));
      expect(zeros).toHaveLength(35);
    }
    expect(values.subarray(0, 60)).not.toEqual(values.subarray(60));
  });

  it('has exactly the trace of its population when the entries are signs', async () => {
    const config = { parameters: 10, samples: 50, spikes: [4], entries: 'signs', draws: 1 } as const;
    const { arrays } = await linearModel.run(config, await context());
    expect((arrays.spectra.data as Float64Array).reduce((sum, value) => sum + value, 0)).toBeCloseTo(4 + 9, 12);
  });

  it('has the mean trace of its population, within five standard errors', async () => {
    const draws = 40;
    const { arrays } = await linearModel.run(
      { parameters: 10, samples: 50, spikes: [9], entries: 'normal', draws },
      await context(),
    );
    const meanTrace = (arrays.spectra.data as Float64Array).reduce((sum, value) => sum + value, 0) / draws;
    // A chi-square of variance 2 l^2 / N for each population eigenvalue l.
    const deviation = Math.sqrt((2 * (81 + 9)) / 50);
    expect(Math.abs(meanTrace - (9 + 9))).toBeLessThan((5 * deviation) / Math.sqrt(draws));
  });
});

describe('decomposition', () => {
  it('finds a Gauss-Newton matrix of rank at most N for a real-valued output', async () => {
    const { numbers, arrays } = await decomposition.run(
      { output: 'real', samples: 12, side: 7, hidden: [4], rate: 0.05, at: [0, 20], permutations: 2 },
      await context(),
    );
    const values = arrays.gaussNewton.data as Float64Array;
    expect(values.filter((value) => Math.abs(value) > (numbers.roundingFloor as number)).length).toBeLessThanOrEqual(
      12,
    );
    expect(numbers.residualNorms).toHaveLength(2);
  });

  it('finds in R of one hidden layer and a real-valued output the gradient over the outgoing weights, and nothing else', async () => {
    const { random, linearAlgebra } = await context();
    const network = mlp([4, 3, 1], { loss: 'squared-error' });
    const weights = random.stream('weights').normals(19);
    const data = regression(random, 10, 4);
    const { n, data: r } = await exactHessian(network, weights, data, { part: 'residual', linearAlgebra });
    const gradient = new Float64Array(n);
    denseObjective(network, data, linearAlgebra).gradient(weights, gradient);
    for (let a = 0; a < n; a++) {
      for (let b = a; b < n; b++) {
        // Weight a belongs to hidden unit a / 5 (four inputs and a bias); 15 to 17 are the outgoing weights, 18 the bias.
        const coupled = a < 15 && b === 15 + Math.floor(a / 5);
        expect(r[a * n + b], `${a}, ${b}`).toBeCloseTo(coupled ? gradient[a] / weights[b] : 0, 12);
      }
    }
  });

  it('gives R the norm that a sum over the samples has, each Hessian times the slope of another', async () => {
    const given = await context();
    const { random, linearAlgebra } = given;
    const config = { output: 'real', samples: 8, side: 7, hidden: [3], rate: 0.05, at: [0], permutations: 2 } as const;
    const { arrays } = await decomposition.run(config, given);

    const labelled = await digits(config, random.stream('data'));
    const targets = Float64Array.from(labelled.labels, (label) => (label % 2 === 0 ? 1 : -1));
    const data = { ...labelled, classes: 0, targets };
    const network = mlp([49, 3, 1], { loss: 'squared-error' });
    const weights = initialWeights(network, random.stream('initial weights'));
    const f = denseObjective(network, data, linearAlgebra).outputs(weights);
    const from = random.stream('stop-0').stream('permutation-1').permutation(8);
    const sum = new Float64Array(parameterCount(network) ** 2);
    for (let n = 0; n < 8; n++) {
      // With a target one below its output a sample has slope one, so its R is the Hessian of the output.
      const one = slice({ ...data, targets: f.map((value) => value - 1) }, n, n + 1);
      const { data: hessian } = await exactHessian(network, weights, one, { part: 'residual', linearAlgebra });
      const slope = f[from[n]] - targets[from[n]];
      hessian.forEach((entry, i) => {
        sum[i] += (slope * entry) / 8;
      });
    }
    const norm = Math.sqrt(sum.reduce((squares, entry) => squares + entry * entry, 0));
    expect((arrays.permutedNorms.data as Float64Array)[1]).toBeCloseTo(norm, 12);
  });
});

describe('digit-spectrum', () => {
  it('has all eigenvalues of the full Hessian, exact zeros among them', async () => {
    const config = { samples: 40, side: 14, hidden: [4], rate: 0.1, steps: 10 };
    const { random, linearAlgebra: algebra, ...rest } = await context();
    const { numbers, arrays } = await digitSpectrum.run(config, { random, linearAlgebra: algebra, ...rest });
    const data = await digits(config, random.stream('data'));
    const network = mlp([196, 4, 10], { activation: 'relu' });
    const start = initialWeights(network, random.stream('initial weights'));
    const full = await eigenvalues(await exactHessian(network, start, data, { linearAlgebra: algebra }), {
      linearAlgebra: algebra,
    });
    const values = arrays.start.data as Float64Array;
    expect(values).toHaveLength(numbers.parameters as number);
    expect(values.filter((value) => value === 0).length).toBeGreaterThan(100);
    values.forEach((value, i) => {
      expect(Math.abs(value - full.values[i])).toBeLessThan(10 * full.roundingFloor);
    });
  });
});

describe('width-spectrum', () => {
  const config = { samples: 60, side: 7, hidden: [5], batch: 16, rate: 0.1, lossBelow: 0.3, atMost: 20_000 };

  it('stops at its condition and finds at most nine negative eigenvalues for each unit of one hidden layer', async () => {
    const { numbers, arrays } = await widthSpectrum.run(config, await context());
    expect(numbers).toMatchObject({ reached: true, parameters: 49 * 5 + 5 + 60 });
    expect(numbers.loss).toBeLessThan(0.3);
    expect(numbers.steps).toBeLessThan(20_000);
    const negative = (arrays.spectrum.data as Float64Array).filter(
      (value) => value < -(numbers.roundingFloor as number),
    );
    // R couples the incoming and outgoing weights of a unit through a matrix of rank nine: slopes sum to zero.
    expect(negative.length).toBeGreaterThan(0);
    expect(negative.length).toBeLessThanOrEqual(9 * 5);
  });

  it('says when the condition was not met, and has no spectrum then', async () => {
    const { numbers, arrays } = await widthSpectrum.run({ ...config, atMost: 8 }, await context());
    expect(numbers).toMatchObject({ reached: false, steps: 8 });
    expect(arrays).toEqual({});
  });
});

describe('descent-tail', () => {
  it('records loss, gradient and accuracy at every so many steps, from one start for GD and SGD', async () => {
    const config = { samples: 60, side: 7, hidden: [5], rate: 0.1, steps: 100, every: 20 };
    const gd = await descentTail.run({ ...config, algorithm: 'gd', batch: 60 }, await context());
    const sgd = await descentTail.run({ ...config, algorithm: 'sgd', batch: 16 }, await context());
    expect(Array.from(gd.arrays.step.data)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(gd.arrays.loss.data[0]).toBe(sgd.arrays.loss.data[0]);
    expect(gd.arrays.loss.data[5]).not.toBe(sgd.arrays.loss.data[5]);
    for (const { loss, gradientNorm, accuracy } of [gd.arrays, sgd.arrays]) {
      expect(loss.data[5]).toBeLessThan(loss.data[0]);
      expect(gradientNorm.data).toHaveLength(6);
      expect(accuracy.data[5]).toBeGreaterThan(accuracy.data[0]);
    }
  });
});

describe('the cost of a unit', () => {
  it('is stated by every kind and grows with the work', () => {
    for (const kind of experiment.unitKinds) expect(kind.cost, kind.name).toBeDefined();
    for (const part of experiment.parts) {
      const flops = (profile: 'smoke' | 'laptop') =>
        part
          .units(part.profiles[profile])
          .map((unit) => experiment.unitKinds.find(({ name }) => name === unit.kind)!.cost!(unit.config).flops)
          .reduce((sum, each) => sum + each, 0);
      expect(flops('laptop'), part.id).toBeGreaterThan(flops('smoke'));
    }
  });
});
