import { DataFileError } from '../data/data-file-error.js';
import { shortJson } from '../short-json.js';

/** Where the header says that a tensor's bytes are, counted from the end of the header. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Bytes of an element, by the format's names of types. */
const elementBytes: ReadonlyMap<string, number> = new Map([
  ...['F64', 'I64', 'U64', 'C64'].map((type) => [type, 8] as const),
  ...['F32', 'I32', 'U32'].map((type) => [type, 4] as const),
  ...['F16', 'BF16', 'I16', 'U16'].map((type) => [type, 2] as const),
  ...['BOOL', 'I8', 'U8', 'F8_E4M3', 'F8_E5M2', 'F8_E8M0'].map((type) => [type, 1] as const),
]);

/**
 * The entries of a safetensors header, in the order of their bytes.
 *
 * @param dataBytes  length of what follows the header: the tensors fill it without overlap and without holes
 * @throws DataFileError naming file and tensor
 */
export function parseSafetensorsHeader(json: string, dataBytes: number, file: string): SafetensorsEntry[] {
  let header: unknown;
  try {
    header = JSON.parse(json);
  } catch (error) {
    throw new DataFileError(file, 'a header in JSON', (error as Error).message);
  }
  if (!isRecord(header)) throw new DataFileError(file, 'a header with an entry for each tensor', json.slice(0, 40));
  checkNamesOnce(json, file);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => entryOf(name, entry, file))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(entries, dataBytes, file);
  return entries;
}

function entryOf(name: string, entry: unknown, file: string): SafetensorsEntry {
  const wrong = (expected: string, found: unknown) =>
    new DataFileError(file, `${expected} of tensor "${name}"`, shortJson(found));
  if (!isRecord(entry)) throw wrong('dtype, shape and data_offsets', entry);
  const { dtype, shape, data_offsets: offsets } = entry;
  const bytes = typeof dtype === 'string' ? elementBytes.get(dtype) : undefined;
  if (bytes === undefined) throw wrong(`a dtype among ${[...elementBytes.keys()].join(', ')}`, dtype);
  if (!isSizes(shape)) throw wrong('a shape of integers, not negative,', shape);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw wrong('data_offsets, begin and end,', offsets);
  }
  const [begin, end] = offsets;
  const wanted = shape.reduce((product, length) => product * length, bytes);
  if (end - begin !== wanted) {
    throw wrong(`${wanted} bytes, as ${dtype} of shape (${shape.join(', ')}) takes,`, end - begin);
  }
  return { name, type: dtype as string, shape, begin, end };
}

function checkCover(entries: readonly SafetensorsEntry[], dataBytes: number, file: string): void {
  let end = 0;
  let before = 'the header';
  for (const entry of entries) {
    const fault = entry.begin < end ? 'they overlap' : 'there is a hole';
    if (entry.begin !== end) {
      const expected = `tensor "${entry.name}" to begin at byte ${end}, where ${before} ends`;
      throw new DataFileError(file, expected, `byte ${entry.begin}: ${fault}`);
    }
    end = entry.end;
    before = `tensor "${entry.name}"`;
    if (end > dataBytes) {
      const found = `${dataBytes} bytes (truncated)`;
      throw new DataFileError(file, `${end} bytes of data, where ${before} ends`, found);
    }
  }
  if (end !== dataBytes) {
    throw new DataFileError(file, `${end} bytes of data, where ${before} ends`, `${dataBytes} bytes (trailing bytes)`);
  }
}

/** Of two entries of the same name `JSON.parse` keeps the last and does not tell. */
function checkNamesOnce(json: string, file: string): void {
  const names = new Set<string>();
  for (const name of keysOf(json)) {
    if (names.has(name)) throw new DataFileError(file, 'each name once', `tensor "${name}" again`);
    names.add(name);
  }
}

/** The keys of the outermost object, repeated ones too, of text that is known to be JSON. */
function* keysOf(json: string): Generator<string> {
  let depth = 0;
  let keyNext = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    if (character === '"') {
      const start = i;
      for (i++; json[i] !== '"'; i++) if (json[i] === '\\') i++;
      if (keyNext) yield JSON.parse(json.slice(start, i + 1));
      keyNext = false;
    } else if (character === '{' || character === ',') keyNext = depth === 1;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
