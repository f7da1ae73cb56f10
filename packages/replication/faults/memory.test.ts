import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Command, wholeUnits } from '../test/command.js';
import { commandScript, ownEnvironment, Project } from '../test/project.js';
import { canMount } from '../test/small-file-system.js';
import { temporaryFolder } from '../test/temporary.js';
import { tell } from './figures.js';
import { leftAside } from './witnessed-run.js';

/** Version 1 of control groups; of version 2, and within most containers, none can be made. */
const groups = '/sys/fs/cgroup/memory';
const limit = 300 * 2 ** 20;

/** A control group with less memory than the exact Hessian of the toy needs, for one test. */
class SmallGroup {
  readonly folder = join(groups, `hessian-rmt-test-${process.pid}`);

  constructor() {
    mkdirSync(this.folder);
    writeFileSync(join(this.folder, 'memory.limit_in_bytes'), `${limit}`);
  }

  take(pid: number): void {
    writeFileSync(join(this.folder, 'cgroup.procs'), `${pid}`);
  }

  get most(): number {
    return Number(readFileSync(join(this.folder, 'memory.max_usage_in_bytes'), 'utf8'));
  }

  remove(): void {
    rmdirSync(this.folder);
  }
}

const canLimit = tryLimiting();

function tryLimiting(): boolean {
  try {
    new SmallGroup().remove();
    return true;
  } catch {
    return false;
  }
}

function smallGroup(): SmallGroup {
  const group = new SmallGroup();
  onTestFinished(() => group.remove());
  return group;
}

function hungryProject(): Project {
  const project = new Project(['hungry-toy']);
  onTestFinished(() => project.remove());
  return project;
}

/** The command in this group from its first moment, with all that it starts. */
async function runWithin(group: SmallGroup, project: Project, profile: string): Promise<Command> {
  const wait = 'read _; exec "$0" "$@"';
  const run = new Command([commandScript, 'reproduce', '--profile', profile, '--cores', '1'], {
    cwd: project.root,
    env: ownEnvironment(),
    through: ['sh', '-c', wait],
  });
  group.take(run.process.pid!);
  run.process.stdin!.end('\n');
  await run.end();
  return run;
}

function expectNothingHalf(project: Project): void {
  expect(readdirSync(join(project.root, 'results/hungry-toy'))).toEqual([]);
  expect(leftAside(project.root)).toEqual([]);
}

const refusal = /hunger hidden=80\n {4}.*: (\S+) GB needed \((\d+) bytes\), (\S+) GB available\n/;

describe.skipIf(!canLimit)('in a control group of 300 MiB (skipped where none can be made)', () => {
  test('a unit that needs more is refused before it allocates, and the others finish', async () => {
    const project = hungryProject();
    const group = smallGroup();
    const run = await runWithin(group, project, 'smoke');
    const { most } = group;
    const [, , needed] = refusal.exec(run.output) ?? [];
    tell(
      'too little memory',
      `${Math.round(Number(needed) / 1e6)} MB needed in a group of ${Math.round(limit / 1e6)} MB: refused, at most ${Math.round(most / 1e6)} MB taken`,
    );
    expect(run.process.exitCode, run.output).toBe(1);
    expect(Number(needed)).toBeGreaterThan(limit);
    expect(most).toBeLessThan(limit);
    expect(run.output).not.toMatch(/SIGKILL|^ +at /m);
    expect(await wholeUnits(join(project.root, '.hessian-rmt'))).toHaveLength(1);
    expectNothingHalf(project);
  });

  test('a unit that takes more than anybody announced is killed by the system, which is said, and the others finish', async () => {
    const project = hungryProject();
    const group = smallGroup();
    const run = await runWithin(group, project, 'quick');
    const told =
      '  hunger megabytes=600\n    Its process was killed by SIGKILL (the system does this when memory runs out).\n';
    const kept = await wholeUnits(join(project.root, '.hessian-rmt'));
    tell(
      'memory taken unannounced',
      `600 MiB in a group of 300 MiB: the kill by the system is ${run.output.includes(told) ? '' : 'not '}told as such, ${kept.length} other unit kept`,
    );
    expect(run.process.exitCode, run.output).toBe(1);
    expect(run.output).toContain(told);
    expect(kept).toHaveLength(1);
    expectNothingHalf(project);
  });
});

test.skipIf(!canMount)(
  'on a machine with little memory left a unit that needs more is refused, and the run goes on when there is enough (skipped where mounting is not permitted)',
  async () => {
    const project = hungryProject();
    const meminfo = join(temporaryFolder(), 'meminfo');
    writeFileSync(meminfo, 'MemTotal:       1000000 kB\nMemFree:         200000 kB\nMemAvailable:    300000 kB\n');
    const script = `mount --bind ${meminfo} /proc/meminfo && exec "$0" "$@"`;
    const args = ['reproduce', '--profile', 'smoke', '--cores', '2'];
    const run = new Command([commandScript, ...args], {
      cwd: project.root,
      env: ownEnvironment(),
      through: ['unshare', '--mount', 'sh', '-c', script],
    });
    expect(await run.end(), run.output).toBe(1);
    const [, needed, , left] = refusal.exec(run.output) ?? [];
    expectNothingHalf(project);
    const resumed = await project.run(...args);
    tell(
      'little memory left',
      `${needed} GB needed, ${left} GB left on the machine: refused; with more the run ends with ${resumed.code}`,
    );
    expect(left, run.output).toBe('0.307');
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(resumed.stdout).toContain('2 units, 1 in the store, 1 to compute');
  },
);
