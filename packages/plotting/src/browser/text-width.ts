import { fontFamily } from '../style.js';
import type { FaceName } from '../text/face.js';

const faces: Readonly<Record<FaceName, string>> = {
  regular: '',
  italic: 'italic ',
  bold: 'bold ',
  boldItalic: 'italic bold ',
};

/** Measured large, since browsers hint and round the widths of small letters. */
const measuredSize = 100;

let canvas: CanvasRenderingContext2D | undefined;

/** Width of the text in this face at size 1, in the font that this browser has for the figures. */
export function textWidth(text: string, name: FaceName): number {
  canvas ??= document.createElement('canvas').getContext('2d')!;
  canvas.font = `${faces[name]}${measuredSize}px ${fontFamily}`;
  return canvas.measureText(text).width / measuredSize;
}
