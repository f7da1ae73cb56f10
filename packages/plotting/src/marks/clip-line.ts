type Place = readonly [number, number];

/**
 * The stretches of a line, in pixels, within a box a hundred times as wide and as high as the area on each side:
 * programs that draw SVG keep coordinates in float32, and a law zoomed in a thousandfold would lose its place. A line is
 * broken where it leaves the box and where a coordinate is NaN.
 */
export function nearStretches(
  vertices: readonly Place[],
  width: number,
  height: number,
): readonly { readonly x: readonly number[]; readonly y: readonly number[] }[] {
  const box = [
    [-100 * width, 101 * width],
    [-100 * height, 101 * height],
  ] as const;
  const isInside = (place: Place): boolean => box.every(([low, high], i) => place[i] >= low && place[i] <= high);
  const stretches: { x: number[]; y: number[] }[] = [];
  const put = ([x, y]: Place): void => {
    stretches.at(-1)!.x.push(x);
    stretches.at(-1)!.y.push(y);
  };

  let previous: Place | undefined;
  /** Whether the line has come to the previous vertex within the box. */
  let isDrawn = false;
  for (const vertex of vertices) {
    if (vertex.some(Number.isNaN)) {
      previous = undefined;
      isDrawn = false;
      continue;
    }
    const piece = previous === undefined ? ([vertex, vertex] as const) : clipped(previous, vertex, box);
    const begins = previous === undefined ? isInside(vertex) : piece !== undefined && !isDrawn;
    if (begins) {
      stretches.push({ x: [], y: [] });
      put(piece![0]);
    }
    if (previous !== undefined && piece !== undefined) put(piece[1]);
    isDrawn = isInside(vertex);
    previous = vertex;
  }
  return stretches;
}

/** The part of a segment inside a box (Liang & Barsky 1984); undefined where none is. Ends inside stay as they are. */
function clipped(from: Place, to: Place, box: readonly [Place, Place]): readonly [Place, Place] | undefined {
  let [start, end] = [0, 1];
  for (const i of [0, 1] as const) {
    const [low, high] = box[i];
    const length = to[i] - from[i];
    if (length === 0) {
      if (from[i] < low || from[i] > high) return undefined;
      continue;
    }
    const crossings = [(low - from[i]) / length, (high - from[i]) / length];
    start = Math.max(start, Math.min(...crossings));
    end = Math.min(end, Math.max(...crossings));
  }
  if (start > end) return undefined;
  const at = (t: number): Place => [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
  return [start === 0 ? from : at(start), end === 1 ? to : at(end)];
}
