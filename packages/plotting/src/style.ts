/**
 * The one style of all figures. Lengths are pixels of the SVG. A figure of one column is meant to be printed 3.4 inches
 * wide (a column of a paper), a figure of two or three across the page: its smallest letters then measure 5.5 to 6 points.
 */

/** Width of the whole figure by number of columns; more columns keep the last width. */
export const figureWidths = [480, 720, 900] as const;
/** Height of the area inside the axes, by number of columns. */
export const plotHeights = [250, 215, 190] as const;

/** DejaVu Sans travels with the package; Verdana is its nearest relative on machines that lack it. */
export const fontFamily = "'DejaVu Sans', Verdana, sans-serif";

export const fontSize = {
  title: 14,
  panelTitle: 12,
  label: 12,
  caption: 11.5,
  tick: 11,
  legend: 11,
  ruleLabel: 10.5,
  badge: 10,
} as const;

/** Distance of baselines over the size of the font. */
export const lineSpacing = 1.4;

/**
 * The palette of Okabe & Ito (2008), told apart by all common kinds of colour blindness, without its yellow, which
 * vanishes on white paper. The order puts colours of unlike lightness side by side, for print in grey.
 */
export const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const;

export const ink = '#222222';
export const paleInk = '#555555';
/** Of marks whose colour is `muted`. */
export const muted = '#8c8c8c';
export const grid = '#ebebeb';
export const ground = '#ffffff';

export const lineWidth = 1.6;
export const axisWidth = 0.8;
export const ruleWidth = 1.1;
/** Dashes of lines with `dash`, and of lines that must reuse a colour. */
export const dashes = '5,3';
export const dots = '1.5,2.5';
