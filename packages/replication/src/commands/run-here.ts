import type { ExperimentPackage } from '../find-experiments.js';
import type { ReproduceOptions } from '../reproduce.js';
import { printAside, printableMessage } from '../terminal.js';
import { type FailedRun, nameOfRun, type RunOutcomes, tellClaims } from './run-outcomes.js';

/** A run that a command is asked for. */
export interface Chosen {
  readonly experiment: ExperimentPackage;
  /** Identifiers of the parts to run; undefined for all. */
  readonly parts: readonly string[] | undefined;
}

/** What all runs of a command have in common. */
export type Asked = Pick<ReproduceOptions, 'root' | 'profile' | 'seed' | 'force' | 'as'> &
  Required<Pick<ReproduceOptions, 'changed'>>;

/** Run experiments on this machine, one after another. */
export async function runHere(
  chosen: readonly Chosen[],
  { cores, say, ...asked }: Asked & { readonly cores: number | undefined; readonly say: (line: string) => void },
): Promise<RunOutcomes> {
  const [{ consoleReporter }, { interruptible }, { localExecutor }, { reproduce }] = await Promise.all([
    import('../console-reporter.js'),
    import('../interruptible.js'),
    import('../local-executor.js'),
    import('../reproduce.js'),
  ]);
  const { profile, seed, changed } = asked;
  const executor = localExecutor(cores === undefined ? {} : { cores });
  const outcomes: object[] = [];
  const failed: FailedRun[] = [];
  await interruptible(async (signal) => {
    for (const [i, { experiment, parts }] of chosen.entries()) {
      const { name } = experiment;
      try {
        const onEvent = consoleReporter({ print: say, turn: { number: i + 1, of: chosen.length } });
        const options = { ...asked, ...(parts ? { parts } : {}), executor, signal, onEvent };
        const { status, directory, because, plan } = await reproduce(experiment, options);
        const { folder } = plan;
        outcomes.push({
          experiment: name,
          profile,
          folder,
          seed,
          ...(plan.whole ? {} : { parts: plan.parts.map(({ part }) => part.id) }),
          ...(Object.keys(changed).length > 0 ? { changed } : {}),
          status,
          because,
          directory,
          claims: await tellClaims(directory, nameOfRun({ experiment: name, profile, folder }), say),
        });
      } catch (error) {
        // The other experiments do not depend on this one.
        if (signal.aborted || chosen.length === 1) throw error;
        printAside(`hessian-rmt: ${name}: ${printableMessage((error as Error).message)}`);
        failed.push({ experiment: name, message: (error as Error).message });
      }
    }
  });
  return { outcomes, failed };
}
