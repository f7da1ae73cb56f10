import type { LibraryInfo } from '@hessian-rmt/numerics';
import { digestOf } from './canonical-json.js';
import type { Config } from './experiment.js';

/** Raised when stored units or the way a unit is run change their meaning: old units are then computed anew. */
export const storeFormat = 1;

/** All that the bytes of a unit's result depend on. */
export interface UnitIngredients {
  readonly experiment: string;
  readonly kind: string;
  /**
   * Plain values. What a unit reads from files is no part of its key by itself: an experiment puts the checksum of a data
   * set into the config of every unit that reads it.
   */
  readonly config: Config;
  readonly repetition: number;
  /** Root seed of the run. */
  readonly seed: number;
  /** BLAS threads: the last bits of LAPACK's results depend on them. */
  readonly threads: number;
  /** Keys of the units whose results it works with, sorted; absent where there are none. */
  readonly needs?: readonly string[];
  /** Hash of the source closure of the kind's module. */
  readonly sources: string;
  /** Library and kernel, see `kernelOf`: bytes differ between processors. */
  readonly linearAlgebra: string;
  /** Architecture, as `x64`. */
  readonly architecture: string;
  /** Those environment variables that are set and that bytes depend on: see `environmentThatCounts`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Name and version of the BLAS library and, where it has one, its kernel for this processor. */
export function kernelOf({ kind, identity, description }: LibraryInfo): string {
  return kind === 'portable' ? identity : description;
}

/**
 * The environment variables that change what a unit computes and show nowhere else in its key: the tfjs backend asked
 * for, and the cache size by which OpenBLAS cuts its sums. (OPENBLAS_CORETYPE shows in the library's description.)
 */
export function environmentThatCounts(): Readonly<Record<string, string>> {
  const names = ['HESSIAN_RMT_BACKEND', 'OPENBLAS_L2_SIZE'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** SHA-256 (hex) of the ingredients and the store's format: where a finished unit is found again. */
export function unitKey(ingredients: UnitIngredients): string {
  return digestOf({ storeFormat, ...ingredients });
}
