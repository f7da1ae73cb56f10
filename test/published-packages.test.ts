import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * The packages as npm would publish them: packed, installed into an empty project together with what they need from the
 * registry, type-checked there, and used by the examples of their READMEs.
 */
interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

const names = readdirSync('packages').filter((name) => !name.startsWith('.'));
const project = mkdtempSync(path.join(tmpdir(), 'hessian-rmt-published-'));
afterAll(() => rmSync(project, { recursive: true, force: true }));

const run = promisify(execFile);
const canInstall = registryAnswers();
if (!canInstall) console.warn('no registry answers: the packages are packed, but not installed');

let packed: readonly Packed[] = [];
beforeAll(async () => {
  for (const name of names) {
    if (!existsSync(path.join('packages', name, 'dist', 'index.js'))) {
      throw new Error(`packages/${name} is not built: run \`npm run build\` first.`);
    }
  }
  const { stdout } = await run('npm', [
    'pack',
    '--json',
    `--pack-destination=${project}`,
    ...names.map((name) => `--workspace=packages/${name}`),
  ]);
  packed = Object.values(JSON.parse(stdout));
}, 120_000);

describe.each(names)('the package %s', (name) => {
  const own = () => packed.find((one) => one.name === `@hessian-rmt/${name}`)!;

  it('holds what is built, its README and its licence, and no tests, data or state of the compiler', () => {
    const paths = own().files.map((file) => file.path);
    expect(paths).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'dist/index.js']));
    expect(paths.filter((file) => !/^(dist|bin)\/|^(package\.json|README\.md|LICENSE)$/.test(file))).toEqual([]);
    expect(paths.filter((file) => !/\.(ts|js|css)$/.test(file) && file.startsWith('dist/'))).toEqual([]);
    expect(paths.filter((file) => /(^|\/)(test|bench|fixtures)\//.test(file))).toEqual([]);
    // A data set or results that slipped in would be more.
    expect(own().unpackedSize).toBeLessThan(1.5e6);
  });

  it('holds every file that its exports and its command lead to', () => {
    const manifest = JSON.parse(readFileSync(path.join('packages', name, 'package.json'), 'utf8'));
    const targets = Object.values(manifest.exports as Record<string, Record<string, string>>).flatMap((entry) => [
      entry.types,
      entry.default,
    ]);
    const paths = own().files.map((file) => `./${file.path}`);
    const commands = Object.values((manifest.bin ?? {}) as Record<string, string>).map((file) => `./${file}`);
    expect(paths).toEqual(expect.arrayContaining([...targets, ...commands]));
  });
});

describe.skipIf(!canInstall)('an empty project with the packages installed', () => {
  const example = (name: string) =>
    readFileSync(path.join('packages', name, 'README.md'), 'utf8').match(/^```ts\n([\s\S]*?)^```$/m)?.[1] ?? '';
  const moduleOf = (name: string, extension: string) => path.join(project, `${name}.${extension}`);

  beforeAll(async () => {
    const dependencies = Object.fromEntries(packed.map(({ name, filename }) => [name, `file:./${filename}`]));
    writeFileSync(path.join(project, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: project });
    mkdirSync(path.join(project, 'work'));
    for (const name of names) writeFileSync(moduleOf(name, 'ts'), example(name));
  }, 300_000);

  it('compiles the examples of the READMEs strictly, with the declarations that are installed', () => {
    const { options } = ts.convertCompilerOptionsFromJson(
      { target: 'ES2022', module: 'NodeNext', moduleResolution: 'NodeNext', strict: true, types: ['node'] },
      project,
    );
    const typeRoots = [path.resolve('node_modules', '@types')];
    const modules = names.map((name) => moduleOf(name, 'ts'));
    const program = ts.createProgram(modules, { ...options, skipLibCheck: true, typeRoots });
    program.emit();
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
    expect(problems).toEqual([]);
    const used = program.getSourceFiles().map((file) => file.fileName);
    expect(used.some((file) => file.includes(`${project}/node_modules/@hessian-rmt/`))).toBe(true);
    expect(used.some((file) => file.startsWith(path.resolve('packages')))).toBe(false);
  });

  it.each(names)('the example of %s prints what its comments say', async (name) => {
    const printed = [...example(name).matchAll(/console\.log\(.*\);\n((?: *\/\/ .*\n)+)/g)].flatMap(
      ([, comments]) => comments.match(/(?<=\/\/ ).*/g)!,
    );
    expect(printed).not.toEqual([]);
    const { stdout } = await run(process.execPath, [moduleOf(name, 'js')], { cwd: path.join(project, 'work') });
    expect(stdout.trimEnd().split('\n')).toEqual(printed);
  });

  it('has the command hessian-rmt', async () => {
    const command = path.join(project, 'node_modules', '.bin', 'hessian-rmt');
    const { stdout } = await run(command, ['--help'], { cwd: path.join(project, 'work') });
    expect(stdout).toContain('hessian-rmt doctor');
  });

  it('computes the spectrum of a network in files', async () => {
    const command = path.join(project, 'node_modules', '.bin', 'hessian-rmt');
    const fixture = (name: string) => path.resolve('packages/replication/test/fixtures/spectrum', name);
    const files = [fixture('model.npz'), '--data', fixture('x.npy'), '--labels', fixture('y.npy')];
    const options = ['--activation', 'tanh', '--out', 'spectrum', '--json'];
    const cwd = path.join(project, 'work');
    const { stdout } = await run(command, ['spectrum', ...files, ...options], { cwd });
    const { hessian, loss } = JSON.parse(readFileSync(fixture('reference.json'), 'utf8'));
    const { spectra, files: written } = JSON.parse(stdout);
    expect(spectra[0].loss).toBeCloseTo(loss, 12);
    expect(spectra[0].largest).toBeCloseTo(hessian.at(-1), 10);
    for (const file of written) expect(existsSync(path.join(cwd, 'spectrum', file))).toBe(true);
  });
});

function registryAnswers(): boolean {
  try {
    execFileSync('npm', ['view', 'koffi', 'version', '--fetch-retries=0', '--fetch-timeout=10000'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
