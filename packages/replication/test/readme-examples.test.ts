import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, expect, it } from 'vitest';
import './built.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const names = readdirSync(join(root, 'packages')).filter((name) => !name.startsWith('.'));
const readme = (name: string) => readFileSync(join(root, 'packages', name, 'README.md'), 'utf8');
const example = (name: string) => readme(name).match(/^```ts\n([\s\S]*?)^```$/m)?.[1] ?? '';
const declarations = (name: string) => join(root, 'packages', name, 'dist', 'index.d.ts');

/** A project of a user: the packages are installed in it, as they were built, and every example is a module of it. */
const project = mkdtempSync(join(tmpdir(), 'hessian-rmt-readme-'));
afterAll(() => rmSync(project, { recursive: true, force: true }));
const moduleOf = (name: string, extension: 'ts' | 'js') => join(project, name, `example.${extension}`);

symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'dir');
writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
for (const name of names) {
  mkdirSync(join(project, name));
  writeFileSync(moduleOf(name, 'ts'), example(name));
}

// Compiled with the options of the packages.
const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8'));
const { options } = ts.convertCompilerOptionsFromJson(
  { ...compilerOptions, composite: false, declaration: false },
  root,
);
const typeRoots = [join(root, 'node_modules', '@types')];
const files = names.flatMap((name) => [moduleOf(name, 'ts'), declarations(name)]);
const program = ts.createProgram(files, { ...options, typeRoots });
program.emit();

it('the examples of the READMEs are typed as strictly as the packages are', () => {
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : '';
    return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(problems).toEqual([]);
});

const libraries = [
  { library: '', algebra: 'the library that is found' },
  { library: 'portable', algebra: 'portable linear algebra' },
];
it.each(names.flatMap((name) => libraries.map((choice) => ({ name, ...choice }))))(
  'the example of $name prints what its comments say, with $algebra',
  async ({ name, library }) => {
    const code = example(name);
    const calls = [...code.matchAll(/console\.log\(.*\);\n((?: *\/\/ .*\n)+)/g)];
    expect(calls.length, 'a call of console.log has what it prints in the lines below').toBe(
      code.split('console.log(').length - 1,
    );
    const printed = calls.flatMap(([, comments]) => comments.match(/(?<=\/\/ ).*/g)!);
    expect(printed).not.toEqual([]);
    const { stdout } = await promisify(execFile)(process.execPath, [moduleOf(name, 'js')], {
      cwd: join(project, name),
      env: { ...process.env, HESSIAN_RMT_BLAS: library },
    });
    expect(stdout.trimEnd().split('\n')).toEqual(printed);
  },
);

it.each(names)('the table of %s names everything that the package exports, and nothing else', (name) => {
  const checker = program.getTypeChecker();
  const entry = checker.getSymbolAtLocation(program.getSourceFile(declarations(name))!)!;
  const exported = checker.getExportsOfModule(entry).map((symbol) => symbol.name);
  const firstCells = readme(name).match(/^\| `[^|]*(?=\|)/gm) ?? [];
  const named = firstCells.flatMap((cell) => cell.match(/(?<=`)\w+(?=`)/g)!);
  expect(named.sort()).toEqual(exported.sort());
});
