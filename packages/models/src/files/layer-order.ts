import { counted } from './layer-names.js';

export interface SizedLayer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** Orders tried before the search gives up: layers of many sizes chain in few orders, those of one size in many at once. */
const mostTries = 10_000;

/**
 * Orders in which every layer takes as many inputs as the one before it has outputs, and in which layers whose names
 * differ in numbers only come by their numbers. The search stops at two, for then the order is not told.
 *
 * @returns undefined where the search gives up
 */
export function chainsOf<L extends SizedLayer>(layers: readonly L[]): L[][] | undefined {
  const before = layers.map((layer) => layers.filter((other) => countedBefore(other, layer)));
  const chains: L[][] = [];
  let tries = 0;
  const extend = (chain: L[]): void => {
    if (chain.length === layers.length) chains.push([...chain]);
    layers.forEach((layer, i) => {
      if (chains.length === 2 || tries === mostTries || chain.includes(layer)) return;
      const last = chain.at(-1);
      if (last && last.outputs !== layer.inputs) return;
      if (!before[i].every((other) => chain.includes(other))) return;
      tries++;
      extend([...chain, layer]);
    });
  };
  extend([]);
  return tries === mostTries && chains.length < 2 ? undefined : chains;
}

export function isChain(layers: readonly SizedLayer[]): boolean {
  return (
    firstBreak(layers) < 0 && layers.every((layer, i) => !layers.slice(i).some((next) => countedBefore(next, layer)))
  );
}

/** Position of the first layer that does not take what the one before it gives; -1 where all do. */
export function firstBreak(layers: readonly SizedLayer[]): number {
  return layers.findIndex(({ inputs }, l) => l > 0 && inputs !== layers[l - 1].outputs);
}

/** Layers by their numbers where they have the same stem, else as they come. */
export function byNumbers<L extends SizedLayer>(layers: readonly L[]): L[] {
  const stems = [...new Set(layers.map(({ name }) => counted(name).stem))];
  const place = (layer: L) => stems.indexOf(counted(layer.name).stem);
  return layers.toSorted((a, b) => place(a) - place(b) || (countedBefore(a, b) ? -1 : 1));
}

function countedBefore(a: SizedLayer, b: SizedLayer): boolean {
  const [first, second] = [counted(a.name), counted(b.name)];
  if (first.stem !== second.stem) return false;
  const differs = first.numbers.findIndex((number, i) => number !== second.numbers[i]);
  return differs >= 0 && first.numbers[differs] < second.numbers[differs];
}
