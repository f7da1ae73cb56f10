import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type LockHolder, takeLock } from '../src/run-lock.js';
import { fixture } from './built.js';
import { temporaryFolder } from './temporary.js';

const lockFile = () => join(temporaryFolder(), 'cache', 'lock');

function leaveLock(file: string, holder: Partial<LockHolder>): void {
  mkdirSync(dirname(file), { recursive: true });
  const since = '2026-01-01T00:00:00.000Z';
  writeFileSync(
    file,
    JSON.stringify({ pid: 1, host: hostname(), processStart: '?', purpose: 'old', since, ...holder }),
  );
}

const deadProcess = () => spawnSync(process.execPath, ['-e', '']).pid;

test('the lock is a file that says who holds it, and is gone when released', async () => {
  const file = lockFile();
  const lock = await takeLock(file, { purpose: 'toy at quick' });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    pid: process.pid,
    host: hostname(),
    purpose: 'toy at quick',
  });
  lock.release();
  expect(existsSync(file)).toBe(false);
  expect(readdirSync(join(dirname(file), 'aside'))).toEqual([]);
});

test('who comes second is told once for whom it waits, and gets the lock afterwards', async () => {
  const file = lockFile();
  const first = await takeLock(file, { purpose: 'first' });
  const waitedFor: string[] = [];
  const second = takeLock(file, { purpose: 'second', onWait: ({ purpose }) => waitedFor.push(purpose) });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(waitedFor).toEqual(['first']);
  first.release();
  (await second).release();
  expect(existsSync(file)).toBe(false);
});

test('waiting ends when the run is stopped', async () => {
  const file = lockFile();
  const first = await takeLock(file, { purpose: 'first' });
  const stopped = takeLock(file, { purpose: 'second', signal: AbortSignal.timeout(50) });
  await expect(stopped).rejects.toThrow(/timeout/);
  expect(existsSync(file)).toBe(true);
  first.release();
});

test('the lock of a dead process is taken over', async () => {
  const file = lockFile();
  leaveLock(file, { pid: deadProcess() });
  (await takeLock(file, { purpose: 'next' })).release();
});

test('a living process that only has the same number does not hold it', async () => {
  const file = lockFile();
  leaveLock(file, { pid: process.pid, processStart: 'another time' });
  (await takeLock(file, { purpose: 'next' })).release();
});

test('the lock of another machine holds as long as it shows that it lives', async () => {
  const file = lockFile();
  leaveLock(file, { host: 'elsewhere', pid: deadProcess() });
  const waiting = takeLock(file, { purpose: 'next', signal: AbortSignal.timeout(300) });
  await expect(waiting).rejects.toThrow();
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(file, longAgo, longAgo);
  (await takeLock(file, { purpose: 'next' })).release();
});

test('of many processes that find a stale lock one at a time has the new one', async () => {
  const file = lockFile();
  const log = join(dirname(file), '..', 'log');
  leaveLock(file, { pid: deadProcess() });
  const children = Array.from({ length: 5 }, () =>
    spawn(process.execPath, [fixture('hold-lock.js'), file, log, '3'], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0, 0]);
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  expect(lines).toHaveLength(30);
  for (let i = 0; i < lines.length; i += 2) expect(lines[i + 1]).toBe(lines[i].replace('in', 'out'));
});
