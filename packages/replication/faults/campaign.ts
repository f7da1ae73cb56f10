import fc from 'fast-check';
import { expect } from 'vitest';
import { printableMessage } from '../src/terminal.js';
import { sized, tell } from './figures.js';
import { complaintAbout, inTime } from './judged-outcome.js';
import type { Mutation } from './mutations.js';

/** Any other one gives other mutations: HESSIAN_RMT_FAULTS_SEED. */
const seed = Number(process.env.HESSIAN_RMT_FAULTS_SEED ?? 20_261_122);

export interface Campaign {
  /** Of inputs, for the table: `.npy`. */
  readonly kind: string;
  readonly mutations: fc.Arbitrary<Mutation>;
  /** How many of them; the short campaign takes a part. */
  readonly inputs: { readonly long: number; readonly short: number };
  /** An error must name one of these: the file, the option. */
  readonly names: readonly string[];
  /**
   * Gives the input to whoever reads it.
   *
   * @returns what is wrong with what was read; undefined when it is what the input says
   * @throws whatever the reader throws
   */
  read(input: Mutation): Promise<string | undefined>;
}

/** Every input of a campaign ends in an error that says what and where, or in a correct read; counts are told. */
export async function runCampaign({ kind, mutations, inputs, names, read }: Campaign): Promise<void> {
  const drawn = fc.sample(mutations, { seed, numRuns: sized(inputs) });
  const counts = { errors: 0, reads: 0 };
  const violations: string[] = [];
  for (const input of drawn) {
    const complaint = await outcomeOf(input);
    if (complaint) violations.push(`${input.name}: ${complaint}`);
  }
  const { errors, reads } = counts;
  tell(
    `mutated ${kind}`,
    `${drawn.length} inputs, seed ${seed}: ${errors} errors, ${reads} correct reads, ${violations.length} violations`,
  );
  expect(violations).toEqual([]);

  async function outcomeOf(input: Mutation): Promise<string | undefined> {
    let wrong: string | undefined;
    try {
      wrong = await inTime(read(input));
    } catch (error) {
      // As the command prints it.
      const message = printableMessage(error instanceof Error ? error.message : String(error));
      const complaint = complaintAbout(message, names);
      if (complaint === undefined) counts.errors++;
      return complaint && `an error that ${complaint}: ${JSON.stringify(message.slice(0, 300))}`;
    }
    if (wrong === undefined) counts.reads++;
    return wrong && `a wrong read: ${wrong}`;
  }
}
