import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lasting } from '../test/command.js';
import { Project } from '../test/project.js';
import { sized, tell } from './figures.js';
import { type DiskCall, leftAfter, type Strike, WitnessedRun } from './witnessed-run.js';

/** A repository whose results are those of one seed, and whose store has the units of another one too. */
class Rewriting {
  readonly project = new Project(['toy']);
  private readonly kept = join(this.project.root, 'kept');
  private runs = 0;

  constructor() {
    onTestFinished(() => this.project.remove());
  }

  start(seed: number, strike?: Strike): WitnessedRun {
    const args = ['reproduce', 'toy', '--profile', 'smoke', '--seed', `${seed}`];
    return new WitnessedRun(this.project, join(this.project.root, `witness-${this.runs++}`), args, strike);
  }

  get results(): string {
    return join(this.project.root, 'results/toy');
  }

  get page(): string {
    return readFileSync(join(this.project.root, 'results/index.html'), 'utf8');
  }

  /** The same beginning for every kill. */
  keep(): void {
    for (const name of ['results', '.hessian-rmt']) {
      cpSync(join(this.project.root, name), join(this.kept, name), { recursive: true });
    }
  }

  beginAnew(): void {
    for (const name of ['results', '.hessian-rmt']) {
      rmSync(join(this.project.root, name), { recursive: true, force: true });
      cpSync(join(this.kept, name), join(this.project.root, name), { recursive: true });
    }
  }
}

const files = (rewriting: Rewriting, folder = 'smoke') => lasting(rewriting.project.root, 'toy', folder);

test.skipIf(process.platform !== 'linux')(
  'killed in any call that writes results, a run leaves the old ones or the new ones, whole, and the next one ends as if nothing had been',
  async () => {
    const rewriting = new Rewriting();
    expect(await rewriting.start(2).end()).toBe(0);
    const wanted = files(rewriting);
    expect(await rewriting.start(1).end()).toBe(0);
    const old = files(rewriting);
    expect(old).not.toEqual(wanted);
    // A run that is on record would put its files back instead of writing them.
    rmSync(join(rewriting.project.root, '.hessian-rmt/runs'), { recursive: true });
    rewriting.keep();

    const whole = rewriting.start(2);
    expect(await whole.end()).toBe(0);
    expect(files(rewriting)).toEqual(wanted);
    const begun = whole.calls.findLastIndex(({ call, path }) => call === 'mkdir' && path.endsWith('/.smoke.new'));
    const calls = whole.calls.slice(begun + 1);
    const isPlaced = ({ call, path }: DiskCall) => call === 'rename' && path.endsWith('/smoke');
    const placed = calls.findIndex(isPlaced);
    const all = calls.map((_, call) => call);
    // All around the moment when the new results take the place of the old ones, and in the last calls, which write the page.
    const chosen = sized({ long: all, short: [...all.slice(placed - 1, placed + 2), ...all.slice(-2)] });

    const counts = { old: 0, new: 0, between: 0 };
    for (const call of chosen) {
      rewriting.beginAnew();
      const place = `in call ${call}: ${JSON.stringify(calls[call])}`;
      const killed = rewriting.start(2, { process: 'run', mark: '.smoke.new', marks: 2, call, tree: false });
      expect(await killed.end(), `${place}\n${killed.output}`).toBe('SIGKILL');
      // Between two renames nothing stands there, and the next run puts the old results back.
      const state = existsSync(join(rewriting.results, 'smoke')) ? 'results' : 'between';
      const found = files(rewriting, state === 'results' ? 'smoke' : '.smoke.old');
      const isOld = found['/manifest.json'] === old['/manifest.json'];
      expect(found, place).toEqual(isOld ? old : wanted);
      expect(rewriting.page, place).toMatch(/<\/html>\s*$/);
      counts[state === 'between' ? 'between' : isOld ? 'old' : 'new']++;

      const resumed = rewriting.start(2);
      expect(await resumed.end(), `${place}\n${resumed.output}`).toBe(0);
      expect(files(rewriting), place).toEqual(wanted);
      const left = await leftAfter(resumed, rewriting.project.root, join(rewriting.results, 'smoke'), () =>
        rewriting.start(2),
      );
      expect(left, place).toEqual([]);
    }
    tell(
      'kill -9 while writing',
      `${chosen.length} of ${all.length} calls: old results ${counts.old}, new ones ${counts.new}, ` +
        `old ones put back by the next run ${counts.between}`,
    );
    expect(counts.between).toBeLessThanOrEqual(1);
  },
);
