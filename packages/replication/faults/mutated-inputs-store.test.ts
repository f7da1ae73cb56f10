import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { Durations } from '../src/durations.js';
import { experimentPackage, projectRoot } from '../src/find-experiments.js';
import { LastRuns } from '../src/last-run.js';
import { sumsOf } from '../src/results-directory.js';
import { RunCache } from '../src/run-cache.js';
import { type LockHolder, takeLock } from '../src/run-lock.js';
import { planRun } from '../src/run-plan.js';
import { printableMessage } from '../src/terminal.js';
import { DamagedUnit } from '../src/unit-store.js';
import { whyComputed } from '../src/why-computed.js';
import { Project } from '../test/project.js';
import { ingredients, key, result, storeWithUnit } from '../test/stored-unit.js';
import { temporaryFolder } from '../test/temporary.js';
import { runCampaign } from './campaign.js';
import { sized, tell } from './figures.js';
import { complaintAbout } from './judged-outcome.js';
import { damaged, damagedAnyhow } from './mutations.js';

// Cheap, and some damage is rare: a number of seconds below zero is one in a hundred of these.
const inputs = { long: 600, short: 20 };
async function storedUnit() {
  const { store, folder } = await storeWithUnit();
  return { store, files: readdirSync(folder).map((name) => join(folder, name)) };
}

test('every byte of a stored unit counts: whichever is altered, and however, is noticed', async () => {
  const { store, files } = await storedUnit();
  let positions = 0;
  let alterations = 0;
  const unnoticed: string[] = [];
  for (const file of files) {
    const valid = readFileSync(file);
    for (let at = 0; at < valid.length; at++) {
      positions++;
      // One bit, all bits, and what leaves JSON the same: another blank.
      const others = [valid[at] ^ (1 << (at % 8)), valid[at] ^ 255, 0x20, 0x09, 0x0a];
      for (const byte of new Set(others.slice(0, sized({ long: 5, short: 1 })))) {
        if (byte === valid[at]) continue;
        alterations++;
        const altered = Buffer.from(valid);
        altered[at] = byte;
        writeFileSync(file, altered);
        const error = await store.record(key).catch((thrown: unknown) => thrown);
        if (!(error instanceof DamagedUnit)) unnoticed.push(`${file}, byte ${at}: ${valid[at]} to ${byte}: ${error}`);
      }
    }
    writeFileSync(file, valid);
  }
  tell(
    'altered units',
    `${positions} bytes in ${files.length} files, ${alterations} alterations, ${unnoticed.length} unnoticed`,
  );
  expect(unnoticed).toEqual([]);
  expect((await store.load(await store.record(key))).numbers).toEqual(result.numbers);
});

test('stored units', async () => {
  const { store, files } = await storedUnit();
  const contents = files.map((file) => readFileSync(file));
  await runCampaign({
    kind: 'stored units',
    mutations: fc.oneof(
      ...contents.map((content, i) =>
        (files[i].endsWith('.json') ? damagedAnyhow(content.toString()) : damaged(content)).map((one) => ({
          ...one,
          name: `${i}: ${one.name}`,
        })),
      ),
    ),
    inputs,
    names: ['result.json', ...Object.keys(result.arrays).map((name) => `${name}.npy`)],
    async read({ name, bytes }) {
      const which = Number(name[0]);
      for (const [i, file] of files.entries()) writeFileSync(file, i === which ? bytes : contents[i]);
      const record = await store.record(key);
      return bytes.equals(contents[which]) ? undefined : `a unit of ${Object.keys(record).length} fields`;
    },
  });
});

test('records of runs in the cache: a damaged one counts as none, and what lies outside the folder is not written', async () => {
  const root = temporaryFolder();
  const [cache, folder] = [join(root, 'cache'), join(root, 'a', 'results')];
  mkdirSync(join(folder, 'figures'), { recursive: true });
  writeFileSync(join(folder, 'claims.json'), '[]');
  writeFileSync(join(folder, 'figures', 'figure-1.json'), '{}');
  const runs = new RunCache(cache);
  const sums = await sumsOf(folder);
  await runs.keep(key, folder, sums);
  const record = join(cache, 'runs', `${key}.json`);
  const valid = readFileSync(record, 'utf8');
  await runCampaign({
    kind: 'records of runs',
    mutations: damagedAnyhow(valid),
    inputs,
    names: [record],
    async read({ bytes }) {
      writeFileSync(record, bytes);
      const found = await runs.find(key);
      if (found !== undefined && !bytes.equals(Buffer.from(valid))) return 'a damaged record that is taken for one';
      return undefined;
    },
  });
});

test('durations: what is no time that a unit took is left out', async () => {
  const file = join(temporaryFolder(), 'durations.json');
  const durations = new Durations(file);
  durations.add(ingredients, 2);
  await durations.save();
  await runCampaign({
    kind: 'durations',
    mutations: damagedAnyhow(readFileSync(file, 'utf8')),
    inputs,
    names: [file],
    async read({ bytes }) {
      writeFileSync(file, bytes);
      const read = new Durations(file);
      const times = [read.ofEqual(ingredients), read.ofKind(ingredients)];
      return times.every((time) => time === undefined || (Number.isFinite(time) && time >= 0))
        ? undefined
        : `${times} seconds`;
    },
  });
});

test('inputs of the last run: a damaged record costs at most the reason why the next one computes', async () => {
  const project = new Project(['toy']);
  onTestFinished(() => project.remove());
  const plan = await planRun(experimentPackage(join(project.root, 'experiments/toy')), 'smoke', 1);
  const cache = temporaryFolder();
  const results = join(cache, 'results');
  const lastRuns = new LastRuns(cache);
  await lastRuns.remember(plan);
  const file = join(cache, 'last', 'toy', 'smoke.json');
  await runCampaign({
    kind: 'inputs of last runs',
    mutations: damagedAnyhow(readFileSync(file, 'utf8')),
    inputs,
    names: [file],
    async read({ bytes }) {
      writeFileSync(file, bytes);
      const because = whyComputed(plan, plan.units, await lastRuns.find('toy', 'smoke', results));
      return complaintAbout(printableMessage(because), ['']);
    },
  });
});

test('package.json of a repository and of an experiment', async () => {
  const root = temporaryFolder();
  const folder = join(root, 'experiments', 'toy');
  mkdirSync(folder, { recursive: true });
  const [ofRoot, ofToy] = [join(root, 'package.json'), join(folder, 'package.json')];
  const valid = {
    [ofRoot]: JSON.stringify({ private: true, workspaces: ['experiments/*'] }),
    [ofToy]: JSON.stringify({
      name: '@toy/toy',
      description: 'A toy',
      type: 'module',
      exports: { '.': { default: './index.js' } },
    }),
  };
  writeFileSync(join(folder, 'index.js'), 'export default { name: "toy", parts: [], unitKinds: [] };');
  await runCampaign({
    kind: 'package.json',
    mutations: fc.oneof(
      ...[ofRoot, ofToy].map((file, i) =>
        damagedAnyhow(valid[file]).map((one) => ({ ...one, name: `${i}: ${one.name}` })),
      ),
    ),
    inputs,
    // Without workspaces it is no repository, and where the built module is may be another place, where it is not.
    names: [ofRoot, ofToy, root],
    async read({ name, bytes }) {
      writeFileSync(ofRoot, name[0] === '0' ? bytes : valid[ofRoot]);
      writeFileSync(ofToy, name[0] === '1' ? bytes : valid[ofToy]);
      if (projectRoot(folder) !== root) return 'another root';
      const found = experimentPackage(folder);
      if (typeof found.description !== 'string') return 'a description that is no text';
      const experiment = await found.load();
      return experiment.name === 'toy' ? undefined : `an experiment ${experiment.name}`;
    },
  });
});

test('locks: a damaged one is taken over, waited for in words, or told by its name', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'lock');
  // No process has this number: Linux counts to 2^22.
  const holder = {
    pid: 2 ** 22 + 1,
    host: hostname(),
    processStart: '1',
    purpose: 'toy at smoke',
    since: '2026-01-01',
  };
  await runCampaign({
    kind: 'locks',
    mutations: damagedAnyhow(JSON.stringify(holder)),
    inputs: { long: 40, short: 3 },
    names: [file],
    async read({ bytes }) {
      writeFileSync(file, bytes);
      const waited: LockHolder[] = [];
      const signal = AbortSignal.timeout(400);
      const onWait = (one: LockHolder) => waited.push(one);
      try {
        (await takeLock(file, { purpose: 'mutated inputs', onWait, signal })).release();
        return existsSync(file) ? 'a lock that is not released' : undefined;
      } catch (error) {
        if (!signal.aborted) throw error;
        const [{ pid, host, purpose }] = waited;
        const told = `${purpose}, process ${pid} on ${host}`;
        return pid > 0 && !/undefined|object/.test(told) ? undefined : `waits for ${told}`;
      } finally {
        rmSync(file, { force: true });
      }
    },
  });
});
