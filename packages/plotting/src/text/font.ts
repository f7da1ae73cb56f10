import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FaceName } from './face.js';

const require = createRequire(import.meta.url);

const files: Record<FaceName, string> = {
  regular: 'DejaVuSans.ttf',
  italic: 'DejaVuSans-Oblique.ttf',
  bold: 'DejaVuSans-Bold.ttf',
  boldItalic: 'DejaVuSans-BoldOblique.ttf',
};

/** Where the face lies on this machine. */
export function faceFile(name: FaceName): string {
  return require.resolve(`dejavu-fonts-ttf/ttf/${files[name]}`);
}

export const faceNames = Object.keys(files) as readonly FaceName[];

/** Advance widths of a face, so that text can be measured where it is laid out. */
interface Face {
  readonly unitsPerEm: number;
  advance(codePoint: number): number;
}

const faces = new Map<FaceName, Face>();

/** Width of the text in this face at size 1, without kerning. Characters the face lacks count as wide as its box. */
export function textWidth(text: string, name: FaceName): number {
  let face = faces.get(name);
  if (face === undefined) {
    face = readFace(readFileSync(faceFile(name)));
    faces.set(name, face);
  }
  let units = 0;
  for (const character of text) units += face.advance(character.codePointAt(0)!);
  return units / face.unitsPerEm;
}

/**
 * Reads the tables head, hhea, hmtx and cmap (format 4, the Basic Multilingual Plane) of a TrueType file; see the OpenType
 * specification 1.9, chapters of these names.
 */
function readFace(file: Buffer): Face {
  const tables = new Map<string, number>();
  for (let i = 0; i < file.readUInt16BE(4); i++) {
    const record = 12 + 16 * i;
    tables.set(file.toString('latin1', record, record + 4), file.readUInt32BE(record + 8));
  }
  const advances = tables.get('hmtx')!;
  const advanceCount = file.readUInt16BE(tables.get('hhea')! + 34);
  const glyphOf = readCharacterMap(file, tables.get('cmap')!);
  return {
    unitsPerEm: file.readUInt16BE(tables.get('head')! + 18),
    advance: (codePoint) => file.readUInt16BE(advances + 4 * Math.min(glyphOf(codePoint), advanceCount - 1)),
  };
}

function readCharacterMap(file: Buffer, cmap: number): (codePoint: number) => number {
  const table = format4Table(file, cmap);
  const segments = file.readUInt16BE(table + 6) / 2;
  const ends = table + 14;
  const starts = ends + 2 * segments + 2;
  const deltas = starts + 2 * segments;
  const offsets = deltas + 2 * segments;
  return (codePoint) => {
    if (codePoint > 0xffff) return 0;
    let segment = 0;
    while (file.readUInt16BE(ends + 2 * segment) < codePoint) segment++;
    const start = file.readUInt16BE(starts + 2 * segment);
    if (codePoint < start) return 0;
    const delta = file.readUInt16BE(deltas + 2 * segment);
    const offset = file.readUInt16BE(offsets + 2 * segment);
    if (offset === 0) return (codePoint + delta) & 0xffff;
    // The offset counts bytes from its own place in the file.
    const glyph = file.readUInt16BE(offsets + 2 * segment + offset + 2 * (codePoint - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  };
}

function format4Table(file: Buffer, cmap: number): number {
  for (let i = 0; i < file.readUInt16BE(cmap + 2); i++) {
    const table = cmap + file.readUInt32BE(cmap + 4 + 8 * i + 4);
    if (file.readUInt16BE(table) === 4) return table;
  }
  throw new Error('the font has no character map of format 4');
}
