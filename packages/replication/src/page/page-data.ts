import type { Claim } from '../claim.js';
import type { Json } from '../experiment.js';

/**
 * What the results page carries, as its builder packs it and its script unpacks it: one index with all claims, a block for
 * the tables and the manifest of each results folder, and a block for each figure. Links are relative to results/.
 */
export interface PageIndex {
  readonly papers: readonly PagePaper[];
}

export interface PagePaper {
  readonly experiment: string;
  /** As it is cited: `Sagun et al.`. */
  readonly name: string;
  readonly title: string;
  /** Authors, year, where it can be read. */
  readonly source: string;
  /** Whether it replicates, in a few sentences; null where nobody wrote them. They are about the results in `main`. */
  readonly answer: string | null;
  /** What the rows of the list of claims say: `S4` to a line of text. */
  readonly groups: Readonly<Record<string, string>>;
  readonly folders: readonly PageFolder[];
  /** The folder that stands for the paper where only one can be shown: the largest profile that was run as a whole. */
  readonly main: string;
}

/** `results/EXPERIMENT/FOLDER/`. */
export interface PageFolder {
  readonly folder: string;
  readonly profile: string;
  readonly command: string;
  /** Settings that the run changed by --set; null where none. */
  readonly changed: Json;
  readonly claims: readonly PageClaim[];
  readonly figures: readonly PageFigure[];
  readonly tables: readonly PageLinks[];
  /** Element that holds the block of this folder, see FolderBlock. */
  readonly block: string;
}

export interface PageClaim extends Claim {
  /** Published, measured (with its interval) and allowed, as the ledger prints them. */
  readonly cells: { readonly published: string; readonly measured: string; readonly allowed: string };
  /** Source of the part that made it; null where it is not known. */
  readonly code: string | null;
}

/** Something with a name, and its files by kind: `[['SVG', 'a/laptop/figures/figure-1.svg']]`. */
export interface PageLinks {
  readonly id: string;
  readonly files: readonly (readonly [string, string])[];
  readonly code: string | null;
}

export interface PageFigure extends PageLinks {
  readonly title: string;
  /** Element that holds the figure's data; null where the page had no room for them. */
  readonly block: string | null;
}

/** Tables, manifest and record of a results folder. */
export interface FolderBlock {
  /** Of manifest.json, run.json, claims.json and claims.md those that are there. */
  readonly files: readonly string[];
  readonly tables: readonly PageTable[];
  /** manifest.json without its units and sums of files. */
  readonly manifest: { readonly [name: string]: Json };
  readonly run: { readonly [name: string]: Json };
}

export interface PageTable {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly header: readonly string[];
  /** Which columns hold numbers. */
  readonly numeric: readonly boolean[];
  /** As the Markdown prints them. */
  readonly cells: readonly (readonly string[])[];
  /** As the CSV has them, in full precision: what rows are sorted by. */
  readonly values: readonly (readonly string[])[];
}
