import { haarOrthogonal, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { displacementShare } from '../../src/index.js';

const unit = (n: number, i: number) => Float64Array.from({ length: n }, (_, j) => Number(i === j));

describe('the share of a displacement in the span of vectors', () => {
  it('is the sum of squared cosines', () => {
    const { shares, total, expected } = displacementShare(Float64Array.of(3, 4, 0, 12), [unit(4, 0), unit(4, 3)]);
    expect(shares[0]).toBeCloseTo(9 / 169, 15);
    expect(shares[1]).toBeCloseTo(144 / 169, 15);
    expect(total).toBeCloseTo(153 / 169, 15);
    expect(expected).toBe(0.5);
  });

  it('is 1 in the span of a whole basis, whatever the basis', async () => {
    const n = 6;
    const random = randomStream(1, 'basis');
    const q = await haarOrthogonal(n, random, await linearAlgebra());
    const basis = Array.from({ length: n }, (_, i) => q.slice(i * n, (i + 1) * n));
    const { total, expected, deviation } = displacementShare(random.normals(n), basis);
    expect(total).toBeCloseTo(1, 13);
    expect(expected).toBe(1);
    expect(deviation).toBe(0);
  });

  it('has the mean and the deviation of random displacements that it says', () => {
    const [parameters, k, draws] = [40, 4, 4000];
    const vectors = Array.from({ length: k }, (_, i) => unit(parameters, 7 * i));
    const random = randomStream(1, 'displacements');
    const results = Array.from({ length: draws }, () => displacementShare(random.normals(parameters), vectors));
    const mean = results.reduce((sum, { total }) => sum + total, 0) / draws;
    const variance = results.reduce((sum, { total }) => sum + (total - mean) ** 2, 0) / draws;
    const { expected, deviation } = results[0];
    expect(Math.abs(mean - expected)).toBeLessThan((5 * deviation) / Math.sqrt(draws));
    // The variance of a sample variance is (kurtosis - 1) variance^2 / draws; that of this Beta law is below 5.
    expect(Math.abs(variance / deviation ** 2 - 1)).toBeLessThan(5 * Math.sqrt(4 / draws));
  });

  it('refuses vectors that are not orthonormal, of another length, or none', () => {
    const displacement = Float64Array.of(1, 2);
    expect(() => displacementShare(displacement, [])).toThrow('expected at least one vector');
    expect(() => displacementShare(displacement, [new Float64Array(3)])).toThrow(
      'expected 2 elements in vector 0, found 3',
    );
    expect(() => displacementShare(displacement, [Float64Array.of(2, 0)])).toThrow('vectors 0 and 0');
    const slanted = Float64Array.of(Math.SQRT1_2, Math.SQRT1_2);
    expect(() => displacementShare(displacement, [unit(2, 0), slanted])).toThrow('vectors 0 and 1 are not orthonormal');
  });
});
