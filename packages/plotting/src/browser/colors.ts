import { grid, ground, ink, muted, paleInk, palette } from '../style.js';

/**
 * The colours of the printed style by the names of the custom properties that stand for them in a browser, and what
 * these are on light and on dark ground. Against their ground, marks have a contrast of 3 and more and texts of 4.5 and
 * more (WCAG 2.2 AA, 1.4.3 and 1.4.11): so orange and sky blue of Okabe & Ito are darker on light ground than in print,
 * where thin marks stand on paper.
 */
const colors: readonly {
  readonly print: string;
  readonly name: string;
  readonly light: string;
  readonly dark: string;
}[] = [
  { print: ink, name: 'ink', light: ink, dark: '#e6e6e6' },
  { print: paleInk, name: 'pale-ink', light: paleInk, dark: '#b4b4b4' },
  { print: muted, name: 'muted', light: muted, dark: '#8f8f8f' },
  { print: grid, name: 'grid', light: grid, dark: '#2e3136' },
  { print: ground, name: 'ground', light: ground, dark: '#15171a' },
  { print: palette[0], name: 'blue', light: palette[0], dark: '#4c9be8' },
  { print: palette[1], name: 'vermilion', light: palette[1], dark: '#f0803c' },
  { print: palette[2], name: 'green', light: palette[2], dark: '#2fb98c' },
  { print: palette[3], name: 'purple', light: palette[3], dark: '#dd8fbb' },
  { print: palette[4], name: 'orange', light: '#c08400', dark: '#f0b429' },
  { print: palette[5], name: 'sky', light: '#3a9bd9', dark: '#9ad4f5' },
  { print: palette[6], name: 'black', light: palette[6], dark: '#f5f5f5' },
];

const names = new Map(colors.map(({ print, name }) => [print, name]));
/** These are dark enough for letters as they are. */
const inks: readonly string[] = [ink, paleInk];

/** A colour of the printed style as a browser is to show it; other values as they are. */
export function themed(color: string, ofText = false): string {
  const name = names.get(color);
  if (name === undefined) return color;
  const variable = `var(--hf-${name})`;
  return ofText && !inks.includes(color) ? `color-mix(in srgb, ${variable}, var(--hf-ink))` : variable;
}

function declarations(theme: 'light' | 'dark'): string {
  return colors.map((color) => `--hf-${color.name}:${color[theme]}`).join(';');
}

/**
 * Light and dark follow `data-theme` ("light" or "dark") of an ancestor, else the reader's system. `:where` leaves the
 * page free to state other values for `.hf-figure`.
 */
export const colorStyles = `
:where(.hf-figure) { color-scheme: light; ${declarations('light')} }
@media screen and (prefers-color-scheme: dark) { :where(.hf-figure:not([data-theme="light"] *)) { color-scheme: dark; ${declarations('dark')} } }
@media screen { :where([data-theme="dark"] .hf-figure) { color-scheme: dark; ${declarations('dark')} } }
`;
