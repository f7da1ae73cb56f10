import { join } from 'node:path';
import { places, type Submission, type SubmittedUnit, type UnitFailure } from './submission.js';
import { whyEnded } from './task-end.js';
import { EventReader, type ToldEvent } from './task-events.js';

/** What is known of the units of a submission by what their tasks told: the last event of each. */
export class UnitCourses {
  private readonly reader: EventReader;
  private readonly last = new Map<string, ToldEvent>();
  private readonly seen = new Set<string>();
  private readonly units: ReadonlyMap<string, SubmittedUnit>;
  /** By array and task, the units of those that have told of no end of some unit. */
  private readonly open = new Map<string, { array: string; packet: number; keys: Set<string> }>();

  constructor({ directory, units }: Submission) {
    this.reader = new EventReader(directory);
    this.units = new Map(units.map((unit) => [unit.key, unit]));
    for (const { key, array, packet } of units) {
      const name = `${array}-${packet}`;
      const task = this.open.get(name) ?? { array, packet, keys: new Set() };
      task.keys.add(key);
      this.open.set(name, task);
    }
  }

  /** What was told since this was asked last, by tasks of which some unit is not finished. */
  read(): readonly ToldEvent[] {
    const all: ToldEvent[] = [];
    for (const [name, { array, packet, keys }] of this.open) {
      for (const event of this.reader.next(array, packet)) {
        if (!this.units.has(event.key)) continue;
        all.push(event);
        this.last.set(event.key, event);
        this.seen.add(event.node);
        if (event.type === 'finished') keys.delete(event.key);
      }
      if (keys.size === 0) this.open.delete(name);
    }
    return all;
  }

  /** The last that was told of a unit; undefined when it was not begun. */
  of(key: string): ToldEvent | undefined {
    return this.last.get(key);
  }

  unit(key: string): SubmittedUnit | undefined {
    return this.units.get(key);
  }

  /** Number of tasks of which some unit is not finished. */
  get openTasks(): number {
    return this.open.size;
  }

  /** Nodes that told anything, sorted. */
  nodes(): readonly string[] {
    return [...this.seen].sort();
  }
}

/** Why a unit has no result, though its task is gone: what the task told, else what its log says. */
export async function failureOf(
  { directory }: Submission,
  courses: UnitCourses,
  { key, unit }: Pick<SubmittedUnit, 'key' | 'unit'>,
): Promise<UnitFailure> {
  const task = courses.unit(key);
  // It stood in the store when the run was submitted, so no task has it.
  if (task === undefined) {
    return { key, unit, reason: 'It was in the store and no longer is.', log: join(directory, places.lastLog) };
  }
  const log = join(directory, places.log(task.array, task.packet));
  const event = courses.of(key);
  const reason =
    event?.type === 'failed'
      ? event.reason
      : event?.type === 'finished'
        ? 'It was finished, but its result is not in the store.'
        : await whyEnded(log);
  return { key, unit, reason, log };
}
