import { describe, expect, it } from 'vitest';
import { judge } from '../src/judge.js';

const stated = {
  id: 'S4.gd-relu-4270.gap',
  place: 'Table 1, row 8, column gap',
  statement: 'The largest gap separates 11 eigenvalues.',
  because: 'the paper marks counts within one of k',
  atPublishedSize: true,
};
const smaller = { ...stated, atPublishedSize: false, difference: 'width 8, published 30' };

describe('judge.count', () => {
  it('reproduces a count whose median lies within the tolerance, and says so with the numbers', () => {
    const claim = judge.count({
      ...stated,
      published: 11,
      samples: [9, 11, 10],
      within: 1,
      figure: 'tables/table-1.md',
    });
    expect(claim).toEqual({
      id: 'S4.gd-relu-4270.gap',
      place: 'Table 1, row 8, column gap',
      statement: 'The largest gap separates 11 eigenvalues.',
      published: 11,
      measured: 10,
      interval: [9, 11],
      tolerance: 1,
      how: 'median over the repetitions, at most 1 from the published value: the paper marks counts within one of k',
      judgedAt: 'published',
      verdict: 'reproduced',
      reason: 'measured 10 (9 to 11 over 3 repetitions), published 11, allowed ±1',
      figure: 'tables/table-1.md',
    });
  });

  it('keeps a claim that fails and says so', () => {
    const claim = judge.count({ ...stated, published: 11, samples: [9], within: 1 });
    expect(claim.verdict).toBe('not reproduced');
    expect(claim.reason).toBe('measured 9, published 11, allowed ±1');
  });

  it('refuses numbers that are not whole', () => {
    expect(() => judge.count({ ...stated, published: 11, samples: [10.5], within: 1 })).toThrow(
      'whole number, not 10.5',
    );
  });
});

describe('judge.value', () => {
  it('is not comparable at a smaller size, with the measured number and the difference shown', () => {
    const claim = judge.value({ ...smaller, published: 11, samples: [11], within: { absolute: 1 } });
    expect(claim).toMatchObject({ verdict: 'not comparable', judgedAt: 'direction', published: 11, measured: 11 });
    expect(claim.reason).toBe('measured 11, published 11; not the published run: width 8, published 30');
  });

  it('compares with a published formula and stores it', () => {
    const published = { expression: '(1 - phi)^2 / 2', scope: { phi: 0.5 } };
    const claim = judge.value({ ...stated, published, samples: [0.13], within: { relative: 0.05 } });
    expect(claim).toMatchObject({ published: 0.125, formula: published, verdict: 'reproduced' });
    expect(claim.tolerance).toBeCloseTo(0.00625, 15);
    expect(claim.reason).toBe(
      'measured 0.13, published 0.125, which is (1 - phi)^2 / 2 at phi = 0.5, allowed ±0.00625',
    );
    expect(claim.how).toContain('at most 5 % from the published value');
  });

  it('holds the mean against standard errors of the mean', () => {
    // mean 2, standard error 1 / sqrt(3) = 0.577
    const at = (published: number) =>
      judge.value({ ...stated, published, samples: [1, 2, 3], within: { standardErrors: 2 } });
    expect(at(3.1).verdict).toBe('reproduced');
    expect(at(3.2).verdict).toBe('not reproduced');
    expect(at(3.1).tolerance).toBeCloseTo(2 / Math.sqrt(3), 12);
    expect(at(3.1).how).toContain('mean over the repetitions, at most 2 standard errors');
  });

  it('does not judge by a standard error of two repetitions', () => {
    const claim = judge.value({ ...stated, published: 1, samples: [0, 2], within: { standardErrors: 2 } });
    expect(claim).toMatchObject({ verdict: 'not comparable', judgedAt: 'published', tolerance: null });
    expect(claim.reason).toContain('needs 3 repetitions, not 2');
  });

  it('refuses a share of zero, a negative tolerance and samples that diverged', () => {
    const claim = { ...stated, published: 0, samples: [1] };
    expect(() => judge.value({ ...claim, within: { relative: 0.1 } })).toThrow('give an absolute tolerance');
    expect(() => judge.value({ ...claim, within: { absolute: -1 } })).toThrow('tolerance is -1');
    expect(() => judge.value({ ...claim, samples: [Number.NaN], within: { absolute: 1 } })).toThrow('sample 0 is NaN');
    expect(() => judge.value({ ...claim, samples: [], within: { absolute: 1 } })).toThrow('no samples');
    expect(() => judge.value({ ...claim, published: Number.NaN, within: { absolute: 1 } })).toThrow('published value');
  });

  it('wants a reason for the tolerance, and the difference exactly when the size is another', () => {
    const claim = { published: 1, samples: [1], within: { absolute: 1 } } as const;
    expect(() => judge.value({ ...stated, because: ' ', ...claim })).toThrow('"because" is empty');
    expect(() => judge.value({ ...stated, atPublishedSize: false, ...claim })).toThrow('"difference" is empty');
    expect(() => judge.value({ ...stated, difference: 'width 8', ...claim })).toThrow('at the published size, and yet');
  });
});

describe('judge.order', () => {
  const pair = (large: number[], small: number[]) => ({
    larger: { name: 'top eigenvalue at batch 1000', samples: large },
    smaller: { name: 'at batch 32', samples: small },
  });

  it('is judged at a smaller size too, as a direction', () => {
    const claim = judge.order({ ...smaller, ...pair([5, 7, 6], [1, 2, 3]) });
    expect(claim).toMatchObject({ verdict: 'reproduced', judgedAt: 'direction', measured: 4, interval: [3, 5] });
    expect(claim).toMatchObject({ published: null, tolerance: null });
    expect(claim.reason).toBe(
      'top eigenvalue at batch 1000 6 (5 to 7 over 3 repetitions), at batch 32 2 (1 to 3 over 3 repetitions): ' +
        'larger in 3 of 3 repetitions, asked for in every repetition (width 8, published 30)',
    );
  });

  it('fails when one repetition goes the other way, unless the statement is about most', () => {
    const samples = pair([5, 7, 1, 8], [1, 2, 3, 4]);
    expect(judge.order({ ...stated, ...samples }).verdict).toBe('not reproduced');
    expect(judge.order({ ...stated, ...samples, inAtLeast: 0.75 }).verdict).toBe('reproduced');
    expect(judge.order({ ...stated, ...samples, inAtLeast: 0.8 }).verdict).toBe('not reproduced');
  });

  it('does not take equal for larger', () => {
    expect(judge.order({ ...stated, ...pair([2], [2]) }).verdict).toBe('not reproduced');
  });

  it('asks for a factor where the paper speaks of orders of magnitude', () => {
    expect(judge.order({ ...stated, ...pair([50], [4]), factor: 10 })).toMatchObject({
      verdict: 'reproduced',
      measured: 12.5,
    });
    const failed = judge.order({ ...stated, ...pair([50], [6]), factor: 10 });
    expect(failed.verdict).toBe('not reproduced');
    expect(failed.reason).toContain('more than 10 times as large in 0 of 1 repetition');
    expect(() => judge.order({ ...stated, ...pair([50], [-6]), factor: 10 })).toThrow('positive quantities');
  });

  it('refuses samples that cannot be paired', () => {
    expect(() => judge.order({ ...stated, ...pair([1, 2], [1]) })).toThrow('2 samples of top eigenvalue');
  });
});

describe('judge.trend', () => {
  const along = { name: 'n', samples: [4, 8, 16, 32] };

  it('reproduces a rise that a permutation would rarely give', () => {
    // 4! = 24 orders of each of two series: all rising has p = 1 / 576.
    const samples = [
      [1, 2, 3, 4],
      [1.5, 2.5, 3.5, 4.5],
    ];
    const claim = judge.trend({ ...smaller, direction: 'increasing', along, samples, monotone: true });
    expect(claim).toMatchObject({ verdict: 'reproduced', judgedAt: 'direction', measured: 1, interval: [1, 1] });
    expect(claim.reason).toContain('medians 1.25, 2.25, 3.25, 4.25 at n 4, 8, 16, 32');
    expect(claim.reason).toContain('p 0.001736');
    expect(judge.trend({ ...smaller, direction: 'decreasing', along, samples }).verdict).toBe('not reproduced');
  });

  it('does not call a rise by chance a trend', () => {
    const claim = judge.trend({ ...stated, direction: 'increasing', along, samples: [[1, 3, 2, 4]] });
    expect(claim.verdict).toBe('not reproduced');
    // 5 of 6 pairs rise: 1 + 3 of the 24 orders have so few inversions.
    expect(claim.reason).toContain('p 0.1667');
  });

  it('with monotone, fails on a median that turns back', () => {
    const samples = [
      [1, 2, 4, 3.9],
      [1, 2, 4, 3.9],
      [1, 2, 4, 3.9],
    ];
    expect(judge.trend({ ...stated, direction: 'increasing', along, samples }).verdict).toBe('reproduced');
    const claim = judge.trend({ ...stated, direction: 'increasing', along, samples, monotone: true });
    expect(claim.verdict).toBe('not reproduced');
    expect(claim.reason).toContain('1 step back');
  });

  it('is not comparable when even a perfect trend would prove nothing', () => {
    const few = { name: 'n', samples: [1, 2, 3] };
    const claim = judge.trend({ ...stated, direction: 'increasing', along: few, samples: [[1, 2, 3]] });
    expect(claim.verdict).toBe('not comparable');
    expect(claim.reason).toContain('even a perfect trend would only give p 0.1667');
  });

  it('fails, rather than abstains, on a quantity that does not move', () => {
    const claim = judge.trend({ ...stated, direction: 'increasing', along, samples: [[2, 2, 2, 2]] });
    expect(claim).toMatchObject({ verdict: 'not reproduced', measured: 0 });
  });

  it('refuses settings out of order and series of another length', () => {
    const claim = { ...stated, direction: 'increasing' } as const;
    expect(() => judge.trend({ ...claim, along: { name: 'n', samples: [2, 2] }, samples: [[1, 2]] })).toThrow(
      'not increasing',
    );
    expect(() => judge.trend({ ...claim, along, samples: [[1, 2]] })).toThrow('2 values along 4 settings of n');
    expect(() => judge.trend({ ...claim, along, samples: [] })).toThrow('no samples');
  });
});

describe('judge.law', () => {
  it('holds the median distance against the bound, at any size', () => {
    const claim = { ...smaller, measure: 'Kolmogorov-Smirnov distance', bound: 0.02 };
    expect(judge.law({ ...claim, samples: [0.01, 0.015, 0.03] })).toMatchObject({
      verdict: 'reproduced',
      judgedAt: 'direction',
      measured: 0.015,
      tolerance: 0.02,
    });
    expect(judge.law({ ...claim, samples: [0.021] })).toMatchObject({
      verdict: 'not reproduced',
      reason: 'Kolmogorov-Smirnov distance 0.021, allowed 0.02 (width 8, published 30)',
    });
  });

  it('compares a number that the law names at any size', () => {
    const claim = { ...smaller, measure: 'fitted exponent', published: { expression: '3/2', scope: {} }, bound: 0.1 };
    expect(judge.law({ ...claim, samples: [1.45] })).toMatchObject({ verdict: 'reproduced', published: 1.5 });
    expect(judge.law({ ...claim, samples: [1.35] })).toMatchObject({
      verdict: 'not reproduced',
      judgedAt: 'direction',
    });
  });

  it('refuses a negative distance and a bound of nothing', () => {
    const claim = { ...stated, measure: 'L1 distance' };
    expect(() => judge.law({ ...claim, samples: [-1], bound: 1 })).toThrow('-1 is not a distance');
    expect(() => judge.law({ ...claim, samples: [1], bound: 0 })).toThrow('the bound is 0');
  });
});

describe('claims that are not judged', () => {
  it('show what was measured when there is nothing to hold it against', () => {
    const { because: _, ...statement } = stated;
    const claim = judge.notComparable({ ...statement, samples: [3, 4, 5], why: 'the digits are lost' });
    expect(claim).toMatchObject({ verdict: 'not comparable', measured: 4, interval: [3, 5], published: null });
    expect(claim.reason).toBe('measured 4 (3 to 5 over 3 repetitions); not compared: the digits are lost');
  });

  it('stand in the ledger with their published value when they were not run', () => {
    const { because: _, atPublishedSize: __, ...statement } = stated;
    const claim = judge.notRun({ ...statement, published: 20.56, why: 'PreResNet-110 needs a GPU' });
    expect(claim).toMatchObject({ judgedAt: 'not-run', verdict: 'not comparable', published: 20.56, measured: null });
    expect(claim.reason).toBe('not run: PreResNet-110 needs a GPU');
    expect(() => judge.notRun({ ...statement, why: '' })).toThrow('"why" is empty');
  });
});

it('no builder accepts a verdict', () => {
  // @ts-expect-error the verdict comes from the comparison
  const claim = judge.count({ ...stated, published: 11, samples: [3], within: 1, verdict: 'reproduced' });
  expect(claim.verdict).toBe('not reproduced');
});
