import { expect } from 'vitest';
import { kolmogorovSmirnovBetween } from '../src/index.js';

/** Mean and standard deviation of draws. */
export function summary(values: ArrayLike<number>) {
  const all = Array.from(values);
  const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
  const variance = all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (all.length - 1);
  return { mean, deviation: Math.sqrt(variance) };
}

/** The mean of independent draws lies within five of its standard errors, estimated from them, of this value. */
export function expectMean(values: ArrayLike<number>, expected: number, what: string): void {
  const { mean, deviation } = summary(values);
  const bound = (5 * deviation) / Math.sqrt(values.length);
  expect(Math.abs(mean - expected), `${what}: ${mean} for ${expected}`).toBeLessThan(bound);
}

/** Two samples of independent draws are of one law: their distance stays below what it exceeds once in a million. */
export function expectOneLaw(one: ArrayLike<number>, other: ArrayLike<number>, what: string): void {
  const bound = Math.sqrt((Math.log(2 / 1e-6) / 2) * (1 / one.length + 1 / other.length));
  const distance = kolmogorovSmirnovBetween(Float64Array.from(one).sort(), Float64Array.from(other).sort());
  expect(distance, what).toBeLessThan(bound);
}

/**
 * Two piles of spectra of n eigenvalues each, from independent matrices, are of one mean law: at a point, the share of a
 * matrix's eigenvalues above it has variance ((ln n)/(beta pi^2) + 1/2)/n^2 (O'Rourke 2010, with 1/2 for the O(1)), and
 * so 1/draws of it the mean over matrices. Five deviations, of the difference of two means.
 */
export function expectOneDensity(one: readonly Float64Array[], other: readonly Float64Array[], what: string): void {
  const n = one[0].length;
  const deviation = Math.sqrt((Math.log(n) / Math.PI ** 2 + 0.5) * (1 / one.length + 1 / other.length)) / n;
  expect(kolmogorovSmirnovBetween(pooled(one), pooled(other)), what).toBeLessThan(5 * deviation);
}

function pooled(spectra: readonly Float64Array[]): Float64Array {
  return Float64Array.from(spectra.flatMap((values) => [...values])).sort();
}

/** As many results of the same asynchronous draw, one after the other. */
export async function repeat<T>(times: number, draw: () => Promise<T> | T): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < times; i++) results.push(await draw());
  return results;
}

/** sum of l^k over a spectrum. */
export const powerSum = (values: Float64Array, k: number) => values.reduce((sum, value) => sum + value ** k, 0);
