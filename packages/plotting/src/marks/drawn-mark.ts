import { kindOf } from '../axes/scale.js';
import type { Mark, Panel } from '../figure.js';
import { muted, paleInk, palette } from '../style.js';

/** A mark with what its place among the others decides. */
export interface DrawnMark {
  readonly mark: Mark;
  readonly color: string;
  /** Its number in the palette; undefined for rules without a colour of their own. */
  readonly number: number | 'muted' | undefined;
  /** How often the palette has been used up before this mark: such lines are dashed or dotted. */
  readonly turn: number;
  /** Number of its values that a log axis cannot show. */
  readonly hidden: number;
}

export function drawnMarks(panel: Panel): readonly DrawnMark[] {
  let position = 0;
  return panel.marks.map((mark) => {
    const number = mark.color ?? (mark.kind === 'rule' ? undefined : position);
    if (mark.kind !== 'rule' && mark.label !== undefined) position++;
    return { mark, number, ...colorOf(number), hidden: hiddenValues(mark, panel) };
  });
}

function colorOf(number: number | 'muted' | undefined): { readonly color: string; readonly turn: number } {
  if (number === undefined) return { color: paleInk, turn: 0 };
  if (number === 'muted') return { color: muted, turn: 0 };
  return { color: palette[number % palette.length], turn: Math.floor(number / palette.length) };
}

/** Bars of height 0 and the lower rim of a band reach down to the axis; they hide nothing. */
function hiddenValues(mark: Mark, panel: Panel): number {
  if (mark.kind === 'histogram' || mark.kind === 'rule') return 0;
  const upper = mark.kind === 'band' ? mark.high : mark.y;
  const logX = kindOf(panel.x) === 'log';
  const logY = kindOf(panel.y) === 'log';
  let hidden = 0;
  for (let i = 0; i < mark.x.length; i++) {
    if ((logX && mark.x[i] <= 0) || (logY && upper[i] <= 0)) hidden++;
  }
  return hidden;
}

/** Number of data of the mark. */
export function dataCount(mark: Mark): number {
  if (mark.kind === 'histogram') return mark.heights.length;
  return mark.kind === 'rule' ? 0 : mark.x.length;
}
