import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNpy } from '@hessian-rmt/numerics';
import { writeFigure, writeTable } from '@hessian-rmt/plotting';
import { readableJson } from './canonical-json.js';
import { markOf } from './changed-settings.js';
import type { Claim } from './claim.js';
import type { Presentation, Results, Unit, UnitResult } from './experiment.js';
import { checkLedger, claimsMarkdown } from './ledger.js';
import { manifest, type PartProducts } from './manifest.js';
import { sumsOf } from './results-directory.js';
import { type PlannedPart, placeOf, type RunPlan, unitIdentity } from './run-plan.js';
import { type RunCourse, runRecord } from './run-record.js';
import type { UnitRecord, UnitStore } from './unit-store.js';

export interface WritingOptions {
  readonly course: Omit<RunCourse, 'finished'>;
  /** The repository: its commit is recorded. */
  readonly root: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Present the finished units of a run, part after part, and write all files of the results directory into a folder:
 * figures/, tables/, arrays/, claims.json, claims.md, manifest.json and run.json.
 *
 * @throws Error when two parts use one file name, or a claim points to a figure that no part draws
 */
export async function writeResults(
  plan: RunPlan,
  store: UnitStore,
  folder: string,
  { course, root, signal }: WritingOptions,
): Promise<void> {
  const records = new Map<string, UnitRecord>();
  const claims: Claim[] = [];
  const products = new Map<string, PartProducts>();
  for (const part of plan.parts) {
    signal?.throwIfAborted();
    const presentation = await present(part, await resultsOf(part, store, records), plan);
    await writePresentation(presentation, part, plan, folder);
    claims.push(...(presentation.claims ?? []));
    products.set(part.part.id, productsOf(presentation));
  }
  for (const { key } of plan.units) if (!records.has(key)) records.set(key, await store.record(key));
  const place = `${plan.experiment.name} at ${plan.profile}`;
  const missing = checkLedger(claims, place).find(({ figure }) => figure !== null && !existsSync(join(folder, figure)));
  if (missing) throw new Error(`${place}: claim ${missing.id} points to ${missing.figure}, which no part writes.`);
  await writeFile(join(folder, 'claims.json'), `${JSON.stringify(claims, null, 2)}\n`);
  await writeFile(join(folder, 'claims.md'), claimsMarkdown(claims));
  await writeFile(join(folder, 'manifest.json'), readableJson(manifest(plan, records, products, await sumsOf(folder))));
  const bytes = new Map<string, number>();
  for (const key of records.keys()) bytes.set(key, await store.size(key));
  const record = await runRecord(plan, records, { ...course, finished: new Date() }, root, bytes);
  await writeFile(join(folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
}

function productsOf({ figures = [], tables = [], claims = [] }: Presentation): PartProducts {
  return {
    figures: figures.map(({ id }) => `figures/${id}.svg`),
    tables: tables.map(({ id }) => `tables/${id}.md`),
    claims: claims.map(({ id }) => id),
  };
}

async function present(planned: PlannedPart, results: Results, plan: RunPlan): Promise<Presentation> {
  try {
    return await planned.part.present(results, planned.settings, plan.profile);
  } catch (cause) {
    const place = placeOf(plan.experiment, planned, plan.profile);
    throw new Error(`${place}: ${(cause as Error).message}`, { cause });
  }
}

/** The finished units of a part. Loaded part by part: together they may be larger than the memory. */
async function resultsOf(part: PlannedPart, store: UnitStore, records: Map<string, UnitRecord>): Promise<Results> {
  const loaded = new Map<string, UnitResult>();
  for (const { key, ingredients } of part.units) {
    const record = await store.record(key);
    records.set(key, record);
    loaded.set(unitIdentity(ingredients), await store.load(record));
  }
  return {
    of(unit: Unit) {
      const result = loaded.get(unitIdentity(unit));
      if (result === undefined) {
        throw new Error(
          `${part.part.id} asks for the result of a unit that is not among its units: ${unitIdentity(unit)}`,
        );
      }
      return result;
    },
  };
}

async function writePresentation(
  presentation: Presentation,
  part: PlannedPart,
  plan: RunPlan,
  folder: string,
): Promise<void> {
  const { figures = [], tables = [], arrays = {} } = presentation;
  const { name } = plan.experiment;
  const mark = markOf(plan.profile, part.changed);
  const free = (path: string) => {
    if (existsSync(join(folder, path))) throw new Error(`${name}: two figures, tables or arrays are called ${path}.`);
  };
  for (const figure of figures) {
    free(`figures/${figure.id}.svg`);
    const caption = [figure.caption, mark.inCaption].filter((text) => text !== '').join(' ');
    await writeFigure(folder, { profile: mark.badge, ...figure, caption });
  }
  for (const table of tables) {
    free(`tables/${table.id}.md`);
    await writeTable(folder, {
      ...table,
      caption: `${table.caption} Profile: ${mark.full}.`.trim(),
    });
  }
  for (const [array, stored] of Object.entries(arrays)) {
    free(`arrays/${array}.npy`);
    await mkdir(join(folder, 'arrays'), { recursive: true });
    await writeNpy(join(folder, 'arrays', `${array}.npy`), stored);
  }
}
