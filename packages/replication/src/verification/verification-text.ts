import { formatNumber, plural } from '../measurement.js';
import type { ResultDifference } from './compare-results.js';
import type { Verification, VerifiedUnit } from './verify-results.js';

/** Differences that are listed of one unit: our choice. */
const shownDifferences = 6;

/** What came of a verification, for the terminal. */
export function verificationText(verification: Verification): string {
  const { experiment, folder, units, planned, tooLong, incomparable, olderCode, elsewhere } = verification;
  const bad = units.filter(({ state }) => state !== 'identical');
  const standard =
    verification.with === 'store'
      ? 'numbers and arrays of the stored units'
      : 'the sums of arrays in manifest.json, since the store has none of the units';
  const outcome =
    units.length === 0
      ? 'nothing could be verified'
      : bad.length === 0
        ? `${plural(units.length, 'unit')} of ${planned} computed again, identical to the byte`
        : `${plural(units.length, 'unit')} of ${planned} computed again, ${units.length - bad.length} identical, ` +
          `${bad.length} not`;
  const notes = [
    ...(elsewhere === null || bad.length === 0
      ? []
      : [`the stored run was made on ${elsewhere}: bytes differ between processors and BLAS kernels`]),
    ...(olderCode > 0
      ? [`made by other code in the stored run: ${plural(olderCode, 'unit')} (see compare --stale)`]
      : []),
    ...(tooLong > 0 ? [`not drawn: ${plural(tooLong, 'unit')} that took longer than --minutes`] : []),
    ...(incomparable > 0
      ? [`not drawn: ${plural(incomparable, 'unit')} of which nothing is stored to compare with`]
      : []),
  ];
  return [
    `${experiment}, ${folder}: ${outcome} (${standard}).`,
    ...bad.flatMap(unitLines),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}

function unitLines({ unit, state, reason, differences }: VerifiedUnit): string[] {
  const shown = differences.slice(0, shownDifferences);
  return [
    `  ${state}: ${unit}${reason === null ? '' : `: ${reason.split('\n', 1)[0]}`}`,
    ...shown.map((difference) => `    ${differenceText(difference)}`),
    ...(differences.length > shown.length ? [`    ... and ${differences.length - shown.length} more (--json)`] : []),
  ];
}

function differenceText({ name, count, absolute, relative, other }: ResultDifference): string {
  if (count === null || absolute === null || relative === null) return `${name}: ${other}`;
  return `${name}: ${plural(count, 'number')} by up to ${formatNumber(absolute)}, relative ${formatNumber(relative)}`;
}
