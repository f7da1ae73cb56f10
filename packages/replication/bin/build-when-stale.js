import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';

/**
 * In a checkout, compiles the packages when a source is newer than what was compiled from it; elsewhere does nothing.
 *
 * Turbo could do this (`reproduce` depending on `build`), but arguments after `--` become part of the key of every
 * task in its graph, so that each new `--profile` would rebuild all packages.
 */
export function buildWhenStale(binFolder) {
  const root = path.resolve(binFolder, '../../..');
  if (!existsSync(path.join(root, 'turbo.json'))) return;
  const workspaces = ['packages', 'experiments'].flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .map((name) => path.join(root, folder, name))
      .filter((workspace) => existsSync(path.join(workspace, 'tsconfig.json'))),
  );
  if (!workspaces.some(isStale)) return;

  const lock = path.join(root, '.hessian-rmt', 'building');
  mkdirSync(path.dirname(lock), { recursive: true });
  if (!take(lock)) {
    waitFor(lock);
    if (!workspaces.some(isStale)) return;
    take(lock);
  }
  try {
    console.error('hessian-rmt: compiling the packages, since their sources are newer ...');
    const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const started = new Date();
    const built = spawnSync(process.execPath, [tsc, '-b', ...workspaces], { cwd: root, stdio: 'inherit' });
    if (built.status !== 0) process.exit(1);
    // Of a workspace of several projects, one may be older than a source of another.
    for (const workspace of workspaces.filter(isStale)) utimesSync(buildInfo(workspace), started, started);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function buildInfo(workspace) {
  return path.join(workspace, 'dist', '.tsbuildinfo');
}

function isStale(workspace) {
  const info = buildInfo(workspace);
  if (!existsSync(info)) return true;
  const compiled = statSync(info).mtimeMs;
  const sources = readdirSync(path.join(workspace, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return [...sources, path.join(workspace, 'tsconfig.json')].some((file) => statSync(file).mtimeMs > compiled);
}

/** A folder is made by one process only; the process id inside tells whether its maker still lives. */
function take(lock) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  mkdirSync(path.join(lock, String(process.pid)));
  return true;
}

function waitFor(lock) {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    let maker;
    try {
      maker = Number(readdirSync(lock)[0]);
    } catch {
      return;
    }
    if (maker && !existsSync(`/proc/${maker}`) && process.platform === 'linux') {
      rmSync(lock, { recursive: true, force: true });
      return;
    }
    Atomics.wait(pause, 0, 0, 100);
  }
}
