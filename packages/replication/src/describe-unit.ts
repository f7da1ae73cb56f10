import type { Json, Unit } from './experiment.js';

/** A unit in one line for people: `spectrum n=100 activation=relu, repetition 2`. */
export function describeUnit({ kind, config, repetition }: Unit): string {
  const settings = Object.entries(config)
    .map(([name, value]) => `${name}=${short(value)}`)
    .join(' ');
  const text = `${kind} ${settings}`.trim();
  return `${text.length > 90 ? `${text.slice(0, 87)}...` : text}, repetition ${repetition}`;
}

function short(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 8) : text;
}
