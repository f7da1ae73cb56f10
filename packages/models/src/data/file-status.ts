import type { DatasetName } from './datasets.js';

/** What is known of one file of a data set. */
export interface FileStatus {
  readonly dataset: DatasetName;
  readonly file: string;
  /**
   * `published`: its contents have the published sum. `absent`: not found. `unverified`: well-formed, with nothing to say
   * that it is the published one. `damaged`: `problem` says why.
   */
  readonly state: 'published' | 'absent' | 'unverified' | 'damaged';
  /** Absent when the file is. */
  readonly path?: string;
  readonly problem?: string;
}
