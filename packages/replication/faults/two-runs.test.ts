import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RandomStream, randomStream } from '@hessian-rmt/numerics';
import { expect, onTestFinished, test } from 'vitest';
import { lasting, wholeUnits } from '../test/command.js';
import { Project } from '../test/project.js';
import { sized, tell } from './figures.js';
import { leftAside, WitnessedRun } from './witnessed-run.js';

/** Milliseconds within which the runs of a round begin: planning takes about as long. */
const spread = 400;

interface Asked {
  readonly profile: 'smoke' | 'quick';
  readonly seed: number;
}

/** Runs in one repository, all of the same experiment. */
class Rivals {
  readonly project = new Project(['toy']);
  private count = 0;

  constructor(private readonly random: RandomStream) {
    onTestFinished(() => this.project.remove());
  }

  private start({ profile, seed }: Asked): WitnessedRun {
    const args = ['reproduce', 'toy', '--profile', profile, '--seed', `${seed}`, '--cores', '1'];
    return new WitnessedRun(this.project, join(this.project.root, `witness-${this.count++}`), args);
  }

  /** All of them, each a little after the one before. */
  async startAll(asked: readonly Asked[]): Promise<readonly WitnessedRun[]> {
    const runs: WitnessedRun[] = [];
    for (const one of asked) {
      runs.push(this.start(one));
      await sleep((spread / asked.length) * this.random.uniform());
    }
    return runs;
  }

  get stored(): Promise<readonly string[]> {
    return wholeUnits(join(this.project.root, '.hessian-rmt'));
  }

  /** What a folder of results was made with, and its files. */
  results({ profile }: Asked) {
    const files = lasting(this.project.root, 'toy', profile);
    return { seed: JSON.parse(files['/manifest.json']).seed as number, files };
  }
}

/** What the same run gives when it is alone, by profile and seed. */
async function alone(asked: readonly Asked[]): Promise<ReadonlyMap<string, Record<string, string>>> {
  const found = new Map<string, Record<string, string>>();
  for (const { profile, seed } of asked) {
    const rivals = new Rivals(randomStream(seed));
    const [run] = await rivals.startAll([{ profile, seed }]);
    expect(await run.end(), run.output).toBe(0);
    found.set(`${profile} ${seed}`, rivals.results({ profile, seed }).files);
  }
  return found;
}

/** Each run wrote results in one go: between its first and its last call there was none of another. */
function expectOneAfterAnother(runs: readonly WitnessedRun[]): void {
  const calls = runs.flatMap((run, i) =>
    run.calls.filter(({ isUnit, path }) => !isUnit && path.includes('/results/toy/')).map(({ at }) => ({ at, run: i })),
  );
  const order = calls.sort((a, b) => a.at - b.at).map(({ run }) => run);
  const turns = order.filter((run, i) => run !== order[i - 1]);
  expect(turns).toEqual([...new Set(turns)]);
}

const rounds = sized({ long: 12, short: 1 });

test('runs at once on the same results, of any seeds and profiles, write one after another, compute no unit twice, and leave what each gives alone', async () => {
  const kinds: readonly Asked[] = [
    { profile: 'smoke', seed: 1 },
    { profile: 'smoke', seed: 2 },
    { profile: 'quick', seed: 1 },
  ];
  const expected = await alone(kinds);
  const random = randomStream(1, 'two runs');
  let runsInAll = 0;
  let waited = 0;
  let round = 0;
  // On a busy machine one run may be over before the other has begun: then once more.
  for (; round < rounds || (waited === 0 && round < rounds + 3); round++) {
    const rivals = new Rivals(random);
    // Two or three of them, the same one twice among others.
    const asked = Array.from({ length: 2 + random.integer(2) }, () => kinds[random.integer(kinds.length)]);
    const runs = await rivals.startAll(asked);
    for (const run of runs) expect(await run.end(), run.output).toBe(0);
    runsInAll += runs.length;
    waited += runs.filter(({ output }) => output.includes('Waiting for another run here')).length;
    expectOneAfterAnother(runs);
    const begun = runs.flatMap((run) => run.begun);
    expect([...begun].sort()).toEqual([...(await rivals.stored)].sort());
    for (const one of asked) {
      const { seed, files } = rivals.results(one);
      expect(files).toEqual(expected.get(`${one.profile} ${seed}`));
      expect(asked.some((other) => other.profile === one.profile && other.seed === seed)).toBe(true);
    }
    expect(leftAside(rivals.project.root)).toEqual([]);
  }
  tell(
    'runs at once',
    `${runsInAll} runs in ${round} rounds, ${waited} waited; no unit computed twice, all results as if alone`,
  );
  expect(waited).toBeGreaterThan(0);
});

test.skipIf(process.platform !== 'linux')(
  'of three runs at once the one at work is killed: another takes over its lock, and all results are whole',
  async () => {
    const asked: readonly Asked[] = [
      { profile: 'quick', seed: 1 },
      { profile: 'quick', seed: 1 },
      { profile: 'smoke', seed: 2 },
    ];
    const expected = await alone(asked);
    const random = randomStream(1, 'three runs');
    const slowest: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const rivals = new Rivals(random);
      const runs = await rivals.startAll(asked);
      const lock = join(rivals.project.root, '.hessian-rmt/lock');
      const holder = () => (existsSync(lock) ? JSON.parse(readFileSync(lock, 'utf8')).pid : undefined);
      while (holder() === undefined) {
        expect(
          runs.some(({ hasEnded }) => !hasEnded),
          'one run takes the lock',
        ).toBe(true);
        await sleep(5);
      }
      await sleep(random.uniform() * 500);
      const victim = runs.find((run) => run.process.pid === holder()) ?? runs.find((run) => !run.hasEnded)!;
      victim.process.kill('SIGKILL');
      const killed = performance.now();
      expect(await victim.end()).toBe('SIGKILL');
      await victim.endOfUnits();
      const others = runs.filter((run) => run !== victim);
      for (const run of others) expect(await run.end(), run.output).toBe(0);
      slowest.push(performance.now() - killed);
      expectOneAfterAnother(others);
      // Those that the victim had begun and not finished, and only those, were begun again.
      const stored = await rivals.stored;
      const begun = runs.flatMap((run) => run.begun);
      const twice = begun.length - new Set(begun).size;
      expect(twice).toBeLessThanOrEqual(1);
      expect(new Set(others.flatMap((run) => run.begun)).size).toBeLessThanOrEqual(stored.length);

      const again = await rivals.startAll([asked[runs.indexOf(victim)]]);
      expect(await again[0].end(), again[0].output).toBe(0);
      for (const one of asked) expect(rivals.results(one).files).toEqual(expected.get(`${one.profile} ${one.seed}`));
      expect(leftAside(rivals.project.root)).toEqual([]);
    }
    tell(
      'three runs, one killed',
      `${rounds} rounds, the lock taken over in each; no finished unit computed again, all results as if alone`,
    );
  },
);
