import { deflationEntries, InsufficientMemoryError } from '@hessian-rmt/curvature';
import type { DenseNetwork } from '@hessian-rmt/models';
import type { UnitCost } from '../experiment.js';
import { flopsOf } from '../flops.js';

/**
 * How the matrix comes about: without its structural zeros; whole, of which a block may be taken; or, for a block that is
 * small beside the whole, from products with its unit vectors.
 */
export type Route = 'deflated' | 'whole' | 'products';

/** What the cost of a spectrum hangs on. */
export interface MatrixSize {
  readonly network: DenseNetwork;
  readonly parameters: number;
  /** Parameters whose block is taken; null for all. */
  readonly selected: number | null;
  /** Samples of one spectrum. */
  readonly samples: number;
  /** Numbers in the inputs of the whole set, which every unit reads. */
  readonly inputs: number;
}

/** What was asked for: null where it is left to the size. */
export interface MethodRequest {
  readonly method: 'exact' | 'lanczos' | null;
  readonly deflate: boolean | null;
}

/**
 * Matrices up to this order are taken exactly when nothing is said (our choice: with OpenBLAS on two cores the
 * eigenvalues of this one take some six minutes, and its memory is 3.2 GB).
 */
const exactUpTo = 20_000;

/** A product with the whole Hessian takes so many times N P operations; by the matrix, a row takes N P. */
const productCost = 24;

/** Bytes that assembly takes beside the matrix, at most: chunks of samples are cut so that they fit (curvature's chunk.ts). */
const assemblyBytes = 256e6;

/**
 * Which way to the eigenvalues, null for Lanczos, and why.
 *
 * @param available  bytes
 * @throws InsufficientMemoryError when an exact spectrum is asked for and does not fit
 * @throws RangeError when deflation is asked for where there is none
 */
export function chooseExact(
  size: MatrixSize,
  { method, deflate }: MethodRequest,
  available: number,
): { readonly route: Route | null; readonly why: string } {
  if (deflate === true && size.selected !== null) {
    throw new RangeError('--deflate: structural zeros are those of the whole matrix; expected no --layers beside it');
  }
  if (deflate === true && method === 'lanczos') {
    throw new RangeError('--deflate: Lanczos takes no matrix apart; expected --method exact');
  }
  if (method === 'lanczos') return { route: null, why: 'as asked for' };
  const routes = routesOf(size, deflate);
  const fitting = routes.find((route) => bytesOf(size, route) <= available);
  const least = Math.min(...routes.map((route) => bytesOf(size, route)));
  if (method === 'exact') {
    if (fitting === undefined) {
      throw new InsufficientMemoryError(
        `an exact spectrum of ${count(orderOf(size, routes[0]))} levels (take --method lanczos, --layers or smaller --batches)`,
        least,
        available,
      );
    }
    return { route: fitting, why: 'as asked for' };
  }
  if (fitting === undefined) {
    const [needed, left] = [least, available].map((bytes) => `${(bytes / 1e9).toPrecision(3)} GB`);
    return { route: null, why: `a matrix would take ${needed}, and ${left} are left` };
  }
  const order = orderOf(size, fitting);
  if (order > exactUpTo) return { route: null, why: `${count(order)} levels are more than ${count(exactUpTo)}` };
  return { route: fitting, why: `${count(order)} levels are no more than ${count(exactUpTo)}, and their matrix fits` };
}

/** The ways that lead to what was asked for, the best first. */
function routesOf({ parameters, selected }: MatrixSize, deflate: boolean | null): readonly Route[] {
  if (selected !== null) return selected < parameters / productCost ? ['products'] : ['whole', 'products'];
  if (deflate === null) return ['deflated', 'whole'];
  return deflate ? ['deflated'] : ['whole'];
}

/** Order of the eigenproblem, at most. */
function orderOf({ network, parameters, selected, samples }: Omit<MatrixSize, 'inputs'>, route: Route): number {
  // Of a few inputs deflation may make as many as there are, and one more for the bias.
  if (route === 'deflated') return Math.min(parameters, Math.round(Math.sqrt(deflationEntries(network, samples))));
  return selected ?? parameters;
}

/** What a unit holds when it holds most. */
export function bytesOf(size: MatrixSize, route: Route): number {
  const { network, parameters, selected, samples, inputs } = size;
  const data = 8 * inputs;
  switch (route) {
    case 'deflated':
      // Inputs, the two factors of their basis, and their coordinates.
      return data + 8 * deflationEntries(network, samples) + 32 * samples * (network.widths[0] + 1) + assemblyBytes;
    case 'whole':
      return data + 8 * parameters ** 2 + 8 * (selected ?? 0) ** 2 + assemblyBytes;
    case 'products':
      return data + 8 * (selected ?? parameters) ** 2 + assemblyBytes;
  }
}

/** For the time told beforehand, and for what may run side by side. */
export function costOfExact(size: MatrixSize, route: Route, spectra: number): UnitCost {
  const { forming, eigenvalues } = phasesOfExact(size, route);
  return { flops: spectra * (forming + eigenvalues), memory: bytesOf(size, route) };
}

/** Operations of the two phases of an exact spectrum, for estimates. */
export function phasesOfExact(
  size: Omit<MatrixSize, 'inputs'>,
  route: Route,
): { readonly forming: number; readonly eigenvalues: number } {
  const { parameters, samples } = size;
  const order = orderOf(size, route);
  const forming =
    route === 'products'
      ? productCost * samples * parameters * order
      : flopsOf.hessian(samples, route === 'deflated' ? order : parameters);
  return { forming, eigenvalues: flopsOf.eigenvalues(order) };
}

export function costOfLanczos(
  { parameters, selected, samples, inputs }: MatrixSize,
  { steps, vectors }: { readonly steps: number; readonly vectors: number },
  spectra: number,
): UnitCost & { readonly memory: number } {
  const kept = Math.min(steps, selected ?? parameters);
  return {
    flops: spectra * kept * vectors * productCost * samples * parameters,
    // The data once more, in memory that threads share; the basis, and weights and vectors.
    memory: 16 * inputs + 8 * (selected ?? parameters) * kept + 64 * parameters,
  };
}

/** @throws InsufficientMemoryError when not even Lanczos fits */
export function requireLanczosToFit(
  size: MatrixSize,
  options: { readonly steps: number; readonly vectors: number },
  available: number,
): void {
  const { memory } = costOfLanczos(size, options, 1);
  if (memory <= available) return;
  const what = `Lanczos with ${options.steps} steps over ${count(size.selected ?? size.parameters)} parameters`;
  throw new InsufficientMemoryError(`${what} (take fewer --steps, some --layers or a --limit)`, memory, available);
}

function count(number: number): string {
  return number.toLocaleString('en');
}
