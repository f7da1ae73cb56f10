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
  const bundled = path.resolve(binFolder, '..');
  const isSomeStale = () => workspaces.some(isStale) || isBundleStale(root, bundled);
  if (!isSomeStale()) return;

  const lock = path.join(root, '.hessian-rmt', 'building');
  mkdirSync(path.dirname(lock), { recursive: true });
  if (!take(lock)) {
    waitFor(lock);
    if (!isSomeStale()) return;
    take(lock);
  }
  try {
    console.error('hessian-rmt: compiling the packages, since their sources are newer ...');
    const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const started = new Date();
    run([tsc, '-b', ...workspaces], root);
    // Of a workspace of several projects, one may be older than a source of another.
    for (const workspace of workspaces.filter(isStale)) utimesSync(buildInfo(workspace), started, started);
    if (isBundleStale(root, bundled)) run([path.join(bundled, 'bundle.js')], root);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function buildInfo(workspace) {
  return path.join(workspace, 'dist', '.tsbuildinfo');
}

function run(script, cwd) {
  if (spawnSync(process.execPath, script, { cwd, stdio: 'inherit' }).status !== 0) process.exit(1);
}

/** The script of the results page is made of these folders. */
function isBundleStale(root, bundled) {
  const bundle = path.join(bundled, 'dist', 'page.css');
  if (!existsSync(bundle)) return true;
  const made = statSync(bundle).mtimeMs;
  const sources = [path.join(bundled, 'src', 'page'), path.join(root, 'packages', 'plotting', 'src')];
  return [...sources.flatMap(filesUnder), path.join(bundled, 'bundle.js')].some(
    (file) => statSync(file).mtimeMs > made,
  );
}

function isStale(workspace) {
  const info = buildInfo(workspace);
  if (!existsSync(info)) return true;
  const compiled = statSync(info).mtimeMs;
  return [...filesUnder(path.join(workspace, 'src')), path.join(workspace, 'tsconfig.json')].some(
    (file) => statSync(file).mtimeMs > compiled,
  );
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
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
