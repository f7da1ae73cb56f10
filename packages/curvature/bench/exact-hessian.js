// Speed of the exact Hessian of 784-10-100-10 on MNIST digits, as a share of what dgemm reaches in the same run, and
// beside row-by-row autograd. Run on a quiet machine: `npm run bench` in the root.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eigenvalues, exactHessian } from '@hessian-rmt/curvature';
import { initialWeights, mlp, mnistFromNpm, parameterCount, scaleImages, slice } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';

const widths = [784, 10, 100, 10];
const batch = 64;

const la = await linearAlgebra();
const random = randomStream(0, 'bench');
const digits = scaleImages(await mnistFromNpm('all'));
const parameters = parameterCount(mlp(widths));
console.log(`${la.library.description}, ${la.library.threads} threads; ${digits.name}`);

const square = squareProduct(4000);

let best = Number.POSITIVE_INFINITY;
// tanh: every weight of every sample counts. ReLU: samples on which a unit is inactive are left out, exactly.
for (const activation of ['tanh', 'relu']) {
  const network = mlp(widths, { activation });
  const weights = initialWeights(network, random.stream('weights'));
  console.log(`\n${widths.join('-')} ${activation}, P = ${parameters}, ${digits.count} digits`);
  const into = (await report('  fresh memory', 1, network, weights, digits)).data;
  const { seconds } = await report('  memory reused, best of 3', 3, network, weights, digits, into);
  best = Math.min(best, seconds);
  const few = slice(digits, 0, batch);
  for (const [title, memory] of [
    ['fresh memory', undefined],
    ['memory reused', into],
  ]) {
    const run = await bestOf(5, () => timed(network, weights, few, memory));
    console.log(`  batch of ${batch}, ${title}, best of 5: ${run.total.toFixed(3)} s; ${parts(run, 3)}`);
  }
}
await reportEigenvalues(4000);
reportAutograd(digits.count, 20);
reportAutograd(batch, 40);

/** The best of several assemblies, as a share of dgemm before and after it. */
async function report(title, times, network, weights, data, into) {
  let run;
  let share = '';
  for (let time = 0; time < times; time++) {
    const before = dgemmRate();
    const next = await timed(network, weights, data, into);
    if (run && next.total >= run.total) continue;
    run = next;
    const dgemm = (before + dgemmRate()) / 2;
    const rate = (data.count * parameters ** 2) / run.total / 1e9;
    share = `${rate.toFixed(1)} GF counted as N P^2, ${(rate / dgemm).toFixed(2)} of dgemm's ${dgemm.toFixed(1)} GF (n = 4000)`;
  }
  console.log(`${title}: ${run.total.toFixed(2)} s = ${share}; ${parts(run, 2)}`);
  return { data: run.hessian.data, seconds: run.total };
}

async function bestOf(times, measure) {
  let best = await measure();
  for (let time = 1; time < times; time++) {
    const next = await measure();
    if (next.total < best.total) best = next;
  }
  return best;
}

function parts(run, digits) {
  const [blas, forming, mirror] = [run.blas, run.forming, run.mirror].map((seconds) => `${seconds.toFixed(digits)} s`);
  return `BLAS under way ${blas}, only forming factors ${forming}; of this after the last product ${mirror}`;
}

/** Seconds of one assembly: in all, with BLAS under way, without; and after the last product: copies alone. */
async function timed(network, weights, data, into) {
  const watch = watched(la);
  const start = performance.now();
  const hessian = await exactHessian(network, weights, data, { linearAlgebra: watch.linearAlgebra, into });
  const end = performance.now();
  const blas = watch.busy() / 1000;
  const total = (end - start) / 1000;
  return { hessian, total, blas, forming: total - blas, mirror: (end - watch.lastProduct()) / 1000 };
}

/** The same linear algebra, noting when at least one product or copy is under way. */
function watched(original) {
  let underWay = 0;
  let since = 0;
  let busy = 0;
  let lastProduct = 0;
  const begin = () => {
    if (underWay++ === 0) since = performance.now();
  };
  const end = () => {
    if (--underWay === 0) busy += performance.now() - since;
  };
  const copy = (method) => async (work) => {
    begin();
    await method(work);
    end();
  };
  const product = (method) => async (work) => {
    await copy(method)(work);
    lastProduct = performance.now();
  };
  return {
    busy: () => busy,
    lastProduct: () => lastProduct,
    linearAlgebra: {
      ...original,
      gemm: (work) => {
        begin();
        original.gemm(work);
        end();
      },
      gemmAsync: product(original.gemmAsync),
      syrkAsync: product(original.syrkAsync),
      copyAsync: copy(original.copyAsync),
    },
  };
}

/** GF of a square product, the best of three. */
function dgemmRate() {
  const seconds = [];
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    la.gemm(square);
    seconds.push((performance.now() - start) / 1000);
  }
  return (2 * square.n ** 3) / Math.min(...seconds) / 1e9;
}

function squareProduct(n) {
  const [a, b] = ['a', 'b'].map((name) => random.stream(name).normals(n * n));
  return { m: n, n, k: n, a, lda: n, b, ldb: n, c: new Float64Array(n * n), ldc: n };
}

async function reportEigenvalues(n) {
  const matrix = random.stream('symmetric').normals(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix[j * n + i] = matrix[i * n + j];
  let start = performance.now();
  await eigenvalues({ n, data: matrix }, { linearAlgebra: la });
  const ours = (performance.now() - start) / 1000;
  start = performance.now();
  await la.symmetricEigenvalues(matrix, n, { method: 'one-stage' });
  const lapack = (performance.now() - start) / 1000;
  console.log(`\neigenvalues, n = ${n}: ${ours.toFixed(2)} s; LAPACK's dsyevd alone: ${lapack.toFixed(2)} s`);
}

function reportAutograd(samples, rows) {
  const script = fileURLToPath(new URL('autograd_rows.py', import.meta.url));
  let output;
  try {
    const args = [script, samples, rows, ...widths].map(String);
    output = execFileSync('/usr/bin/python3', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const reason = String(error.stderr || error.message)
      .trim()
      .split('\n')
      .at(-1);
    console.log(`\nrow-by-row autograd skipped: no PyTorch in /usr/bin/python3 (${reason})`);
    return;
  }
  const { version, threads, ...precisions } = JSON.parse(output);
  for (const [precision, { first, row }] of Object.entries(precisions)) {
    const total = first + parameters * row;
    const ratio = samples === digits.count ? `, ${(total / best).toFixed(0)} times the float64 assembly above` : '';
    console.log(
      `PyTorch ${version}, ${threads} threads, ${samples} digits, row by row, ${precision}: ` +
        `${total.toFixed(1)} s (from ${rows} of ${parameters} rows)${ratio}`,
    );
  }
}
