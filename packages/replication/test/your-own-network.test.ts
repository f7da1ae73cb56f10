import { execFile, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, expect, it, vi } from 'vitest';
import './built.js';
import { Project } from './project.js';

const page = readFileSync(new URL('../../../docs/your-own-network.md', import.meta.url), 'utf8');
const block = (language: string) => page.match(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm'))?.[1] ?? '';
const commands = [...page.matchAll(/^ {4}npx hessian-rmt (.*)$/gm)].map(([, line]) => wordsOf(line));
const [first, ...others] = commands;

// A process for each spectrum, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000 });

/** What the script of the page wrote with Debian's python3-torch 1.13. */
const project = new Project([]);
cpSync(fileURLToPath(new URL('fixtures/spectrum/four-clouds', import.meta.url)), project.root, { recursive: true });
writeFileSync(join(project.root, 'operator.mjs'), block('js'));
afterAll(() => project.remove());

function wordsOf(line: string): readonly string[] {
  return line.split(' ').map((word) => word.replaceAll("'", ''));
}

/** The lines of numbers, with single blanks: the first and the last tell the library and the time. */
function numbersOf(text: string): readonly string[] {
  const lines = text.trim().split('\n').slice(1, -1);
  return lines.map((line) => line.trim().replace(/ +/g, ' '));
}

it('the page’s first command prints what the page shows', async () => {
  const { code, stdout, stderr } = await project.run(...first);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const shown = page.match(/^ {4}Exact, [\s\S]*?^ {4}Wrote .*$/m)?.[0] ?? '';
  expect(numbersOf(shown).length).toBeGreaterThan(20);
  expect(numbersOf(stdout)).toEqual(numbersOf(shown));
});

it('its figure is the one of the page', () => {
  const drawn = readFileSync(join(project.root, 'hessian', 'figures', 'spectrum.svg'), 'utf8');
  const texts = (svg: string) => [...svg.matchAll(/>([^<>]+)</g)].map(([, text]) => text);
  const committed = readFileSync(new URL('../../../docs/your-own-network.svg', import.meta.url), 'utf8');
  expect(texts(drawn)).toEqual(texts(committed));
});

it('its other commands work, that of the operator too', async () => {
  expect(others).toHaveLength(4);
  for (const args of others) expect(await project.run(...args)).toMatchObject({ code: 0, stderr: '' });
});

it('its program prints what it says', async () => {
  const { outputText } = ts.transpileModule(block('ts'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  const program = join(project.root, 'program.mjs');
  writeFileSync(program, outputText);
  const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: project.root });
  expect(`// ${stdout.trim()}`).toBe(block('ts').trim().split('\n').at(-1));
});

const hasTorch = spawnSync('/usr/bin/python3', ['-c', 'import torch, numpy']).status === 0;

it.skipIf(!hasTorch)('its script trains in PyTorch what the command then reads (needs python3-torch)', async () => {
  const own = new Project([]);
  writeFileSync(join(own.root, 'train.py'), block('python'));
  await promisify(execFile)('/usr/bin/python3', ['train.py'], { cwd: own.root });
  const { code, stdout } = await own.run(...first, '--json');
  own.remove();
  expect(code).toBe(0);
  const { network, spectra } = JSON.parse(stdout);
  expect(network).toMatchObject({ widths: [20, 16, 4], activation: 'tanh' });
  expect(spectra[0]).toMatchObject({ size: 404, structuralZeros: { total: 17 } });
  // Five epochs make it good, in any version of PyTorch.
  expect(spectra[0].accuracy).toBeGreaterThan(0.9);
});
