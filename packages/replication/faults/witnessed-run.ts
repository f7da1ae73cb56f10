import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from '../test/command.js';
import { commandScript, ownEnvironment, type Project } from '../test/project.js';

/** A call that changes the disk, just before it was made. */
export interface DiskCall {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly call: 'mkdir' | 'rename' | 'rm' | 'copyFile' | 'link' | 'open' | 'write' | 'writeFile';
  readonly path: string;
  readonly isUnit: boolean;
  /** The run was killed in the middle of it. */
  readonly struck?: boolean;
}

/** SIGKILL in the middle of a call that changes the disk: one of the run's own, or of a unit that it computes. */
export type Strike = {
  /** Number of the call, from 0. */
  readonly call: number;
  /** Kill the process with all those that it started. */
  readonly tree: boolean;
} & (
  | {
      readonly process: 'run';
      /** Calls count from when a folder of this name was made so many times. */
      readonly mark: string;
      readonly marks: number;
    }
  | {
      readonly process: 'unit';
      /** Of the units that this run begins, from 0. */
      readonly number: number;
    }
);

const witness = fileURLToPath(new URL('./fixtures/witness.cjs', import.meta.url));

/** The command in a project, with a witness in each of its processes: what was begun, what was written, and how far. */
export class WitnessedRun extends Command {
  /** @param log  file that is not there yet */
  constructor(
    project: Project,
    private readonly log: string,
    args: readonly string[],
    strike?: Strike,
  ) {
    const env = {
      ...ownEnvironment(),
      NODE_OPTIONS: `--require=${witness}`,
      WITNESS_LOG: log,
      WITNESS_STRIKE: strike ? JSON.stringify(strike) : '',
    };
    super([commandScript, ...args], { cwd: project.root, env });
  }

  /** Keys of the units that were begun. */
  get begun(): readonly string[] {
    return this.told().flatMap(({ begun }) => begun ?? []);
  }

  get calls(): readonly DiskCall[] {
    return this.told().flatMap((told) => (told.call === undefined ? [] : [told as DiskCall]));
  }

  private told(): readonly (Partial<DiskCall> & { readonly begun?: string })[] {
    if (!existsSync(this.log)) return [];
    const lines = readFileSync(this.log, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  }
}

/** What a run that ended leaves nowhere in a repository: files and folders written aside, locks, unfinished units. */
export function leftAside(root: string): readonly string[] {
  const folders = ['results', '.hessian-rmt'].filter((name) => existsSync(join(root, name)));
  return folders
    .flatMap((name) =>
      readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((path) => join(name, path)),
    )
    .filter((path) => /\.tmp$|\.new$|\.old$|\/lock|^\.hessian-rmt\/(aside|unfinished)\/./.test(path));
}

/**
 * The same after a run that resumed a dead one. If it found everything done it waited for nobody and tidied nothing: that
 * is left to the next run that writes, so one follows then, to put a file of the results back.
 */
export async function leftAfter(
  resumed: Command,
  root: string,
  results: string,
  again: () => Command,
): Promise<readonly string[]> {
  const left = leftAside(root);
  if (left.length === 0 || !resumed.output.includes('Cache hit, nothing to do')) return left;
  rmSync(join(results, 'claims.md'));
  await again().end();
  return leftAside(root);
}
