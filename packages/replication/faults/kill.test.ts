import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomStream } from '@hessian-rmt/numerics';
import { expect, onTestFinished, test } from 'vitest';
import { UnitStore } from '../test/built.js';
import { lasting, wholeUnits } from '../test/command.js';
import { Project } from '../test/project.js';
import { sized, tell } from './figures.js';
import { type Moment, randomMoments } from './moments.js';
import { leftAfter, type Strike, WitnessedRun } from './witnessed-run.js';

const seed = 1;
const cores = 2;
const kills = sized({ long: 50, short: 6 });
const experiments = sized({
  long: ['free-probability-index', 'gauss-newton-outliers', 'spacing-statistics', 'true-vs-empirical-broadening'],
  short: ['gauss-newton-outliers'],
});

const phases = ['planning', 'computing', 'storing', 'drawing', 'renaming', 'after'] as const;
type Phase = (typeof phases)[number];

/** What a chain of kills and resumes came to. */
class Tally {
  readonly killed = new Map<Phase, number>();
  /** Kills that took everything the run had started with them. */
  trees = 0;
  resumes = 0;
  /** Finished units that a kill found in the store, over all kills. */
  kept = 0;
  readonly lost: number[] = [];
  files = 0;
  bytes = 0;
  differing = 0;

  get kills(): number {
    return this.lost.length;
  }

  tell(): void {
    const byPhase = phases.map((phase) => `${this.killed.get(phase) ?? 0} ${phase}`).join(', ');
    tell('kill -9', `${this.kills} kills (${byPhase}; ${this.trees} of the whole tree), ${this.resumes} resumes`);
    const lost = this.lost.reduce((sum, one) => sum + one, 0);
    tell(
      'kill -9',
      `${this.kept} finished units stood in the store after kills, none was computed again; ` +
        `${lost} in flight lost, at most ${Math.max(0, ...this.lost)} by a kill`,
    );
    tell('kill -9', `${this.differing} of ${this.bytes} bytes in ${this.files} files differ from an unbroken run's`);
  }
}

/** Runs of one experiment in one repository that are killed again and again. */
class KilledRuns {
  readonly project: Project;
  private readonly store: string;
  private runs = 0;

  constructor(private readonly experiment: string) {
    this.project = new Project([experiment]);
    onTestFinished(() => this.project.remove());
    this.store = join(this.project.root, '.hessian-rmt');
  }

  start(strike?: Strike): WitnessedRun {
    const args = ['reproduce', this.experiment, '--profile', 'smoke', '--seed', `${seed}`, '--cores', `${cores}`];
    return new WitnessedRun(this.project, join(this.project.root, `witness-${this.runs++}`), args, strike);
  }

  /** A run that is killed at this moment, or ended before. */
  async killed(moment: Moment, planningTime: number, unitTime: number): Promise<WitnessedRun> {
    const run = this.start(strikeOf(moment, await this.stored()));
    if (moment.aim === 'planning') await sleep(moment.delay * planningTime);
    if (moment.aim === 'computing') {
      while (!run.hasEnded && (await this.stored()) < moment.stored) await sleep(5);
      await run.until(' units, ').catch(() => {});
      await sleep(moment.delay * unitTime);
    }
    if ('delay' in moment && !run.hasEnded) process.kill(moment.tree ? -run.process.pid! : run.process.pid!, 'SIGKILL');
    await run.end();
    await run.endOfUnits();
    return run;
  }

  async stored(): Promise<number> {
    return existsSync(this.store) ? (await new UnitStore(this.store).keys()).length : 0;
  }

  /** Every finished unit, whole, with what tells it from another that was put in its place. */
  async finished(): Promise<ReadonlyMap<string, string>> {
    const store = new UnitStore(this.store);
    const identity = (key: string) => {
      const { ino, mtimeMs } = statSync(store.folderOf(key));
      return `${ino} ${mtimeMs}`;
    };
    return new Map((await wholeUnits(this.store)).map((key) => [key, identity(key)]));
  }
}

function strikeOf(moment: Moment, stored: number): Strike | undefined {
  const { tree } = moment;
  if (moment.aim === 'storing') {
    return { process: 'unit', number: Math.max(0, moment.stored - stored), call: moment.call, tree: true };
  }
  if (moment.aim === 'drawing' || moment.aim === 'after') {
    // The folder is made once to try whether it can be written, and once to be filled.
    return { process: 'run', mark: '.smoke.new', marks: 2, call: moment.call, tree };
  }
  return undefined;
}

/** What the run was at when it was killed, by what it had told and done. */
function phaseOf(run: WitnessedRun): Phase {
  const { calls } = run;
  const struck = calls.find((call) => call.struck);
  if (struck?.isUnit) return 'storing';
  const own = calls.filter(({ isUnit }) => !isUnit);
  const placed = own.findIndex(({ call, path }) => call === 'rename' && path.endsWith('/smoke'));
  if (placed >= 0) return own[placed].struck ? 'renaming' : 'after';
  if (own.filter(({ call, path }) => call === 'mkdir' && path.endsWith('/.smoke.new')).length > 1) return 'drawing';
  return run.output.includes(' units, ') ? 'computing' : 'planning';
}

/** What an unbroken run gives, and how long it takes for what. */
async function unbroken(experiment: string) {
  const runs = new KilledRuns(experiment);
  const started = performance.now();
  const run = runs.start();
  await run.until(' units, ');
  const planningTime = performance.now() - started;
  expect(await run.end(), run.output).toBe(0);
  const units = await runs.stored();
  const own = run.calls.filter(({ isUnit }) => !isUnit);
  const filled = own.findLastIndex(({ call, path }) => call === 'mkdir' && path.endsWith('/.smoke.new'));
  const placed = own.findLastIndex(({ call, path }) => call === 'rename' && path.endsWith('/smoke'));
  const course = { units, drawingCalls: placed - filled, calls: own.length - 1 - filled };
  const unitTime = (cores * (performance.now() - started - planningTime)) / units;
  return { results: lasting(runs.project.root, experiment, 'smoke'), course, planningTime, unitTime };
}

function differingBytes(found: Record<string, string>, expected: Record<string, string>): number {
  const files = new Set([...Object.keys(found), ...Object.keys(expected)]);
  return [...files].reduce((sum, file) => {
    const [a = '', b = ''] = [found[file], expected[file]];
    const both = Math.min(a.length, b.length);
    let differing = Math.max(a.length, b.length) - both;
    for (let i = 0; i < both; i++) if (a[i] !== b[i]) differing++;
    return sum + differing;
  }, 0);
}

async function killAndResume(experiment: string, count: number, tally: Tally): Promise<void> {
  const { results, course, planningTime, unitTime } = await unbroken(experiment);
  const runs = new KilledRuns(experiment);
  const random = randomStream(seed, 'kill', experiment);
  const moments = randomMoments(count, course, random);
  let before = await runs.finished();
  for (let n = 0; n < count; n++) {
    let run = await runs.killed(moments[n], planningTime, unitTime);
    // A moment that the run never reached: another one takes its place.
    while ((await run.end()) !== 'SIGKILL') {
      expect(await run.end(), run.output).toBe(0);
      run = await runs.killed({ aim: 'planning', delay: random.uniform(), tree: true }, planningTime, unitTime);
    }
    const finished = await runs.finished();
    const phase = phaseOf(run);
    const place = `${experiment}, kill ${n}, ${phase}, aimed at ${JSON.stringify(moments[n])}`;
    tally.killed.set(phase, (tally.killed.get(phase) ?? 0) + 1);
    if (moments[n].tree || phase === 'storing') tally.trees++;
    if (n > 0) tally.resumes++;

    for (const [key, identity] of before) expect(finished.get(key), `${place}: computed again`).toBe(identity);
    const told = run.output.split(' took ').length - 1;
    expect(finished.size - before.size, `${place}: told as finished, and not kept`).toBeGreaterThanOrEqual(told);
    const lost = run.begun.filter((key) => !finished.has(key)).length;
    expect(lost, place).toBeLessThanOrEqual(cores);
    tally.lost.push(lost);
    tally.kept += finished.size;
    if (existsSync(join(runs.project.root, 'results', experiment, 'smoke'))) {
      expect(lasting(runs.project.root, experiment, 'smoke'), place).toEqual(results);
    }
    before = finished;
  }
  const last = runs.start();
  expect(await last.end(), last.output).toBe(0);
  tally.resumes++;
  const finished = await runs.finished();
  for (const [key, identity] of before) expect(finished.get(key)).toBe(identity);
  expect(finished.size).toBe(course.units);

  const resumed = lasting(runs.project.root, experiment, 'smoke');
  tally.files += Object.keys(results).length;
  tally.bytes += Object.values(results).reduce((sum, text) => sum + text.length, 0);
  tally.differing += differingBytes(resumed, results);
  const folder = join(runs.project.root, 'results', experiment, 'smoke');
  expect(await leftAfter(last, runs.project.root, folder, () => runs.start())).toEqual([]);
  const again = runs.start();
  expect(await again.end()).toBe(0);
  expect(again.output).toContain('Cache hit, nothing to do');
}

test.skipIf(process.platform !== 'linux')(
  `a run that is killed at any of ${kills} random moments goes on, loses only units in flight, and ends with the same bytes`,
  async () => {
    const tally = new Tally();
    try {
      for (const [i, experiment] of experiments.entries()) {
        const share = Math.floor((kills + i) / experiments.length);
        await killAndResume(experiment, share, tally);
      }
    } finally {
      tally.tell();
    }
    expect(tally.kills).toBe(kills);
    expect(tally.resumes).toBe(kills);
    expect(tally.differing).toBe(0);
  },
);
