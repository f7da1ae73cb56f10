import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A heading of a README that tells what the authors of this repository found, and where it stands. */
export interface FoundHeading {
  readonly text: string;
  /** 2 for `##`. */
  readonly level: number;
}

/** What no ledger can say: explanations. They stand in an experiment's README under one of these. */
const findings = /^what was (found|noticed)$/i;

/** The headings of an experiment's README from `What was found` (or `What was noticed`) to the next of its level. */
export function foundHeadings(root: string, experiment: string): readonly FoundHeading[] {
  const file = join(root, 'experiments', experiment, 'README.md');
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8').replace(/```[\s\S]*?```/g, '');
  const headings = [...text.matchAll(/^(#{2,6}) +(.+?)\s*$/gm)].map(([, signs, heading]) => ({
    text: heading,
    level: signs.length,
  }));
  const first = headings.findIndex(({ text: heading }) => findings.test(heading));
  if (first < 0) return [];
  const rest = headings.slice(first + 1);
  const end = rest.findIndex(({ level }) => level <= headings[first].level);
  return [headings[first], ...(end < 0 ? rest : rest.slice(0, end))];
}
