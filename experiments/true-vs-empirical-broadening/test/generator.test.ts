import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { type GeneratorConfig, generator } from '../src/generator.js';

const config: GeneratorConfig = { signal: 3, nuisance: 2, classes: 4, spread: 2, labelNoise: 0 };
const source = generator(config, randomStream(1, 'generator'));

describe('The generator', () => {
  it('draws samples about one centre a class, of variance 1, with other inputs that do not know the class', () => {
    const count = 40_000;
    const { inputs, labels } = source.draw(count, randomStream(1, 'draw'));
    const again = source.draw(count, randomStream(2, 'other draw'));
    for (let c = 0; c < 4; c++) {
      const rows = [...labels.keys()].filter((n) => labels[n] === c);
      // Five standard errors of a share, and of means and variances of so many values.
      expect(Math.abs(rows.length / count - 0.25)).toBeLessThan(5 * Math.sqrt(0.1875 / count));
      for (let j = 0; j < 5; j++) {
        const values = rows.map((n) => inputs[n * 5 + j]);
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
        expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / values.length));
        const others = [...again.labels.keys()]
          .filter((n) => again.labels[n] === c)
          .map((n) => again.inputs[n * 5 + j]);
        const otherMean = others.reduce((sum, x) => sum + x, 0) / others.length;
        expect(Math.abs(mean - otherMean)).toBeLessThan(5 * Math.sqrt(2 / values.length));
        if (j >= 3) expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(values.length));
      }
    }
  });

  it('gives as many labels at random as the label noise says, a class in so many of them by chance right', () => {
    const noisy = generator({ ...config, spread: 100, labelNoise: 0.4 }, randomStream(1, 'generator'));
    const clean = generator({ ...config, spread: 100 }, randomStream(1, 'generator'));
    const count = 20_000;
    const { inputs, labels } = noisy.draw(count, randomStream(1, 'draw'));
    // Far apart, the nearest sample of the clean law tells the cluster.
    const reference = clean.draw(50, randomStream(3, 'reference'));
    let wrong = 0;
    for (let n = 0; n < count; n++) {
      const distances = Array.from({ length: 50 }, (_, m) =>
        [0, 1, 2].reduce((sum, j) => sum + (inputs[n * 5 + j] - reference.inputs[m * 5 + j]) ** 2, 0),
      );
      if (reference.labels[distances.indexOf(Math.min(...distances))] !== labels[n]) wrong++;
    }
    expect(Math.abs(wrong / count - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / count));
  });

  it('copies keep what tells the class and draw the rest anew, the sample itself first', () => {
    const data = source.draw(10, randomStream(1, 'draw'));
    const { inputs, labels, count } = source.copies(data, 3, randomStream(1, 'copies'));
    expect(count).toBe(30);
    expect([...inputs.subarray(0, 50)]).toEqual([...data.inputs]);
    for (let n = 0; n < 30; n++) {
      expect(labels[n]).toBe(data.labels[n % 10]);
      for (let j = 0; j < 5; j++) {
        const same = inputs[n * 5 + j] === data.inputs[(n % 10) * 5 + j];
        expect(same).toBe(j < 3 || n < 10);
      }
    }
  });
});
