import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type NpyData, readNpy, writeNpy } from '@hessian-rmt/numerics';
import { tryWriting, writing } from './cannot-write.js';
import { canonicalJson, digestOf, readableJson } from './canonical-json.js';
import type { Json, StoredArray, UnitResult, UnitUses } from './experiment.js';
import { fileSum } from './file-sum.js';
import { asideName, removeLeftovers } from './leftovers.js';
import { parseStoredJson } from './stored-json.js';
import { storeFormat, type UnitIngredients } from './unit-key.js';

/** What `result.json` says about one array of the unit. */
export interface ArrayRecord {
  /** NumPy's letter and size: `f8`, `f4`, `i4`, `u1`. */
  readonly type: string;
  readonly shape: readonly number[];
  /** SHA-256 (hex) of the .npy file. */
  readonly sha256: string;
}

/** The content of a finished unit's `result.json`. */
export interface UnitRecord {
  readonly key: string;
  readonly ingredients: UnitIngredients;
  /** What it took to compute. */
  readonly seconds: number;
  readonly numbers: UnitResult['numbers'];
  readonly arrays: Readonly<Record<string, ArrayRecord>>;
  readonly uses: UnitUses;
}

/** A stored unit that is not what was written. */
export class DamagedUnit extends Error {}

/** A unit's result that must not be stored. */
export class RefusedResult extends Error {}

/**
 * Finished units on the disk: `units/<2 hex>/<key>/` with `result.json` and one .npy file an array.
 *
 * A unit is written aside, flushed, and renamed, so what stands under a key is whole, whenever a run was killed. Several
 * processes may use one store: whoever finishes a unit last has written it.
 */
export class UnitStore {
  private readonly units: string;
  private readonly aside: string;

  /** @param directory  made when the first unit is written */
  constructor(readonly directory: string) {
    this.units = join(directory, 'units');
    this.aside = join(directory, 'aside');
  }

  has(key: string): boolean {
    return existsSync(join(this.folderOf(key), 'result.json'));
  }

  /**
   * What is known of a finished unit, after the sum of every file was checked.
   *
   * @throws DamagedUnit when a file is missing or has another sum than when it was written
   */
  async record(key: string): Promise<UnitRecord> {
    const folder = this.folderOf(key);
    const record = await this.written(key);
    for (const [name, { sha256 }] of Object.entries(record.arrays)) {
      const found = await fileSum(join(folder, `${name}.npy`)).catch((error) => error.code as string);
      if (found !== sha256) throw new DamagedUnit(`${name}.npy has not the sum it was written with (${found})`);
    }
    return record;
  }

  /** A finished unit with its arrays. @param record  as `record` gave it, with everything checked */
  async load({ key, numbers, uses, arrays }: UnitRecord): Promise<UnitResult> {
    const loaded: Record<string, StoredArray> = {};
    for (const name of Object.keys(arrays)) {
      loaded[name] = (await readNpy(join(this.folderOf(key), `${name}.npy`))) as StoredArray;
    }
    return { numbers, arrays: loaded, uses };
  }

  /**
   * Store a finished unit; one that stands under this key is replaced.
   *
   * @throws RefusedResult for NaN or Infinity, in numbers or arrays, and for an array that .npy does not hold
   * @throws CannotWrite when the disk does not take it; what stood under the key stays
   */
  async write(key: string, ingredients: UnitIngredients, result: UnitResult, seconds: number): Promise<void> {
    checkStorable(result);
    await this.guarded(() => this.writeAside(key, ingredients, result, seconds));
  }

  private async writeAside(
    key: string,
    ingredients: UnitIngredients,
    result: UnitResult,
    seconds: number,
  ): Promise<void> {
    const folder = join(this.aside, asideName());
    await mkdir(folder, { recursive: true });
    try {
      const arrays: Record<string, ArrayRecord> = {};
      for (const [name, { shape, data }] of Object.entries(result.arrays)) {
        const file = join(folder, `${name}.npy`);
        await writeNpy(file, { shape, data });
        arrays[name] = { type: typeOf(data), shape: [...shape], sha256: await fileSum(file) };
      }
      const { numbers, uses = {} } = result;
      await writeSynced(join(folder, 'result.json'), withSum({ key, ingredients, seconds, numbers, arrays, uses }));
      await syncFolder(folder);
      await this.moveInto(this.folderOf(key), folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Removes a unit in one step: what stands under a key stays whole, whenever this is killed. */
  async remove(key: string): Promise<void> {
    if (!existsSync(this.folderOf(key))) return;
    await mkdir(this.aside, { recursive: true });
    const removed = join(this.aside, asideName());
    await rename(this.folderOf(key), removed);
    await rm(removed, { recursive: true, force: true });
  }

  /** The keys of all stored units, sorted. */
  async keys(): Promise<readonly string[]> {
    const heads = await namesIn(this.units);
    const lists = await Promise.all(heads.map((head) => namesIn(join(this.units, head))));
    return lists.flat();
  }

  /**
   * What is written of a finished unit, without a look at its arrays.
   *
   * @throws DamagedUnit when that alone is damaged
   */
  async written(key: string): Promise<UnitRecord> {
    const file = join(this.folderOf(key), 'result.json');
    const text = await readFile(file, 'utf8').catch((error) => {
      throw error.code === 'ENOENT' ? new DamagedUnit('result.json is missing') : error;
    });
    return parseRecord(text, key);
  }

  /** Bytes of a unit's files. @throws Error when it is not there */
  async size(key: string): Promise<number> {
    const folder = this.folderOf(key);
    const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  /** Where a unit's files stand: `result.json`, and one .npy file an array. */
  folderOf(key: string): string {
    return join(this.units, key.slice(0, 2), key);
  }

  /**
   * Removes what runs that were killed left half-written, and tries whether units can be stored: better now than after
   * hours of computing.
   *
   * @throws CannotWrite when they cannot
   */
  async prepare(): Promise<void> {
    await this.guarded(async () => {
      await removeLeftovers(this.aside);
      await mkdir(this.aside, { recursive: true });
      await tryWriting(join(this.aside, asideName()));
    });
  }

  /** As far as that is possible: the next run does it again. */
  async removeLeftovers(): Promise<void> {
    await removeLeftovers(this.aside).catch(() => {});
  }

  private guarded<T>(work: () => Promise<T>): Promise<T> {
    return writing('Finished units', this.directory, 'Those that stand there are kept.', work);
  }

  private async moveInto(target: string, folder: string): Promise<void> {
    const parent = join(target, '..');
    await mkdir(parent, { recursive: true });
    try {
      await rename(folder, target);
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      const replaced = join(this.aside, asideName());
      await rename(target, replaced);
      await rename(folder, target);
      await rm(replaced, { recursive: true, force: true });
    }
    await syncFolder(parent);
  }
}

/** The record as text, with a digest of itself, so that damage to it is noticed too. */
function withSum(record: UnitRecord): string {
  const body = { format: storeFormat, ...record } as unknown as Json & object;
  return readableJson({ ...body, digest: digestOf(body) } as Json);
}

function parseRecord(text: string, key: string): UnitRecord {
  const record = recordIn(text);
  const { digest, ...body } = record;
  if (digest !== digestOf(body)) throw new DamagedUnit('result.json has not the digest it was written with');
  // Of the same value there are other texts; the one that was written is the only one that nobody altered.
  if (text !== readableJson(record)) {
    throw new DamagedUnit('result.json is not as it was written, though it says the same');
  }
  if (body.key !== key) throw new DamagedUnit(`result.json belongs to the unit ${body.key}`);
  return body as unknown as UnitRecord;
}

function recordIn(text: string): { readonly [name: string]: Json } {
  try {
    const record = parseStoredJson(text, 'result.json');
    canonicalJson(record);
    return Object(record);
  } catch {
    throw new DamagedUnit('result.json is not JSON of finite numbers');
  }
}

function checkStorable(result: UnitResult): void {
  // Units are often JavaScript.
  if (typeof result?.numbers !== 'object' || typeof result.arrays !== 'object') {
    throw refused(
      `expected an object with numbers and arrays; found ${inspect(result, { depth: 0, breakLength: Number.POSITIVE_INFINITY })}`,
    );
  }
  const { numbers, arrays } = result;
  try {
    canonicalJson(numbers, 'numbers');
  } catch (error) {
    throw refused((error as Error).message);
  }
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    if (!/^\w[\w.-]*$/.test(name)) throw refused(`"${name}" does not do for the name of a file`);
    const elements = shape.reduce((product, length) => product * length, 1);
    if (elements !== data.length) throw refused(`${name} of shape (${shape}) has ${data.length} elements`);
    if (data instanceof Int32Array || data instanceof Uint8Array) continue;
    const broken = data.findIndex((value: number) => !Number.isFinite(value));
    if (broken >= 0) throw refused(`${name}[${broken}] is ${data[broken]}; expected a finite number`);
  }
}

function refused(reason: string): RefusedResult {
  return new RefusedResult(`This result cannot be stored: ${reason}`);
}

function typeOf(data: NpyData): string {
  const letter =
    data instanceof Float64Array || data instanceof Float32Array ? 'f' : data instanceof Uint8Array ? 'u' : 'i';
  return `${letter}${data.BYTES_PER_ELEMENT}`;
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? (await readdir(folder)).sort() : [];
}

/** A rename lasts when the folder is flushed too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
