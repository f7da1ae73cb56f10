import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, test } from 'vitest';
import { lasting, wholeUnits } from '../test/command.js';
import { type Outcome, Project } from '../test/project.js';
import { canMount, SmallFileSystem } from '../test/small-file-system.js';
import { temporaryFolder } from '../test/temporary.js';
import { sized, tell } from './figures.js';
import { leftAside } from './witnessed-run.js';

/** Kilobytes between two sizes. */
const step = sized({ long: 16, short: 384 });
const stackTrace = /^ +at /m;

interface Disk {
  readonly small: SmallFileSystem;
  readonly project: Project;
  readonly store: string;
  run(seed: number): Promise<Outcome>;
}

/** A repository of which this much lies on a small disk. */
function onSmallDisk(what: 'the repository' | 'the results' | 'the store', megabytes = 8): Disk {
  const folder = temporaryFolder();
  const small = new SmallFileSystem(
    what === 'the results' ? join(folder, 'results') : join(folder, 'small'),
    1024 * megabytes,
  );
  const project = new Project(['bulky-toy'], what === 'the repository' ? join(small.folder, 'repository') : folder);
  const store = what === 'the store' ? small.folder : join(project.root, '.hessian-rmt');
  const place = what === 'the store' ? { HESSIAN_RMT_CACHE: store } : {};
  const run = (seed: number) =>
    project.runWith(place, 'reproduce', '--profile', 'quick', '--cores', '1', '--seed', `${seed}`);
  return { small, project, store, run };
}

/** The files are those that the manifest of their folder names, with their sums. */
function expectWhole(folder: string): void {
  const { files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  for (const [file, sum] of Object.entries(files)) {
    expect(
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
      file,
    ).toBe(sum);
  }
}

const everywhere = sized({
  long: ['the repository', 'the results', 'the store'] as const,
  short: ['the repository'] as const,
});

describe.skipIf(!canMount)('on a small disk (skipped where mounting is not permitted)', () => {
  test.each(everywhere)(
    '%s: a full disk is told at every size, costs nothing that stood there, and the run goes on with more room',
    async (what) => {
      const { small, project, store, run } = onSmallDisk(what);
      expect(await run(1)).toMatchObject({ code: 0, stderr: '' });
      const old = lasting(project.root, 'bulky-toy', 'quick');
      const messages = new Map<string, number>();
      let sizes = 0;
      let kept = (await wholeUnits(store)).length;
      for (small.leave(0); ; small.giveBack(step)) {
        sizes++;
        const { code, stderr } = await run(2);
        const found = await wholeUnits(store);
        expect(found.length).toBeGreaterThanOrEqual(kept);
        kept = found.length;
        expect(leftAside(project.root)).toEqual([]);
        const results = lasting(project.root, 'bulky-toy', 'quick');
        if (stderr === '') {
          expect(code).toBe(0);
          break;
        }
        expect(stderr).not.toMatch(stackTrace);
        const [, thing, path] =
          /(The [a-z ]+|Finished units|Copies of the results) cannot be written to (\S+): the disk is full\./.exec(
            stderr,
          ) ?? [];
        expect(path, stderr).toContain(small.folder);
        messages.set(thing, (messages.get(thing) ?? 0) + 1);
        const isOld = results['/manifest.json'] === old['/manifest.json'];
        if (isOld) expect(results).toEqual(old);
        expectWhole(join(project.root, 'results/bulky-toy/quick'));
        // Only a page, or the copies that spare the next run its work, are wanting where the results are new.
        if (!isOld) expect(stderr).toMatch(/results\/index\.html is not up to date|Copies of the results/);
        expect(code, stderr).toBe(stderr.includes('index.html is not up to date') ? 0 : 1);
      }
      const times = [...messages].map(([thing, count]) => `${thing.replace(/^The /, 'the ')} ${count}`).join(', ');
      tell(`full disk under ${what}`, `${sizes} sizes ${step} kB apart, the last one enough; refused: ${times}`);
      expect(sizes).toBeGreaterThan(2);
      expect(kept).toBe(6);
      expect(lasting(project.root, 'bulky-toy', 'quick')).not.toEqual(old);
      small.free();
      const undisturbed = onSmallDisk('the repository');
      expect(await undisturbed.run(2)).toMatchObject({ code: 0 });
      expect(lasting(project.root, 'bulky-toy', 'quick')).toEqual(
        lasting(undisturbed.project.root, 'bulky-toy', 'quick'),
      );
    },
  );

  test('a disk that becomes read-only at a random moment is told as such, and the run goes on when it can be written again', async () => {
    const { small, project, store, run } = onSmallDisk('the repository', 64);
    const results = join(project.root, 'results/bulky-toy/quick');
    const random = randomStream(1, 'read-only');
    const started = performance.now();
    expect(await run(0)).toMatchObject({ code: 0 });
    const whole = performance.now() - started;
    const moments = sized({ long: 16, short: 4 });
    let refused = 0;
    for (let seed = 1; seed <= moments; seed++) {
      let ended = false;
      const running = run(seed).finally(() => {
        ended = true;
      });
      await sleep(random.uniform() * whole);
      // The system refuses while a file is being written.
      while (!ended && !madeReadOnly(small)) await sleep(1);
      const { code, stderr } = await running;
      small.makeWritable();
      if (code !== 0) {
        refused++;
        expect(code).toBe(1);
        expect(stderr).toMatch(/the file system is read-only/);
      }
      expect(stderr).not.toMatch(stackTrace);
      expectWhole(results);
      expect(await run(seed)).toMatchObject({ code: 0, stderr: '' });
      expectWhole(results);
      expect(JSON.parse(readFileSync(join(results, 'manifest.json'), 'utf8')).seed).toBe(seed);
      expect(leftAside(project.root)).toEqual([]);
    }
    tell(
      'read-only disk',
      `${moments} random moments, ${refused} runs refused, ${(await wholeUnits(store)).length} units whole`,
    );
    expect(refused).toBeGreaterThan(0);
    expect(existsSync(join(project.root, 'results/index.html'))).toBe(true);
  });
});

function madeReadOnly(small: SmallFileSystem): boolean {
  try {
    small.makeReadOnly();
    return true;
  } catch {
    return false;
  }
}
