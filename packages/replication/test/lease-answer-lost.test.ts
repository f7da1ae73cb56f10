import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { claimOn, isOwn, thisProcess, tryClaim } from '../src/lease.js';
import { temporaryFolder } from './temporary.js';

// NFS: the server makes the link, its answer is lost, it is asked again, and says that the name is taken.
const fileServer = vi.hoisted(() => ({ losesAnswers: false }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const linkSync = (existing: string, name: string) => {
    fs.linkSync(existing, name);
    if (fileServer.losesAnswers) fs.linkSync(existing, name);
  };
  return { ...fs, linkSync };
});
afterEach(() => {
  fileServer.losesAnswers = false;
});

test('a lease is taken, too, when the file server made the link and says that it was there', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'aside'));
  const claims = (name: string) => tryClaim(join(folder, name), join(folder, 'aside'), thisProcess());
  expect(claims('ordinary')).toBe(true);
  fileServer.losesAnswers = true;
  expect(claims('lease')).toBe(true);
  expect(isOwn(claimOn(join(folder, 'lease'))!)).toBe(true);
  expect(claims('ordinary')).toBe(false);
});
