import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { init, parse } from 'es-module-lexer';
import { digestOf } from './canonical-json.js';

/** Everything a module runs, as far as its bytes can matter for a result. */
export interface SourceClosure {
  /** SHA-256 (hex) of all that follows. The same in every checkout: files are named by package, not by path. */
  readonly hash: string;
  /** SHA-256 of each own file, by `package/path/in/package.js`. */
  readonly files: Readonly<Record<string, string>>;
  /** Version of each external package; `absent` for an optional one that is not installed. */
  readonly packages: Readonly<Record<string, string>>;
  /** Major version of Node. */
  readonly node: string;
}

export interface ClosureOptions {
  /** Packages that are not followed. Default: plotting and replication, which draw and run, but do not compute. */
  readonly exclude?: readonly string[];
  /** What was read before, by path: closures of one run share most of their files. */
  readonly read?: Map<string, SourceFile>;
}

export interface SourceFile {
  readonly label: string;
  readonly sha256: string;
  readonly imports: readonly string[];
}

const scope = '@hessian-rmt/';
export const drawingAndRunning: readonly string[] = [`${scope}plotting`, `${scope}replication`];

/**
 * The built modules that a module imports, transitively, with their content; external packages by version.
 *
 * Followed: static imports, dynamic imports of a literal, `new URL('./file', import.meta.url)` (workers, WebAssembly),
 * `require` and `import.meta.resolve` of a literal. A specifier computed at run time cannot be seen, so nothing that
 * computes may use one. Node counts by its major version: within one, V8 (and so Math.exp, Math.tanh) stays the same.
 *
 * @param moduleUrl  `file:` URL of a built module
 * @throws Error naming the importing file if an import of ours does not resolve
 */
export async function sourceClosure(moduleUrl: string, options: ClosureOptions = {}): Promise<SourceClosure> {
  await init;
  const { exclude = drawingAndRunning, read = new Map<string, SourceFile>() } = options;
  const files: Record<string, string> = {};
  const packages: Record<string, string> = {};
  const pending = [realpathSync(fileURLToPath(moduleUrl))];
  const seen = new Set(pending);

  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const file = read.get(path) ?? readSource(path);
    read.set(path, file);
    files[file.label] = file.sha256;
    for (const specifier of file.imports) {
      if (isBuiltin(specifier) || exclude.includes(packageName(specifier))) continue;
      if (isOwn(specifier)) {
        const target = resolveOwn(specifier, path);
        if (!seen.has(target)) pending.push(target);
        seen.add(target);
      } else {
        packages[packageName(specifier)] ??= installedVersion(packageName(specifier), path);
      }
    }
  }
  const node = process.versions.node.split('.')[0];
  return { hash: digestOf({ files, packages, node }), files, packages, node };
}

function readSource(path: string): SourceFile {
  const content = readFileSync(path);
  const imports = /\.[cm]?js$/.test(path) ? importsOf(content.toString('utf8'), path) : [];
  return { label: labelOf(path), sha256: createHash('sha256').update(content).digest('hex'), imports };
}

function importsOf(source: string, path: string): string[] {
  const [imports] = parse(source, path);
  const found = imports.flatMap(({ n }) => (n === undefined ? [] : [n]));
  for (const [, literal] of source.matchAll(/\bnew URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g)) {
    // A folder, or a file that is made later, is not source.
    if (/\.\w+$/.test(literal) && existsSync(new URL(literal, pathToFileURL(path)))) found.push(literal);
  }
  for (const [, literal] of source.matchAll(callsThatLoad(source))) found.push(literal);
  return [...new Set(found)];
}

/** Calls of `import.meta.resolve`, and of `require` under whatever name `createRequire` gave it, with a literal. */
function callsThatLoad(source: string): RegExp {
  const names = [...source.matchAll(/(\w+)\s*=\s*createRequire\(/g)].map(([, name]) => name);
  const callees = ['import\\.meta\\.resolve', 'createRequire\\([^()]*\\)', ...names].join('|');
  return new RegExp(`\\b(?:${callees})(?:\\.resolve)?\\(\\s*['"]([^'"]+)['"]`, 'g');
}

function isOwn(specifier: string): boolean {
  return (
    specifier.startsWith('.') ||
    specifier.startsWith('/') ||
    specifier.startsWith('file:') ||
    specifier.startsWith(scope)
  );
}

function resolveOwn(specifier: string, importer: string): string {
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
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function installedVersion(name: string, importer: string): string {
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

/** `@hessian-rmt/curvature/dist/lanczos.js`: package name and path inside it. */
function labelOf(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) {
      return `${readManifest(folder).name ?? '.'}/${relative(folder, path).split(sep).join('/')}`;
    }
    if (folder === dirname(folder)) return path;
  }
}
