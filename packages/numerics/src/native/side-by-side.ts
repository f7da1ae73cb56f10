import type { LinearAlgebra } from '../linear-algebra.js';
import type { Identity } from './identify.js';

/** Kinds of libraries that take calls from several threads, and whose number of threads can be changed at any time. */
const concurrent: readonly Identity['kind'][] = ['openblas', 'mkl'];

/** Of each kind: runs of `sideBySide` under way in this process, and the threads there were before the first. */
const underWay = new Map<Identity['kind'], { runs: number; threads: number }>();

/** One thread a call, and as many calls at once as there were threads: if Node's pool, which runs them, is as large. */
export function sideBySide(identity: Identity): LinearAlgebra['sideBySide'] {
  return async (work) => {
    const { kind } = identity;
    const state = underWay.get(kind) ?? { runs: 0, threads: identity.countThreads() };
    const { threads } = state;
    if (!concurrent.includes(kind) || threads === 1 || threads > poolSize()) return work(1);
    underWay.set(kind, state);
    if (state.runs++ === 0) identity.setThreads(1);
    try {
      return await work(threads);
    } finally {
      if (--state.runs === 0) {
        underWay.delete(kind);
        identity.setThreads(threads);
      }
    }
  };
}

/** https://nodejs.org/api/cli.html#uv_threadpool_sizesize */
function poolSize(): number {
  return Number(process.env.UV_THREADPOOL_SIZE) || 4;
}
