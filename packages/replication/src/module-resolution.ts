import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const scope = '@hessian-rmt/';

/** Is it a file of ours, that is followed, or a package from elsewhere, that counts by its version? */
export function isOwn(specifier: string): boolean {
  return (
    specifier.startsWith('.') ||
    specifier.startsWith('/') ||
    specifier.startsWith('file:') ||
    specifier.startsWith(scope)
  );
}

/**
 * Path of the built module behind a specifier of ours.
 *
 * @throws Error naming the importing file if there is none
 */
export function resolveOwn(specifier: string, importer: string): string {
  try {
    if (specifier.startsWith(scope)) return realpathSync(entryOf(specifier, importer));
    return realpathSync(fileURLToPath(new URL(specifier, pathToFileURL(importer))));
  } catch (cause) {
    throw new Error(`${importer} imports ${specifier}, which is not there. Are all packages built?`, { cause });
  }
}

/** The built module behind a package's specifier, whatever conditions this process resolves with (tests add `source`). */
function entryOf(specifier: string, importer: string): string {
  const name = packageName(specifier);
  const folder = packageFolder(name, importer);
  if (folder === undefined) throw new Error(`${name} is not installed`);
  const entry = readManifest(folder).exports?.[`.${specifier.slice(name.length)}`]?.default;
  if (entry === undefined) throw new Error(`${name} has no built export for ${specifier}`);
  return join(folder, entry);
}

/** `@scope/name` or `name`, without the path inside the package. */
export function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** `absent` for a package that is not installed where the importer looks for it. */
export function installedVersion(name: string, importer: string): string {
  const folder = packageFolder(name, importer);
  return folder === undefined ? 'absent' : (readManifest(folder).version ?? 'absent');
}

function packageFolder(name: string, importer: string): string | undefined {
  for (let folder = dirname(importer); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

interface PackageManifest {
  readonly name?: string;
  readonly version?: string;
  readonly exports?: Readonly<Record<string, { readonly default?: string }>>;
}

function readManifest(folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** `@hessian-rmt/curvature/dist/lanczos.js`: package name and path inside it, the same in every checkout. */
export function labelOf(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) {
      return `${readManifest(folder).name ?? '.'}/${relative(folder, path).split(sep).join('/')}`;
    }
    if (folder === dirname(folder)) return path;
  }
}
