import { shortSetting } from '../comparison/setting-differences.js';
import { plural } from '../measurement.js';
import { textTable } from '../text-table.js';
import type { ResultsState } from './results-state.js';

/** A line for each folder of results, and under it what is older. */
export function staleText(states: readonly ResultsState[]): string {
  const heads = textTable(states.map(({ experiment, folder, state }) => [experiment, folder, state]));
  return states
    .flatMap((state, i) => [heads[i], ...reasons(state).map((line) => `  ${line}`)])
    .concat(summary(states))
    .join('\n');
}

function summary(states: readonly ResultsState[]): string {
  const stale = states.filter(({ state }) => state !== 'current');
  if (stale.length === 0) return `All ${states.length} are of the code that is here.`;
  const command = stale.find((state) => state.command !== null)?.command;
  return (
    `${states.length - stale.length} of ${states.length} are of the code that is here.` +
    (command ? ` What makes the first of the others anew: ${command}` : '')
  );
}

/** Settings that are listed of one folder: our choice, for a screen. */
const shownSettings = 5;

function reasons(state: ResultsState): string[] {
  const { kinds, units, settings, unitsNew, unitsGone, partsNew, partsGone, versions } = state;
  if (state.state === 'unknown') return ['there is no manifest.json that tells how they were made'];
  const shown = settings.slice(0, shownSettings).map(({ part, path, before, after }) => {
    return `${part}: ${path} was ${shortSetting(before)}, is ${shortSetting(after)}`;
  });
  const older = kinds.reduce((sum, kind) => sum + kind.units, 0);
  return [
    ...(older > 0
      ? [
          `${older} of ${plural(units, 'unit')} by other code: ` +
            kinds.map(({ kind, units: count }) => `${kind} (${count})`).join(', '),
        ]
      : []),
    ...(unitsNew > 0 ? [`${plural(unitsNew, 'unit')} planned now that the run did not have`] : []),
    ...(unitsGone > 0 ? [`${plural(unitsGone, 'unit')} that no part asks for any more`] : []),
    ...shown,
    ...(settings.length > shown.length ? [`... and ${settings.length - shown.length} more settings (--json)`] : []),
    ...(partsNew.length > 0 ? [`parts not run yet: ${partsNew.join(', ')}`] : []),
    ...(partsGone.length > 0 ? [`parts that are gone: ${partsGone.join(', ')}`] : []),
    ...(versions.length > 0
      ? [`in other versions here, which does not count: ${versions.slice(0, 4).join('; ')}`]
      : []),
  ];
}
