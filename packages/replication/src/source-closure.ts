import { realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { init } from 'es-module-lexer';
import { digestOf } from './canonical-json.js';
import { installedVersion, isOwn, packageName, resolveOwn } from './module-resolution.js';
import { type Import, readSource, type SourceFile } from './source-file.js';

export type { SourceFile } from './source-file.js';

/** Everything a module runs, as far as its bytes can matter for a result. */
export interface SourceClosure {
  /** SHA-256 (hex) of all that follows. The same in every checkout: files are named by package, not by path. */
  readonly hash: string;
  /** SHA-256 of each own file, by `package/path/in/package.js`. */
  readonly files: Readonly<Record<string, string>>;
  /** Where the names lead that are taken from barrels: `package/barrel.js#name` to `package/module.js#name`. */
  readonly names: Readonly<Record<string, string>>;
  /** Version of each external package; `absent` for an optional one that is not installed. */
  readonly packages: Readonly<Record<string, string>>;
  /** Major version of Node. */
  readonly node: string;
}

export interface ClosureOptions {
  /**
   * Packages that are not followed. Default, for a unit: plotting and replication, which draw and run, but do not compute;
   * what replication gives to a unit counts all the same. Where replication is followed, all of it counts: it is what runs.
   */
  readonly exclude?: readonly string[];
  /** What was read before, by path: closures of one run share most of their files. */
  readonly read?: Map<string, SourceFile>;
}

const replication = '@hessian-rmt/replication';
const drawingAndRunning: readonly string[] = ['@hessian-rmt/plotting', replication];

/** What replication puts into a unit's hands (UnitContext): it computes, whether the unit imports it or not. */
const givenToUnits: Import = { specifier: '@hessian-rmt/numerics', names: ['linearAlgebra', 'randomStream'] };
/** What runs and draws an experiment, whatever of it the experiment imports. */
const runner: Import = { specifier: replication, names: 'all' };

/**
 * The built modules that a module imports, transitively, with their content; external packages by version.
 *
 * Followed: static imports, dynamic imports of a literal, `new URL('./file', import.meta.url)` (workers, WebAssembly),
 * `require` and `import.meta.resolve` of a literal. A specifier computed at run time cannot be seen, so nothing that
 * computes may use one. Node counts by its major version: within one, V8 (and so Math.exp, Math.tanh) stays the same.
 *
 * A barrel, a module that does nothing but pass on what others export, is followed name by name: of a package's index
 * count the modules that define the names taken, and where they were found, but neither its text nor the other modules.
 * That is sound since the modules of our packages do nothing when they are loaded (a test holds them to it); what a barrel
 * imports for its effects counts always. Whatever else is imported is taken whole, and so is a barrel that is imported as an object or dynamically.
 *
 * @param moduleUrl  `file:` URL of a built module
 * @throws Error naming the importing file if an import of ours does not resolve, or a barrel lacks a name
 */
export async function sourceClosure(moduleUrl: string, options: ClosureOptions = {}): Promise<SourceClosure> {
  await init;
  const { exclude = drawingAndRunning, read = new Map<string, SourceFile>() } = options;
  const walk = new Walk(exclude, read);
  walk.takeWhole(realpathSync(fileURLToPath(moduleUrl)));
  walk.follow(exclude.includes(replication) ? givenToUnits : runner, fileURLToPath(import.meta.url));
  const { files, names, packages } = walk.finish();
  const node = process.versions.node.split('.')[0];
  return { hash: digestOf({ files, names, packages, node }), files, names, packages, node };
}

/** A module and a name it exports, `*` for the module as an object; by specifier if it is from elsewhere. */
interface Place {
  readonly name: string;
  readonly path?: string;
  readonly specifier: string;
}

class Walk {
  private readonly files: Record<string, string> = {};
  private readonly names: Record<string, string> = {};
  private readonly packages: Record<string, string> = {};
  /** Paths that are taken whole, some of which have still to be gone through. */
  private readonly whole = new Set<string>();
  private readonly pending: string[] = [];

  constructor(
    private readonly exclude: readonly string[],
    private readonly read: Map<string, SourceFile>,
  ) {}

  finish(): Pick<SourceClosure, 'files' | 'names' | 'packages'> {
    for (let path = this.pending.pop(); path !== undefined; path = this.pending.pop()) {
      const file = this.source(path);
      this.files[file.label] = file.sha256;
      for (const taken of file.imports) this.follow(taken, path);
    }
    return { files: this.files, names: this.names, packages: this.packages };
  }

  takeWhole(path: string): void {
    if (!this.whole.has(path)) this.pending.push(path);
    this.whole.add(path);
  }

  follow({ specifier, names }: Import, importer: string): void {
    if (this.isOutside(specifier)) {
      this.count(specifier, importer);
      return;
    }
    const path = resolveOwn(specifier, importer);
    const { barrel, label } = this.source(path);
    if (!barrel || names === 'all') {
      this.takeWhole(path);
      return;
    }
    for (const name of names) {
      const place = this.find(name, path);
      if (!place) {
        throw new Error(`${importer} imports ${name} from ${specifier}, which has none. Are all packages built?`);
      }
      this.names[`${label}#${name}`] =
        `${place.path === undefined ? place.specifier : this.source(place.path).label}#${place.name}`;
      if (place.path !== undefined) this.takeWhole(place.path);
    }
  }

  /** The module that has a name which another exports, through all barrels in between; undefined if there is none. */
  private find(name: string, path: string, seen = new Set<string>()): Place | undefined {
    const step = `${path}#${name}`;
    if (seen.has(step)) return undefined;
    seen.add(step);
    const { barrel, exports, stars } = this.source(path);
    for (const specifier of barrel?.effects ?? []) this.follow({ specifier, names: 'all' }, path);
    const origin = barrel?.origins.get(name);
    if (origin) return this.step(origin.specifier, origin.name, path, seen);
    const here: Place = { name, path, specifier: path };
    if (exports.has(name)) return here;
    if (name === 'default') return undefined;
    // What a package from elsewhere exports is not known: it is asked last, and then it has the name.
    for (const specifier of [...stars].sort((a, b) => Number(this.isOutside(a)) - Number(this.isOutside(b)))) {
      const place = this.step(specifier, name, path, seen);
      if (place) return barrel ? place : here;
    }
    return undefined;
  }

  private step(specifier: string, name: string, importer: string, seen: Set<string>): Place | undefined {
    if (this.isOutside(specifier)) {
      this.count(specifier, importer);
      return { name, specifier };
    }
    const path = resolveOwn(specifier, importer);
    return name === '*' ? { name, path, specifier } : this.find(name, path, seen);
  }

  private isOutside(specifier: string): boolean {
    return !isOwn(specifier) || this.exclude.includes(packageName(specifier));
  }

  private count(specifier: string, importer: string): void {
    const name = packageName(specifier);
    if (isBuiltin(specifier) || this.exclude.includes(name)) return;
    this.packages[name] ??= installedVersion(name, importer);
  }

  private source(path: string): SourceFile {
    const file = this.read.get(path) ?? readSource(path);
    this.read.set(path, file);
    return file;
  }
}
