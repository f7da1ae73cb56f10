import { duration } from '../console-reporter.js';
import type { RunEvent } from '../run-events.js';

/** Seconds between two lines about how far it is (our choice). */
const interval = 2;

/** Tells how far a spectrum is: at once when one of several units ends, else every two seconds. */
export function progressLines(print: (line: string) => void): (event: RunEvent) => void {
  let last = 0;
  return (event) => {
    const { elapsedSeconds, remainingSeconds } = event;
    const text = textOf(event);
    const isEnd = event.type === 'unitFinished' && event.of > 1;
    if (text === undefined || (!isEnd && elapsedSeconds - last < interval)) return;
    last = elapsedSeconds;
    const left = remainingSeconds === null || remainingSeconds < 1 ? '' : `, about ${duration(remainingSeconds)} left`;
    print(`${text}; ${duration(elapsedSeconds)} gone${left}`);
  };
}

function textOf(event: RunEvent): string | undefined {
  if (event.type === 'unitProgress') return `  ${Math.round(100 * event.fraction)} %, ${event.doing}`;
  if (event.type === 'unitFinished') return `[${event.done}/${event.of}] ${event.unit}`;
  return undefined;
}
