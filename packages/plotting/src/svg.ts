/** What the drawing code needs of a drawing: a d3 selection has it, and so has an element in a browser. */
export interface SvgNode {
  append(name: string): SvgNode;
  attr(name: string, value: string | number): SvgNode;
  text(content: string): SvgNode;
  node(): unknown;
}

/** Coordinates have two decimals: finer than print shows, and the same bytes everywhere. */
export function pixels(value: number): number {
  const rounded = Math.round(value * 100) / 100;
  return rounded === 0 ? 0 : rounded;
}
