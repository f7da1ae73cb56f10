// How far eigenvalues can be trusted: a matrix is built with a spectrum that is known, from 1 down to 1e-20, and its
// eigenvalues are computed. Below about epsilon times the largest they are rounding and nothing else.
import { haarOrthogonal, linearAlgebra, randomStream, readNpy, writeNpy } from '@hessian-rmt/numerics';

const algebra = await linearAlgebra({ threads: 1 });
const n = 200;
const known = Float64Array.from({ length: n }, (_, i) => 10 ** (-20 * (1 - i / (n - 1))));

// A = Q diag(known) Q^T, Q a random rotation.
const q = await haarOrthogonal(n, randomStream(1, 'rotation'), algebra);
const scaled = q.map((entry, i) => entry * known[i % n]);
const a = new Float64Array(n * n);
algebra.gemm({ transposeB: true, m: n, n, k: n, a: scaled, lda: n, b: q, ldb: n, c: a, ldc: n });

const values = await algebra.symmetricEigenvalues(a, n);
const floor = n * Number.EPSILON * values[n - 1];
const largestError = Math.max(...values.map((value, i) => Math.abs(value - known[i])));
console.log(`rounding floor ${floor.toExponential(1)}; no error is above it: ${largestError < floor}`);
// rounding floor 4.4e-14; no error is above it: true

const above = values.filter((value) => value > floor).length;
const relative = values.map((value, i) => Math.abs(value / known[i] - 1));
console.log(
  `${above} of ${n} eigenvalues are above it, and known to 1 %: ${Math.max(...relative.slice(n - above)) < 0.01}`,
);
// 133 of 200 eigenvalues are above it, and known to 1 %: true
console.log(`of those below, the smallest is not known at all: ${relative[0] > 1}`);
// of those below, the smallest is not known at all: true

// NumPy reads the file: np.load('values.npy').
await writeNpy('values.npy', { shape: [n], data: values });
const { shape, data } = await readNpy('values.npy');
console.log(`values.npy has shape (${shape}); the last value came back: ${data[n - 1] === values[n - 1]}`);
// values.npy has shape (200); the last value came back: true
