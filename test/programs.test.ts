import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

const folder = path.resolve('docs/programs');
const programs = readdirSync(folder).filter((name) => name.endsWith('.ts'));
const packages = readdirSync('packages').filter((name) => !name.startsWith('.'));

// Programs write into the folder they are run in.
const start = process.cwd();
const scratch = mkdtempSync(path.join(tmpdir(), 'hessian-rmt-programs-'));
beforeAll(() => process.chdir(scratch));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  process.chdir(start);
  rmSync(scratch, { recursive: true, force: true });
});

it('there is a program for every package, and its README lists them all', () => {
  expect(programs).toEqual(expect.arrayContaining(packages.map((name) => `${name}.ts`)));
  const listed = [...readFileSync(path.join(folder, 'README.md'), 'utf8').matchAll(/^\| \[(.*?)\]/gm)];
  expect(listed.map(([, name]) => name).sort()).toEqual([...programs].sort());
});

it('the programs are typed as strictly as the packages are', () => {
  const { config } = ts.readConfigFile(path.join(folder, 'tsconfig.json'), ts.sys.readFile);
  const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  expect(errors).toEqual([]);
  expect(fileNames.length).toBe(programs.length);
  // Against the sources of the packages, so that nothing has to be built.
  const { rootDir: _, ...others } = options;
  const typeRoots = [path.join(start, 'node_modules/@types')];
  const program = ts.createProgram(fileNames, { ...others, noEmit: true, customConditions: ['source'], typeRoots });
  const ofPrograms = program.getSourceFiles().filter(({ fileName }) => path.dirname(fileName) === folder);
  expect(ofPrograms.length).toBe(programs.length);
  const problems = ofPrograms.flatMap((file) => ts.getPreEmitDiagnostics(program, file));
  expect(
    problems.map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  ).toEqual([]);
});

const libraries = [
  { library: '', algebra: 'the library that is found' },
  { library: 'portable', algebra: 'portable linear algebra' },
];
it.each(programs.flatMap((name) => libraries.map((choice) => ({ name, ...choice }))))(
  '$name prints what its comments say, with $algebra',
  async ({ name, library }) => {
    const printed: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    vi.stubEnv('HESSIAN_RMT_BLAS', library);
    // The query makes it another module: it runs anew.
    await import(`${path.join(folder, name)}?library=${library}`);
    log.mockRestore();
    const code = readFileSync(path.join(folder, name), 'utf8');
    const calls = [...code.matchAll(/console\.log\((?:.*|\n[\s\S]*?\n)\);\n(?:\s*\}\n)?((?: *\/\/ .*\n)+)/g)];
    expect(calls.length, 'a call of console.log has what it prints in the lines below').toBe(
      code.split('console.log(').length - 1,
    );
    const expected = calls.flatMap(([, comments]) => comments.match(/(?<=\/\/ ).*/g)!);
    expect(printed).toEqual(expected);
  },
);
