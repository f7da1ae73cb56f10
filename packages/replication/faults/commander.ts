import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../test/project.js';
import { complaintAbout, complaintAboutPrinted } from './judged-outcome.js';

/** Milliseconds that a command may take: our choice, many times what any of them needs. */
const patience = 60_000;

/** The built command in a process that runs it many times. A process that dies of a command, or hangs in it, is replaced. */
export class Commander {
  private process: ChildProcess | undefined;

  constructor(private readonly cwd: string) {}

  /** @throws Error when the process dies or does not answer */
  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    this.process ??= this.start();
    const child = this.process;
    const words: string[] = [];
    child.stderr?.removeAllListeners('data').on('data', (piece) => words.push(String(piece)));
    const over = new AbortController();
    const { signal } = over;
    try {
      child.send({ args, env });
      return await Promise.race([
        once(child, 'message', { signal }).then(([{ thrown, ...outcome }]) => {
          if (thrown !== null) throw new Error(`it throws ${thrown}`);
          return outcome as Outcome;
        }),
        once(child, 'exit', { signal }).then(([code, killer]) => {
          throw new Error(`its process dies: ${code ?? killer} ${words.join('').slice(0, 300)}`);
        }),
        sleep(patience, undefined, { signal }).then(() => {
          throw new Error(`it hangs: no end within ${patience / 1000} s`);
        }),
      ]);
    } catch (error) {
      this.stop();
      throw error;
    } finally {
      over.abort();
    }
  }

  stop(): void {
    this.process?.kill('SIGKILL');
    this.process = undefined;
  }

  private start(): ChildProcess {
    const clean = Object.entries(process.env).filter(([name]) => !/^(HESSIAN_RMT_|NODE_OPTIONS|VITEST)/.test(name));
    const script = fileURLToPath(new URL('fixtures/many-commands.js', import.meta.url));
    const env = Object.fromEntries(clean);
    return fork(script, [], { cwd: this.cwd, env, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  }
}

/**
 * What is wrong with how a command ended: other exit codes than those that are documented, an error that does not say what
 * and where, or something printed that a terminal obeys.
 *
 * @param names  file, option or variable, of which an error must name one
 * @param given  what was given on the command line, and may be said again
 */
export function complaintAboutOutcome(
  { code, stdout, stderr }: Outcome,
  names: readonly string[],
  given: readonly string[] = [],
): string | undefined {
  const printed = complaintAboutPrinted(stdout) ?? complaintAboutPrinted(stderr);
  if (printed) return printed;
  if (![0, 1, 2, 3].includes(code)) return `ends with ${code}`;
  const error = stderr.indexOf('hessian-rmt: ');
  const hasFailed = code === 1 || code === 2;
  // `verify` tells damage on standard output.
  if (hasFailed && error < 0 && stdout === '') return 'fails and says nothing';
  const told = hasFailed && error >= 0 ? complaintAbout(stderr.slice(error), names, given) : undefined;
  return told ?? complaintAbout(stdout, [''], given) ?? complaintAbout(stderr, [''], given);
}
