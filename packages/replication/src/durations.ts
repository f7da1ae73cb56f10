import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { digestOf } from './canonical-json.js';
import type { UnitCost } from './experiment.js';
import type { MeasuredUnits } from './kind-pace.js';
import { mean, median } from './measurement.js';
import { rewriteFile } from './rewrite-file.js';
import type { UnitIngredients } from './unit-key.js';

interface Duration {
  /** Experiment, kind, threads and library. */
  readonly kind: string;
  readonly seconds: number;
  /** On the disk. Earlier versions did not write this, nor the next. */
  readonly bytes?: number;
  /** What its kind told of it. */
  readonly told?: MeasuredUnits['told'];
}

/**
 * How long units took with this linear algebra, whatever their repetition, seed and sources, and how much they store: the
 * longest start first, and time and storage can be told. A hint only: losing the file costs nothing but these.
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
    const seconds = this.likeIn(kindOf(unit)).map((duration) => duration.seconds);
    return seconds.length === 0 ? undefined : median(seconds);
  }

  /** Bytes that the last unit of the same configuration stored. */
  bytesOfEqual(unit: UnitIngredients): number | undefined {
    return this.units[likeness(unit)]?.bytes;
  }

  /** The mean over the units of the same kind, whatever their configuration, threads and library. */
  bytesOfKind({ experiment, kind }: UnitIngredients): number | undefined {
    const bytes = Object.values(this.units)
      .filter((duration) => duration.kind.startsWith(`${experiment}/${kind} on `))
      .flatMap((duration) => duration.bytes ?? []);
    return bytes.length === 0 ? undefined : mean(bytes);
  }

  /** The units of the same kind with what their kind told of them. */
  toldOfKind(unit: UnitIngredients): readonly MeasuredUnits[] {
    return this.likeIn(kindOf(unit)).flatMap(({ seconds, told }) => (told ? [{ units: 1, seconds, told }] : []));
  }

  add(
    unit: UnitIngredients,
    seconds: number,
    { bytes, cost }: { readonly bytes?: number | undefined; readonly cost?: UnitCost | undefined } = {},
  ): void {
    this.units[likeness(unit)] = {
      kind: kindOf(unit),
      seconds,
      ...(bytes === undefined ? {} : { bytes }),
      ...(cost && { told: { flops: cost.flops / unit.threads, seconds: cost.seconds ?? 0 } }),
    };
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

  private likeIn(kind: string): readonly Duration[] {
    return Object.values(this.units).filter((duration) => duration.kind === kind);
  }
}

/** Whatever stands in the file and is not a duration is left out: earlier versions wrote other things. */
function read(file: string): Record<string, Duration> {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Partial<Duration> | null>);
    return Object.fromEntries(
      entries.flatMap(([name, entry]) => {
        const { kind, seconds, bytes, told } = entry ?? {};
        if (typeof kind !== 'string' || !isCount(seconds)) return [];
        const isTold = isCount(told?.flops) && isCount(told.seconds);
        return [[name, { kind, seconds, ...(isCount(bytes) && { bytes }), ...(isTold && { told }) } as Duration]];
      }),
    );
  } catch {
    return {};
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function kindOf({ experiment, kind, threads, linearAlgebra }: UnitIngredients): string {
  return `${experiment}/${kind} on ${threads} of ${linearAlgebra}`;
}

function likeness(unit: UnitIngredients): string {
  return digestOf({ kind: kindOf(unit), config: unit.config }).slice(0, 16);
}
