import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeAtomically } from '@hessian-rmt/numerics';
import { digestOf } from './canonical-json.js';
import type { UnitIngredients } from './unit-key.js';

/**
 * How long units took, whatever their repetition, seed and sources: the longest start first, and the time left can be
 * told. A hint only: losing the file costs nothing but these.
 */
export class Durations {
  private readonly seconds: Record<string, number>;

  constructor(private readonly file: string) {
    try {
      this.seconds = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      this.seconds = {};
    }
  }

  expected(unit: UnitIngredients): number | undefined {
    return this.seconds[likeness(unit)];
  }

  add(unit: UnitIngredients, seconds: number): void {
    this.seconds[likeness(unit)] = seconds;
  }

  async save(): Promise<void> {
    mkdirSync(dirname(this.file), { recursive: true });
    await writeAtomically(this.file, [Buffer.from(JSON.stringify(this.seconds))]);
  }
}

function likeness({ experiment, kind, config, threads }: UnitIngredients): string {
  return digestOf({ experiment, kind, config, threads }).slice(0, 16);
}
