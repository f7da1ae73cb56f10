import { checkGemm, checkGemv, checkSquare, checkSyrk } from '../check.js';
import type { EigenvalueOptions, Gemm, Gemv, LibraryInfo, LinearAlgebra, RealArray, Syrk } from '../linear-algebra.js';
import type { Routine, Routines } from './routines.js';

// enum CBLAS_LAYOUT, CBLAS_TRANSPOSE, CBLAS_UPLO of cblas.h
const rowMajor = 101;
const transposed = (yes: boolean | undefined) => (yes ? 112 : 111);
const triangleCode = { upper: 121, lower: 122 } as const;

const character = (c: string) => Uint8Array.of(c.charCodeAt(0));
const integer = (n: number) => Int32Array.of(n);

/** Runs a routine on a thread of koffi's pool; the arguments stay referenced until it is done. */
function runAside(routine: Routine, args: readonly unknown[]): Promise<void> {
  return new Promise((resolve, reject) => {
    routine.async(...args, (error: unknown) => {
      keepAlive(args);
      if (error) reject(error);
      else resolve();
    });
  });
}

function keepAlive(_args: readonly unknown[]): void {}

export function nativeLinearAlgebra(
  library: LibraryInfo,
  routines: { readonly double: Routines; readonly float: Routines },
): LinearAlgebra {
  const of = (array: RealArray): Routines => (array instanceof Float64Array ? routines.double : routines.float);

  // biome-ignore format: one argument list, as in cblas.h
  const gemmArguments = (p: Gemm<RealArray>) => [
    rowMajor, transposed(p.transposeA), transposed(p.transposeB), p.m, p.n, p.k,
    p.alpha ?? 1, p.a, p.lda, p.b, p.ldb, p.beta ?? 0, p.c, p.ldc,
  ];
  // biome-ignore format: one argument list, as in cblas.h
  const syrkArguments = (p: Syrk<RealArray>) => [
    rowMajor, triangleCode[p.triangle], transposed(p.transpose), p.n, p.k,
    p.alpha ?? 1, p.a, p.lda, p.beta ?? 0, p.c, p.ldc,
  ];

  async function symmetricEigenvalues<T extends RealArray>(
    matrix: T,
    n: number,
    options: EigenvalueOptions = {},
  ): Promise<T> {
    checkSquare(matrix, n);
    const a = options.overwrite ? matrix : matrix.slice(0, n * n);
    const make = (length: number) => new (matrix.constructor as Float64ArrayConstructor)(length) as T;
    const values = make(n);
    const lwork = 2 * n * 130 + 1;
    const info = integer(0);
    // A row-major lower triangle is a column-major upper one.
    const triangle = options.triangle === 'upper' ? 'L' : 'U';
    await runAside(of(matrix).syevd, [
      character('N'),
      character(triangle),
      integer(n),
      a,
      integer(n),
      values,
      make(lwork),
      integer(lwork),
      integer(0),
      integer(1),
      info,
      1,
      1,
    ]);
    if (info[0] !== 0) throw new Error(`syevd failed with info = ${info[0]}`);
    return values;
  }

  const notImplemented = (): never => {
    throw new Error('not implemented');
  };

  return {
    library,
    gemm: (product) => {
      checkGemm(product);
      of(product.c).gemm(...gemmArguments(product));
    },
    gemmAsync: async (product) => {
      checkGemm(product);
      await runAside(of(product.c).gemm, gemmArguments(product));
    },
    syrk: (product) => {
      checkSyrk(product);
      of(product.c).syrk(...syrkArguments(product));
    },
    syrkAsync: async (product) => {
      checkSyrk(product);
      await runAside(of(product.c).syrk, syrkArguments(product));
    },
    gemv: <T extends RealArray>(p: Gemv<T>) => {
      checkGemv(p);
      const beta = p.beta ?? 0;
      // biome-ignore format: one argument list, as in cblas.h
      of(p.y).gemv(rowMajor, transposed(p.transpose), p.m, p.n, p.alpha ?? 1, p.a, p.lda, p.x, 1, beta, p.y, 1);
    },
    symmetricEigenvalues,
    symmetricEigen: notImplemented,
    symmetricEigenRange: notImplemented,
    tridiagonalEigen: notImplemented,
    tridiagonalEigenvalues: notImplemented,
    cholesky: notImplemented,
    qr: notImplemented,
    svd: notImplemented,
  };
}
