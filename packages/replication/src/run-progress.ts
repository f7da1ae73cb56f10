import type { TaskEvent } from './executor.js';
import { type Pace, remainingSeconds, type UnitOutlook } from './remaining-time.js';
import type { RunEvent, RunStep } from './run-events.js';
import type { PlannedUnit } from './run-plan.js';

/** What has to be known of a unit to tell of it. */
export type UnitOfRun = Pick<PlannedUnit, 'key' | 'label' | 'ingredients'>;

/** Turns what happens to the units of a run into events for people: with a name for each unit, time gone and time left. */
export class RunProgress {
  private started = performance.now();
  private readonly expected = new Map<string, UnitOutlook>();
  private readonly waiting = new Map<string, UnitOutlook>();
  private readonly labels: ReadonlyMap<string, string>;
  private readonly kinds: ReadonlyMap<string, string>;
  private readonly startedAt = new Map<string, number>();
  /** The units that this run finished, by kind. */
  private readonly finished = new Map<string, { readonly seconds: number; readonly expected: number | undefined }[]>();
  private toCompute = 0;

  constructor(
    units: readonly UnitOfRun[],
    private cores: number,
    private readonly onEvent: (event: RunEvent) => void,
  ) {
    this.labels = new Map(units.map(({ key, label }) => [key, label]));
    this.kinds = new Map(units.map(({ key, ingredients }) => [key, ingredients.kind]));
  }

  /** The run has its turn, or had it so long ago: what it waited for others is no time of its own. */
  begin(secondsAgo = 0): void {
    this.started = performance.now() - 1000 * secondsAgo;
  }

  /** So many cores share the units from now on. */
  share(cores: number): void {
    this.cores = cores;
  }

  labelOf(key: string): string {
    return this.labels.get(key)!;
  }

  /** These units will be computed. */
  expect(units: readonly { readonly unit: UnitOfRun; readonly expectedSeconds: number | undefined }[]): void {
    this.toCompute = units.length;
    for (const { unit, expectedSeconds } of units) {
      const { kind, threads } = unit.ingredients;
      this.expected.set(unit.key, { kind, threads, ...(expectedSeconds === undefined ? {} : { expectedSeconds }) });
      this.waiting.set(unit.key, this.expected.get(unit.key)!);
    }
  }

  tell(step: RunStep): void {
    const elapsedSeconds = (performance.now() - this.started) / 1000;
    this.onEvent({ ...step, elapsedSeconds, remainingSeconds: this.remaining() });
  }

  /**
   * @param secondsAgo  when it happened, where that is told later
   * @param isQuiet  takes it into account without telling it
   */
  take(event: TaskEvent, secondsAgo = 0, isQuiet = false): void {
    const { key } = event;
    if (event.type === 'started') this.startedAt.set(key, performance.now() - 1000 * secondsAgo);
    if (event.type === 'started' || event.type === 'progress') {
      // A job may be started again after a unit of it had failed.
      const outlook = this.waiting.get(key) ?? this.expected.get(key)!;
      const last =
        event.type === 'started' ? undefined : { seconds: this.secondsOf(key) - secondsAgo, fraction: event.fraction };
      const first = outlook.running?.first ?? last;
      const reports = first && last ? { first, last } : {};
      this.waiting.set(key, { ...outlook, running: { seconds: 0, ...reports } });
    } else {
      const expected = this.waiting.get(key)?.expectedSeconds;
      this.waiting.delete(key);
      if (event.type === 'finished') {
        const kind = this.kinds.get(key)!;
        this.finished.set(kind, [...(this.finished.get(kind) ?? []), { seconds: event.seconds, expected }]);
      }
    }
    if (!isQuiet) this.tell(this.stepOf(event));
  }

  private stepOf(event: TaskEvent): RunStep {
    const { key } = event;
    const unit = this.labelOf(key);
    switch (event.type) {
      case 'started':
        return { type: 'unitStarted', key, unit };
      case 'progress':
        return { type: 'unitProgress', key, unit, fraction: event.fraction, doing: event.doing };
      case 'finished': {
        const done = [...this.finished.values()].reduce((sum, list) => sum + list.length, 0);
        return { type: 'unitFinished', key, unit, seconds: event.seconds, done, of: this.toCompute };
      }
      case 'failed':
        return { type: 'unitFailed', key, unit, reason: event.reason };
    }
  }

  /** For how long a unit has been running. */
  private secondsOf(key: string): number {
    return (performance.now() - (this.startedAt.get(key) ?? performance.now())) / 1000;
  }

  private remaining(): number | null {
    const outlooks = [...this.waiting].map(([key, outlook]): UnitOutlook => {
      if (!outlook.running) return outlook;
      return { ...outlook, running: { ...outlook.running, seconds: this.secondsOf(key) } };
    });
    const paces = new Map([...this.finished].map(([kind, units]) => [kind, paceOf(units)]));
    return remainingSeconds(outlooks, paces, this.cores);
  }
}

function paceOf(units: readonly { readonly seconds: number; readonly expected: number | undefined }[]): Pace {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const mean = sum(units.map(({ seconds }) => seconds)) / units.length;
  const told = units.filter(({ expected = 0 }) => expected > 0);
  if (told.length === 0) return { mean };
  return { mean, perExpected: sum(told.map(({ seconds }) => seconds)) / sum(told.map(({ expected }) => expected!)) };
}
