import { describe, expect, it } from 'vitest';
import { parseText, plainText, widthOf, wrapEvenly, wrapText } from '../../src/text/rich-text.js';

/** Runs in short: italic in slashes, height of raised and lowered ones in front. */
function inShort(source: string): string[] {
  return parseText(source).map(({ text, italic, rise }) => {
    const face = italic ? `/${text}/` : text;
    return rise === 0 ? face : `${rise > 0 ? '^' : '_'}${face}`;
  });
}

describe('parseText', () => {
  it('sets letters of formulas in italics, and digits, brackets and signs upright', () => {
    expect(inShort('level $2f(x)$ of $H$')).toEqual(['level ', '2', '/f/', '(', '/x/', ')', ' of ', '/H/']);
  });

  it('raises and lowers one character or a group', () => {
    expect(inShort('$\\lambda_1^{(b)}$')).toEqual(['/λ/', '_1', '^(', '^/b/', '^)']);
    expect(inShort('10^{-3} s_{-1}')).toEqual(['10', '^−3', ' s', '_−1']);
  });

  it('raises a script of a script further and makes it smaller', () => {
    const [, first, second] = parseText('$a^{b^c}$');
    expect(second.rise).toBeGreaterThan(first.rise);
    expect(second.scale).toBeCloseTo(first.scale ** 2);
  });

  it('leaves underscores, carets, hyphens and backslashes outside formulas alone', () => {
    expect(plainText('train_loss a^b pre-trained C:\\dir')).toBe('train_loss a^b pre-trained C:\\dir');
  });

  it('puts blanks around relations and between quantities, whatever was typed', () => {
    for (const source of ['$q=1/2$', '$q = 1/2$', '$q  =1/2$']) expect(plainText(source)).toBe('q = 1/2');
    expect(plainText('$(1\\pm\\sqrt q)^2$')).toBe('(1 ± √q)2');
    expect(plainText('$-a-b\\approx -1$')).toBe('−a − b ≈ −1');
    expect(plainText('$\\langle r \\rangle$')).toBe('⟨r⟩');
    expect(plainText('$x_{i+1}$')).toBe('xi+1');
  });

  it('knows a dollar from a formula', () => {
    expect(plainText('costs \\$5')).toBe('costs $5');
  });

  it.each([
    ['a $ b', '"$" without a second "$"'],
    ['$x_{12$', '"{" without "}"'],
    ['x^{2', '"{" without "}"'],
    ['$x_$', 'nothing follows "_"'],
    ['$\\foo$', 'unknown sign "\\foo"'],
    ['$\\constructor$', 'unknown sign "\\constructor"'],
    ['$b{a}$', '"{" that follows neither'],
  ])('refuses %s and says why', (source, reason) => {
    expect(() => parseText(source)).toThrow(reason);
    expect(() => parseText(source)).toThrow(source);
  });
});

describe('wrapText', () => {
  const text = parseText('Eigenvalues of $H$ at the end of training, $\\lambda_1 = 3$ and more, over ten seeds.');

  it('breaks at blanks into lines within the width, and loses nothing but the blanks', () => {
    const lines = wrapText(text, 120, 11);
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(widthOf(line, 11)).toBeLessThanOrEqual(120);
    const words = lines.map((line) => line.map((run) => run.text).join(''));
    expect(words.join(' ')).toBe(text.map((run) => run.text).join(''));
  });

  it('never breaks a formula', () => {
    for (let width = 20; width < 200; width += 5) {
      const lines = wrapText(text, width, 11).map((line) => line.map((run) => run.text).join(''));
      expect(lines.some((line) => line.includes('λ1 = 3'))).toBe(true);
    }
  });

  it('lets a word that is too long jut out on a line of its own', () => {
    const lines = wrapText(parseText('a Marchenko–Pastur b'), 30, 11);
    expect(lines.map((line) => line[0].text)).toEqual(['a', 'Marchenko–Pastur', 'b']);
  });

  it('keeps blanks that do not break', () => {
    expect(wrapText(parseText('30\u00a0values'), 10, 11)).toHaveLength(1);
  });
});

describe('wrapEvenly', () => {
  it('has as many lines as wrapText, the longest of them shorter', () => {
    const text = parseText('a label of the axis whose last word is alone');
    const longest = (lines: readonly (typeof text)[]): number => Math.max(...lines.map((line) => widthOf(line, 12)));
    const plain = wrapText(text, 240, 12);
    const even = wrapEvenly(text, 240, 12);
    expect(even).toHaveLength(plain.length);
    expect(longest(even)).toBeLessThan(longest(plain));
  });
});
