import type { Mark } from '../figure.js';
import { baseline, diameterOf, type PlotArea } from './draw-marks.js';
import type { DrawnMark } from './drawn-mark.js';

/** Side of a cell in pixels. */
const side = 3;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Which parts of a plot area carry ink: what legends and labels keep clear of. */
export class Ink {
  private readonly columns: number;
  private readonly rows: number;
  private readonly cells: Uint8Array;

  constructor(private readonly plot: PlotArea) {
    this.columns = Math.floor(plot.width / side) + 1;
    this.rows = Math.floor(plot.height / side) + 1;
    this.cells = new Uint8Array(this.columns * this.rows);
  }

  add({ mark }: DrawnMark): void {
    const { x, y, height } = this.plot;
    if (mark.kind === 'histogram') this.addHistogram(mark);
    else if (mark.kind === 'line') this.addLine(mark.x, mark.y);
    else if (mark.kind === 'band') this.addBand(mark);
    else if (mark.kind === 'points') this.addPoints(mark);
    else if (mark.kind === 'stem') {
      for (let i = 0; i < mark.x.length; i++) this.addColumn(x.at(mark.x[i]), y.at(mark.y[i]), baseline(this.plot));
    } else if (mark.x !== undefined) this.addColumn(x.at(mark.x), 0, height);
    else this.addRow(y.at(mark.y!));
  }

  /** Cells with ink in the box, each counted as the square pixels it covers. */
  in({ x, y, width, height }: Box): number {
    let inked = 0;
    const lastColumn = Math.min(this.columns - 1, Math.floor((x + width) / side));
    const lastRow = Math.min(this.rows - 1, Math.floor((y + height) / side));
    for (let row = Math.max(0, Math.floor(y / side)); row <= lastRow; row++) {
      for (let column = Math.max(0, Math.floor(x / side)); column <= lastColumn; column++) {
        inked += this.cells[row * this.columns + column];
      }
    }
    return inked * side * side;
  }

  private addDot(x: number, y: number): void {
    const column = Math.floor(x / side);
    const row = Math.floor(y / side);
    if (column < 0 || row < 0 || column >= this.columns || row >= this.rows) return;
    this.cells[row * this.columns + column] = 1;
  }

  private addColumn(x: number, oneEnd: number, otherEnd: number): void {
    if (Number.isNaN(x) || Number.isNaN(oneEnd)) return;
    const top = Math.max(0, Math.min(oneEnd, otherEnd));
    const bottom = Math.min(this.plot.height, Math.max(oneEnd, otherEnd));
    if (top > bottom) return;
    for (let y = top; y < bottom; y += side) this.addDot(x, y);
    this.addDot(x, bottom);
  }

  private addRow(y: number): void {
    for (let x = 0; x < this.plot.width; x += side) this.addDot(x, y);
  }

  private addHistogram({ edges, heights }: Extract<Mark, { kind: 'histogram' }>): void {
    const { x, y, width } = this.plot;
    heights.forEach((height, i) => {
      if (height === 0) return;
      const right = Math.min(width, x.at(edges[i + 1]));
      for (let at = Math.max(0, x.at(edges[i])); at < right; at += side / 2) {
        this.addColumn(at, y.at(height), baseline(this.plot));
      }
    });
  }

  private addBand({ x, low, high }: Extract<Mark, { kind: 'band' }>): void {
    const bottomOf = (value: number): number => {
      const pixel = this.plot.y.at(value);
      return Number.isNaN(pixel) ? this.plot.height : pixel;
    };
    for (let i = 1; i < x.length; i++) {
      this.alongSegment(this.plot.x.at(x[i - 1]), this.plot.x.at(x[i]), (t, at) => {
        const between = (rim: readonly number[]): number => {
          const from = bottomOf(rim[i - 1]);
          return from + t * (bottomOf(rim[i]) - from);
        };
        this.addColumn(at, between(high), between(low));
      });
    }
  }

  private addLine(x: readonly number[], y: readonly number[]): void {
    for (let i = 1; i < x.length; i++) {
      const fromY = this.plot.y.at(y[i - 1]);
      const toY = this.plot.y.at(y[i]);
      let previous = fromY;
      this.alongSegment(this.plot.x.at(x[i - 1]), this.plot.x.at(x[i]), (t, at) => {
        const here = fromY + t * (toY - fromY);
        this.addColumn(at, previous, here);
        previous = here;
      });
    }
  }

  /** Visits the part of a segment that lies within the area, cell by cell, with the fraction of the way at each. */
  private alongSegment(from: number, to: number, visit: (fraction: number, x: number) => void): void {
    if (Number.isNaN(from) || Number.isNaN(to)) return;
    const length = to - from;
    if (Math.abs(length) < side) {
      visit(0, from);
      visit(1, to);
      return;
    }
    const start = Math.max(0, Math.min(from, to));
    const end = Math.min(this.plot.width, Math.max(from, to));
    for (let x = start; x <= end; x += side) visit((x - from) / length, x);
  }

  private addPoints(mark: Extract<Mark, { kind: 'points' }>): void {
    const reach = diameterOf(mark) / 2;
    mark.x.forEach((value, i) => {
      const x = this.plot.x.at(value);
      const y = this.plot.y.at(mark.y[i]);
      for (const dx of [-reach, reach]) for (const dy of [-reach, reach]) this.addDot(x + dx, y + dy);
      if (mark.intervals) {
        const [low, high] = mark.intervals[i].map((end) => this.plot.y.at(end));
        this.addColumn(x, high, Number.isNaN(low) ? this.plot.height : low);
      }
    });
  }
}
