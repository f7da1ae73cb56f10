import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import type { FaceName } from '../../src/text/face.js';
import { faceFile, faceNames, textWidth } from '../../src/text/font.js';

const styles: Record<FaceName, string> = {
  regular: '',
  italic: 'font-style="italic"',
  bold: 'font-weight="bold"',
  boldItalic: 'font-weight="bold" font-style="italic"',
};

/** Right end of the ink at size 100, as resvg draws it. */
function rightEnd(text: string, face: FaceName): number {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="200"><text x="0" y="150" font-size="100" ${styles[face]}>${text}</text></svg>`;
  const font = { fontFiles: faceNames.map(faceFile), loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
  const box = new Resvg(svg, { font }).innerBBox()!;
  return box.x + box.width;
}

describe('the width of a text', () => {
  it.each(faceNames)('is where resvg puts the next letter, in the %s face', (face) => {
    for (const character of ['m', 'W', '0', 'λ', 'Σ', '−', '≤', '√', '⟨', '⁻']) {
      const text = character.repeat(20);
      const advance = rightEnd(`${text}H`, face) - rightEnd('H', face);
      // resvg rounds its boxes to whole pixels.
      expect(Math.abs(100 * textWidth(text, face) - advance), character).toBeLessThanOrEqual(2);
    }
  });

  it('takes characters that the face lacks for its empty box', () => {
    expect(textWidth('\u{1F600}', 'regular')).toBe(textWidth('\u{1F680}', 'regular'));
    expect(textWidth('\u{1F600}', 'regular')).toBeGreaterThan(0.4);
  });
});
