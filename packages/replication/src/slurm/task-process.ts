import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskEvent, UnitTask } from '../executor.js';
import { localExecutor } from '../local-executor.js';
import { releaseScratch } from '../unit-scratch.js';
import { DamagedUnit, UnitStore } from '../unit-store.js';
import { places, readPackets } from './submission.js';
import { startLine } from './task-end.js';
import { EventWriter } from './task-events.js';

/**
 * One task of a job array: computes the units of its packet on the cores that Slurm gave it.
 *
 *     node task-process.js FOLDER ARRAY      with SLURM_ARRAY_TASK_ID
 *
 * Ends with 1 when units failed, with 143 when it was told to stop; units that were not finished go on from their
 * checkpoints when the task is started again, here or on another node.
 */
const [folder, array] = process.argv.slice(2);
const task = Number(process.env.SLURM_ARRAY_TASK_ID);

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort(new Error('told to stop')));
// A terminal's Ctrl-C reaches a task that is tried by hand; jobs get none.
process.once('SIGINT', () => stop.abort(new Error('told to stop')));

try {
  process.exitCode = (await computePacket()) ? 0 : 1;
} catch (error) {
  console.error(stop.signal.aborted ? 'Stopped; unfinished units go on from what they saved.' : error);
  process.exitCode = stop.signal.aborted ? 143 : 1;
}

/** @returns whether all units are in the store */
async function computePacket(): Promise<boolean> {
  console.log(startLine(`${array}-${task}`, process.env.SLURMD_NODENAME ?? hostname()));
  const units = (await readPackets(folder, array))[task];
  if (units === undefined) throw new Error(`${join(folder, places.packets(array))} has no packet ${task}`);
  const events = new EventWriter(join(folder, places.events(array, task)));
  const failed = new Set<string>();
  const tell = (event: TaskEvent) => {
    if (event.type === 'failed') failed.add(event.key);
    if (event.type !== 'progress') console.log(describe(event, units));
    events.write(event);
  };
  const toCompute = await unfinished(units, tell);
  const executor = localExecutor({ ...coresGiven(), ...memoryGiven() });
  const killed: TaskEvent[] = [];
  try {
    await executor.run(toCompute, (event) => (isStop(event) ? killed.push(event) : tell(event)), stop.signal);
    // Of a unit's process that Slurm told to stop this one may learn before it is told so itself.
    if (killed.length > 0) await sleep(1000);
    stop.signal.throwIfAborted();
    for (const event of killed) tell(event);
  } finally {
    for (const { key, store } of toCompute) releaseScratch(store, [key]);
  }
  events.close();
  return failed.size === 0;
}

/** Those that are not whole in the store and have what they need; the others are told at once. */
async function unfinished(units: readonly UnitTask[], tell: (event: TaskEvent) => void): Promise<readonly UnitTask[]> {
  const keys = new Set(units.map(({ key }) => key));
  const toCompute: UnitTask[] = [];
  for (const unit of units) {
    const { key, needs = [] } = unit;
    const store = new UnitStore(unit.store);
    const seconds = await secondsOf(store, key);
    if (seconds !== undefined) {
      tell({ type: 'finished', key, seconds });
    } else if (needs.some((needed) => !keys.has(needed.key) && !store.has(needed.key))) {
      tell({ type: 'failed', key, reason: 'A unit that it needs failed.' });
    } else {
      toCompute.push(unit);
    }
  }
  return toCompute;
}

/** Of a unit that stands whole in the store: an earlier start of this task finished it. */
async function secondsOf(store: UnitStore, key: string): Promise<number | undefined> {
  if (!store.has(key)) return undefined;
  try {
    return (await store.record(key)).seconds;
  } catch (error) {
    if (!(error instanceof DamagedUnit)) throw error;
    await store.remove(key);
    return undefined;
  }
}

/** Slurm tells every process of a job to end, and a unit's may do so first: that unit has not failed. */
function isStop(event: TaskEvent): boolean {
  return event.type === 'failed' && event.reason.startsWith('Its process was killed by SIGTERM');
}

function coresGiven(): { cores?: number } {
  const cores = Number(process.env.SLURM_CPUS_PER_TASK);
  return cores >= 1 ? { cores } : {};
}

/** Bytes that the job may take, which Slurm tells in mebibytes; whether it is held to them is the cluster's affair. */
function memoryGiven(): { memory?: number } {
  const { SLURM_MEM_PER_NODE, SLURM_MEM_PER_CPU, SLURM_CPUS_ON_NODE } = process.env;
  // A cluster may give memory by the core.
  const mebibytes = Number(SLURM_MEM_PER_NODE ?? Number(SLURM_MEM_PER_CPU) * Number(SLURM_CPUS_ON_NODE));
  return mebibytes >= 1 ? { memory: mebibytes * 2 ** 20 } : {};
}

function describe(event: TaskEvent, units: readonly UnitTask[]): string {
  const { kind, repetition } = units.find(({ key }) => key === event.key)!.ingredients;
  const unit = `${event.key.slice(0, 16)} ${kind}, repetition ${repetition}`;
  const { type } = event;
  if (type === 'failed') return `failed   ${unit}: ${event.reason}`;
  return type === 'finished' ? `finished ${unit} in ${event.seconds.toFixed(1)} s` : `${type}  ${unit}`;
}
