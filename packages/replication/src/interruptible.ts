import { constants } from 'node:os';

/** Why a run was stopped from outside. */
export class Interrupted extends Error {
  constructor(
    readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP',
    what = 'Finished units are kept: run the same command again to go on.',
  ) {
    super(`Stopped by ${signal}. ${what}`);
  }
  /** 128 and the signal's number, as shells have it: 130 for Ctrl-C. */
  get exitCode(): number {
    return 128 + constants.signals[this.signal];
  }
}

/** Milliseconds that work is given to come to an end after it was told to stop. */
const usualPatience = 1500;

/**
 * Do something that Ctrl-C, SIGTERM or a closed terminal stops: the first of them aborts the signal, and the process
 * ends with 130, 143 or 129 as soon as the work has come to its end, within `patience` in any case.
 *
 * @param what  a sentence on what becomes of the work done so far; default: that of a run
 * @param patience  milliseconds
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  what?: string,
  patience = usualPatience,
): Promise<T> {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    const reason = new Interrupted(name as Interrupted['signal'], what);
    controller.abort(reason);
    setTimeout(() => process.exit(reason.exitCode), patience);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.once(name, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    const reason = controller.signal.reason as Interrupted;
    console.error(reason.message);
    return process.exit(reason.exitCode);
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}
