import type { Results } from '@hessian-rmt/replication';
import { describe, expect, it } from 'vitest';
import { footnote3 } from '../src/footnote-3.js';

/** Runs with these curves, 41 records in 40,000 steps; three repetitions that differ a little. */
function planted(
  lossAt: (step: number) => number,
  gradientNormAt: (step: number) => number,
  fittedFrom = 5000,
): Results {
  const step = Float64Array.from({ length: 41 }, (_, i) => 1000 * i);
  return {
    of({ repetition }) {
      const column = (of: (step: number) => number) => ({ shape: [41], data: step.map(of) });
      const scale = 1 + 0.01 * repetition;
      return {
        numbers: { parameters: 1000 },
        arrays: {
          step: column((at) => at),
          loss: column((at) => scale * lossAt(at)),
          gradientNorm: column((at) => scale * gradientNormAt(at)),
          accuracy: column((at) => (at < fittedFrom ? 0.9 : 1)),
        },
      };
    },
  };
}

async function claimsOf(results: Results) {
  const { claims } = await footnote3.present(results, footnote3.profiles.laptop, 'laptop');
  return new Map(claims!.map((claim) => [claim.id, claim]));
}

describe('footnote 3', () => {
  it('holds for a loss that falls like 1 / step, and measures the fall and the exponent', async () => {
    const claims = await claimsOf(
      planted(
        (step) => 2.3 / (1 + step / 10),
        (step) => (step === 0 ? 1 : 100 / step ** 1.5),
      ),
    );
    for (const id of ['loss-falls', 'slightly', 'gradient-remains']) {
      for (const algorithm of ['gd', 'sgd']) {
        expect(claims.get(`S11.${id}.${algorithm}`)?.verdict, id).toBe('reproduced');
      }
    }
    expect(claims.get('S11.decay-exponent.gd')?.measured).toBeCloseTo(1.5, 10);
    const fall = 1.01 * (2.3 / 2001 - 2.3 / 4001);
    expect(claims.get('S11.fall-per-1000-steps.gd')?.measured).toBeCloseTo(fall / 20, 12);
  });

  it('does not hold for a loss that stays, and for a gradient that rounding could have left', async () => {
    const claims = await claimsOf(
      planted(
        () => 0.1,
        (step) => (step === 0 ? 1 : 1e-12),
      ),
    );
    expect(claims.get('S11.loss-falls.gd')?.verdict).toBe('not reproduced');
    expect(claims.get('S11.gradient-remains.sgd')?.verdict).toBe('not reproduced');
  });

  it('calls a fall slight only when it is', async () => {
    const claims = await claimsOf(
      planted(
        (step) => 2.3 - step / 20_000,
        () => 0.1,
      ),
    );
    expect(claims.get('S11.slightly.gd')?.verdict).toBe('not reproduced');
  });

  it('is not judged of a run that misclassifies a training sample in its second half', async () => {
    const claims = await claimsOf(
      planted(
        (step) => 2.3 / (1 + step / 10),
        () => 0.1,
        25_000,
      ),
    );
    expect([...claims.values()].map(({ judgedAt }) => judgedAt)).toEqual(Array(6).fill('not-run'));
    expect(claims.get('S11.loss-falls.gd')?.reason).toContain('3 of 3 runs did not reach the bottom');
  });
});
