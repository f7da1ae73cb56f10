/** Points whose centres share a square of this side, in pixels, cannot be told apart in print; one of them is drawn. */
const cell = 0.5;

/** Indices of the points to draw, in order. The data stay as they are: only the drawing is thinned. */
export function thinPoints(x: readonly number[], y: readonly number[]): readonly number[] {
  const taken = new Set<number>();
  const kept: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const key = Math.round(x[i] / cell) * 65536 + Math.round(y[i] / cell);
    if (taken.has(key)) continue;
    taken.add(key);
    kept.push(i);
  }
  return kept;
}

/**
 * Indices of the vertices to draw of one unbroken line. Within a column half a pixel wide, the first, last, lowest and
 * highest vertex draw the same ink as all of them (M4 of Jugel et al. 2014), for lines that run in one direction along x;
 * other lines keep all their vertices.
 */
export function thinLine(x: readonly number[], y: readonly number[]): readonly number[] {
  if (!runsOneWay(x)) return x.map((_, i) => i);
  const kept: number[] = [];
  for (let first = 0; first < x.length; ) {
    const column = Math.floor(x[first] / cell);
    let last = first;
    let lowest = first;
    let highest = first;
    for (let i = first; i < x.length && Math.floor(x[i] / cell) === column; i++) {
      last = i;
      if (y[i] < y[lowest]) lowest = i;
      if (y[i] > y[highest]) highest = i;
    }
    kept.push(...[...new Set([first, lowest, highest, last])].sort((a, b) => a - b));
    first = last + 1;
  }
  return kept;
}

function runsOneWay(x: readonly number[]): boolean {
  let up = true;
  let down = true;
  for (let i = 1; i < x.length; i++) {
    if (x[i] < x[i - 1]) up = false;
    if (x[i] > x[i - 1]) down = false;
  }
  return up || down;
}
