import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { UnitStore } from './built.js';

export interface CommandPlace {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A command with its arguments that ends in executing what follows them. */
  readonly through?: readonly string[];
}

/** A script that runs units, in a process of its own, which leads a group as a shell gives it. */
export class Command {
  readonly process: ChildProcess;
  /** Standard output and standard error, in the order in which they came. */
  output = '';

  constructor([script, ...args]: readonly string[], { cwd, env = process.env, through = [] }: CommandPlace = {}) {
    const [command, ...rest] = [...through, process.execPath, script, ...args];
    this.process = spawn(command, rest, { cwd, env, detached: true });
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.on('data', (text) => {
        this.output += text;
      });
    }
    onTestFinished(() => void this.process.kill('SIGKILL'));
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Waits until the output holds this text so many times. */
  async until(text: string, times = 1): Promise<void> {
    while (this.output.split(text).length <= times) {
      if (this.hasEnded) throw new Error(`ended without "${text}":\n${this.output}`);
      await sleep(10);
    }
  }

  /** Exit code, or the name of the signal. */
  async end(): Promise<number | string> {
    if (!this.hasEnded) await once(this.process, 'close');
    return this.process.exitCode ?? this.process.signalCode!;
  }

  /** Waits until no unit that it started runs any more: one may still be stored after the run was killed. */
  async endOfUnits(): Promise<void> {
    for (let tries = 0; this.children().length > 0; tries++) {
      if (tries > 300) throw new Error('units outlive their run');
      await sleep(10);
    }
  }

  /** The processes of units that it started. */
  children(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => isUnitOf(this.process.pid!, pid));
  }
}

export function isUnitOf(parent: number, pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`unit-process.js\0${parent}\0`);
  } catch {
    return false;
  }
}

/** The bytes of all results in a folder `results/EXPERIMENT/FOLDER`, by path; all but run.json must not change from run to run. */
export function lasting(root: string, experiment: string, folder: string): Record<string, string> {
  const results = join(root, 'results', experiment, folder);
  return Object.fromEntries(
    readdirSync(results, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'run.json')
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(results.length), readFileSync(path, 'latin1')]),
  );
}

/** The keys of the units in a store, each of them whole. @throws DamagedUnit when one is not */
export async function wholeUnits(directory: string): Promise<readonly string[]> {
  const store = new UnitStore(directory);
  const keys = existsSync(directory) ? await store.keys() : [];
  for (const key of keys) await store.load(await store.record(key));
  return keys;
}
