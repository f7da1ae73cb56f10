import { existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findExperiments } from './find-experiments.js';
import { readLedger, type Summary, summarize } from './ledger.js';
import { type LibraryStatus, probeLibraries } from './libraries.js';
import { type Memory, memory } from './memory.js';
import { processorName } from './processor-name.js';
import { cacheDirectory } from './reproduce.js';
import { storedFolders, storedResults } from './stored-results.js';

/** What this machine has for a run. Nothing here changes anything. */
export interface Diagnosis {
  readonly version: string;
  readonly root: string;
  readonly node: { readonly version: string; readonly needed: string; readonly platform: string };
  readonly processor: { readonly model: string; readonly cores: number };
  readonly memory: Memory;
  readonly libraries: readonly LibraryStatus[];
  /** How to get a fast library, by system; empty when there is one. */
  readonly install: readonly string[];
  readonly backends: readonly BackendStatus[];
  readonly data: { readonly directory: string; readonly datasets: readonly DatasetStatus[] };
  readonly cache: { readonly directory: string; readonly units: number; readonly bytes: number };
  readonly results: readonly ResultsStatus[];
}

/** A tfjs backend. `untested`: it could not be tried on this machine. */
export interface BackendStatus {
  readonly name: string;
  readonly state: 'loaded' | 'failed' | 'untested';
  readonly reason?: string;
  readonly description?: string;
  /** 10^9 float32 operations a second in a small matrix product. */
  readonly gigaflops?: number;
}

/** Where the training and the test files of a data set lie; null where there are none. */
export interface DatasetStatus {
  readonly name: string;
  readonly train: string | null;
  readonly test: string | null;
}

export interface ResultsStatus {
  readonly experiment: string;
  /** A profile, or the name of a changed run. */
  readonly folder: string;
  readonly summary?: Summary;
  /** Why the ledger cannot be read. */
  readonly problem?: string;
}

/**
 * Look at everything that a run depends on, and measure for a few seconds.
 *
 * @param onStep  told what is being looked at
 */
export async function diagnose(root: string, onStep: (doing: string) => void = () => {}): Promise<Diagnosis> {
  const { version, engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const libraries = await probeLibraries(onStep);
  onStep('loading the tfjs backends');
  const backends = await probeTensorBackends();
  onStep('looking for data sets and results');
  return {
    version,
    root,
    node: {
      version: process.versions.node,
      needed: engines.node,
      platform: `${process.platform} ${process.arch}`,
    },
    processor: { model: processorName(), cores: availableParallelism() },
    memory: memory(),
    libraries,
    install: libraries.some(({ name, state }) => name !== 'portable' && state === 'works') ? [] : installCommands,
    backends,
    data: await dataStatus(),
    cache: await cacheStatus(cacheDirectory(root)),
    results: await resultsStatus(root),
  };
}

/** OpenBLAS with pthreads, 32-bit integers, as each system calls it. */
const installCommands = [
  'Debian, Ubuntu: apt-get install libopenblas0-pthread',
  'Fedora: dnf install openblas-threads',
  'Homebrew: brew install openblas',
  'conda: conda install openblas',
];

async function probeTensorBackends(): Promise<readonly BackendStatus[]> {
  const { probeBackends } = await import('@hessian-rmt/models');
  try {
    return await probeBackends();
  } catch (error) {
    return [{ name: 'tfjs', state: 'failed', reason: (error as Error).message }];
  }
}

async function dataStatus(): Promise<Diagnosis['data']> {
  const { dataDirectory, listDatasets } = await import('@hessian-rmt/models');
  const datasets = await listDatasets();
  return {
    directory: dataDirectory(),
    datasets: datasets.map(({ name, train, test }) => ({ name, train: train ?? null, test: test ?? null })),
  };
}

async function cacheStatus(directory: string): Promise<Diagnosis['cache']> {
  if (!existsSync(directory)) return { directory, units: 0, bytes: 0 };
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  let bytes = 0;
  let units = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    // A run that goes on meanwhile may take a file away.
    bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
    if (entry.name === 'result.json') units++;
  }
  return { directory, units, bytes };
}

async function resultsStatus(root: string): Promise<ResultsStatus[]> {
  const found: ResultsStatus[] = [];
  for (const { name: experiment } of findExperiments(root)) {
    for (const folder of storedFolders(root, experiment)) {
      try {
        const [{ directory }] = storedResults(root, [experiment], { folder, demanded: true });
        const claims = await readLedger(join(directory, 'claims.json'));
        found.push({ experiment, folder, summary: summarize(claims) });
      } catch (error) {
        found.push({ experiment, folder, problem: (error as Error).message });
      }
    }
  }
  return found;
}
