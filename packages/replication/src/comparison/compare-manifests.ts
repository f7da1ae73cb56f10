import type { StoredManifest, StoredRunRecord } from '../stored-manifest.js';
import { settingDifferences, shortSetting } from './setting-differences.js';

/** One input of a run that was not the same in another, as a line of text. */
export interface ChangedInput {
  readonly input:
    | 'profile'
    | 'seed'
    | 'parts'
    | 'settings'
    | 'data sets'
    | 'code that computes'
    | 'linear algebra'
    | 'processor'
    | 'backends'
    | 'packages'
    | 'node'
    | 'code that draws';
  readonly text: string;
}

interface RunInputs {
  readonly manifest: StoredManifest;
  readonly record: StoredRunRecord;
}

/** What two runs did not have in common, the likeliest cause of different numbers first. */
export function compareManifests(before: RunInputs, after: RunInputs): readonly ChangedInput[] {
  const was = before.manifest;
  const is = after.manifest;
  const inputs: ChangedInput[] = [];
  const note = (input: ChangedInput['input'], text: string) => inputs.push({ input, text });
  const change = (input: ChangedInput['input'], from: unknown, to: unknown) => {
    if (from !== to && from !== undefined && to !== undefined) note(input, `${from} became ${to}`);
  };

  change('profile', was.profile, is.profile);
  change('seed', was.seed, is.seed);
  const parts = listChange(
    was.parts.map(({ id }) => id),
    is.parts.map(({ id }) => id),
  );
  if (parts) note('parts', parts);
  for (const { id, settings } of is.parts) {
    const former = was.parts.find((part) => part.id === id);
    for (const { path, before: from, after: to } of former ? settingDifferences(former.settings, settings) : []) {
      note('settings', `${id}: ${path} ${shortSetting(from)} became ${shortSetting(to)}`);
    }
  }
  const dataset = ({ name, checksum }: StoredManifest['datasets'][number]) => `${name}, sum ${checksum.slice(0, 8)}`;
  const datasets = listChange(was.datasets.map(dataset), is.datasets.map(dataset));
  if (datasets) note('data sets', datasets);
  const kinds = kindsOfOtherSources(was, is);
  if (kinds.length > 0) note('code that computes', `the sources of ${kinds.join(', ')} changed`);
  // The record of the run tells the kernel too.
  change(
    'linear algebra',
    before.record.linearAlgebra ?? was.linearAlgebra,
    after.record.linearAlgebra ?? is.linearAlgebra,
  );
  change('processor', before.record.processor, after.record.processor);
  const backends = listChange(was.backends, is.backends);
  if (backends) note('backends', backends);
  const packages = (manifest: StoredManifest) =>
    Object.entries(manifest.packages).map(([name, version]) => `${name} ${version}`);
  const versions = listChange(packages(was), packages(is));
  if (versions) note('packages', versions);
  change('node', was.node, is.node);
  if (was.sources !== is.sources && kinds.length === 0) {
    note('code that draws', 'the sources of the experiment changed, but of no kind of unit that both ran');
  }
  return inputs;
}

function kindsOfOtherSources(before: StoredManifest, after: StoredManifest): readonly string[] {
  const sources = ({ units }: StoredManifest) => new Map(units.map(({ kind, sources }) => [kind, sources]));
  const was = sources(before);
  return [...sources(after)].filter(([kind, hash]) => was.has(kind) && was.get(kind) !== hash).map(([kind]) => kind);
}

/** `without a, b; with c`, and no more than three names of each. */
function listChange(before: readonly string[], after: readonly string[]): string | undefined {
  const gone = before.filter((name) => !after.includes(name));
  const come = after.filter((name) => !before.includes(name));
  const some = (names: readonly string[]) =>
    names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  const parts = [gone.length > 0 ? `without ${some(gone)}` : '', come.length > 0 ? `with ${some(come)}` : ''];
  return parts.some((part) => part !== '') ? parts.filter((part) => part !== '').join('; ') : undefined;
}
