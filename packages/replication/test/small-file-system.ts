import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file system of a few hundred kilobytes in memory, mounted for one test: root, too, finds it full or read-only. */
export class SmallFileSystem {
  /** @param folder  made if it is not there */
  constructor(
    readonly folder: string,
    kilobytes: number,
  ) {
    mkdirSync(folder, { recursive: true });
    mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'hessian-rmt-test', folder);
    onTestFinished(() => unmount(folder));
  }

  makeReadOnly(): void {
    mount('-o', 'remount,ro', this.folder);
  }

  makeWritable(): void {
    mount('-o', 'remount,rw', this.folder);
  }

  /** Takes up all room but this. */
  leave(kilobytes: number): void {
    rmSync(this.ballast, { force: true });
    const { bavail, bsize } = statfsSync(this.folder);
    writeFileSync(this.ballast, new Uint8Array(Math.max(0, bavail * bsize - kilobytes * 1024)));
  }

  /** Gives back some of the room that `leave` took, beyond what is still free. */
  giveBack(kilobytes: number): void {
    const { bavail, bsize } = statfsSync(this.folder);
    this.leave((bavail * bsize) / 1024 + kilobytes);
  }

  free(): void {
    rmSync(this.ballast);
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}

/** Containers mostly forbid it, and users other than root. */
export const canMount = tryMounting();

function tryMounting(): boolean {
  if (process.platform !== 'linux') return false;
  const folder = mkdtempSync(join(tmpdir(), 'hessian-rmt-mount-'));
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'hessian-rmt-test', folder);
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function mount(...args: string[]): void {
  execFileSync('mount', args, { stdio: 'pipe' });
}

function unmount(folder: string): void {
  execFileSync('umount', ['--lazy', folder], { stdio: 'pipe' });
}
