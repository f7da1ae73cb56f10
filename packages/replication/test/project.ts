import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Claim } from '../src/claim.js';
import type { ProfileName } from '../src/experiment.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The built command, as `node` takes it. */
export const commandScript = here('fixtures/cli.js');

/** What the command finds when whoever runs the tests has set nothing for it. */
export function ownEnvironment(): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !/^(HESSIAN_RMT_|NODE_OPTIONS|VITEST)/.test(name));
  return Object.fromEntries(own);
}

/** A repository of its own, with experiments of the fixtures or copies of the real ones, for the command to work in. */
export class Project {
  /** @param root  a folder that is empty or not there yet; by default a new one */
  constructor(
    experiments: readonly string[] = ['toy'],
    readonly root = mkdtempSync(join(tmpdir(), 'hessian-rmt-project-')),
  ) {
    mkdirSync(this.root, { recursive: true });
    writeFileSync(join(this.root, 'package.json'), JSON.stringify({ private: true, workspaces: ['experiments/*'] }));
    for (const name of experiments) {
      const places = ['fixtures/experiments', '../faults/fixtures/experiments', '../../../experiments'];
      const from = places.map((place) => here(`${place}/${name}`)).find(existsSync);
      cpSync(from!, join(this.root, 'experiments', name), { recursive: true });
    }
    symlinkSync(here('../../../node_modules'), join(this.root, 'node_modules'), 'dir');
  }

  /** Puts a ledger where a run would have left it. */
  store(experiment: string, profile: ProfileName, claims: readonly Claim[] | string): void {
    const folder = join(this.root, 'results', experiment, profile);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'claims.json'), typeof claims === 'string' ? claims : JSON.stringify(claims));
  }

  /** Run the built command here, as a user does. */
  run(...args: string[]): Promise<Outcome> {
    return this.runWith({}, ...args);
  }

  runWith(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Outcome> {
    const place = { cwd: this.root, env: { ...ownEnvironment(), ...environment } };
    return new Promise((resolve) => {
      execFile(process.execPath, [commandScript, ...args], place, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
