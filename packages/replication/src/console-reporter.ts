import { sep } from 'node:path';
import { changesText } from './changed-settings.js';
import type { RunEstimate } from './estimate.js';
import { plural } from './measurement.js';
import type { RunEvent } from './run-events.js';

export interface ReporterOptions {
  /** Takes one line, without its end. Default: standard output. */
  readonly print?: (line: string) => void;
  /** Least number of seconds between two lines about units that are still running. Default 10: our choice. */
  readonly interval?: number;
  /** Which experiment this is, from 1, of how many that run one after another. Default: the only one. */
  readonly turn?: { readonly number: number; readonly of: number };
}

/** Characters of a line about units: a terminal that is not wide still shows most of it. */
const mostCharacters = 139;

/**
 * Reports a run line by line, for terminals and logs alike: what it will do and why, a line for each unit that ends, and
 * in between how far the running ones are. Lines about units begin with the experiment, the units done of those to
 * compute, the time gone and the time left.
 */
export function consoleReporter({
  print = console.log,
  interval = 10,
  turn,
}: ReporterOptions = {}): (event: RunEvent) => void {
  let lastLine = 0;
  let name = '';
  let done = 0;
  let toCompute = 0;
  let isSpecial = '';
  const say = (event: RunEvent, line: string) => {
    lastLine = event.elapsedSeconds;
    print(line);
  };
  /** The unit's name is what is shortened first: how long it took, or how far it is, is the news. */
  const sayOfUnit = (event: RunEvent, unit: string, most: number, news: string) => {
    const head = `${name} [${done}/${toCompute}] ${duration(event.elapsedSeconds)}${timeLeft(event)}: `;
    const room = Math.max(20, mostCharacters - head.length - news.length);
    say(event, shortened(`${head}${shortened(unit, Math.min(most, room))}${news}`, mostCharacters));
  };
  return (event) => {
    switch (event.type) {
      case 'planned':
        name = `${event.experiment}${turn && turn.of > 1 ? ` (${turn.number} of ${turn.of})` : ''}`;
        toCompute = event.units - event.inStore;
        isSpecial = special(event);
        for (const line of planned(event, name)) say(event, line);
        return;
      case 'waiting': {
        const { pid, host, purpose, since } = event.holder;
        say(event, `Waiting for another run here: ${purpose}, process ${pid} on ${host}, since ${since}.`);
        return;
      }
      case 'unitDamaged':
        say(event, `Damaged in the store, computed again: ${event.unit} (${event.reason})`);
        return;
      case 'unitFinished':
        done = event.done;
        sayOfUnit(event, event.unit, 70, ` took ${duration(event.seconds)}`);
        return;
      case 'unitFailed':
        say(event, `FAILED ${event.unit}: ${event.reason.split('\n', 1)[0]}`);
        return;
      case 'unitProgress':
        if (event.elapsedSeconds - lastLine < interval) return;
        sayOfUnit(event, event.unit, 50, ` at ${Math.round(100 * event.fraction)} %, ${event.doing}`);
        return;
      case 'hit':
        say(
          event,
          `${event.restored ? 'Cache hit, files put back' : 'Cache hit, nothing to do'}: ${here(event.directory)}${isSpecial}`,
        );
        return;
      case 'finished':
        say(
          event,
          `Wrote ${event.files} files to ${here(event.directory)} in ${duration(event.elapsedSeconds)}${isSpecial}.`,
        );
        return;
    }
  };
}

function planned(event: RunEvent & { type: 'planned' }, name: string): string[] {
  const { profile, seed, parts, changed, because, units, inStore, library, estimate } = event;
  const toCompute = units - inStore;
  const work =
    toCompute === 0
      ? 'all in the store'
      : `${inStore} in the store, ${toCompute} to compute ${where(event)}, ${time(estimate, toCompute)}${atOnce(event)}`;
  const algebra = library.kind === 'portable' ? 'portable linear algebra' : library.description;
  const only = parts === null ? '' : `, ${some(parts)} alone`;
  const lines = [`${name}${only} at ${profile}, seed ${seed}: ${plural(units, 'unit')}, ${work}; ${algebra}.`];
  if (changed.length > 0) lines.push(`  Changed: ${changed.map(changeText).join('; ')}.`);
  if (because !== null) lines.push(`  Why: ${because}.`);
  if (library.kind === 'portable' && toCompute > 0) {
    lines.push(`${withoutLibrary(estimate)} Debian, Ubuntu: apt-get install libopenblas0-pthread; ${doctor}.`);
  }
  return lines;
}

/** `on 2 cores`, or `in 12 tasks of 2 job arrays`. */
function where({ cores, jobs }: RunEvent & { type: 'planned' }): string {
  if (jobs === undefined) return `on ${plural(cores, 'core')}`;
  return `in ${plural(jobs.tasks, 'task')} of ${plural(jobs.arrays, 'job array')}`;
}

/** What the time of a run on a cluster supposes. */
function atOnce({ jobs, estimate }: RunEvent & { type: 'planned' }): string {
  return (jobs?.tasks ?? 0) > 1 && estimate?.seconds != null ? ' once all of them run' : '';
}

/** `width = 20 in figure-3 (2 parts have no such setting)` */
function changeText({ name, value, parts, of }: (RunEvent & { type: 'planned' })['changed'][number]): string {
  const others = of - parts.length;
  const rest = others === 0 ? '' : ` (${plural(others, 'part')} without such a setting)`;
  return `${changesText({ [name]: value })} in ${some(parts)}${rest}`;
}

/** What makes these results others than those of the profile: `: figure-3 alone, width = 20`. */
function special({ parts, changed }: RunEvent & { type: 'planned' }): string {
  const changes = changesText(Object.fromEntries(changed.map(({ name, value }) => [name, value])));
  const texts = [parts === null ? '' : `${some(parts)} alone`, changes].filter((text) => text !== '');
  return texts.length === 0 ? '' : `: ${texts.join(', ')}`;
}

/** `figure-1, figure-2`, and of many `figure-1, figure-2 and 5 more`. */
function some(words: readonly string[]): string {
  const more = words.length - 3;
  return more > 1 ? `${words.slice(0, 3).join(', ')} and ${more} more` : words.join(', ');
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}

const doctor = 'hessian-rmt doctor tells more';

/** `about 8 min`, and what that leaves out. */
function time(estimate: RunEstimate | null, toCompute: number): string {
  const { seconds, unknown } = estimate ?? { seconds: null, unknown: toCompute };
  if (seconds === null) return 'for a time not known beforehand';
  const rest = unknown === 0 ? '' : ` without ${plural(unknown, 'unit')} of which no time is known`;
  return `about ${roughly(seconds)}${rest}`;
}

function withoutLibrary(estimate: RunEstimate | null): string {
  const { seconds = null, unknown = 0, withLibrary = null } = estimate ?? {};
  if (seconds === null || unknown > 0) return 'Without a BLAS library this takes many times longer.';
  const other = withLibrary === null || withLibrary > seconds / 2 ? '' : `, with one perhaps ${roughly(withLibrary)}`;
  return `Without a BLAS library this takes about ${roughly(seconds)}${other}.`;
}

function timeLeft({ remainingSeconds }: RunEvent): string {
  return remainingSeconds === null || remainingSeconds < 1 ? '' : `, about ${duration(remainingSeconds)} left`;
}

/** An estimate, which has no more than two digits to show: `1 s`, `40 s`, `8 min`, `2.5 h`. */
export function roughly(seconds: number): string {
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 57.5) return `${5 * Math.round(seconds / 5)} s`;
  if (seconds < 3570) return `${Math.max(1, Number((seconds / 60).toPrecision(seconds < 600 ? 1 : 2)))} min`;
  return `${Number((seconds / 3600).toPrecision(2))} h`;
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `results/EXPERIMENT/FOLDER`: as seen from the repository, since turbo runs the command in the experiment's folder. */
function here(directory: string): string {
  return directory.split(sep).slice(-3).join('/');
}
