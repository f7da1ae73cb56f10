// From the files of the font in Node, by the browser itself in a browser: "imports" of package.json.
import { textWidth } from '#text-width';
import type { FaceName } from './face.js';
import { symbols } from './symbols.js';

/** A stretch of text in one face, at one height. */
export interface Run {
  readonly text: string;
  readonly italic: boolean;
  /** Size over the size of the surrounding text. */
  readonly scale: number;
  /** How far its baseline stands above that of the text, over the size of the text. */
  readonly rise: number;
  /** Part of a formula: a line is not broken at its blanks. */
  readonly maths: boolean;
}

export type RichText = readonly Run[];

interface State {
  readonly maths: boolean;
  readonly script: boolean;
  readonly scale: number;
  readonly rise: number;
}

/** What an XML file cannot hold, in whatever form: control characters, lone halves of pairs, U+FFFE and U+FFFF. */
const notInXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const scriptScale = 0.72;
const minus = '\u2212';

/** Signs with a blank on both sides; blanks typed in a formula count only after a comma. In scripts there are none. */
const relations = '=<>≤≥≪≫≈∼≃∝≠→∈';
/** Between two quantities these have blanks too; as the sign of one they have none. */
const operators = '+±∓×·⊞\u2212';

/**
 * Reads a text with maths, as `figure.ts` describes it. Characters that no SVG file could hold are replaced by the sign for
 * them, since a text may be the name of somebody's file.
 *
 * @throws SyntaxError, with the text, for a `$` or `{` without its partner or an unknown `\name`
 */
export function parseText(text: string): RichText {
  const source = text.replace(notInXml, '\ufffd');
  const runs: Run[] = [];
  let at = 0;
  /** The last character of the formula being read. */
  let previous = '';

  const fail = (what: string): never => {
    throw new SyntaxError(`${what} in the text "${source}"`);
  };
  const put = (text: string, { maths, scale, rise }: State): void => {
    const italic = maths && /^[A-Za-z\u03b1-\u03c9\u03d1\u03d5\u03f5]$/.test(text);
    const last = runs.at(-1);
    if (last && last.italic === italic && last.scale === scale && last.rise === rise && last.maths === maths) {
      runs[runs.length - 1] = { ...last, text: last.text + text };
    } else {
      runs.push({ text, italic, scale, rise, maths });
    }
  };

  /** Sets a character with the blanks that its place in a formula asks for. */
  const putSign = (sign: string, state: State): void => {
    if (!state.maths) {
      put(sign, state);
      return;
    }
    if (sign === ' ' && previous !== ',') return;
    const hasLeftSide = previous !== '' && !`([⟨{|/, ${relations}${operators}`.includes(previous);
    const spaced = !state.script && (relations.includes(sign) || (operators.includes(sign) && hasLeftSide));
    put(spaced ? `${previous === '' ? '' : ' '}${sign} ` : sign, state);
    previous = sign;
  };

  const readScript = (state: State): void => {
    const up = source[at++] === '^';
    const inner: State = {
      maths: state.maths,
      script: true,
      scale: state.scale * scriptScale,
      rise: state.rise + (up ? 0.38 : -0.16) * state.scale,
    };
    if (source[at] !== '{') {
      if (at >= source.length || source[at] === '$') fail(`nothing follows "${source[at - 1]}"`);
      readOne(inner);
      return;
    }
    at++;
    while (source[at] !== '}') {
      if (at >= source.length) fail('"{" without "}"');
      readOne(inner);
    }
    at++;
  };

  const readCommand = (state: State): void => {
    const next = source[at + 1];
    if (next !== undefined && '$_^{}\\'.includes(next)) {
      at += 2;
      put(next, state);
      return;
    }
    if (!state.maths) {
      at++;
      put('\\', state);
      return;
    }
    const name = /^[A-Za-z]+/.exec(source.slice(at + 1))?.[0] ?? '';
    if (!Object.hasOwn(symbols, name)) fail(`unknown sign "\\${name}"`);
    at += 1 + name.length;
    putSign(symbols[name], state);
  };

  const readOne = (state: State): void => {
    const character = source[at];
    const isScript = character === '_' || character === '^';
    if (character === '\\') {
      readCommand(state);
    } else if (isScript && (state.maths || state.script || source[at + 1] === '{')) {
      readScript(state);
    } else if (character === '{' && state.maths) {
      fail('"{" that follows neither "_" nor "^"');
    } else {
      const whole = String.fromCodePoint(source.codePointAt(at)!);
      at += whole.length;
      putSign(whole === '-' && (state.maths || state.script) ? minus : whole, state);
    }
  };

  let maths = false;
  while (at < source.length) {
    if (source[at] === '$') {
      maths = !maths;
      previous = '';
      at++;
    } else {
      readOne({ maths, script: false, scale: 1, rise: 0 });
    }
  }
  if (maths) fail('"$" without a second "$"');
  return runs;
}

/** Width in pixels when set at this size. */
export function widthOf(text: RichText, size: number, bold = false): number {
  let width = 0;
  for (const run of text) width += textWidth(run.text, faceOf(run, bold)) * run.scale;
  return width * size;
}

function faceOf(run: Run, bold: boolean): FaceName {
  if (bold) return run.italic ? 'boldItalic' : 'bold';
  return run.italic ? 'italic' : 'regular';
}

/**
 * Breaks the text into lines no wider than `width`, at common blanks outside formulas. A single longer word stands alone on
 * its line and juts out.
 */
export function wrapText(text: RichText, width: number, size: number, bold = false): readonly RichText[] {
  const lines: Run[][] = [];
  let line: Run[] = [];
  let used = 0;
  for (const { runs, blank } of words(text)) {
    const wordWidth = widthOf(runs, size, bold);
    const gap = blank ? widthOf([blank], size, bold) : 0;
    if (line.length > 0 && used + gap + wordWidth > width) {
      lines.push(line);
      line = [...runs];
      used = wordWidth;
    } else {
      if (blank && line.length > 0) line.push(blank);
      line.push(...runs);
      used += gap + wordWidth;
    }
  }
  if (line.length > 0) lines.push(line);
  return lines.map(joinAlike);
}

/** `wrapText` with lines of about equal length, for titles and labels: no word is left alone on the last line. */
export function wrapEvenly(text: RichText, width: number, size: number, bold = false): readonly RichText[] {
  let lines = wrapText(text, width, size, bold);
  const count = lines.length;
  for (let narrower = width * 0.97; narrower > width / 3; narrower *= 0.97) {
    const next = wrapText(text, narrower, size, bold);
    if (next.length > count || next.some((line) => widthOf(line, size, bold) > width)) break;
    lines = next;
  }
  return lines;
}

interface Word {
  runs: Run[];
  /** The blank in front of it. */
  readonly blank?: Run;
}

function words(text: RichText): readonly Word[] {
  const found: Word[] = [{ runs: [] }];
  for (const run of text) {
    if (run.maths) {
      found.at(-1)!.runs.push(run);
      continue;
    }
    const [head, ...rest] = run.text.split(/[ \t\n\r]+/);
    if (head !== '') found.at(-1)!.runs.push({ ...run, text: head });
    for (const part of rest) {
      found.push({ runs: part === '' ? [] : [{ ...run, text: part }], blank: { ...run, text: ' ' } });
    }
  }
  return found.filter((word) => word.runs.length > 0);
}

function joinAlike(line: RichText): RichText {
  const joined: Run[] = [];
  for (const run of line) {
    const last = joined.at(-1);
    if (last && last.italic === run.italic && last.scale === run.scale && last.rise === run.rise) {
      joined[joined.length - 1] = { ...last, text: last.text + run.text };
    } else {
      joined.push(run);
    }
  }
  return joined;
}

/** The text without any setting, for places that show plain characters only. */
export function plainText(source: string): string {
  return parseText(source)
    .map((run) => run.text)
    .join('');
}
