import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import {
  breakAbandoned,
  claimOn,
  type Holder,
  isAbandoned,
  isOwn,
  refresh,
  release,
  thisProcess,
  tryClaim,
} from '../src/lease.js';
import { built } from './built.js';
import { temporaryFolder } from './temporary.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const minutes = 60_000;
const elsewhere: Holder = { host: 'elsewhere', pid: 1 };

function leaseOf(holder: Holder, { refreshed = 0 } = {}): { readonly file: string; readonly aside: string } {
  const aside = temporaryFolder();
  const file = join(aside, 'lease');
  expect(tryClaim(file, aside, holder)).toBe(true);
  const at = new Date(Date.now() - refreshed);
  utimesSync(file, at, at);
  return { file, aside };
}

const isGone = (holder: Holder, options?: { readonly refreshed: number }) => {
  const { file, aside } = leaseOf(holder, options);
  return isAbandoned(claimOn(file)!, aside);
};

test('a lease has one holder, until it is given back', () => {
  const { file, aside } = leaseOf(thisProcess());
  expect(tryClaim(file, aside, thisProcess())).toBe(false);
  expect(isOwn(claimOn(file)!)).toBe(true);
  release(file);
  expect(claimOn(file)).toBeUndefined();
  expect(tryClaim(file, aside, thisProcess())).toBe(true);
});

test('only its holder gives a lease back', () => {
  for (const holder of [elsewhere, { ...thisProcess(), processStart: 'another time' }]) {
    const { file } = leaseOf(holder);
    release(file);
    expect(claimOn(file)?.holder).toEqual(holder);
  }
});

test('of this machine, a process that lives has its lease, however long it was not refreshed; a dead one has none', () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  expect(isGone(thisProcess(), { refreshed: 600 * minutes })).toBe(false);
  expect(isGone({ host: hostname(), pid: process.ppid })).toBe(false);
  expect(isGone({ host: hostname(), pid: dead })).toBe(true);
  expect(isGone({ ...thisProcess(), processStart: 'another time' })).toBe(true);
});

test.runIf(process.platform === 'linux')('a process that has ended is dead before its parent asks for its end', () => {
  const { pid = 0 } = spawn('true');
  // While this waits Node asks for nobody's end.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  expect(process.kill(pid, 0)).toBe(true);
  expect(isGone({ host: hostname(), pid })).toBe(true);
});

test('of another machine, a process has its lease while it shows that it lives', () => {
  expect(isGone(elsewhere, { refreshed: 1 * minutes })).toBe(false);
  expect(isGone(elsewhere, { refreshed: 3 * minutes })).toBe(true);
});

test("clocks that differ make no lease stale: it is the file system's time that counts", () => {
  const { file, aside } = leaseOf(elsewhere);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60 * minutes });
  expect(isAbandoned(claimOn(file)!, aside)).toBe(false);
  vi.setSystemTime(Date.now() - 120 * minutes);
  utimesSync(file, new Date(0), new Date(0));
  expect(isAbandoned(claimOn(file)!, aside)).toBe(true);
});

test('an earlier start of the same Slurm job has ended; the same start on another node, or another job, may not have', () => {
  const job = { ...elsewhere, job: '77', restarts: 0 };
  vi.stubEnv('SLURM_JOB_ID', '77');
  expect(isGone(job)).toBe(false);
  vi.stubEnv('SLURM_RESTART_COUNT', '1');
  expect(thisProcess()).toMatchObject({ job: '77', restarts: 1 });
  expect(isGone(job)).toBe(true);
  expect(isGone({ ...job, restarts: 1 })).toBe(false);
  expect(isGone({ ...job, job: '78' })).toBe(false);
  expect(isGone(elsewhere)).toBe(false);
});

test('what was not written to its end is nobody’s', () => {
  for (const torn of [
    '',
    'node3',
    '{"host":"node3"',
    '{"host":"node3"}',
    'null',
    `{"host":"${hostname()}","pid":0}`,
    `${hostname()}+-1+x`,
  ]) {
    const { file, aside } = leaseOf(elsewhere);
    writeFileSync(file, torn);
    expect(isAbandoned(claimOn(file)!, aside)).toBe(true);
  }
});

test('only an abandoned claim is broken, and by one process at a time', () => {
  const held = leaseOf(thisProcess());
  expect(breakAbandoned(held.file, held.aside)).toBe(false);
  expect(claimOn(held.file)).toBeDefined();

  const left = leaseOf(elsewhere, { refreshed: 3 * minutes });
  mkdirSync(`${left.file}.breaking`);
  expect(breakAbandoned(left.file, left.aside)).toBe(false);
  expect(claimOn(left.file)).toBeDefined();
  const longAgo = new Date(Date.now() - minutes);
  utimesSync(`${left.file}.breaking`, longAgo, longAgo);
  expect(breakAbandoned(left.file, left.aside)).toBe(false);
  expect(breakAbandoned(left.file, left.aside)).toBe(true);
  expect(claimOn(left.file)).toBeUndefined();
});

test('to refresh sets the time of the own lease, changes nothing in it, and leaves those of others alone', () => {
  const own = leaseOf(thisProcess(), { refreshed: 5 * minutes });
  const written = readFileSync(own.file, 'utf8');
  refresh(own.file);
  expect(Date.now() - claimOn(own.file)!.refreshed).toBeLessThan(2 * minutes);
  expect(readFileSync(own.file, 'utf8')).toBe(written);

  const other = leaseOf(elsewhere, { refreshed: 5 * minutes });
  refresh(other.file);
  expect(Date.now() - claimOn(other.file)!.refreshed).toBeGreaterThan(4 * minutes);
  refresh(join(own.aside, 'none'));
});

test('a unit whose main thread is inside a long computation refreshes its lease', () => {
  const { file } = leaseOf(thisProcess(), { refreshed: 5 * minutes });
  const before = statSync(file).mtimeMs;
  const watchdog = new Worker(built('watchdog.js'), { workerData: { parent: process.ppid, heartbeat: 20 } });
  watchdog.postMessage(file);
  const word = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; statSync(file).mtimeMs === before; tries++) {
    expect(tries).toBeLessThan(200);
    Atomics.wait(word, 0, 0, 100);
  }
  void watchdog.terminate();
});
