import { checkCopy, checkGemm, checkGemv, checkSyrk } from '../check.js';
import type { Gemm, Gemv, LinearAlgebra, MatrixCopy, RealArray, Syrk } from '../linear-algebra.js';
import { copyMatrix } from '../portable/copy.js';
import { runAside } from './lapack.js';
import type { Routines } from './routines.js';

// enum CBLAS_LAYOUT, CBLAS_TRANSPOSE, CBLAS_UPLO of cblas.h
const rowMajor = 101;
const transposition = (yes: boolean | undefined) => (yes ? 112 : 111);
const triangleCode = { upper: 121, lower: 122 } as const;

type Products = Pick<LinearAlgebra, 'gemm' | 'gemmAsync' | 'syrk' | 'syrkAsync' | 'gemv' | 'copyAsync'>;

/** The matrix products of a BLAS. One short call costs about a quarter of a microsecond (bench/calls.js). */
export function nativeProducts(of: (array: RealArray) => Routines): Products {
  return {
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
    gemv: (product) => {
      checkGemv(product);
      scaleResult(product);
      of(product.y).gemv(...gemvArguments(product));
    },
    copyAsync: async (copy) => {
      checkCopy(copy);
      const { omatcopy } = of(copy.b);
      if (!omatcopy) copyMatrix(copy);
      else if (copy.m > 0 && copy.n > 0) await runAside(omatcopy, copyArguments(copy));
    },
  };
}

// biome-ignore format: in the order of cblas.h
const gemmArguments = (p: Gemm<RealArray>): readonly unknown[] => [
  rowMajor, transposition(p.transposeA), transposition(p.transposeB), p.m, p.n, p.k,
  p.alpha ?? 1, p.a, p.lda, p.b, p.ldb, p.beta ?? 0, p.c, p.ldc,
];

// biome-ignore format: in the order of cblas.h
const syrkArguments = (p: Syrk<RealArray>): readonly unknown[] => [
  rowMajor, triangleCode[p.triangle], transposition(p.transpose), p.n, p.k,
  p.alpha ?? 1, p.a, p.lda, p.beta ?? 0, p.c, p.ldc,
];

// biome-ignore format: in the order of cblas.h
const gemvArguments = (p: Gemv<RealArray>): readonly unknown[] => [
  rowMajor, transposition(p.transpose), p.m, p.n, p.alpha ?? 1, p.a, p.lda, p.x, 1, 1, p.y, 1,
];

// biome-ignore format: in the order of cblas.h
const copyArguments = ({ transpose, m, n, a, lda, b, ldb }: MatrixCopy<RealArray>): readonly unknown[] => [
  rowMajor, transposition(transpose), transpose ? n : m, transpose ? m : n, 1, a, lda, b, ldb,
];

/**
 * y := beta y, here rather than in gemv: the reference returns at once when A is empty, and implementations differ in
 * what 0 * NaN leaves behind.
 */
function scaleResult({ transpose, m, n, beta = 0, y }: Gemv<RealArray>): void {
  if (beta === 1) return;
  const length = transpose ? n : m;
  if (beta === 0) y.fill(0, 0, length);
  else for (let i = 0; i < length; i++) y[i] *= beta;
}
