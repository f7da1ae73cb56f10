import type { Figure } from '../figure.js';
import type { DrawnMark } from '../marks/drawn-mark.js';
import { hiddenNote } from './legend.js';

/**
 * The caption, and what log axes leave out of marks that no legend lists.
 *
 * @param marks  of each panel
 */
export function fullCaption(figure: Figure, marks: readonly (readonly DrawnMark[])[]): string {
  const notes: string[] = [];
  figure.panels.forEach((panel, i) => {
    const hidden = marks[i]
      .filter(({ mark }) => mark.label === undefined || panel.legend === 'none')
      .reduce((sum, drawn) => sum + drawn.hidden, 0);
    if (hidden === 0) return;
    const place = figure.panels.length === 1 ? '' : ` in ${panel.title ?? `panel ${i + 1}`}`;
    notes.push(`On the logarithmic axis${place}, ${hiddenNote(hidden, true)}.`);
  });
  return [figure.caption, ...notes].join(' ');
}
