import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SubmissionStatus } from '../../src/slurm/status.js';
import { Command, lasting } from '../command.js';
import { commandScript, type Outcome, ownEnvironment, Project } from '../project.js';
import type { SlurmCluster } from './cluster.js';

/** A repository of its own for one test, whose runs go to a cluster. */
export class ClusterProject {
  readonly project: Project;
  /** Of the units of stepping-toy in runs that are submitted from now on. */
  stepMilliseconds: number;

  /** @param packetMinutes  what few units fit into: most tasks compute one */
  constructor(
    private readonly cluster: SlurmCluster,
    readonly experiment: string,
    { stepMilliseconds = 1, packetMinutes = 0.001, others = [] as readonly string[] } = {},
  ) {
    this.project = new Project([experiment, ...others]);
    mkdirSync(join(this.project.root, 'notes'));
    writeFileSync(join(this.project.root, 'slurm.json'), JSON.stringify({ packetMinutes }));
    this.stepMilliseconds = stepMilliseconds;
    onTestFinished(async () => {
      const queued = await cluster.queue();
      const jobs = [...new Set(queued.map((line) => line.split(/[_ ]/)[0]))];
      if (jobs.length > 0) await cluster.run('scancel', ...jobs);
      await this.untilGone();
      this.project.remove();
    });
  }

  get root(): string {
    return this.project.root;
  }

  /** A command of hessian-rmt, to its end. */
  run(...args: string[]): Promise<Outcome> {
    return this.project.runWith(this.environment, ...args);
  }

  reproduce(profile: string, ...options: string[]): Promise<Outcome> {
    return this.run(...this.reproduction(profile, options));
  }

  /** The same, under way. */
  startReproduce(profile: string, ...options: string[]): Command {
    return this.start(...this.reproduction(profile, options));
  }

  start(...args: string[]): Command {
    return new Command([commandScript, ...args], { cwd: this.root, env: { ...ownEnvironment(), ...this.environment } });
  }

  /** What `status --json` says of its only run. */
  async status(): Promise<Status> {
    const { stdout } = await this.run('status', '--json');
    return JSON.parse(stdout)[0];
  }

  /** Waits until its units have been started so often in all. */
  async untilStarted(times: number): Promise<void> {
    await this.cluster.until(async () => this.starts().length >= times, `${times} starts of units`);
  }

  /** Waits until so many units have saved more than one step, after which they stop if they are held. */
  async untilUnderWay(count: number): Promise<void> {
    const unfinished = join(this.root, '.hessian-rmt/unfinished');
    const hasSaved = (unit: string) => {
      try {
        return JSON.parse(readFileSync(join(unfinished, unit, 'saved.json'), 'utf8')).done > 1;
      } catch {
        return false;
      }
    };
    const units = () => (existsSync(unfinished) ? readdirSync(unfinished) : []);
    await this.cluster.until(
      async () => units().filter(hasSaved).length >= count,
      `${count} units have saved something`,
    );
  }

  /** Waits until nothing is in the queue. */
  untilGone(): Promise<void> {
    return this.cluster.until(async () => (await this.cluster.queue()).length === 0, 'the queue is empty');
  }

  /** One line for each start of a unit of stepping-toy: `REPETITION from STEP on NODE`. */
  starts(): readonly string[] {
    const file = join(this.root, 'notes/starts');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }

  /** Units stop after two steps from now on, until they are released: nothing hangs on how quick a test is. */
  hold(): void {
    writeFileSync(join(this.root, 'notes/held'), '');
  }

  release(): void {
    rmSync(join(this.root, 'notes/held'));
  }

  /** The unit that needs mending works from now on. */
  mend(): void {
    writeFileSync(join(this.root, 'notes/mended'), '');
  }

  /** The results' bytes, all but run.json. */
  results(profile: string): Record<string, string> {
    return lasting(this.root, this.experiment, profile);
  }

  /** What stands of unfinished units and under way in the store. */
  leftovers(): readonly string[] {
    return ['unfinished', 'aside'].flatMap((name) => {
      const folder = join(this.root, '.hessian-rmt', name);
      return existsSync(folder) ? readdirSync(folder) : [];
    });
  }

  private get environment(): Readonly<Record<string, string>> {
    return {
      ...this.cluster.environment,
      STEPS_FOLDER: join(this.root, 'notes'),
      STEP_MILLISECONDS: `${this.stepMilliseconds}`,
    };
  }

  private reproduction(profile: string, options: readonly string[]): string[] {
    return ['reproduce', this.experiment, '--profile', profile, '--executor', 'slurm', ...options];
  }
}

/** As `status --json` tells it. */
export type Status = SubmissionStatus & { readonly lastJob: { readonly job: string } };

/** The results of a run without Slurm, in a repository of its own. */
export async function localResults(
  experiment: string,
  profile: string,
  ...options: readonly string[]
): Promise<Record<string, string>> {
  const project = new Project([experiment]);
  try {
    const { code, stderr } = await project.run('reproduce', experiment, '--profile', profile, ...options);
    if (code !== 0) throw new Error(`reproduce ended with ${code}: ${stderr}`);
    return lasting(project.root, experiment, options.length > 0 ? 'custom' : profile);
  } finally {
    project.remove();
  }
}
