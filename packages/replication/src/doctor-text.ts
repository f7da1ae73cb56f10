import { join } from 'node:path';
import type { BackendStatus, Diagnosis, ResultsStatus } from './doctor.js';
import { eigenvalueOrder, type LibraryStatus, productOrder } from './libraries.js';
import { textTable } from './text-table.js';

/** A diagnosis for the terminal. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const { node, processor, memory, libraries, install, backends, data, cache, results } = diagnosis;
  const group = memory.leftInGroup === null ? '' : `; the container leaves ${gibibytes(memory.leftInGroup)}`;
  return [
    `hessian-rmt ${diagnosis.version} in ${diagnosis.root}`,
    '',
    ...textTable([
      ['Node', `${node.version} on ${node.platform} (needed: ${node.needed})`],
      ['Processor', `${processor.model}, ${processor.cores} cores for this process`],
      ['Memory', `${gibibytes(memory.total)}, ${gibibytes(memory.available)} of it available${group}`],
      ['Cache', `${cache.directory}: ${cache.units} units, ${gibibytes(cache.bytes)}`],
    ]),
    ...section(
      `Linear algebra (float64 product of order ${productOrder}, eigenvalues of order ${eigenvalueOrder})`,
      libraries.map((library) => [library.name, library.state, libraryText(library)]),
    ),
    ...(install.length > 0
      ? ['  A BLAS library makes this many times faster:', ...install.map((line) => `    ${line}`)]
      : []),
    ...section(
      'tfjs backends (float32)',
      backends.map((backend) => [backend.name, backend.state, backendText(backend)]),
    ),
    ...section(
      `Data sets (${data.directory})`,
      data.datasets.map(({ name, train, test }) => [
        name,
        place(train, test),
        train ? '' : `npx hessian-rmt data fetch ${name}`,
      ]),
    ),
    ...section(
      `Results (${join(diagnosis.root, 'results')})`,
      results.length > 0
        ? results.map((result) => [result.experiment, result.folder, resultText(result)])
        : [['none yet']],
    ),
  ].join('\n');
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return ['', title, ...textTable(rows).map((line) => `  ${line}`)];
}

function libraryText({ reason, description, path, threads, gigaflops, eigenvalueSeconds }: LibraryStatus): string {
  // The portable library has no path, and its description tells of threads.
  const what = path === undefined ? (description ?? '') : `${description}, ${path}, ${threads} threads`;
  if (reason !== undefined) return what ? `${what}: ${reason}` : reason;
  return `${what}: ${gigaflops!.toFixed(1)} GFLOP/s, ${eigenvalueSeconds!.toFixed(2)} s`;
}

function backendText({ reason, description, gigaflops }: BackendStatus): string {
  if (reason !== undefined) return reason;
  return `${description ?? ''}${gigaflops === undefined ? '' : `: ${gigaflops.toFixed(1)} GFLOP/s`}`;
}

function place(train: string | null, test: string | null): string {
  if (train === test) return train ?? 'not found';
  return `training ${train ?? 'not found'}, test ${test ?? 'not found'}`;
}

function resultText({ summary, problem }: ResultsStatus): string {
  if (summary === undefined) return problem ?? '';
  const { claims, reproduced, notReproduced, notComparable } = summary;
  return `${claims} claims: ${reproduced} reproduced, ${notReproduced} not reproduced, ${notComparable} not comparable`;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
