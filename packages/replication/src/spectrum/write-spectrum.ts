import { mkdir, writeFile } from 'node:fs/promises';
import { hostname, totalmem } from 'node:os';
import { join } from 'node:path';
import { writeNpy } from '@hessian-rmt/numerics';
import { writeFigure, writeTable } from '@hessian-rmt/plotting';
import { readableJson } from '../canonical-json.js';
import type { Json } from '../experiment.js';
import { processorName } from '../processor-name.js';
import { sumsOf } from '../results-directory.js';
import { sourceClosure } from '../source-closure.js';
import type { Computed } from './compute.js';
import { manifestKind } from './output-folder.js';
import type { SpectrumPlan } from './plan.js';
import type { SpectrumRequest } from './request.js';
import type { SpectrumPresentation } from './spectrum-presentation.js';

export interface WrittenSpectrum {
  readonly plan: SpectrumPlan;
  readonly request: SpectrumRequest;
  readonly computed: Computed;
  readonly presentation: SpectrumPresentation;
  readonly started: Date;
  readonly cores: number;
}

/** Figures, tables, arrays, spectrum.json, manifest.json and run.json, into a folder that is empty. */
export async function writeSpectrum(folder: string, written: WrittenSpectrum): Promise<void> {
  const { figures, tables, arrays, summary } = written.presentation;
  for (const figure of figures) await writeFigure(folder, figure);
  for (const table of tables) await writeTable(folder, table);
  await mkdir(join(folder, 'arrays'), { recursive: true });
  for (const [name, array] of Object.entries(arrays)) await writeNpy(join(folder, 'arrays', `${name}.npy`), array);
  await writeFile(join(folder, 'spectrum.json'), readableJson(summary));
  await writeFile(join(folder, 'manifest.json'), readableJson(await manifest(folder, written)));
  await writeFile(join(folder, 'run.json'), `${JSON.stringify(runRecord(written), null, 2)}\n`);
}

/** What does not change when the command is repeated. */
async function manifest(folder: string, { plan, request, computed, presentation }: WrittenSpectrum): Promise<Json> {
  const { hash, packages, node } = await sourceClosure(import.meta.url, { exclude: [] });
  const { network, data, operator, matrix } = presentation.summary;
  const { method, threads } = plan;
  const { seed, steps, vectors, outliers, law } = request;
  return {
    format: 1,
    kind: manifestKind,
    command: request.command,
    ...(operator === undefined ? { network, data, matrix } : { operator }),
    options: {
      method,
      threads,
      outliers,
      law: law && { ...law },
      ...(method === 'lanczos' ? { seed, steps, vectors } : {}),
    },
    units: computed.records.map(({ key }) => key),
    sources: hash,
    packages,
    node,
    linearAlgebra: computed.library.identity,
    files: await sumsOf(folder),
  } as Json;
}

/** What does. */
function runRecord({ computed, started, cores }: WrittenSpectrum): Json {
  const finished = new Date();
  return {
    started: started.toISOString(),
    finished: finished.toISOString(),
    seconds: (finished.getTime() - started.getTime()) / 1000,
    host: hostname(),
    processor: processorName(),
    cores,
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
    node: process.version,
    linearAlgebra: computed.library.description,
    units: { computed: computed.computed.length, fromStore: computed.records.length - computed.computed.length },
    secondsOfUnits: computed.records.map(({ seconds }) => Number(seconds.toFixed(1))),
  };
}
