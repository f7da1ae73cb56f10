import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

// A unit's key leaves out the modules of a package of which the unit takes no name (source-closure.ts), though Node loads
// them with the package's index. So they must not do anything then.

const packages = fileURLToPath(new URL('../..', import.meta.url));

/** The statements of a module that do something when it is loaded, and its imports that can have no other purpose. */
function effectsOf({ statements }: ts.SourceFile): ts.Statement[] {
  return statements.filter((statement) => {
    if (ts.isImportDeclaration(statement)) return statement.importClause === undefined;
    // `declare` is about types.
    if (ts.getCombinedModifierFlags(statement as ts.Declaration & ts.Statement) & ts.ModifierFlags.Ambient)
      return false;
    return !(
      ts.isExportDeclaration(statement) ||
      ts.isVariableStatement(statement) ||
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)
    );
  });
}

function parse(path: string, source = readFileSync(path, 'utf8')): ts.SourceFile {
  return ts.createSourceFile(path, source, ts.ScriptTarget.Latest);
}

/** The modules that are loaded with the first one, itself included. */
function loadedWith(path: string, modules = new Map<string, ts.SourceFile>()): Map<string, ts.SourceFile> {
  if (modules.has(path)) return modules;
  const module = parse(path);
  modules.set(path, module);
  for (const statement of module.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const { text } = (statement.moduleSpecifier ?? { text: '' }) as ts.StringLiteral;
    if (text.startsWith('.')) loadedWith(join(dirname(path), text.replace(/\.js$/, '.ts')), modules);
  }
  return modules;
}

test.each(['numerics', 'rmt', 'models', 'curvature', 'plotting', 'replication'])(
  'the modules behind the index of %s only declare',
  (name) => {
    const modules = loadedWith(join(packages, name, 'src', 'index.ts'));
    expect(modules.size).toBeGreaterThan(10);
    const found = [...modules].flatMap(([path, module]) =>
      effectsOf(module).map((statement) => `${relative(packages, path)}: ${statement.getText(module)}`),
    );
    expect(found).toEqual([]);
  },
);

test('a module that registers something when it is loaded would be found', () => {
  const source = `
    import './other.js';
    import { registerKernel } from 'elsewhere';
    const quiet = 1;
    registerKernel('Conv2D');
    if (quiet) globalThis.done = true;
    export function late() { registerKernel('Late'); }
  `;
  expect(effectsOf(parse('module.ts', source))).toHaveLength(3);
});
