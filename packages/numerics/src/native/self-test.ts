import type { LinearAlgebra, RealArray } from '../linear-algebra.js';

/** @throws Error if a product, a copy or an eigenproblem comes out wrong: such a library would spoil everything quietly */
export async function selfTest(algebra: LinearAlgebra): Promise<void> {
  for (const Real of [Float64Array, Float32Array]) {
    testProduct(algebra, Real);
    await testCopy(algebra, Real);
    await testEigenvalues(algebra, Real);
  }
}

type Real = Float64ArrayConstructor | Float32ArrayConstructor;

function testProduct(algebra: LinearAlgebra, Real: Real): void {
  // [1 2 3; 4 5 6] [1 0; 2 1; 0 3], the first as it stands, the second stored transposed
  const a = Real.of(1, 2, 3, 4, 5, 6);
  const b = Real.of(1, 2, 0, 0, 1, 3);
  const c = new Real(4);
  algebra.gemm<RealArray>({ transposeB: true, m: 2, n: 2, k: 3, a, lda: 3, b, ldb: 3, c, ldc: 2 });
  compare('a product', c, [5, 11, 14, 23], 0);
}

async function testCopy(algebra: LinearAlgebra, Real: Real): Promise<void> {
  // [1 2 3; 4 5 6], transposed, into rows of three, the last of which must be left alone
  const b = new Real(8).fill(7);
  await algebra.copyAsync<RealArray>({ transpose: true, m: 3, n: 2, a: Real.of(1, 2, 3, 4, 5, 6), lda: 3, b, ldb: 3 });
  compare('a transposed copy', b, [1, 4, 7, 2, 5, 7, 3, 6], 0);
}

async function testEigenvalues(algebra: LinearAlgebra, Real: Real): Promise<void> {
  // The second difference: 2 - 2 cos(k pi / (n + 1)). Above the diagonal stands what must not be read.
  const n = 9;
  const matrix = new Real(n * n).fill(7);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = i === j ? 2 : i - j === 1 ? -1 : 0;
  const values = await algebra.symmetricEigenvalues<RealArray>(matrix, n);
  const exact = Array.from(values, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
  compare('an eigenproblem', values, exact, Real === Float64Array ? 1e-14 : 1e-5);
}

function compare(what: string, found: RealArray, expected: readonly number[], tolerance: number): void {
  if (!expected.every((value, i) => Math.abs(found[i] - value) <= tolerance)) {
    throw new Error(`${what} of known answer ${expected.join(', ')} came out as ${found.join(', ')}`);
  }
}
