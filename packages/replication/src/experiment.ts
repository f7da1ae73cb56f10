import type { LinearAlgebra, RandomStream, RealArray } from '@hessian-rmt/numerics';
import type { Figure, Table } from '@hessian-rmt/plotting';
import type { Claim } from './claim.js';

/** smoke: tests and CI. quick: the default. laptop: the committed results. paper: the published sizes. */
export const profileNames = ['smoke', 'quick', 'laptop', 'paper'] as const;
export type ProfileName = (typeof profileNames)[number];

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
/**
 * What a unit is told: plain data, part of its key. A unit that reads a data set has the set's checksum in here: another
 * file is then another unit.
 */
export type Config = { readonly [key: string]: Json };

/** One package per paper exports one of these as its default export. */
export interface Experiment {
  /** The package's folder under experiments/: `gauss-newton-outliers`. */
  readonly name: string;
  readonly paper: Paper;
  /** The kinds of work its units do. */
  readonly unitKinds: readonly UnitKind[];
  /** One part per figure or table of the paper. */
  readonly parts: readonly Part[];
}

export interface Paper {
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  /** Where it can be read: `arXiv 1706.04454`, `PMLR 70`. */
  readonly at: string;
}

/** A figure or table of the paper: which work it needs at a profile, and what becomes of the results. */
export interface Part<Settings = unknown> {
  /** Named after the place: `table-1`. */
  readonly id: string;
  /** Where in the paper: `Table 1`. */
  readonly place: string;
  readonly title: string;
  /** `import.meta.url` of the module it stands in, where that is not the one called after its id: `src/table-1.ts`. */
  readonly module?: string;
  readonly profiles: Readonly<Record<ProfileName, Settings>>;
  units(settings: Settings): readonly Unit[];
  /** Pure: the same results give the same figures, tables and claims. No heavy computation: all of that is in units. */
  present(results: Results, settings: Settings, profile: ProfileName): Presentation | Promise<Presentation>;
}

export interface Presentation {
  readonly figures?: readonly Figure[];
  readonly tables?: readonly Table[];
  readonly claims?: readonly Claim[];
  /** Small arrays worth committing, written to arrays/NAME.npy. */
  readonly arrays?: Readonly<Record<string, StoredArray>>;
}

/** What to compute: a kind, its configuration, and which repetition. Equal units are computed once, whoever asks. */
export interface Unit {
  readonly kind: string;
  readonly config: Config;
  /** Repetition number, from 0. The unit's stream is derived from the run's root seed, the kind and this number. */
  readonly repetition: number;
  /** BLAS threads: part of the key, since the bytes of LAPACK depend on it. */
  readonly threads: number;
}

/** How one kind of unit is computed. It runs in a process of its own. */
export interface UnitKind {
  readonly name: string;
  /** `import.meta.url` of the module that defines it: what this module imports, transitively, is part of a unit's key. */
  readonly module: string;
  run(config: Config, context: UnitContext): Promise<UnitResult>;
  /**
   * The units whose results this one works with, as spectra do with a network that is trained once: computed before it,
   * and part of its key. It asks for them by `context.of`.
   */
  needs?(config: Config, repetition: number): readonly Unit[];
  /** What a unit of this configuration takes, for estimates only: it is no part of the unit's key. */
  cost?(config: Config): UnitCost;
}

/** What a unit takes, to a factor of two: for the time that a run tells beforehand, and for what may run side by side. */
export interface UnitCost {
  /**
   * Floating-point operations, counted as if all were products of large matrices: work that runs at a third of their
   * rate counts three times. `flopsOf` has the common cases. Divided by the rate measured at the start of a run, and by
   * the unit's threads, they give its seconds.
   */
  readonly flops: number;
  /** Seconds beside these, of work that no library speeds up (drawing numbers, reading files). Default 0. */
  readonly seconds?: number;
  /** Bytes that the unit holds when it holds most. Default 0. */
  readonly memory?: number;
}

export interface UnitContext {
  /** Repetition number of the unit, for those that it needs; what is random comes from the stream. */
  readonly repetition: number;
  readonly random: RandomStream;
  /** The BLAS library that the run found, with the unit's threads. */
  readonly linearAlgebra: LinearAlgebra;
  /** The result of a unit that this one needs. @throws Error when its kind does not say that it needs this one */
  of(unit: Unit): Promise<UnitResult>;
  /**
   * A folder of the unit's own for checkpoints: a process that takes the unit up after one that was killed finds it as it
   * was, and it goes when the unit is finished. Made when it is first asked for.
   */
  scratch(): Promise<string>;
  /** Fraction done, 0 to 1, and what is being done. */
  progress(fraction: number, doing: string): void;
}

export interface StoredArray {
  readonly shape: readonly number[];
  readonly data: RealArray | Int32Array | Uint8Array;
}

export interface UnitResult {
  /** Small numbers, stored as JSON. NaN and Infinity are refused: nothing that diverged is stored. */
  readonly numbers: { readonly [key: string]: Json };
  /** Stored as .npy files. */
  readonly arrays: Readonly<Record<string, StoredArray>>;
  readonly uses?: UnitUses;
}

/** What a unit worked with beyond its config. It stands in the manifest. */
export interface UnitUses {
  /** The data sets it read or drew. */
  readonly datasets?: readonly { readonly name: string; readonly checksum: string }[];
  /** The tfjs backend it ran on. */
  readonly backend?: string;
}

/** The finished units of a part. */
export interface Results {
  /** @throws Error when the unit was not among those the part asked for */
  of(unit: Unit): UnitResult;
}

/** Keeps the type of a part's settings between `profiles`, `units` and `present`. */
export function definePart<Settings>(part: Part<Settings>): Part {
  return part as Part;
}

/** Keeps the type of a kind's configuration. */
export function defineUnitKind<C extends Config>(kind: {
  readonly name: string;
  readonly module: string;
  run(config: C, context: UnitContext): Promise<UnitResult>;
  needs?(config: C, repetition: number): readonly Unit[];
  cost?(config: C): UnitCost;
}): UnitKind & { unit(config: C, options: { repetition: number; threads: number }): Unit } {
  return {
    name: kind.name,
    module: kind.module,
    run: (config, context) => kind.run(config as C, context),
    ...(kind.needs === undefined ? {} : { needs: (config, repetition) => kind.needs!(config as C, repetition) }),
    ...(kind.cost === undefined ? {} : { cost: (config) => kind.cost!(config as C) }),
    unit: (config, { repetition, threads }) => ({ kind: kind.name, config, repetition, threads }),
  };
}
