import { type LibraryInfo, type LinearAlgebra, linearAlgebra, portableLinearAlgebra } from '@hessian-rmt/numerics';

/** One kind of linear algebra library. `untested`: there was none to try on this machine. */
export interface LibraryStatus {
  /** Its kind (`openblas`, `mkl`, `accelerate`, `portable`), or what was asked for and is none of them. */
  readonly name: string;
  readonly state: 'works' | 'failed' | 'untested';
  /** Why it failed or was not tried. */
  readonly reason?: string;
  readonly description?: string;
  readonly path?: string;
  readonly threads?: number;
  /** 10^9 float64 operations a second in the product of two matrices of order `productOrder`. */
  readonly gigaflops?: number;
  /** Seconds for all eigenvalues of a symmetric matrix of order `eigenvalueOrder`. */
  readonly eigenvalueSeconds?: number;
}

/** Large enough for the threads to pay, small enough for the portable library: our choice, as is the next. */
export const productOrder = 768;
export const eigenvalueOrder = 800;

/**
 * The library that a run would take, and the portable one, each measured for about a second. The other kinds are
 * `untested`, with the reason.
 */
export async function probeLibraries(onStep: (doing: string) => void = () => {}): Promise<readonly LibraryStatus[]> {
  const statuses: LibraryStatus[] = [];
  const asked = process.env.HESSIAN_RMT_BLAS;
  let why = asked ? `HESSIAN_RMT_BLAS says ${asked}` : 'no such library was found';
  try {
    const found = await linearAlgebra();
    onStep(`measuring ${found.library.description}`);
    statuses.push(await measured(found));
    if (!asked && found.library.kind !== 'portable') why = `${found.library.kind} was found first`;
  } catch (error) {
    statuses.push({ name: asked ?? 'BLAS', state: 'failed', reason: (error as Error).message });
  }
  const isKnown = (kind: LibraryInfo['kind']) => statuses.some(({ name }) => name === kind);
  for (const kind of ['openblas', 'mkl', 'accelerate'] as const) {
    const reason = kind === 'accelerate' && process.platform !== 'darwin' ? 'it is part of macOS' : why;
    if (!isKnown(kind)) statuses.push({ name: kind, state: 'untested', reason });
  }
  if (!isKnown('portable')) {
    onStep('measuring the portable library');
    statuses.push(await measured(portableLinearAlgebra()));
  }
  return statuses;
}

async function measured(algebra: LinearAlgebra): Promise<LibraryStatus> {
  const { kind, description, path, threads } = algebra.library;
  const known = { name: kind, description, threads, ...(path === undefined ? {} : { path }) };
  try {
    const gigaflops = productRate(algebra);
    return { ...known, state: 'works', gigaflops, eigenvalueSeconds: await eigenvalueTime(algebra) };
  } catch (error) {
    return { ...known, state: 'failed', reason: (error as Error).message };
  }
}

function productRate(algebra: LinearAlgebra): number {
  const n = productOrder;
  const a = matrixOf(n);
  const c = new Float64Array(n * n);
  const product = { m: n, n, k: n, a, lda: n, b: a, ldb: n, c, ldc: n };
  let best = Number.POSITIVE_INFINITY;
  let total = 0;
  // The first product wakes the threads, or the compiler; a fast library gets as many as fit into 0.2 s.
  for (let products = 0; products < 2 || (total < 0.2 && products < 50); products++) {
    const started = performance.now();
    algebra.gemm(product);
    const seconds = (performance.now() - started) / 1000;
    if (products > 0) best = Math.min(best, seconds);
    total += seconds;
  }
  return (2 * n ** 3) / best / 1e9;
}

async function eigenvalueTime(algebra: LinearAlgebra): Promise<number> {
  const n = eigenvalueOrder;
  const started = performance.now();
  await algebra.symmetricEigenvalues(matrixOf(n), n);
  return (performance.now() - started) / 1000;
}

/** Symmetric, with a spectrum that has neither gaps nor clusters; only the time matters here. */
function matrixOf(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => Math.cos((Math.floor(k / n) + 1) * ((k % n) + 1)));
}
