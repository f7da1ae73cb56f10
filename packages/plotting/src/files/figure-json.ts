import { readFile } from 'node:fs/promises';
import { checkFigure } from '../check-figure.js';
import type { Figure } from '../figure.js';

/** Our choice: finer than any screen shows, half the room of float64. Exact values belong in tables and arrays. */
const significantDigits = 9;

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** The figure with all its numbers rounded to 9 significant digits, as it is stored and drawn. */
export function roundFigure(figure: Figure): Figure {
  return rounded(figure as unknown as Plain) as unknown as Figure;
}

function rounded(value: Plain): Plain {
  if (typeof value === 'number') return Number(value.toPrecision(significantDigits));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, rounded(item)]),
  );
}

/** JSON with a line for each field, and arrays of numbers on one line. */
export function encodeFigure(figure: Figure): string {
  return `${encode(figure as unknown as Plain, '')}\n`;
}

function encode(value: Plain, indent: string): string {
  if (typeof value !== 'object' || value === null || isData(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + encode(item, inner)).join(',\n')}\n${indent}]`;
  const lines = Object.entries(value).map(([name, item]) => `${inner}${JSON.stringify(name)}: ${encode(item, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** Numbers, or pairs of them. */
function isData(value: Plain): boolean {
  return (
    Array.isArray(value) && value.every((item) => typeof item === 'number' || (Array.isArray(item) && isData(item)))
  );
}

/**
 * Reads the JSON of a figure.
 *
 * @throws Error naming the file if it is no JSON, or no figure that can be drawn
 */
export async function readFigure(path: string): Promise<Figure> {
  try {
    const figure: unknown = JSON.parse(await readFile(path, 'utf8'));
    checkFigure(figure);
    return figure;
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}
