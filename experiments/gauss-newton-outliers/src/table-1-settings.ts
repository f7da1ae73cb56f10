import type { Unit } from '@hessian-rmt/replication';
import { type ClusterConfig, clusterSpectrum } from './cluster-spectrum.js';
import { type Table1Row, table1Rows } from './table-1-rows.js';

/**
 * What Table 1 leaves open, chosen once for all rows (see the README of this package; `choices.ts` varies it).
 * Sizes below the published ones serve the small profiles.
 */
export type Table1Settings = {
  readonly rows: readonly string[];
  readonly repetitions: number;
  readonly dimension: number;
  readonly hidden: readonly number[];
  readonly samples: number;
  readonly centreScale: number;
  readonly rate: number;
  readonly batch: number;
  readonly gdSteps: number;
  readonly sgdSteps: number;
};

/** Dimension and hidden layers as published; the rest our choice. */
const full: Table1Settings = {
  rows: table1Rows.map((row) => row.name),
  repetitions: 3,
  dimension: 100,
  hidden: [30, 30],
  samples: 1000,
  centreScale: 1,
  rate: 0.1,
  batch: 32,
  gdSteps: 4000,
  sgdSteps: 20000,
};

const small = { ...full, hidden: [8, 8], samples: 500, gdSteps: 1000, sgdSteps: 4000, repetitions: 1 };

export const table1Profiles = {
  smoke: {
    ...small,
    rows: ['gd-tanh-4022', 'gd-relu-4115', 'sgd-relu-4115', 'sgd-relu-4022-cov10'],
    samples: 200,
    gdSteps: 300,
    sgdSteps: 600,
  },
  quick: small,
  laptop: full,
  // An odd number, so that a median is one of the counts.
  paper: { ...full, repetitions: 7 },
};

export const rowsOf = ({ rows }: Table1Settings): Table1Row[] => table1Rows.filter((row) => rows.includes(row.name));

/** The units of one row, one a repetition. */
export function clusterUnits(row: Table1Row, settings: Table1Settings): Unit[] {
  const { dimension, hidden, samples, centreScale, rate, batch, gdSteps, sgdSteps } = settings;
  const config: ClusterConfig = {
    clusters: row.clusters,
    covariance: row.covariance,
    samples,
    dimension,
    centreScale,
    hidden,
    activation: row.activation,
    algorithm: row.algorithm,
    batch: row.algorithm === 'gd' ? samples : batch,
    rate,
    steps: row.algorithm === 'gd' ? gdSteps : sgdSteps,
  };
  return Array.from({ length: settings.repetitions }, (_, repetition) =>
    clusterSpectrum.unit(config, { repetition, threads: 1 }),
  );
}

/** Whether counts can be held against the printed ones: the published network, and nothing of ours cut short. */
export function atSize(settings: Table1Settings): { atPublishedSize: boolean; difference?: string } {
  const cut = (Object.keys(full) as (keyof Table1Settings)[])
    .filter((name) => name !== 'rows' && name !== 'repetitions')
    .filter((name) => String(settings[name]) !== String(full[name]));
  if (cut.length === 0) return { atPublishedSize: true };
  const found = cut.map((name) => `${name} ${String(settings[name])} instead of ${String(full[name])}`);
  return { atPublishedSize: false, difference: found.join(', ') };
}
