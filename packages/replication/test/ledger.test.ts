import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Claim } from '../src/claim.js';
import { judge } from '../src/judge.js';
import { checkLedger, claimsMarkdown, readLedger, summarize, summaryLine } from '../src/ledger.js';

const stated = { place: 'Table 1', statement: 'A statement.', because: 'the paper says so', atPublishedSize: true };
const reproduced = judge.count({ ...stated, id: 'S4.a', published: 11, samples: [9, 10, 11], within: 1 });
const failed = judge.value({ ...stated, id: 'S4.b.gap-2', published: 1, samples: [2], within: { relative: 0.1 } });
const order = judge.order({
  ...stated,
  id: 'S7',
  larger: { name: 'a', samples: [2] },
  smaller: { name: 'b', samples: [1] },
});
const trend = judge.trend({
  ...stated,
  id: 'B14.p',
  direction: 'decreasing',
  along: { name: 'P', samples: [1, 2, 3, 4] },
  samples: [[4, 3, 2, 1]],
});
const law = judge.law({ ...stated, id: 'P1.mp', measure: 'distance', samples: [0.1], bound: 0.2 });
const notRun = judge.notRun({
  id: 'G5.c100',
  place: 'Table 2',
  statement: 'Another.',
  published: 20.56,
  why: 'no GPU',
});
const ledger = [reproduced, failed, order, trend, law, notRun];

const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('checkLedger', () => {
  it('passes what the judges write, also through JSON', () => {
    expect(checkLedger(JSON.parse(JSON.stringify(ledger)), 'claims.json')).toEqual(ledger);
  });

  const broken: [string, (claim: Claim) => unknown, string][] = [
    ['an id of another form', (c) => ({ ...c, id: 'table 1' }), '"id" is not like'],
    ['a text that is missing', ({ how: _, ...c }) => c, '"how" is missing, expected a text'],
    [
      'a number that became null by way of NaN',
      (c) => ({ ...c, measured: null }),
      'judgedAt "published" does not go with',
    ],
    ['a number in quotes', (c) => ({ ...c, published: '11' }), '"published" is "11", expected a finite number'],
    ['an interval upside down', (c) => ({ ...c, interval: [11, 9] }), '"interval" is [11,9]'],
    ['a measured value outside its interval', (c) => ({ ...c, interval: [1, 2] }), 'is outside its interval [1,2]'],
    ['an unknown verdict', (c) => ({ ...c, verdict: 'close' }), '"verdict" is "close", expected "reproduced", "not'],
    ['an unknown judgedAt', (c) => ({ ...c, judgedAt: 'smoke' }), '"judgedAt" is "smoke"'],
    [
      'a verdict that its numbers do not give',
      (c) => ({ ...c, verdict: 'not reproduced' }),
      'measured 10 is within 1 of 11',
    ],
    [
      'a tolerance that is too small for its verdict',
      (c) => ({ ...c, tolerance: 0.5 }),
      'measured 10 is not within 0.5',
    ],
    ['a published value that was judged without tolerance', (c) => ({ ...c, tolerance: null }), 'has no tolerance'],
    ['a figure outside the results', (c) => ({ ...c, figure: '../../x.svg' }), '"figure" is "../../x.svg"'],
    ['a formula without values', (c) => ({ ...c, formula: { expression: 'x' } }), '"formula" is'],
    ['something else', () => 7, 'expected an object, found 7'],
  ];
  it.each(broken)('refuses %s', (_, change, message) => {
    expect(() => checkLedger([notRun, change(reproduced)], 'x/claims.json')).toThrow(message);
    expect(() => checkLedger([notRun, change(reproduced)], 'x/claims.json')).toThrow(/^x\/claims.json: claim /);
  });

  it('refuses a verdict on what was not run', () => {
    expect(() => checkLedger([{ ...notRun, verdict: 'reproduced' }], 'l')).toThrow('nothing was run');
  });

  it('refuses two claims of one id', () => {
    expect(() => checkLedger([reproduced, reproduced], 'l')).toThrow('claim S4.a: two claims have this id');
  });

  it('names the file that is not a ledger', async () => {
    const file = join(folder, 'claims.json');
    writeFileSync(file, '[{');
    await expect(readLedger(file)).rejects.toThrow(`${file}: not JSON`);
    writeFileSync(file, '{}');
    await expect(readLedger(file)).rejects.toThrow(`${file}: expected an array of claims, found {}`);
    writeFileSync(file, JSON.stringify(ledger));
    await expect(readLedger(file)).resolves.toEqual(ledger);
  });
});

describe('the summary', () => {
  it('counts every verdict, and what was not run among the not comparable', () => {
    expect(summarize(ledger)).toEqual({ claims: 6, reproduced: 4, notReproduced: 1, notComparable: 1, notRun: 1 });
    expect(summaryLine(ledger)).toBe('6 claims: 4 reproduced, 1 not reproduced, 1 not comparable (1 of them not run)');
    expect(summaryLine([failed])).toBe('1 claim: 0 reproduced, 1 not reproduced, 0 not comparable');
  });
});

describe('claimsMarkdown', () => {
  it('writes one row a claim, with its figure behind the place', () => {
    const shown = { ...reproduced, figure: 'figures/figure-1.svg' };
    expect(claimsMarkdown([shown, failed], { figureBase: 'laptop/' })).toBe(
      [
        '2 claims: 1 reproduced, 1 not reproduced, 0 not comparable.',
        '',
        '| id | place | statement | published | measured | allowed | verdict | reason |',
        '| --- | --- | --- | --: | --: | --: | --- | --- |',
        '| S4.a | [Table 1](laptop/figures/figure-1.svg) | A statement. | 11 | 10 (9 to 11) | ±1 | reproduced | ' +
          'measured 10 (9 to 11 over 3 repetitions), published 11, allowed ±1 |',
        '| S4.b.gap-2 | Table 1 | A statement. | 1 | 2 | ±0.1 | **not reproduced** | measured 2, published 1, allowed ±0.1 |',
        '',
      ].join('\n'),
    );
  });

  it('keeps the table whole when a text holds a bar', () => {
    const text = claimsMarkdown([{ ...law, statement: '|R| is small against |G|' }]);
    expect(text).toContain('\\|R\\| is small against \\|G\\|');
    expect(
      text
        .trim()
        .split('\n')
        .at(-1)!
        .split(/(?<!\\)\|/),
    ).toHaveLength(10);
  });
});
