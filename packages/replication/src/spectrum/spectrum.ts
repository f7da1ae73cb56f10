import { join } from 'node:path';
import type { Executor } from '../executor.js';
import { ReplacedFolder } from '../results-directory.js';
import type { RunEvent } from '../run-events.js';
import { type LockHolder, takeLock } from '../run-lock.js';
import { computeUnits, type Outlook } from './compute.js';
import { placeOf, requireReplaceable } from './output-folder.js';
import { planSpectrum, type SpectrumPlan } from './plan.js';
import { presentSpectrum } from './presentation.js';
import type { SpectrumRequest } from './request.js';
import type { SpectrumPresentation } from './spectrum-presentation.js';
import { writeSpectrum } from './write-spectrum.js';

export interface SpectrumOptions {
  /** The repository, or the current folder: the lock is there. */
  readonly root: string;
  /** Directory of the store of finished units. */
  readonly cache: string;
  readonly executor: Executor;
  /** Told what will be computed. */
  readonly onPlan: (plan: SpectrumPlan, outlook: Outlook) => void;
  readonly onWait: (holder: LockHolder) => void;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

export interface SpectrumOutcome {
  readonly directory: string;
  /** Paths inside the directory, with `/` between names. */
  readonly files: readonly string[];
  readonly presentation: SpectrumPresentation;
}

/**
 * The spectrum of a network or operator of the user's own: finished units from the store, the others computed, and a
 * folder of figures, tables and arrays that is replaced as a whole or not at all.
 *
 * @throws Error, RangeError, InsufficientMemoryError for whatever does not fit, before anything is computed where that can
 *   be known; the signal's reason when stopped. What stood in the folder stands in all these cases.
 */
export async function spectrum(request: SpectrumRequest, options: SpectrumOptions): Promise<SpectrumOutcome> {
  const { root, cache, executor, signal } = options;
  const started = new Date();
  requireReplaceable(request.out);
  const plan = await planSpectrum(request);
  const folder = new ReplacedFolder(...placeOf(request.out));
  // Runs in one place wait for each other, since each uses the whole machine.
  const lock = await takeLock(join(root, '.hessian-rmt', 'lock'), {
    purpose: `spectrum for ${request.out}`,
    onWait: options.onWait,
    signal,
  });
  try {
    await folder.prepare();
    const computed = await computeUnits(plan.work, {
      cache,
      seed: request.seed,
      executor,
      reusable: plan.reusable,
      onPlan: (outlook) => options.onPlan(plan, outlook),
      onEvent: options.onEvent,
      signal,
    });
    const presentation = presentSpectrum(plan, request, computed.results);
    const sums = await folder.replace((into) =>
      writeSpectrum(into, { plan, request, computed, presentation, started, cores: executor.cores }),
    );
    return { directory: request.out, files: Object.keys(sums), presentation };
  } finally {
    await folder.discard();
    lock.release();
  }
}
