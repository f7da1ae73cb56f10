import type { Figure, Mark, Panel } from '../src/index.js';

export function figureOf(...panels: readonly Panel[]): Figure {
  return { id: 'test', title: 'Test', caption: 'A figure of a test.', panels };
}

/** A panel of these marks on axes from 0 to 4 and from 0 to 1, unless said otherwise. */
export function panelOf(marks: readonly Mark[], rest: Partial<Panel> = {}): Panel {
  return { x: { label: 'x', domain: [0, 4] }, y: { label: 'y', domain: [0, 1] }, marks, ...rest };
}

export function lineMark(x: readonly number[], y: readonly number[], label?: string): Mark {
  return { kind: 'line', x, y, ...(label === undefined ? {} : { label }) };
}

/** Width and height of the area inside the axes of the first panel, read off the drawn axes. */
export function plotSize(svg: string): { width: number; height: number } {
  const [, height, width] = /d="M0,0V([\d.]+)H([\d.]+)/.exec(svg)!;
  return { width: Number(width), height: Number(height) };
}

/** The `d` of all paths whose element matches. */
export function pathsWith(svg: string, attribute: RegExp): string[] {
  return [...svg.matchAll(/<path [^>]*>/g)]
    .map(([element]) => element)
    .filter((element) => attribute.test(element))
    .map((element) => / d="([^"]*)"/.exec(element)![1]);
}

/** The vertices of a path of absolute M, L, H and V. */
export function vertices(path: string): [number, number][] {
  const found: [number, number][] = [];
  let [x, y] = [0, 0];
  for (const [, command, numbers] of path.matchAll(/([MLHVZ])([^MLHVZ]*)/g)) {
    const values = numbers.split(',').map(Number);
    if (command === 'Z') continue;
    if (command === 'H') x = values[0];
    else if (command === 'V') y = values[0];
    else [x, y] = values;
    found.push([x, y]);
  }
  return found;
}

/** All texts that stand in the drawing. */
export function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, content]) => content.replace(/<[^>]*>/g, ''));
}
