import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '@hessian-rmt/numerics';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DamagedUnit, UnitStore } from '../src/unit-store.js';
import { Project } from '../test/project.js';
import { sized, tell } from './figures.js';

// A run of the toys at smoke, made once. Each test alters a copy of it, one byte at a time.
const made = new Project(['toy', 'chained-toy']);
let project: Project;
beforeAll(async () => {
  expect((await made.run('reproduce', '--profile', 'smoke')).code).toBe(0);
}, 120_000);
afterAll(() => made.remove());
beforeEach(() => {
  project = new Project(['toy', 'chained-toy']);
  for (const folder of ['results', '.hessian-rmt']) {
    cpSync(join(made.root, folder), join(project.root, folder), { recursive: true });
  }
});
afterEach(() => project.remove());

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
const store = () => new UnitStore(join(project.root, '.hessian-rmt'));
const random = randomStream(20_261_122, 'altered files');

/** One byte with another value than it has. */
function alter(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] ^= 1 + random.integer(255);
  writeFileSync(file, bytes);
}

test('whichever byte of a stored unit is altered, to whichever value, the unit is known to be damaged', async () => {
  let [alterations, noticed, files] = [0, 0, 0];
  for (const key of await store().keys()) {
    for (const file of filesUnder(store().folderOf(key))) {
      files++;
      const whole = readFileSync(file);
      for (let at = 0; at < whole.length; at += sized({ long: 1, short: 11 })) {
        alter(file, at);
        alterations++;
        const found = await store()
          .record(key)
          .catch((error: Error) => error);
        if (found instanceof DamagedUnit && !/undefined|\bat .*:\d+/.test(found.message)) noticed++;
        writeFileSync(file, whole);
      }
      await expect(store().record(key)).resolves.toMatchObject({ key });
    }
  }
  tell('one byte of a stored unit altered', `${noticed} of ${alterations} noticed, in ${files} files of units`);
  expect(noticed).toBe(alterations);
  expect(files).toBeGreaterThan(3);
});

test('reproduce and verify name an altered unit; reproduce computes it again and leaves the results as they were', async () => {
  const rounds = sized({ long: 12, short: 2 });
  const results = filesUnder(join(project.root, 'results', 'toy'));
  const before = new Map(results.map((file) => [file, readFileSync(file)]));
  const unitFiles = filesUnder(join(project.root, '.hessian-rmt', 'units'));
  let [verified, reproduced] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const file = unitFiles[random.integer(unitFiles.length)];
    alter(file, random.integer(statSync(file).size));
    const verify = await project.run('verify', '--cores', '1');
    if (verify.code === 1 && verify.stdout.includes('damaged: ')) verified++;
    const run = await project.run('reproduce', '--profile', 'smoke', '--cores', '1');
    expect(run.code, run.stderr).toBe(0);
    if (/Damaged in the store/.test(run.stdout + run.stderr)) reproduced++;
    expect((await project.run('verify', '--cores', '1')).code).toBe(0);
  }
  const changed = results.filter((file) => !file.endsWith('run.json') && !readFileSync(file).equals(before.get(file)!));
  tell(
    'one byte of a stored unit altered',
    `verify named ${verified} of ${rounds}, reproduce named ${reproduced}; ${changed.length} of ${results.length} result files differ after it`,
  );
  expect([verified, reproduced, changed]).toEqual([rounds, rounds, []]);
});

test('an altered file of the results is put back by reproduce, and not blessed by figures', async () => {
  const folder = join(project.root, 'results', 'toy', 'smoke');
  const files = filesUnder(folder).filter((_, i) => sized({ long: true, short: i % 3 === 1 }));
  let [restored, refused, drawn, data] = [0, 0, 0, 0];
  for (const file of files) {
    const whole = readFileSync(file);
    alter(file, random.integer(whole.length));
    const altered = readFileSync(file);
    const isPicture = /\.(svg|png)$/.test(file);
    const isRecord = /(manifest|run)\.json$/.test(file);
    if (!isRecord) {
      const figures = await project.run('figures', 'toy', '--profile', 'smoke');
      if (isPicture) drawn += Number(figures.code === 0 && readFileSync(file).equals(whole));
      else {
        data++;
        refused += Number(figures.code === 1 && figures.stderr.includes(file) && readFileSync(file).equals(altered));
      }
      writeFileSync(file, altered);
    }
    const run = await project.run('reproduce', 'toy', '--profile', 'smoke', '--json');
    expect(run.code, run.stderr).toBe(0);
    restored += Number(JSON.parse(run.stdout)[0].status === 'restored' && readFileSync(file).equals(whole));
  }
  const pictures = files.filter((file) => /\.(svg|png)$/.test(file)).length;
  tell(
    'one byte of a results file altered',
    `reproduce put back ${restored} of ${files.length}; figures refused ${refused} of ${data} data files, drew ${drawn} of ${pictures} pictures again`,
  );
  expect([restored, refused, drawn]).toEqual([files.length, data, pictures]);
  expect(existsSync(join(folder, 'manifest.json'))).toBe(true);
});
