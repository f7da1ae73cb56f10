import type { LibraryInfo } from '@hessian-rmt/numerics';
import type { RunEstimate } from './estimate.js';
import type { Json, ProfileName } from './experiment.js';
import type { LockHolder } from './run-lock.js';

/** What a run tells while it goes. */
export type RunEvent = RunStep & {
  readonly elapsedSeconds: number;
  /** Estimate of the time that the units still take; null before there is anything to tell it by. */
  readonly remainingSeconds: number | null;
};

export type RunStep =
  | {
      readonly type: 'planned';
      readonly experiment: string;
      readonly profile: ProfileName;
      readonly seed: number;
      /** Identifiers of the parts when these are not all. */
      readonly parts: readonly string[] | null;
      /** Settings that are not those of the profile, with the parts that have them, of how many. */
      readonly changed: readonly {
        readonly name: string;
        readonly value: Json;
        readonly parts: readonly string[];
        readonly of: number;
      }[];
      /** Which changed input makes the run compute or write; null when it does neither. */
      readonly because: string | null;
      /** Units in all, and those of them that stand in the store. */
      readonly units: number;
      readonly inStore: number;
      readonly cores: number;
      /** What the units are computed by where that is not this machine: the cores are then those of all tasks together. */
      readonly jobs?: { readonly arrays: number; readonly tasks: number };
      readonly library: LibraryInfo;
      /** Of the units to compute; null when there are none. */
      readonly estimate: RunEstimate | null;
    }
  /** Another run in the same repository is waited for. */
  | { readonly type: 'waiting'; readonly holder: LockHolder; readonly lockFile: string }
  /** A stored unit is damaged and will be computed again. */
  | { readonly type: 'unitDamaged'; readonly key: string; readonly unit: string; readonly reason: string }
  /** A unit is taken from the store. */
  | { readonly type: 'unitTaken'; readonly key: string; readonly unit: string }
  | { readonly type: 'unitStarted'; readonly key: string; readonly unit: string }
  | {
      readonly type: 'unitProgress';
      readonly key: string;
      readonly unit: string;
      /** 0 to 1. */
      readonly fraction: number;
      readonly doing: string;
    }
  | {
      readonly type: 'unitFinished';
      readonly key: string;
      readonly unit: string;
      readonly seconds: number;
      /** Units finished in this run, of those it computes. */
      readonly done: number;
      readonly of: number;
    }
  | { readonly type: 'unitFailed'; readonly key: string; readonly unit: string; readonly reason: string }
  | { readonly type: 'writing'; readonly directory: string }
  /** Nothing had to be done. */
  | { readonly type: 'hit'; readonly directory: string; readonly restored: boolean }
  | { readonly type: 'finished'; readonly directory: string; readonly files: number }
  | { readonly type: 'failed'; readonly reason: string };
