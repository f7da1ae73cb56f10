import { describeUnits } from '../describe-unit.js';
import { startSeconds } from '../estimate.js';
import type { UnitTask } from '../executor.js';
import { bytesOfMemory, type SlurmSettings, secondsOfTime, UnusableSlurmSetting } from './slurm-settings.js';

/** What one task of an array computes. */
export interface Packet {
  readonly units: readonly UnitTask[];
}

/** Tasks that ask for the same cores and memory. */
export interface JobArray {
  /** `0`, `1`, ... in the order of the plan. */
  readonly id: string;
  /** Arrays of a stage wait for those of the stages before it. */
  readonly stage: number;
  readonly cpus: number;
  /** Bytes of a task; null where nothing is known and the cluster's default has to do; 0 for all that a node has, as in Slurm. */
  readonly memory: number | null;
  /** Expected of its longest packet; null when nothing is known of a unit in it. */
  readonly seconds: number | null;
  /** As Slurm writes it; null for the default of the partition. */
  readonly timeLimit: string | null;
  /** The longest first. */
  readonly packets: readonly Packet[];
}

export interface JobPlan {
  /** In the order of submission: stages ascending. */
  readonly arrays: readonly JobArray[];
}

/** What the cluster takes. */
export interface SlurmLimits {
  /** Tasks of one array: Slurm's MaxArraySize, which is one more than the largest index. */
  readonly maxArraySize: number;
  /** Seconds that the partition lets a job run; without limit where it is left out. */
  readonly maxSeconds?: number;
}

/** Beside what units hold: Node and the modules of a task, of its units, and a BLAS library's buffers (our choice). */
const baseMemory = 1.5 * 2 ** 30;
/** Kinds tell their memory roughly. */
const memoryMargin = 1.25;
/** Units that hold less are not told apart: what Node needs is more. */
const smallestMemoryClass = 2 ** 30;
/** Nodes may be slower than the machine that submits, and estimates are good to a factor of two (our choice). */
const timeMargin = 5;
const shortestLimit = 30 * 60;
/** Of a packet: what a unit of which nothing is known is taken for (our choice). */
const unknownShare = 1 / 4;

/**
 * Units dealt to job arrays.
 *
 * A unit that needs others of the tasks is of a later stage than these. Units of a stage that ask for the same cores and
 * about the same memory (powers of two) share an array, and are put together in packets of `packetMinutes`, the longest
 * first; one that is expected to take longer is a packet by itself.
 *
 * @throws UnusableSlurmSetting when a unit tells more memory than the settings allow
 */
export function jobPlan(tasks: readonly UnitTask[], settings: SlurmSettings, limits: SlurmLimits): JobPlan {
  checkMemory(tasks, settings);
  const stages = stagesOf(tasks);
  const groups = new Map<string, { stage: number; cpus: number; memoryClass: number | null; tasks: UnitTask[] }>();
  for (const task of tasks) {
    const stage = stages.get(task.key)!;
    const cpus = Math.max(settings.cpus ?? 1, task.ingredients.threads);
    const memoryClass = settings.memory === undefined ? memoryClassOf(task) : null;
    const name = `${stage} ${cpus} ${memoryClass}`;
    const group = groups.get(name) ?? { stage, cpus, memoryClass, tasks: [] };
    group.tasks.push(task);
    groups.set(name, group);
  }
  const arrays = [...groups.values()]
    .flatMap(({ tasks: together, ...group }) =>
      chunks(packed(together, group.cpus, settings), limits.maxArraySize).map((packets) => ({ ...group, packets })),
    )
    .map(({ stage, cpus, packets }) => {
      const seconds = longest(packets, cpus);
      return {
        stage,
        cpus,
        memory: memoryOf(packets, cpus, settings),
        seconds,
        timeLimit: limitOf(seconds, settings, limits),
        packets,
      };
    });
  // What takes longest enters the queue first.
  const first = (a: JobArray['seconds']) => a ?? Number.POSITIVE_INFINITY;
  arrays.sort(
    (a, b) => a.stage - b.stage || (first(a.seconds) === first(b.seconds) ? 0 : first(b.seconds) - first(a.seconds)),
  );
  return { arrays: arrays.map((array, i) => ({ id: `${i}`, ...array })) };
}

/** How deep a unit's needs go among the tasks; what it needs beside them stands in the store. */
function stagesOf(tasks: readonly UnitTask[]): ReadonlyMap<string, number> {
  const byKey = new Map(tasks.map((task) => [task.key, task]));
  const stages = new Map<string, number>();
  const of = ({ key, needs = [] }: UnitTask): number => {
    const known = stages.get(key);
    if (known !== undefined) return known;
    const stage = Math.max(-1, ...needs.flatMap((need) => byKey.get(need.key) ?? []).map(of)) + 1;
    stages.set(key, stage);
    return stage;
  };
  for (const task of tasks) of(task);
  return stages;
}

/** Bytes, a power of two; null when the unit does not tell. */
function memoryClassOf({ memory }: UnitTask): number | null {
  if (memory === undefined) return null;
  return Math.max(smallestMemoryClass, 2 ** Math.ceil(Math.log2(Math.max(memory, 1))));
}

/** Packets of about the same length, filled from the longest unit on. */
function packed(tasks: readonly UnitTask[], cpus: number, { packetMinutes, time }: SlurmSettings): readonly Packet[] {
  const limit = time === undefined ? Number.POSITIVE_INFINITY : secondsOfTime(time) / 2;
  const full = Math.min(packetMinutes * 60, limit);
  const secondsOf = ({ expectedSeconds }: UnitTask) =>
    expectedSeconds === undefined ? full * unknownShare : expectedSeconds + startSeconds;
  const sorted = [...tasks].sort((a, b) => secondsOf(b) - secondsOf(a));
  const packets: UnitTask[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const task of sorted) {
    // What runs side by side shares the time of its packet.
    const share = (secondsOf(task) * Math.min(task.ingredients.threads, cpus)) / cpus;
    if (used + share > full) {
      packets.push([]);
      used = 0;
    }
    packets.at(-1)!.push(task);
    used += share;
  }
  return packets.map((units) => ({ units }));
}

/** Its units share the cores of the task; those of which nothing is known count for nothing. */
export function packetSeconds({ units }: Packet, cpus: number): number {
  let [spread, longest] = [0, 0];
  for (const { expectedSeconds, ingredients } of units) {
    if (expectedSeconds === undefined) continue;
    const seconds = expectedSeconds + startSeconds;
    spread += (seconds * Math.min(ingredients.threads, cpus)) / cpus;
    longest = Math.max(longest, seconds);
  }
  return Math.max(spread, longest);
}

/** Seconds of the longest packet; null when nothing is known of some unit. */
function longest(packets: readonly Packet[], cpus: number): number | null {
  const isUnknown = ({ expectedSeconds }: UnitTask) => expectedSeconds === undefined;
  if (packets.some(({ units }) => units.some(isUnknown))) return null;
  return Math.max(...packets.map((packet) => packetSeconds(packet, cpus)));
}

/** A task that asked for more than its partition allows would wait for ever. */
function limitOf(seconds: number | null, { time }: SlurmSettings, { maxSeconds }: SlurmLimits): string | null {
  if (time !== undefined || seconds === null) return time ?? null;
  return timeText(Math.min(Math.max(timeMargin * seconds, shortestLimit), maxSeconds ?? Number.POSITIVE_INFINITY));
}

/** As Slurm writes a time, in whole minutes. */
export function timeText(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  const two = (number: number) => `${number}`.padStart(2, '0');
  return `${days > 0 ? `${days}-` : ''}${two(hours)}:${two(minutes % 60)}:00`;
}

/** Of a task: what those units of a packet hold that may run side by side; null when none of them tells. */
function memoryOf(packets: readonly Packet[], cpus: number, { memory }: SlurmSettings): number | null {
  if (memory !== undefined) return bytesOfMemory(memory);
  const needs = packets.map(({ units }) => {
    const told = units.filter((unit) => unit.memory !== undefined).sort((a, b) => b.memory! - a.memory!);
    let [threads, bytes] = [0, 0];
    for (const { memory: own, ingredients } of told) {
      if (threads > 0 && threads + ingredients.threads > cpus) break;
      threads += ingredients.threads;
      bytes += own!;
    }
    return told.length === 0 ? null : bytes;
  });
  const most = needs.reduce<number | null>((a, b) => (b === null ? a : Math.max(a ?? 0, b)), null);
  return most === null ? null : Math.ceil(memoryMargin * most + baseMemory);
}

function checkMemory(tasks: readonly UnitTask[], { memory }: SlurmSettings): void {
  if (memory === undefined || memory === '0') return;
  const labels = describeUnits(tasks.map(({ ingredients }) => ingredients));
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  for (const [i, task] of tasks.entries()) {
    if ((task.memory ?? 0) <= bytesOfMemory(memory)) continue;
    throw new UnusableSlurmSetting(
      `--memory (memory in slurm.json): expected at least the ${gibibytes(task.memory!)} that ${labels[i]} tells that it needs; found ${memory}`,
    );
  }
}

function chunks<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));
}
