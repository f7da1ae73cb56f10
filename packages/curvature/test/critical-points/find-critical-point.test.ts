import { type Dataset, type DenseNetwork, denseObjective, initialWeights, mlp } from '@hessian-rmt/models';
import { type LinearAlgebra, linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import { descendToLoss } from '../../src/critical-points/descend-to-loss.js';
import { criticalPointMethods, findCriticalPoint } from '../../src/critical-points/find-critical-point.js';
import { criticality, halfSquaredGradient } from '../../src/critical-points/gradient-norm.js';
import { levenbergMarquardt } from '../../src/critical-points/levenberg-marquardt.js';
import { exactHessian } from '../../src/exact/exact-hessian.js';
import { eigenvalues } from '../../src/spectrum.js';

let la: LinearAlgebra;
beforeAll(async () => {
  la = await linearAlgebra({ threads: 1 });
});

const squared = (widths: readonly number[], activation: DenseNetwork['activation'] = 'tanh') =>
  mlp(widths, { activation, bias: false, loss: 'squared-error' });

/** Standard normal inputs and targets, as in sec. 6.4 of the paper. */
function memorisation(dimension: number, outputs: number, count: number, name: string): Dataset {
  const random = randomStream(5, 'memorisation', name);
  return {
    name: 'standard normal',
    checksum: 'drawn',
    count,
    dimension,
    classes: 0,
    inputs: random.stream('inputs').normals(count * dimension),
    labels: new Uint8Array(0),
    targets: random.stream('targets').normals(count * outputs),
  };
}

const weightsOf = (network: DenseNetwork, name: string) => initialWeights(network, randomStream(5, 'weights', name));

describe('halfSquaredGradient', () => {
  it('has the gradient that differences of its values show', () => {
    const network = squared([3, 4, 2]);
    const objective = denseObjective(network, memorisation(3, 2, 9, 'differences'), la);
    const f = halfSquaredGradient(objective);
    const weights = weightsOf(network, 'differences');
    const gradient = new Float64Array(objective.parameters);
    f(weights, gradient);
    const ignored = new Float64Array(objective.parameters);
    const h = 1e-5;
    weights.forEach((weight, i) => {
      const at = (value: number) => f(weights.with(i, value), ignored);
      expect(gradient[i]).toBeCloseTo((at(weight + h) - at(weight - h)) / (2 * h), 8);
    });
  });
});

describe('findCriticalPoint', () => {
  it.each(criticalPointMethods)('finds by %s the least-squares solution of one linear layer', async (method) => {
    const [inputs, outputs, count] = [4, 2, 30];
    const network = squared([inputs, outputs], 'identity');
    const data = memorisation(inputs, outputs, count, 'regression');
    const found = await findCriticalPoint(network, data, weightsOf(network, 'regression'), {
      linearAlgebra: la,
      method,
      tolerance: 1e-24,
      maxIterations: 5000,
    });
    expect(found.accepted).toBe(true);
    // Normal equations: residuals are orthogonal to every input.
    const predicted = denseObjective(network, data, la).outputs(found.weights);
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        let product = 0;
        for (let n = 0; n < count; n++) {
          product += data.inputs[n * inputs + i] * (predicted[n * outputs + o] - data.targets![n * outputs + o]);
        }
        expect(Math.abs(product)).toBeLessThan(1e-9);
      }
    }
  });

  it('finds the saddle of a linear network at the origin, from nearby, with every method', async () => {
    // L = mean 1/2 (y - w2 w1 x)^2: the origin is critical, its Hessian has the eigenvalues +-|mean x y|.
    const network = squared([1, 1, 1], 'identity');
    const data = memorisation(1, 1, 40, 'saddle');
    let xy = 0;
    for (let n = 0; n < data.count; n++) xy += (data.inputs[n] * data.targets![n]) / data.count;
    for (const method of criticalPointMethods) {
      const near = Float64Array.of(0.02, -0.01);
      const found = await findCriticalPoint(network, data, near, {
        linearAlgebra: la,
        method,
        tolerance: 1e-22,
        maxIterations: 20_000,
      });
      expect(found.accepted, method).toBe(true);
      expect(Math.max(...found.weights.map(Math.abs)), method).toBeLessThan(1e-9);
      const { values } = await eigenvalues(await exactHessian(network, found.weights, data, { linearAlgebra: la }), {
        linearAlgebra: la,
      });
      expect(values[0]).toBeCloseTo(-Math.abs(xy), 9);
      expect(values[1]).toBeCloseTo(Math.abs(xy), 9);
    }
  });

  it('reports what the gradient and the Hessian say of the point', async () => {
    const network = squared([4, 4, 4]);
    const data = memorisation(4, 4, 16, 'report');
    const found = await findCriticalPoint(network, data, weightsOf(network, 'report'), {
      linearAlgebra: la,
      method: 'levenberg-marquardt',
    });
    expect(found.accepted).toBe(true);
    expect(found.halfSquaredGradient).toBeLessThanOrEqual(1e-6);
    const objective = denseObjective(network, data, la);
    const gradient = new Float64Array(objective.parameters);
    expect(objective.gradient(found.weights, gradient)).toBe(found.loss);
    expect(Math.hypot(...gradient)).toBeCloseTo(found.gradientNorm, 14);
    const hessian = await exactHessian(network, found.weights, data, { linearAlgebra: la });
    const image = Array.from({ length: hessian.n }, (_, i) =>
      gradient.reduce((sum, g, j) => sum + hessian.data[i * hessian.n + j] * g, 0),
    );
    expect(Math.hypot(...image) / Math.hypot(...gradient)).toBeCloseTo(found.curvatureAlongGradient, 12);
    expect(criticality(objective, found.weights).curvatureAlongGradient).toBe(found.curvatureAlongGradient);
  });

  it('does not accept a point when its iterations are used up', async () => {
    const network = squared([4, 4, 4]);
    const data = memorisation(4, 4, 16, 'cut');
    for (const method of criticalPointMethods) {
      const found = await findCriticalPoint(network, data, weightsOf(network, 'cut'), {
        linearAlgebra: la,
        method,
        maxIterations: 2,
      });
      expect(found).toMatchObject({ accepted: false, end: 'iterations', iterations: 2 });
    }
  });

  it('refuses a tolerance that is not positive', async () => {
    const network = squared([2, 2]);
    const search = findCriticalPoint(network, memorisation(2, 2, 4, 'refuse'), weightsOf(network, 'refuse'), {
      linearAlgebra: la,
      method: 'l-bfgs',
      tolerance: 0,
    });
    await expect(search).rejects.toThrow('tolerance must be positive, found 0');
  });
});

describe('levenbergMarquardt', () => {
  it('never climbs, and converges faster than linearly where the Hessian is regular', async () => {
    const network = squared([3, 2], 'identity');
    const values: number[] = [];
    await levenbergMarquardt(network, memorisation(3, 2, 20, 'order'), weightsOf(network, 'order'), la, {
      stopAt: 1e-26,
      onIteration: (_, value) => values.push(value),
    });
    for (let i = 1; i < values.length; i++) expect(values[i]).toBeLessThan(values[i - 1]);
    expect(values.length).toBeLessThan(20);
  });

  it('asks the Hessian that it is given, once a step', async () => {
    const network = squared([4, 4, 4]);
    const data = memorisation(4, 4, 16, 'given');
    const start = weightsOf(network, 'given');
    let asked = 0;
    const hessian = async (weights: Float64Array, into: Float64Array) => {
      asked++;
      await exactHessian(network, weights, data, { linearAlgebra: la, into });
    };
    const own = await levenbergMarquardt(network, data, start, la, { maxIterations: 6, hessian });
    const usual = await levenbergMarquardt(network, data, start, la, { maxIterations: 6 });
    expect(asked).toBe(7);
    expect([...own.point]).toEqual([...usual.point]);
    const nothing = (_: Float64Array, into: Float64Array) => void into.fill(0);
    const search = await findCriticalPoint(network, data, start, {
      linearAlgebra: la,
      method: 'levenberg-marquardt',
      maxIterations: 6,
      hessian: nothing,
    });
    // H g = 0: no step promises anything.
    expect(search).toMatchObject({ iterations: 0, end: 'gradient', accepted: false });
  });

  it('takes the same steps without a BLAS library, to rounding', async () => {
    const network = squared([4, 4, 4]);
    const data = memorisation(4, 4, 16, 'portable');
    const start = weightsOf(network, 'portable');
    const options = { maxIterations: 5 };
    const native = await levenbergMarquardt(network, data, start, la, options);
    const portable = await levenbergMarquardt(network, data, start, portableLinearAlgebra({ threads: 1 }), options);
    native.point.forEach((weight, i) => {
      expect(portable.point[i]).toBeCloseTo(weight, 9);
    });
  });
});

describe('descendToLoss', () => {
  it('stops at the first point whose loss is at or below the target', () => {
    const network = squared([4, 4, 4]);
    const data = memorisation(4, 4, 16, 'descend');
    const start = weightsOf(network, 'descend');
    const loss = denseObjective(network, data, la).loss(start);
    const { value, end } = descendToLoss(network, data, start, 0.6 * loss, { linearAlgebra: la });
    expect(end).toBe('value');
    expect(value).toBeLessThanOrEqual(0.6 * loss);
    expect(value).toBeGreaterThan(0.3 * loss);
  });

  it('says so when the target is out of reach', () => {
    // More samples than one linear layer can fit.
    const network = squared([2, 2], 'identity');
    const data = memorisation(2, 2, 30, 'out of reach');
    const descent = descendToLoss(network, data, weightsOf(network, 'out of reach'), 0, {
      linearAlgebra: la,
      maxIterations: 50,
    });
    expect(descent.end).not.toBe('value');
  });
});
