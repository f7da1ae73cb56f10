import { type LinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { expect } from 'vitest';
import { betaHermiteEigenvalues, gaussianOrthogonalUnfolding, spacings, type Unfolding } from '../../src/index.js';
import { expectMean, repeat, summary } from '../sampling.js';

/**
 * An unfolding of a spectrum by itself leaves, in the middle of the orthogonal ensemble, mean spacing 1, and of each single
 * spacing what the exact density leaves: they differ in the root mean square by less than a tenth of their spread, 0.53.
 */
export async function expectOrthogonalSpacings(
  unfoldingOf: (levels: Float64Array) => Unfolding,
  algebra: LinearAlgebra,
): Promise<void> {
  const [size, from, to] = [400, 60, 340];
  const random = randomStream(8, 'orthogonal');
  const exact = gaussianOrthogonalUnfolding({ size });
  const drawn = await repeat(40, async () => {
    const levels = await betaHermiteEigenvalues({ size, beta: 1 }, random, algebra);
    const middle = ({ unfold }: Unfolding) => spacings(unfold(levels.slice(from, to)));
    const [measured, expected] = [middle(unfoldingOf(levels)), middle(exact)];
    const squares = measured.map((s, i) => (s - expected[i]) ** 2);
    return { mean: summary(measured).mean, apart: Math.sqrt(summary(squares).mean) };
  });
  expectMean(
    drawn.map(({ mean }) => mean),
    1,
    'mean spacing',
  );
  for (const { apart } of drawn) expect(apart).toBeLessThan(0.053);
}
