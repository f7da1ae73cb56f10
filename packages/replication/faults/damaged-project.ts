import { readdirSync } from 'node:fs';
import { printable } from '../src/terminal.js';
import { Project } from '../test/project.js';
import { Commander, complaintAboutOutcome } from './commander.js';

/** Every so many commands run in a process of their own, as a user's do. */
const ownProcess = 12;

/** A repository in which commands meet damaged input. */
export class DamagedProject {
  readonly project = new Project();
  private readonly commander = new Commander(this.project.root);
  private count = 0;

  /**
   * A command on damaged input ends in the documented way.
   *
   * @param names  file, option or variable, of which an error must name one
   * @returns what is wrong with how it ended
   * @throws Error as the command told it, where it ended in one: for the campaign to count
   */
  async complaintOrError(
    args: readonly string[],
    names: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<string | undefined> {
    const outcome = await this.run(args, env).catch((error: Error) => error.message);
    if (typeof outcome === 'string') return outcome;
    const given = [...args, ...Object.values(env)].map(printable);
    const complaint = complaintAboutOutcome(outcome, names.map(printable), given);
    if (complaint) {
      const told = JSON.stringify((outcome.stderr || outcome.stdout).slice(0, 400));
      return `${args.join(' ').slice(0, 200)}: ${complaint}: ${told}`;
    }
    if (outcome.code === 1 || outcome.code === 2) {
      throw new Error(outcome.stderr.trim() || `${names[0]}: ${outcome.stdout}`);
    }
    return undefined;
  }

  remove(): void {
    this.commander.stop();
    this.project.remove();
  }

  private run(args: readonly string[], env: Readonly<Record<string, string>>) {
    return this.count++ % ownProcess === 0 ? this.project.runWith(env, ...args) : this.commander.run(args, env);
  }
}

/** What must not be there after any command: something half-written, or written where nobody asked for it. */
export function leftIn(folder: string): string | undefined {
  const left = readdirSync(folder, { recursive: true }).find((name) => /\.(tmp|new|old)(\/|$)/.test(String(name)));
  return left === undefined ? undefined : `leaves ${left}`;
}
