import { createRequire } from 'node:module';

/** A published formula as a mathjs expression, with the values it is compared at. */
export interface Formula {
  readonly expression: string;
  readonly scope: Readonly<Record<string, number>>;
}

/** Of mathjs's constants these two only: its `phi` is the golden ratio and its `tau` 2 pi, both names of ours. */
const constants = new Set(['pi', 'e']);

// mathjs takes a third of a second to load and most claims are printed numbers, so it is loaded at the first formula.
const requireHere = createRequire(import.meta.url);
const mathjs = () => requireHere('mathjs/number') as typeof import('mathjs');

/**
 * Value of a published formula.
 *
 * @throws Error when the expression does not parse, when it uses a name that the scope does not give (`pi` and `e`
 *   apart) or the scope gives one that it does not use, and when the value is not a finite number
 */
export function evaluateFormula({ expression, scope }: Formula): number {
  const fail = (why: string): never => {
    throw new Error(`formula "${expression}" at ${describeScope(scope) || 'no values'}: ${why}`);
  };
  const { parse } = mathjs();
  let value: unknown;
  try {
    const tree = parse(expression);
    const names = new Set<string>();
    tree.traverse((node, path) => {
      if ('isSymbolNode' in node && path !== 'fn') names.add((node as unknown as { name: string }).name);
    });
    const missing = [...names].filter((name) => !(name in scope) && !constants.has(name));
    const unused = Object.keys(scope).filter((name) => !names.has(name));
    if (missing.length > 0) throw new Error(`the scope does not give ${missing.join(', ')}`);
    if (unused.length > 0) throw new Error(`the expression does not use ${unused.join(', ')}`);
    value = tree.evaluate({ ...scope });
  } catch (error) {
    return fail((error as Error).message);
  }
  if (typeof value !== 'number' || !Number.isFinite(value))
    return fail(`the value is ${String(value)}, not a finite number`);
  return value;
}

/** `phi = 0.5, sigma = 1`. */
export function describeScope(scope: Formula['scope']): string {
  return Object.entries(scope)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}
