import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Python interpreter that has NumPy, or undefined, with a line saying so. */
export const python = ['python3', '/usr/bin/python3'].find((candidate) => {
  try {
    execFileSync(candidate, ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (python === undefined) console.warn('No python3 with NumPy found: the tests against NumPy are skipped.');

/** Runs a script with NumPy as np, in a folder; answers what it prints. */
export function runNumpy(script: string, folder: string): string {
  return execFileSync(python!, ['-c', `import numpy as np\n${script}`], { cwd: folder, encoding: 'utf8' });
}

/** Runs with a new folder, which is removed afterwards. */
export async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'numerics-test-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
