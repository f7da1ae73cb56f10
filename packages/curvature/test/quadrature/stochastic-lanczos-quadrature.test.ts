import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  denseOperator,
  lanczos,
  largestWeights,
  massUpTo,
  moment,
  spectralMoments,
  stochasticLanczosQuadrature,
} from '../../src/index.js';
import { sharesOf, spaced, withEigenvalues } from '../known-spectra.js';

const la = await linearAlgebra({ threads: 1 });

describe('stochastic Lanczos quadrature', () => {
  it.each([-1, 0, 2.5, Number.NaN])('refuses %d steps before it takes memory for them', async (steps) => {
    const operator = denseOperator(await withEigenvalues(spaced(-1, 1, 5), la));
    await expect(
      stochasticLanczosQuadrature(operator, { linearAlgebra: la, steps, random: randomStream(1, 'steps') }),
    ).rejects.toThrow(`stochasticLanczosQuadrature: expected a positive integer number of steps, found ${steps}`);
  });

  it('is exact up to degree 2 m - 1 for the vector`s own measure, and not beyond', async () => {
    const matrix = await withEigenvalues(spaced(-1, 1, 60), la);
    const vector = randomStream(3, 'vector').normals(60);
    const shares = sharesOf(matrix, vector);
    const m = 6;
    const { values, weights } = await lanczos(denseOperator(matrix), { linearAlgebra: la, steps: m, start: vector });
    const error = (k: number) => {
      const truth = shares.reduce((sum, share, i) => sum + share * matrix.eigenvalues[i] ** k, 0);
      return Math.abs(moment({ nodes: values, weights }, k) - truth);
    };
    for (let k = 0; k < 2 * m; k++) expect(error(k), `degree ${k}`).toBeLessThan(1e-14);
    expect(error(2 * m)).toBeGreaterThan(1e-6);
  });

  it('estimates the moments of the spectrum within five standard errors, from one vector and from many', async () => {
    const n = 400;
    const matrix = await withEigenvalues([...spaced(-0.5, 1, n - 3), 4, 6, 9], la);
    for (const vectors of [1, 8]) {
      const quadrature = await stochasticLanczosQuadrature(denseOperator(matrix, la), {
        linearAlgebra: la,
        steps: 30,
        vectors,
        random: randomStream(6, 'slq'),
      });
      expect(quadrature.products).toBe(30 * vectors);
      for (const { order, value, standardError } of spectralMoments(quadrature, 6)) {
        const truth = matrix.eigenvalues.reduce((sum, lambda) => sum + lambda ** order, 0) / n;
        expect(Math.abs(value - truth), `order ${order}`).toBeLessThan(5 * standardError + 1e-13);
      }
    }
  });

  it('has standard errors that are those of many single vectors', async () => {
    const matrix = await withEigenvalues([...spaced(-0.5, 1, 97), 2, 3, 4], la);
    const quadrature = await stochasticLanczosQuadrature(denseOperator(matrix, la), {
      linearAlgebra: la,
      steps: 8,
      vectors: 400,
      law: 'normal',
      random: randomStream(6, 'slq'),
    });
    const n = matrix.n;
    const exactMoment = (k: number) => matrix.eigenvalues.reduce((sum, lambda) => sum + lambda ** k, 0) / n;
    const singles = quadrature.vectors.map((vector) => moment(vector, 2));
    const mean = singles.reduce((sum, value) => sum + value) / singles.length;
    const variance = singles.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (singles.length - 1);
    // On the sphere: 2 (m_4 - m_2^2) / (n + 2). A variance from 400 samples has a relative error of about 7 %.
    const expected = (2 * (exactMoment(4) - exactMoment(2) ** 2)) / (n + 2);
    expect(variance / expected).toBeGreaterThan(0.7);
    expect(variance / expected).toBeLessThan(1.4);
    const { standardError } = spectralMoments(quadrature, 2)[2];
    expect(standardError / Math.sqrt(expected / 400)).toBeGreaterThan(1);
    expect(standardError / Math.sqrt(expected / 400)).toBeLessThan(1.3);
  });

  it('has a distribution function within Chebyshev-Markov-Stieltjes bounds of the vector`s measure at every node', async () => {
    const matrix = await withEigenvalues(spaced(-1, 1, 200), la);
    const vector = randomStream(9, 'vector').normals(200);
    const shares = sharesOf(matrix, vector);
    const { values, weights } = await lanczos(denseOperator(matrix, la), {
      linearAlgebra: la,
      steps: 15,
      start: vector,
    });
    // The measure's mass below a node is at most the rule's up to it, and at least the rule's below it.
    values.forEach((node, i) => {
      const truth = shares.reduce((sum, share, k) => sum + (matrix.eigenvalues[k] <= node ? share : 0), 0);
      const upTo = massUpTo({ nodes: values, weights }, node);
      expect(truth).toBeLessThanOrEqual(upTo + 1e-12);
      expect(truth).toBeGreaterThanOrEqual(upTo - weights[i] - 1e-12);
    });
  });

  it('shows outliers and the mass of a degenerate bulk with one vector', async () => {
    const n = 500;
    const matrix = await withEigenvalues(
      [...Array.from({ length: n - 40 }, () => 0), ...spaced(0.5, 1, 37), 5, 7, 9],
      la,
    );
    const quadrature = await stochasticLanczosQuadrature(denseOperator(matrix, la), {
      linearAlgebra: la,
      steps: 20,
      random: randomStream(1, 'slq'),
    });
    const [spike] = largestWeights(quadrature, 1);
    // Of Rademacher vectors the share in a space of dimension d has variance below 2 d / n^2.
    expect(Math.abs(spike.node)).toBeLessThan(1e-12);
    expect(Math.abs(spike.weight - (n - 40) / n)).toBeLessThan((5 * Math.sqrt(2 * 40)) / n);
    const top = quadrature.nodes.slice(-3);
    [5, 7, 9].forEach((value, i) => {
      expect(Math.abs(top[i] - value)).toBeLessThan(1e-10);
    });
  });

  it('draws the same first vectors whatever their number, and tells its progress over all', async () => {
    const operator = denseOperator(await withEigenvalues(spaced(-1, 1, 30), la));
    const told: number[] = [];
    const options = { linearAlgebra: la, steps: 4, random: randomStream(1, 'slq') };
    const two = await stochasticLanczosQuadrature(operator, { ...options, vectors: 2, progress: (f) => told.push(f) });
    const one = await stochasticLanczosQuadrature(operator, options);
    expect(two.vectors[0]).toEqual(one.vectors[0]);
    expect(two.nodes).toHaveLength(8);
    expect(two.weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 14);
    expect(told).toEqual([0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]);
    await expect(stochasticLanczosQuadrature(operator, { ...options, vectors: 0 })).rejects.toThrow('found 0');
  });

  it('refuses moments whose errors it cannot know', async () => {
    const operator = denseOperator(await withEigenvalues(spaced(-1, 1, 30), la));
    const options = { linearAlgebra: la, steps: 4, random: randomStream(1, 'slq') };
    const quadrature = await stochasticLanczosQuadrature(operator, options);
    expect(() => spectralMoments(quadrature, 4)).toThrow('go to order 3, found 4');
    expect(spectralMoments(quadrature, 3)).toHaveLength(4);
  });
});
