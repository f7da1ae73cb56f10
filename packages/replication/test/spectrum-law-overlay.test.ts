import { expect, it } from 'vitest';
import { lawChoices } from '../src/commands/spectrum.js';
import { lawKinds, lawNames, lawOverlay, parseLaw } from '../src/spectrum/law-overlay.js';

it.each([
  ['marchenko-pastur', { ratio: 0.4, scale: 2 }],
  ['marchenko-pastur', { ratio: 3, scale: 1e-4 }],
  ['semicircle', { sigma: 0.2, centre: -1 }],
  ['wishart-plus-wigner', { ratio: 0.3, energy: 0.2, scale: 5 }],
  ['improved-hessian', { ratio: 0.6, energy: 0.1, scale: 0.5 }],
  ['product-wishart', { ratio: 0.7, energy: 2, centre: 0.25 }],
] as const)('%s %j is found again by the moments of its quantiles', (name, parameters) => {
  const law = lawKinds[name].law(parameters as never);
  const count = 20_000;
  const nodes = Float64Array.from({ length: count }, (_, i) => law.quantile((i + 0.5) / count));
  const bulk = { nodes, weights: new Float64Array(count).fill(1 / count) };
  const fitted = lawOverlay({ name, parameters: null }, bulk, 'all eigenvalues').parameters;
  for (const [key, value] of Object.entries(parameters)) {
    expect(Math.abs(fitted[key] - value) / Math.abs(value), key).toBeLessThan(2e-3);
  }
});

it('a law that cannot have these moments says which it misses', () => {
  const bulk = { nodes: Float64Array.of(-1, 0, 0.5), weights: new Float64Array(3).fill(1 / 3) };
  expect(() => lawOverlay({ name: 'marchenko-pastur', parameters: null }, bulk, 'x')).toThrow(
    /expected a positive mean, found -0\.167.*Give its parameters/,
  );
});

it('parameters come from the command line, missing ones by default where they have one', () => {
  expect(parseLaw('none')).toBeNull();
  expect(parseLaw('semicircle')).toEqual({ name: 'semicircle', parameters: null });
  expect(parseLaw('marchenko-pastur:ratio=0.5')).toEqual({
    name: 'marchenko-pastur',
    parameters: { ratio: 0.5, scale: 1 },
  });
  expect(() => parseLaw('cauchy')).toThrow('expected marchenko-pastur, semicircle,');
  expect(() => parseLaw('marchenko-pastur:scale=2')).toThrow('found no ratio');
  expect(() => parseLaw('semicircle:sigma=wide')).toThrow('found "sigma=wide"');
  expect(() => parseLaw('semicircle:sigma=-1,ratio=2')).toThrow('found "ratio=2"');
  expect(() => parseLaw('marchenko-pastur:ratio=-1')).toThrow('ratio');
});

it('the command tells the laws that there are', () => {
  expect(lawChoices).toEqual(lawNames);
});
