import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type ExportSpecifier, type ImportSpecifier, ImportType, parse } from 'es-module-lexer';
import { labelOf } from './module-resolution.js';

/** What a built file contains and takes from others. */
export interface SourceFile {
  /** Package name and path inside the package. */
  readonly label: string;
  /** SHA-256 (hex) of its bytes. */
  readonly sha256: string;
  readonly imports: readonly Import[];
  /** What it exports by name. */
  readonly exports: ReadonlySet<string>;
  /** Specifiers of its `export * from`. */
  readonly stars: readonly string[];
  /** Present if the module does nothing but pass on what others export. */
  readonly barrel?: Barrel;
}

export interface Import {
  readonly specifier: string;
  /** The names taken, as the other module exports them; `all` also for what runs there without a name being taken. */
  readonly names: readonly string[] | 'all';
}

export interface Barrel {
  /** Where each name it exports is taken from. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Specifiers of imports for their effects alone: `import './register.js'`. */
  readonly effects: readonly string[];
}

export interface Origin {
  readonly specifier: string;
  /** `*` for the module as an object: `export * as laws from`. */
  readonly name: string;
}

/** To be called when es-module-lexer's `init` is through. */
export function readSource(path: string): SourceFile {
  const content = readFileSync(path);
  const file = { label: labelOf(path), sha256: createHash('sha256').update(content).digest('hex') };
  if (!/\.[cm]?js$/.test(path)) return { ...file, imports: [], exports: new Set(), stars: [] };
  const source = content.toString('utf8');
  const [imports, exports, onlyImportsAndExports, isModule] = parse(source, path);
  const statements = imports.flatMap((found) => statementOf(found, source));
  const barrel = onlyImportsAndExports && isModule ? barrelOf(statements, exports) : undefined;
  return {
    ...file,
    imports: [...statements.map(importOf), ...loads(source, path)],
    exports: new Set(exports.map(({ n }) => n)),
    stars: statements.filter(isStar).map(({ specifier }) => specifier),
    ...(barrel && { barrel }),
  };
}

/** An import, or an export that has a `from`. */
interface Statement {
  readonly specifier: string;
  readonly start: number;
  readonly keyword: 'import' | 'export';
  /** Empty for an import for its effects alone; undefined where it cannot be seen. */
  readonly takes: readonly Binding[] | undefined;
}

/** A name there, and what it is called here; `*` there for the module as an object, here for `export * from`. */
interface Binding {
  readonly there: string;
  readonly here: string;
}

function statementOf({ n, t, s, ss }: ImportSpecifier, source: string): Statement[] {
  if (n === undefined) return [];
  const keyword = source.startsWith('export', ss) ? 'export' : 'import';
  // The lexer tells where a statement begins and where its quoted specifier does: in between stands what it takes.
  const takes = t === ImportType.Static ? takenBy(source.slice(ss + keyword.length, s - 1)) : undefined;
  return [{ specifier: n, start: ss, keyword, takes }];
}

// A default import, then `*` with a name or a list in braces, then `from`. A name in quotes does not match.
const clause =
  /^\s*(?:([^\s,{}*'"]+)(?=\s*,|\s+from\b)\s*,?\s*)?(?:\*\s*(?:as\s+([^\s'"]+))?|\{([^{}'"]*)\})?\s*(?:\bfrom)?\s*$/;

function takenBy(text: string): Statement['takes'] {
  const plain = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ');
  const match = clause.exec(plain);
  if (!match) return undefined;
  const [, byDefault, namespace, list = ''] = match;
  const listed = list.split(',').filter((item) => item.trim() !== '');
  return [
    ...(byDefault ? [{ there: 'default', here: byDefault }] : []),
    ...(plain.includes('*') ? [{ there: '*', here: namespace ?? '*' }] : []),
    ...listed.map((item) => {
      const [there, here = there] = item.trim().split(/\s+as\s+/);
      return { there, here };
    }),
  ];
}

const isStar = ({ takes }: Statement): boolean => takes?.some(({ here }) => here === '*') ?? false;

function importOf({ specifier, takes = [] }: Statement): Import {
  const names = takes.map(({ there }) => there);
  return { specifier, names: names.length === 0 || names.includes('*') ? 'all' : names };
}

/** Undefined if a name comes from where this cannot see: then the module is no barrel, and counts as it stands. */
function barrelOf(statements: readonly Statement[], exports: readonly ExportSpecifier[]): Barrel | undefined {
  const origins = new Map<string, Origin>();
  for (const { n, ln, ss } of exports) {
    // `export { a } from` is a statement of its own; `export { a }` has a local name, which was imported.
    const candidates = statements.filter(({ keyword, start }) =>
      ln === undefined ? start === ss : keyword === 'import',
    );
    for (const { specifier, takes = [] } of candidates) {
      const binding = takes.find(({ here }) => here === (ln ?? n));
      if (binding) origins.set(n, { specifier, name: binding.there });
    }
    if (!origins.has(n)) return undefined;
  }
  if (statements.some(({ takes }) => takes === undefined)) return undefined;
  const effects = statements.filter(({ takes }) => takes?.length === 0).map(({ specifier }) => specifier);
  return { origins, effects };
}

/** What is loaded by calls: `new URL`, `import.meta.resolve` and `require` of a literal. */
function loads(source: string, path: string): Import[] {
  const found: string[] = [];
  for (const [, literal] of source.matchAll(/\bnew URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g)) {
    // A folder, or a file that is made later, is not source.
    if (/\.\w+$/.test(literal) && existsSync(new URL(literal, pathToFileURL(path)))) found.push(literal);
  }
  for (const [, literal] of source.matchAll(callsThatLoad(source))) found.push(literal);
  return [...new Set(found)].map((specifier) => ({ specifier, names: 'all' }));
}

/** Calls of `import.meta.resolve`, and of `require` under whatever name `createRequire` gave it, with a literal. */
function callsThatLoad(source: string): RegExp {
  const names = [...source.matchAll(/(\w+)\s*=\s*createRequire\(/g)].map(([, name]) => name);
  const callees = ['import\\.meta\\.resolve', 'createRequire\\([^()]*\\)', ...names].join('|');
  return new RegExp(`\\b(?:${callees})(?:\\.resolve)?\\(\\s*['"]([^'"]+)['"]`, 'g');
}
