import { checkFigure } from '@hessian-rmt/plotting';
import type { Presentation } from '@hessian-rmt/replication';
import { describe, expect, it } from 'vitest';
import { equation11 } from '../src/equation-11.js';

const presented = (await equation11.present(
  { of: () => expect.fail('needs no unit') },
  equation11.profiles.smoke,
  'smoke',
)) as Presentation;

describe('Equation 11', () => {
  it('is reproduced by the schedule that networks are trained with', () => {
    expect(presented.claims).toHaveLength(6);
    for (const { verdict, id } of presented.claims!) expect(verdict, id).toBe('reproduced');
  });

  it('is drawn with the printed values on the curve', () => {
    const [figure] = presented.figures!;
    checkFigure(figure);
    for (const { marks } of figure.panels) {
      const [line, dots] = marks;
      if (line.kind !== 'line' || dots.kind !== 'points') throw new Error('expected a line and points');
      expect(dots.y[0]).toBe(line.y[0]);
      expect(dots.y.at(-1)).toBeCloseTo(line.y.at(-1)!, 15);
      expect(dots.y[8]).toBe(dots.y[0]);
      expect(dots.y[9]).toBeLessThan(dots.y[8]);
    }
  });
});
