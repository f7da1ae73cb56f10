import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { eigenvalues, fromMatvec, matrixOf, type Operator } from '@hessian-rmt/curvature';
import { defineUnitKind } from '../experiment.js';
import { quadratureArrays, quadratureNumbers, quadratureOf } from './lanczos-spectrum.js';

/** An operator of the user's own, in a module. */
export type OperatorSource = {
  /** Absolute path. */
  readonly module: string;
  /** SHA-256 of this file; what it loads is not known. */
  readonly checksum: string;
  /** What the user calls this state of all that the module loads; null: nothing computed with it is taken up again. */
  readonly version: string | null;
};

export type OperatorConfig = {
  readonly operator: OperatorSource;
  readonly method: 'exact' | 'lanczos';
  readonly steps: number;
  readonly vectors: number;
};

/**
 * Largest |a_ij - a_ji| over the largest |a_ij| that a symmetric operator may show: `lanczos` has the same bound, far
 * above the rounding of products in float32 and far below a missing term.
 */
const symmetryTolerance = 1e-3;

/** The spectrum of an operator: what is known of it are its products. */
export const operatorSpectrum = defineUnitKind<OperatorConfig>({
  name: 'operator-spectrum',
  module: import.meta.url,

  async run({ operator: source, method, steps, vectors }, context) {
    const { linearAlgebra, random, progress } = context;
    const operator = await named(source.module, () => loadOperator(source.module));
    const spectrum = async () => {
      if (method === 'lanczos') {
        const quadrature = await quadratureOf(operator, { steps, vectors }, context, {
          random,
          checkpoints: source.version === null ? null : 'operator',
          progress: (fraction) => progress(fraction, 'Lanczos steps'),
        });
        return { numbers: { spectra: [quadratureNumbers(quadrature)] }, arrays: quadratureArrays(quadrature, 0) };
      }
      const matrix = await matrixOf(operator, { progress: (fraction) => progress(0.9 * fraction, 'products') });
      const { asymmetry } = matrix;
      if (asymmetry > symmetryTolerance) {
        throw new RangeError(
          `expected a symmetric operator, found |a_ij - a_ji| of ${asymmetry.toPrecision(2)} of the largest |a_ij| ` +
            `(tolerance ${symmetryTolerance})`,
        );
      }
      progress(0.9, 'eigenvalues');
      const { values, size, roundingFloor } = await eigenvalues(matrix, { linearAlgebra, overwrite: true });
      return {
        numbers: { spectra: [{ size, roundingFloor, zeros: null, asymmetry }] },
        arrays: { 'levels-0': { shape: [size], data: values } },
      };
    };
    return named(source.module, async () => {
      try {
        return await spectrum();
      } finally {
        await operator.close();
      }
    });
  },
});

/**
 * Whatever goes wrong in a module of the user's own, told under its name in one line, with the place in the module where
 * it was thrown there.
 */
async function named<T>(module: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { message, stack = '' } = cause instanceof Error ? cause : { message: shown(cause) };
    const names = [pathToFileURL(module).href, module];
    const place = stack.split('\n').find((line) => names.some((name) => line.includes(`${name}:`)));
    const [at] = place?.match(/\d+:\d+(?=\)?$)/) ?? [];
    throw new RangeError(`${module}${at === undefined ? '' : `:${at}`}: ${message}`, { cause });
  }
}

/**
 * The default export of a module, or what it returns where it is a function, as an operator.
 *
 * @throws Error when it cannot be loaded; RangeError when it exports no operator
 */
async function loadOperator(module: string): Promise<Operator & { close(): Promise<void> }> {
  const exported = await import(pathToFileURL(module).href).then(
    ({ default: value }) => (typeof value === 'function' ? value() : value),
    (cause) => {
      throw new Error(`the module cannot be loaded: ${(cause as Error).message}`, { cause });
    },
  );
  const { shape, matvec } = exported ?? {};
  const [rows, columns] = Array.isArray(shape) ? shape : [];
  if (!Number.isSafeInteger(rows) || rows < 1 || rows !== columns || typeof matvec !== 'function') {
    throw new RangeError(
      `expected as default export an object, or a function that returns one, with shape [P, P] and matvec(v); ` +
        `found ${describe(exported)}`,
    );
  }
  const operator = fromMatvec(rows, async (v) => {
    const product = await exported.matvec(v);
    if (product instanceof Float64Array) return product;
    const isList = Array.isArray(product) || ArrayBuffer.isView(product);
    if (isList && Array.from(product as unknown as number[]).every((value) => typeof value === 'number')) {
      return Float64Array.from(product as unknown as number[]);
    }
    throw new TypeError(`matvec: expected a Float64Array of ${rows} numbers, found ${shown(product)}`);
  });
  return { ...operator, close: async () => exported.close?.() };
}

function describe(exported: unknown): string {
  if (typeof exported !== 'object' || exported === null) return shown(exported);
  const { shape, matvec } = exported as { shape?: unknown; matvec?: unknown };
  const found = shape === undefined ? 'no shape' : `shape ${shown(shape)}`;
  return `${found} and ${typeof matvec === 'function' ? 'a matvec' : 'no matvec'}`;
}

/** A value of any kind for a message, in one short line. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = inspect(value, {
    depth: 0,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 6,
    maxStringLength: 60,
  });
  return typeof value === 'object' && value !== null ? text : `the ${typeof value} ${text}`;
}
