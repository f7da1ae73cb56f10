import { type LinearAlgebra, portableLinearAlgebra } from '@hessian-rmt/numerics';
import { describe, expect, test } from 'vitest';
import { estimateRun, secondsOf } from '../src/estimate.js';
import { flopsOf } from '../src/flops.js';
import { productRate } from '../src/product-rate.js';

test('a cost takes its operations at the rate of the threads it has, and its other seconds', () => {
  expect(secondsOf({ flops: 6e9 }, 1, 2e9)).toBe(3);
  expect(secondsOf({ flops: 6e9, seconds: 0.25 }, 3, 2e9)).toBe(1.25);
});

describe('the estimate of a run', () => {
  const unit = (expectedSeconds?: number, flops?: number) => ({
    kind: 'a',
    threads: 1,
    expectedSeconds,
    cost: flops === undefined ? undefined : { flops },
  });

  test('spreads the units over the cores, and a process takes a moment to start', () => {
    const { seconds, unknown } = estimateRun([unit(60), unit(60), unit(40), unit(40)], 2, false);
    expect(unknown).toBe(0);
    expect(seconds).toBeGreaterThan(100);
    expect(seconds).toBeLessThan(102);
  });

  test('counts the units of which nothing is known, and leaves them out', () => {
    expect(estimateRun([unit(60), unit(), unit()], 1, false)).toMatchObject({ unknown: 2 });
    expect(estimateRun([unit(60), unit(), unit()], 1, false).seconds).toBe(estimateRun([unit(60)], 1, false).seconds);
    expect(estimateRun([unit()], 1, false)).toEqual({ seconds: null, unknown: 1, withLibrary: null });
  });

  test('without a library says what one would take, if the cost of every unit is known', () => {
    // 600e9 operations at 30e9 a second, on two cores, and the start of a process.
    const units = [unit(100, 300e9), unit(100, 300e9)];
    expect(estimateRun(units, 2, true).withLibrary).toBeGreaterThan(10);
    expect(estimateRun(units, 2, true).withLibrary).toBeLessThan(11);
    expect(estimateRun(units, 2, false).withLibrary).toBeNull();
    expect(estimateRun([...units, unit(100)], 2, true).withLibrary).toBeNull();
  });
});

test('the rate is that of the products of the library at hand, measured once', () => {
  let products = 0;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const slow = {
    library: { ...portableLinearAlgebra().library, description: 'takes 10 ms for each product' },
    gemm: () => {
      products++;
      Atomics.wait(pause, 0, 0, 10);
    },
  } as unknown as LinearAlgebra;
  const bound = (2 * 256 ** 3) / 0.01;
  const rate = productRate(slow);
  expect(rate).toBeLessThan(1.02 * bound);
  expect(rate).toBeGreaterThan(0.05 * bound);
  const before = products;
  expect(productRate(slow)).toBe(rate);
  expect(products).toBe(before);
});

test('at large sizes operations grow as the textbooks say', () => {
  expect(flopsOf.product(2, 3, 4)).toBe(48);
  expect(flopsOf.eigenvalues(2e6) / flopsOf.eigenvalues(1e6)).toBeCloseTo(8, 2);
  expect(flopsOf.eigenpairs(2e6) / flopsOf.eigenpairs(1e6)).toBeCloseTo(8, 2);
  expect(flopsOf.hessian(10, 2e6) / flopsOf.hessian(5, 1e6)).toBeCloseTo(8, 2);
  expect(flopsOf.training(20, 32, 2e9) / flopsOf.training(1, 16, 1e9)).toBeCloseTo(80, 1);
});
