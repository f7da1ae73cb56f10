import { printAside } from '../terminal.js';

/** Milliseconds after which a command that is silent looks stuck: our choice. */
const patience = 2000;

/** Waits for an answer of Slurm, and says so when it takes long: a controller that is down is given up after ten seconds. */
export async function tellingWaits<T>(answer: Promise<T>, say: (line: string) => void = printAside): Promise<T> {
  const timer = setTimeout(() => say('waiting for an answer of Slurm ...'), patience);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}
