import type { Panel } from '../figure.js';
import { type DrawnMark, drawnMarks } from '../marks/drawn-mark.js';

/** Positions among a panel's marks that a reader has switched off: of labelled marks, the ones that a legend lists. */
export type Hidden = ReadonlySet<number>;

export function isListed({ mark }: DrawnMark): boolean {
  return mark.kind !== 'rule' && mark.label !== undefined;
}

/**
 * The panel whose legend speaks for each panel: its own, or where nothing of it is labelled that of the nearest panel
 * before it, as in rows of panels of which the first has the legend. Undefined where there is none.
 */
export function legendPanels(panels: readonly Panel[]): readonly (number | undefined)[] {
  let last: number | undefined;
  return panels.map((panel, i) => {
    if (panel.legend !== 'none' && drawnMarks(panel).some(isListed)) last = i;
    return last;
  });
}

/**
 * Which of a panel's marks are left when these of the legend's panel are switched off. A mark without a label (the band
 * under a curve, its dots) goes with the labelled ones of its colour.
 */
export function visibleMarks(
  marks: readonly DrawnMark[],
  legend: readonly DrawnMark[],
  hidden: Hidden,
): readonly boolean[] {
  const listed = legend.map((drawn, i) => ({ number: drawn.number, isListed: isListed(drawn), off: hidden.has(i) }));
  const isOff = (number: DrawnMark['number']): boolean => {
    const alike = listed.filter((other) => other.isListed && other.number === number);
    return alike.length > 0 && alike.every(({ off }) => off);
  };
  return marks.map((drawn, i) => {
    if (drawn.mark.kind === 'rule') return true;
    return marks === legend && isListed(drawn) ? !hidden.has(i) : !isOff(drawn.number);
  });
}
