import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readNpz, toFloat64, writeNpz } from '@hessian-rmt/numerics';
import type { OrthonormalRows } from './orthonormal-rows.js';
import { emptyRecurrence, type LanczosRecurrence, truncated } from './recurrence.js';

/** Where a Lanczos process keeps itself: one vector a step, so that a step costs the same at any depth. */
export interface LanczosCheckpoint {
  /** For errors. */
  readonly name: string;
  /** What was saved last, undefined if nothing was. */
  load(): Promise<LanczosRecurrence | undefined>;
  /** Basis vector number i, from 0. */
  loadVector(i: number): Promise<Float64Array>;
  /**
   * After k steps: the recurrence, and basis vector number k (the start vector for k = 0; of an invariant space one that
   * is not used). A process that is killed in here must leave what was saved before, or this.
   */
  save(done: LanczosRecurrence, vector: Float64Array): Promise<void>;
}

/**
 * A checkpoint in a folder, which is made when something is saved: `recurrence.npz`, and `vector-<i>.npz` with one basis
 * vector each (8 size bytes), all written atomically and read by their CRC-32.
 *
 * @param identity  what was computed (operator, weights, data): a folder of another identity is refused. The start vector
 *   is compared in any case.
 */
export function lanczosFiles(folder: string, identity = ''): LanczosCheckpoint {
  const recurrence = join(folder, 'recurrence.npz');
  const vectorFile = (i: number) => join(folder, `vector-${`${i}`.padStart(4, '0')}.npz`);
  const numbers = (data: readonly number[]) => ({ shape: [data.length], data: Float64Array.from(data) });
  return {
    name: folder,

    async load() {
      if (!(await exists(recurrence))) return undefined;
      const arrays = await readNpz(recurrence, ['identity', 'size', 'alpha', 'beta', 'asymmetry']);
      const found = Buffer.from(toFloat64(arrays.identity)).toString();
      if (found !== identity)
        throw new Error(`${recurrence}: expected a checkpoint of "${identity}", found "${found}".`);
      const [alpha, beta, asymmetry] = [arrays.alpha, arrays.beta, arrays.asymmetry].map((a) => [...toFloat64(a)]);
      if (beta.length !== alpha.length || asymmetry.length !== alpha.length) {
        throw new Error(
          `${recurrence}: expected alpha, beta and asymmetry of one length, ` +
            `found ${alpha.length}, ${beta.length} and ${asymmetry.length}.`,
        );
      }
      return { size: toFloat64(arrays.size)[0], alpha, beta, asymmetry };
    },

    async loadVector(i) {
      const { vector } = await readNpz(vectorFile(i), ['vector']);
      return toFloat64(vector);
    },

    async save(done, vector) {
      await mkdir(folder, { recursive: true });
      // First the vector: a recurrence never speaks of one that is not there.
      await writeNpz(vectorFile(done.alpha.length), { vector: { shape: [vector.length], data: vector } });
      const bytes = Uint8Array.from(Buffer.from(identity));
      await writeNpz(recurrence, {
        identity: { shape: [bytes.length], data: bytes },
        size: numbers([done.size]),
        alpha: numbers(done.alpha),
        beta: numbers(done.beta),
        asymmetry: numbers(done.asymmetry),
      });
    },
  };
}

/**
 * Reads what a checkpoint holds into the basis, as far as it has room; a new one gets the start vector.
 *
 * @returns the steps done, and the vector that the next product is of
 * @throws Error if the checkpoint is of another size or another start vector
 */
export async function resumeFrom(
  checkpoint: LanczosCheckpoint,
  basis: OrthonormalRows,
  start: Float64Array,
): Promise<{ readonly done: LanczosRecurrence; readonly next: Float64Array }> {
  const { size, capacity } = basis;
  const kept = await checkpoint.load();
  if (kept === undefined) {
    const done = emptyRecurrence(size);
    await checkpoint.save(done, start);
    return { done, next: start };
  }
  if (kept.size !== size) {
    throw new Error(
      `${checkpoint.name}: expected vectors of length ${size}, found ${kept.size}: it is of another run.`,
    );
  }
  const done = truncated(kept, Math.min(kept.alpha.length, capacity));
  let next = await vectorOf(checkpoint, size, 0);
  if (next.some((value, i) => value !== start[i])) {
    throw new Error(`${checkpoint.name}: vector 0 is not the start vector asked for: it is of another run.`);
  }
  while (basis.count < done.alpha.length) {
    basis.append(next);
    if (basis.count < capacity) next = await vectorOf(checkpoint, size, basis.count);
  }
  return { done, next };
}

async function vectorOf(checkpoint: LanczosCheckpoint, size: number, i: number): Promise<Float64Array> {
  const vector = await checkpoint.loadVector(i);
  if (vector.length === size) return vector;
  throw new Error(`${checkpoint.name}: expected vector ${i} to have length ${size}, found ${vector.length}.`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
