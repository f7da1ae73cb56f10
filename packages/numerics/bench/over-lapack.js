// What `symmetricEigenvalues` takes beyond LAPACK's own driver, called directly on the same matrix in the same run: checks
// of arguments and results, the call aside. In turn, best of several. After a build, with a library installed:
//
//   node bench/over-lapack.js [--repeats N] [sizes ...]

import { parseArgs } from 'node:util';
import koffi from 'koffi';
import { linearAlgebra, randomStream } from '../dist/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { repeats: { type: 'string', default: '3' } },
});
const sizes = positionals.length > 0 ? positionals.map(Number) : [1000, 2000, 4000];

const algebra = await linearAlgebra();
const { path, description, threads } = algebra.library;
if (!path) throw new Error(`expected a BLAS and LAPACK library, found ${description}`);
const library = koffi.load(path);
const argumentsOfDriver =
  '(char *, char *, int *, double *, int *, double *, double *, int *, int *, int *, int *, size_t, size_t)';
const drivers = {
  'one-stage': library.func(`void dsyevd_${argumentsOfDriver}`),
  'two-stage': library.func(`void dsyevd_2stage_${argumentsOfDriver}`),
};
console.log(`${description}, ${threads} threads, best of ${values.repeats}`);
console.log('     n   method      LAPACK s    ours s   over LAPACK   largest difference');

for (const n of sizes) {
  for (const [method, driver] of Object.entries(drivers)) {
    const matrix = randomStream(1).normals(n * n);
    let [lapack, ours, difference] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
    for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
      // Both destroy a copy of their own, made before the clock starts.
      const copies = [matrix.slice(), matrix.slice()];
      let start = performance.now();
      const reference = direct(driver, copies[0], n);
      lapack = Math.min(lapack, (performance.now() - start) / 1000);
      start = performance.now();
      const found = await algebra.symmetricEigenvalues(copies[1], n, { method, overwrite: true });
      ours = Math.min(ours, (performance.now() - start) / 1000);
      found.forEach((value, i) => {
        difference = Math.max(difference, Math.abs(value - reference[i]));
      });
    }
    const over = `${(100 * (ours / lapack - 1)).toFixed(1)} %`;
    console.log(
      `${String(n).padStart(6)}   ${method}  ${lapack.toFixed(3).padStart(9)} ${ours.toFixed(3).padStart(9)} ${over.padStart(12)}   ${difference}`,
    );
  }
}

/** Eigenvalues of the row-major lower triangle, an upper one to LAPACK. */
function direct(driver, matrix, n) {
  const eigenvalues = new Float64Array(n);
  const int = (value) => Int32Array.of(value);
  const letter = (text) => Uint8Array.of(text.charCodeAt(0));
  const call = (work, lwork, iwork, liwork) => {
    const info = int(0);
    driver(
      letter('N'),
      letter('U'),
      int(n),
      matrix,
      int(n),
      eigenvalues,
      work,
      int(lwork),
      iwork,
      int(liwork),
      info,
      1,
      1,
    );
    if (info[0] !== 0) throw new Error(`info = ${info[0]}`);
  };
  const [size, integers] = [new Float64Array(1), int(0)];
  call(size, -1, integers, -1);
  call(new Float64Array(size[0]), size[0], new Int32Array(integers[0]), integers[0]);
  return eigenvalues;
}
