import { describe, expect, it } from 'vitest';
import { colorStyles } from '../../src/browser/colors.js';

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(color: string): number {
  const hex = color.length === 4 ? color.replace(/[0-9a-f]/g, '$&$&') : color;
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** The half of a mixture, channel by channel, as `color-mix` in sRGB has it. */
function mixed(one: string, other: string): string {
  const channel = (color: string, at: number): number => Number.parseInt(color.slice(at, at + 2), 16);
  return `#${[1, 3, 5]
    .map((at) =>
      Math.round((channel(one, at) + channel(other, at)) / 2)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

const themes = ['light', 'dark'].map((theme) => {
  const rule = new RegExp(`color-scheme: ${theme}; ([^}]*)`).exec(colorStyles)![1];
  const colors = Object.fromEntries(
    [...rule.matchAll(/--hf-([\w-]+):(#\w+)/g)].map(([, name, value]) => [name, value]),
  );
  return { theme, colors };
});

describe.each(themes)('the colours on $theme ground', ({ colors }) => {
  const { ground, grid, ink, 'pale-ink': paleInk, ...marks } = colors;

  it('have the contrast that WCAG asks of texts', () => {
    expect(contrast(ink, ground)).toBeGreaterThan(7);
    expect(contrast(paleInk, ground)).toBeGreaterThan(4.5);
    // Pressed buttons stand on the colour of the grid.
    expect(contrast(ink, grid)).toBeGreaterThan(4.5);
    expect(contrast(paleInk, grid)).toBeGreaterThan(4.5);
    for (const color of Object.values(marks)) expect(contrast(mixed(color, ink), ground)).toBeGreaterThan(4.5);
  });

  it('have the contrast that WCAG asks of graphics', () => {
    expect(Object.keys(marks)).toHaveLength(8);
    for (const color of Object.values(marks)) expect(contrast(color, ground)).toBeGreaterThan(3);
  });
});
