/**
 * A figure as plain data: everything that is drawn stands here, so a figure can be stored as JSON, drawn again
 * without computing anything, and read by others.
 *
 * Texts may hold maths: in `$...$` letters are italic, `_x` and `^x` (or `_{...}`, `^{...}`) lower and raise, `-` is a
 * minus sign, and `\lambda` and its like are the Greek letters and signs of `text/symbols.ts`. Outside, `_{...}` and `^{...}` lower
 * and raise too, and `\$` is a dollar.
 */
export interface Figure {
  /** File name without extension, named after the paper's figure: `figure-3`. */
  readonly id: string;
  readonly title: string;
  /** One to three sentences under the figure: what is shown, where it stands in the paper, sizes, seeds. */
  readonly caption: string;
  /** Shown in the figure, so that a small run is never taken for the published size. */
  readonly profile?: string;
  /** Panels side by side; default: all in one row up to three, then wrapped. */
  readonly columns?: number;
  readonly panels: readonly Panel[];
}

export interface Panel {
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Drawn in this order. */
  readonly marks: readonly Mark[];
  /** Where the legend stands; default an empty corner, and above the panel where the data leave none. */
  readonly legend?: 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right' | 'above' | 'none';
}

export interface Axis {
  /** With unit where there is one. */
  readonly label: string;
  /**
   * `symlog` is linear within +-linearWithin and logarithmic beyond. On `log`, values <= 0 of points, lines, stems and
   * bands are not drawn, and the legend or the caption says how many. Default `linear`.
   */
  readonly scale?: 'linear' | 'log' | 'symlog';
  /** Default: the smallest magnitude of the marks other than 0, but not less than a millionth of the largest. */
  readonly linearWithin?: number;
  /** Default: the extent of the marks with a little air. What lies beyond is cut off. */
  readonly domain?: readonly [number, number];
  /** Ticks with names of their own, as for categories; default: round numbers or decades. */
  readonly ticks?: readonly { readonly at: number; readonly label: string }[];
}

interface Styled {
  /** Entry in the legend; marks without one are not listed. */
  readonly label?: string;
  /**
   * Colour of the palette by number, from 0; `muted` is grey. Default: the mark's position among the labelled ones;
   * rules are grey and do not count.
   */
  readonly color?: number | 'muted';
}

export type Mark =
  | (Styled & { readonly kind: 'histogram'; readonly edges: readonly number[]; readonly heights: readonly number[] })
  | (Styled & {
      readonly kind: 'line';
      readonly x: readonly number[];
      readonly y: readonly number[];
      readonly dash?: boolean;
    })
  | (Styled & {
      readonly kind: 'points';
      readonly x: readonly number[];
      readonly y: readonly number[];
      /** Error bars, [low, high] in units of y. */
      readonly intervals?: readonly (readonly [number, number])[];
      readonly symbol?: 'circle' | 'cross' | 'square' | 'triangle';
      /** Diameter in pixels of a figure 480 (one column) to 900 (three) wide. Default 5, less for many points. */
      readonly size?: number;
    })
  | (Styled & { readonly kind: 'stem'; readonly x: readonly number[]; readonly y: readonly number[] })
  | (Styled & {
      readonly kind: 'band';
      readonly x: readonly number[];
      readonly low: readonly number[];
      readonly high: readonly number[];
    })
  /** A straight line across the panel at x or at y, its label written along it. */
  | (Styled & { readonly kind: 'rule'; readonly x?: number; readonly y?: number });

export interface Table {
  /** File name without extension: `table-1`. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  /** One cell a column; null is an empty cell. */
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

export interface TableColumn {
  readonly header: string;
  /** d3-format specifier for numbers in Markdown, as `.3g`; the CSV keeps full precision. */
  readonly format?: string;
}
