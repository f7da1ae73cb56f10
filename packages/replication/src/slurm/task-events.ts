import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { TaskEvent } from '../executor.js';
import { places, type Submission } from './submission.js';

/** What a task told of a unit, when by its own clock, and on which node. */
export type ToldEvent = TaskEvent & { readonly time: string; readonly node: string };

/** Milliseconds between two reports of one unit's progress: thousands of tasks write to one file system (our choice). */
const progressInterval = 10_000;

/** Where a task tells what happens to its units: a line of JSON each. A task that is started again goes on in the same file. */
export class EventWriter {
  private readonly file: number;
  private readonly told = new Map<string, number>();

  constructor(
    path: string,
    private readonly node = process.env.SLURMD_NODENAME ?? hostname(),
  ) {
    mkdirSync(dirname(path), { recursive: true });
    const goesOn = existsSync(path);
    this.file = openSync(path, 'a');
    // What an earlier start of the task was writing when it was killed must not take this line with it.
    if (goesOn) writeSync(this.file, '\n');
  }

  write(event: TaskEvent): void {
    if (event.type === 'progress') {
      const now = performance.now();
      if (now - (this.told.get(event.key) ?? Number.NEGATIVE_INFINITY) < progressInterval) return;
      this.told.set(event.key, now);
    }
    writeSync(this.file, `${JSON.stringify({ time: new Date().toISOString(), node: this.node, ...event })}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** Reads what tasks tell, each line once. */
export class EventReader {
  /** Bytes read of each file, up to the end of a line. */
  private readonly read = new Map<string, number>();

  constructor(private readonly directory: string) {}

  /** What a task has told since it was asked last, in the order of its file. */
  next(array: string, task: number): readonly ToldEvent[] {
    const path = join(this.directory, places.events(array, task));
    const from = this.read.get(path) ?? 0;
    const bytes = bytesFrom(path, from);
    const end = bytes.lastIndexOf(10) + 1;
    if (end === 0) return [];
    this.read.set(path, from + end);
    return bytes
      .subarray(0, end)
      .toString()
      .split('\n')
      .flatMap((line) => eventOf(line) ?? []);
  }
}

/** All tasks of a submission that have been submitted, by array and index. */
export function submittedTasks({
  arrays,
}: Pick<Submission, 'arrays'>): { readonly array: string; readonly task: number }[] {
  return arrays.flatMap(({ id, jobs }) =>
    jobs.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => ({ array: id, task: first + i }))),
  );
}

/** Undefined for a line that was not written to its end, and for one that no task wrote. */
function eventOf(line: string): ToldEvent | undefined {
  try {
    const event = JSON.parse(line);
    const { type, key, node, time } = event;
    const isTold = [key, node].every((text) => typeof text === 'string') && Number.isFinite(Date.parse(time));
    return isTold && holdsWhatItsTypeTells[type]?.(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

const holdsWhatItsTypeTells: Readonly<Record<string, (event: Readonly<Record<string, unknown>>) => boolean>> = {
  started: () => true,
  progress: ({ fraction, doing }) => Number.isFinite(fraction) && typeof doing === 'string',
  finished: ({ seconds }) => Number.isFinite(seconds),
  failed: ({ reason }) => typeof reason === 'string',
};

function bytesFrom(path: string, from: number): Buffer {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
}
