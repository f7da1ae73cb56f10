import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Bytes of the end of a log that are looked at. */
const tail = 8192;

/** What Slurm writes into the log of a task that it ends, and what that means. */
const signs: readonly (readonly [RegExp, string])[] = [
  [/DUE TO TIME LIMIT/i, 'its job reached its time limit'],
  [/DUE TO NODE FAILURE|DUE TO JOB NOT ENDING/i, 'its node failed'],
  [/oom[-_ ]?kill|out of memory|Exceeded .*memory limit/i, 'its job ran out of memory'],
  [/DUE TO PREEMPTION/i, 'its job was preempted'],
  [/CANCELLED AT/i, 'its job was cancelled'],
];

/**
 * Why a job that is gone from the queue has left no result, as far as its log tells.
 *
 * @param log  path of what it printed
 */
export async function whyEnded(log: string): Promise<string> {
  if (!existsSync(log)) {
    return 'Its job ended without a result and without a log: it was cancelled before it began, or its node does not see this folder.';
  }
  // What ended an earlier start of the task is not what ended the last one.
  const end = lastStart(await endOf(log));
  const [, why] = signs.find(([sign]) => sign.test(end)) ?? [];
  if (why !== undefined) return `It has no result: ${why}.`;
  const words = end
    .split('\n')
    .filter((line) => line.trim() !== '' && !ownLine.test(line))
    .slice(-3)
    .join('\n');
  if (words === '')
    return 'Its job ended without a result and without a word: it was killed, perhaps for want of memory.';
  return `Its job ended without a result. It printed last:\n${words}`;
}

/** The first line of what a task prints, each time it is started. */
export function startLine(task: string, node: string): string {
  return `Task ${task} on ${node}`;
}

function lastStart(text: string): string {
  const starts = [...text.matchAll(/^Task \S+ on /gm)];
  return text.slice(starts.at(-1)?.index ?? 0);
}

/** What a task prints of itself and of its units as they come and go. */
const ownLine = /^(Task \S+ on |(started|finished) +[0-9a-f]{16} )/;

async function endOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(tail), 0, tail, Math.max(0, size - tail));
    return buffer.subarray(0, bytesRead).toString();
  } finally {
    await file.close();
  }
}
