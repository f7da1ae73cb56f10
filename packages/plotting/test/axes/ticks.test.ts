import { describe, expect, it } from 'vitest';
import { makeScale, type ResolvedAxis } from '../../src/axes/scale.js';
import { chooseTicks, type Tick, type Ticks } from '../../src/axes/ticks.js';
import { fontSize } from '../../src/style.js';
import { widthOf } from '../../src/text/rich-text.js';

function ticksOf(kind: ResolvedAxis['kind'], domain: [number, number], length: number, linearWithin = 1): Ticks {
  const scale = makeScale({ kind, domain, linearWithin }, [0, length]);
  return chooseTicks({ label: '', scale: kind }, scale, 'x');
}

function textOf({ label }: Tick): string {
  return label!.map(({ text, rise }) => (rise > 0 ? `^${text}` : text)).join('');
}

function labelled({ ticks }: Ticks): { at: number; text: string }[] {
  return ticks.filter(({ label }) => label).map((tick) => ({ at: tick.at, text: textOf(tick) }));
}

describe('ticks of a log axis', () => {
  it('are the decades as powers of ten with a raised exponent, and 2 to 9 between them', () => {
    const ticks = ticksOf('log', [0.01, 100], 400);
    expect(labelled(ticks).map(({ text }) => text)).toEqual(['10^−2', '10^−1', '10^0', '10^1', '10^2']);
    const minor = ticks.ticks.filter(({ label }) => !label).map(({ at }) => at);
    expect(minor).toHaveLength(4 * 8);
    expect(minor).toContain(0.02);
    expect(minor).toContain(90);
  });

  it('name every second or third decade where all have no room, at multiples of the step', () => {
    expect(labelled(ticksOf('log', [1e-12, 1e6], 200)).map(({ at }) => Math.round(Math.log10(at)))).toEqual([
      -12, -8, -4, 0, 4,
    ]);
  });

  it('are 1, 2, 5 or nearer numbers within two decades, and even steps within a fraction of one', () => {
    expect(labelled(ticksOf('log', [1.5, 70], 200)).map(({ text }) => text)).toEqual(['2', '5', '10', '20', '50']);
    const narrow = labelled(ticksOf('log', [40, 48], 200));
    expect(narrow.length).toBeGreaterThanOrEqual(3);
    for (const { at, text } of narrow) expect(Number(text)).toBeCloseTo(at);
  });
});

describe('ticks of a symlog axis', () => {
  it('are 0 and mirrored decades', () => {
    const texts = labelled(ticksOf('symlog', [-100, 100], 700, 0.1)).map(({ text }) => text);
    expect(new Set(texts)).toEqual(
      new Set(['0', '10^−1', '−10^−1', '10^0', '−10^0', '10^1', '−10^1', '10^2', '−10^2']),
    );
  });

  it('drop the name of the decade next to 0 first', () => {
    const texts = labelled(ticksOf('symlog', [-100, 100], 330, 0.1)).map(({ text }) => text);
    expect(texts).toContain('0');
    expect(texts).not.toContain('10^−1');
    expect(texts).toContain('10^0');
  });

  it('are those of a log axis where less than two decades of one sign are in sight', () => {
    const ticks = labelled(ticksOf('symlog', [1.5, 70], 200, 0.1));
    expect(ticks.map(({ text }) => text)).toEqual(['2', '5', '10', '20', '50']);
  });
});

describe('ticks of a linear axis', () => {
  it('have as many decimals as their step needs, a true minus, and commas in thousands', () => {
    expect(labelled(ticksOf('linear', [-1, 1], 240)).map(({ text }) => text)).toEqual([
      '−1.0',
      '−0.5',
      '0.0',
      '0.5',
      '1.0',
    ]);
    expect(labelled(ticksOf('linear', [0, 10000], 200)).map(({ text }) => text)).toContain('10,000');
  });

  it('set a power of ten apart for very small and very large numbers', () => {
    for (const [top, power] of [
      [4e-5, '−5'],
      [3e7, '7'],
    ] as const) {
      const ticks = ticksOf('linear', [0, top], 240);
      expect(ticks.multiplier!.map(({ text }) => text).join('')).toBe(`×10${power}`);
      for (const { at, text } of labelled(ticks)) {
        expect(Number(text) * 10 ** Number(power.replace('−', '-'))).toBeCloseTo(at, 9);
      }
    }
  });
});

describe('labels of ticks', () => {
  it('never touch, on any kind of axis of any length', () => {
    const domains: [ResolvedAxis['kind'], [number, number]][] = [
      ['linear', [-123456, 7]],
      ['linear', [0.1234, 0.1239]],
      ['log', [1e-30, 1e10]],
      ['log', [3, 29]],
      ['log', [8e-5, 3e-3]],
      ['symlog', [-1e6, 1e3]],
      ['symlog', [-0.5, 1e9]],
    ];
    for (const [kind, domain] of domains) {
      for (let length = 120; length < 700; length += 17) {
        const scale = makeScale({ kind, domain, linearWithin: 1 }, [0, length]);
        const boxes = chooseTicks({ label: '', scale: kind }, scale, 'x')
          .ticks.filter(({ label }) => label)
          .map(({ at, label }) => [scale.at(at), widthOf(label!, fontSize.tick) / 2] as const)
          .sort((a, b) => a[0] - b[0]);
        expect(boxes.length, `${kind} ${domain} ${length}`).toBeGreaterThanOrEqual(1);
        boxes.slice(1).forEach(([x, half], i) => {
          expect(x - half - (boxes[i][0] + boxes[i][1]), `${kind} ${domain} ${length}`).toBeGreaterThan(3);
        });
      }
    }
  });
});
