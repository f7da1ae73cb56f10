import { cpus } from 'node:os';

/** What the system calls this machine's processor. */
export function processorName(): string {
  return cpus()[0]?.model.trim() ?? 'unknown';
}
