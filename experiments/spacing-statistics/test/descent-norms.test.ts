import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { correctedNorms, exactNorms, printedNorms } from '../src/descent-norms.js';

const descent = { curvatures: [0.2, 0.7, 3], start: [1, -2, 0.5], rate: 0.3, variance: [0.4, 0.1, 2] };

describe('exactNorms', () => {
  it('are the root mean squares of the recursion, by propagating means and covariances step by step', () => {
    const steps = 37;
    let [last, average] = [0, 0];
    descent.curvatures.forEach((curvature, i) => {
      // (w, sum of w): mean vector and covariance under w <- f w - a noise, sum <- sum + w.
      let [w, sum, ww, ws, ss] = [descent.start[i], 0, 0, 0, 0];
      const factor = 1 - descent.rate * curvature;
      for (let step = 0; step < steps; step++) {
        w *= factor;
        sum += w;
        const noise = descent.rate ** 2 * descent.variance[i];
        [ww, ws, ss] = [
          factor ** 2 * ww + noise,
          factor * ws + factor ** 2 * ww + noise,
          ss + 2 * factor * ws + factor ** 2 * ww + noise,
        ];
      }
      last += w ** 2 + ww;
      average += (sum ** 2 + ss) / steps ** 2;
    });
    const norms = exactNorms(descent, steps);
    expect(norms.last).toBeCloseTo(Math.sqrt(last), 12);
    expect(norms.average).toBeCloseTo(Math.sqrt(average), 12);
  });

  it('tend to the corrected formula for many steps, and to the printed one in the last iterate only', () => {
    const steps = 200_000;
    const [exact, corrected, printed] = [exactNorms, correctedNorms, printedNorms].map((norms) =>
      norms(descent, steps),
    );
    expect(exact.last / printed.last).toBeCloseTo(1, 12);
    // Left out: 1.5 / (n a l) of the noise, 1e-4 at the smallest curvature.
    expect(Math.abs(exact.average / corrected.average - 1)).toBeLessThan(1.5 / (steps * 0.3 * 0.2));
    // The noise outweighs the start by n: a factor of sqrt(a).
    expect(printed.average / corrected.average).toBeCloseTo(Math.sqrt(0.3), 3);
  });

  it('agree with a simulation', () => {
    const random = randomStream(1, 'simulation');
    const [steps, runs] = [50, 4000];
    let [last, average] = [0, 0];
    for (let run = 0; run < runs; run++) {
      descent.curvatures.forEach((curvature, i) => {
        let [w, sum] = [descent.start[i], 0];
        for (let step = 0; step < steps; step++) {
          w -= descent.rate * (curvature * w + Math.sqrt(descent.variance[i]) * random.normal());
          sum += w / steps;
        }
        last += w ** 2 / runs;
        average += sum ** 2 / runs;
      });
    }
    const norms = exactNorms(descent, steps);
    // A mean of squares of normals has a relative error of at most sqrt(2 / runs).
    const error = 5 * Math.sqrt(2 / runs);
    expect(Math.abs(last / norms.last ** 2 - 1)).toBeLessThan(error);
    expect(Math.abs(average / norms.average ** 2 - 1)).toBeLessThan(error);
  });
});
