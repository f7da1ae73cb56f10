import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { digestOf } from './canonical-json.js';
import { rewriteFile } from './rewrite-file.js';
import type { UnitIngredients } from './unit-key.js';

interface Duration {
  /** Experiment, kind, threads and library. */
  readonly kind: string;
  readonly seconds: number;
}

/**
 * How long units took with this linear algebra, whatever their repetition, seed and sources: the longest start first,
 * and the time left can be told. A hint only: losing the file costs nothing but these.
 */
export class Durations {
  private readonly units: Record<string, Duration>;

  constructor(private readonly file: string) {
    this.units = read(file);
  }

  /** What the last unit of the same configuration took. */
  ofEqual(unit: UnitIngredients): number | undefined {
    return this.units[likeness(unit)]?.seconds;
  }

  /** The median over the units of the same kind, whatever their configuration. */
  ofKind(unit: UnitIngredients): number | undefined {
    const kind = kindOf(unit);
    const sorted = Object.values(this.units)
      .filter((duration) => duration.kind === kind)
      .map(({ seconds }) => seconds)
      .sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }

  add(unit: UnitIngredients, seconds: number): void {
    this.units[likeness(unit)] = { kind: kindOf(unit), seconds };
  }

  /** As far as that is possible: a full disk must not hide what else went wrong. */
  async save(): Promise<void> {
    try {
      mkdirSync(dirname(this.file), { recursive: true });
      await rewriteFile(this.file, JSON.stringify(this.units));
    } catch {
      // Estimates are worse the next time, and that is all.
    }
  }
}

/** Whatever stands in the file and is not a duration is left out: earlier versions wrote other things. */
function read(file: string): Record<string, Duration> {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Partial<Duration> | null>);
    return Object.fromEntries(
      entries.filter(([, entry]) => typeof entry?.seconds === 'number' && typeof entry.kind === 'string'),
    ) as Record<string, Duration>;
  } catch {
    return {};
  }
}

function kindOf({ experiment, kind, threads, linearAlgebra }: UnitIngredients): string {
  return `${experiment}/${kind} on ${threads} of ${linearAlgebra}`;
}

function likeness(unit: UnitIngredients): string {
  return digestOf({ kind: kindOf(unit), config: unit.config }).slice(0, 16);
}
