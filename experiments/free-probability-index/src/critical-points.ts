import {
  type CriticalPoint,
  type CriticalPointMethod,
  descendToLoss,
  eigenvalues,
  exactHessian,
  findCriticalPoint,
} from '@hessian-rmt/curvature';
import { denseObjective, initialWeights } from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { meanSquaredTarget, memorisationTask, squareNetwork } from './memorisation.js';
import { smallObjective } from './small-objective.js';
import { squareHessian } from './square-hessian.js';

export type CriticalPointsConfig = {
  /** n: inputs, hidden units and outputs. */
  readonly size: number;
  /** m, the examples. */
  readonly samples: number;
  readonly activation: 'tanh' | 'identity';
  readonly method: CriticalPointMethod;
  /**
   * Where the descent on J_g starts: at the first point of gradient descent on the loss that is at or below a level drawn
   * uniformly between 0 and the initial loss (`uniform`, sec. 6.4), between a fifth and a half of it (`low`), or at the
   * initial weights themselves (`initial`).
   */
  readonly start: 'uniform' | 'low' | 'initial';
  /** Kept where J_g = 1/2 |grad L|^2 is at or below this; 1e-6 in the paper. */
  readonly tolerance: number;
  /** Steps of the search, at most. */
  readonly maxIterations: number;
  /** Steps of the descent to the starting loss, at most: levels below the minimum are drawn too, and never reached. */
  readonly maxDescent: number;
  readonly runs: number;
};

/** Up to here plain loops are faster than products through a library: two to four times at n = 4, no more at 6. */
const small = 5;
/** J_g is recorded after 2^k iterations, k below this. */
const recorded = 22;

/** Critical points of the memorisation task, each from data and weights of its own (Pennington & Bahri 2017, sec. 6.4). */
export const criticalPoints = defineUnitKind<CriticalPointsConfig>({
  name: 'critical-points',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { size, samples, activation, runs } = config;
    const network = squareNetwork(size, activation);
    // Searches that differ only in the method, the tolerance or the level start from the same problems and weights.
    const problems = random.stream(`${activation} n=${size} m=${samples}`);

    const points: (CriticalPoint & { startLoss: number; initialLoss: number; meanSquaredTarget: number })[] = [];
    const spectra: Float64Array[] = [];
    const roundingFloors: number[] = [];
    const traces = new Float64Array(runs * recorded);
    for (let run = 0; run < runs; run++) {
      progress(run / runs, `run ${run + 1} of ${runs}, ${spectra.length} accepted`);
      const problem = problems.stream(`run-${run}`);
      const data = memorisationTask(size, samples, problem.stream('data'));
      const initial = initialWeights(network, problem.stream('initial weights'));
      const initialLoss = denseObjective(network, data, linearAlgebra).loss(initial);
      const level = initialLoss * levelOf(config.start, problem.stream('level').uniform());
      const { point, value: startLoss } = descendToLoss(network, data, initial, level, {
        linearAlgebra,
        maxIterations: config.maxDescent,
      });
      const { method, tolerance, maxIterations } = config;
      const trace = traces.subarray(run * recorded, (run + 1) * recorded);
      const found = await findCriticalPoint(network, data, point, {
        linearAlgebra,
        method,
        tolerance,
        maxIterations,
        hessian: squareHessian(size, activation, data, linearAlgebra),
        ...(size <= small && { objective: smallObjective(size, activation, data) }),
        onIteration(iteration, value) {
          const k = Math.log2(iteration);
          if (Number.isInteger(k) && k < recorded) trace[k] = value;
        },
      });
      points.push({ ...found, startLoss, initialLoss, meanSquaredTarget: meanSquaredTarget(data) });
      if (!found.accepted) continue;
      const hessian = await exactHessian(network, found.weights, data, { linearAlgebra });
      const spectrum = await eigenvalues(hessian, { linearAlgebra, overwrite: true });
      spectra.push(spectrum.values);
      roundingFloors.push(spectrum.roundingFloor);
    }

    const column = (of: (point: (typeof points)[number]) => number) => ({
      shape: [runs],
      data: Float64Array.from(points, of),
    });
    const parameters = 2 * size ** 2;
    return {
      numbers: { accepted: spectra.length },
      arrays: {
        // L = n eps (sec. 2): the energy is the loss over n.
        energy: column(({ loss }) => loss / size),
        startEnergy: column(({ startLoss }) => startLoss / size),
        initialEnergy: column(({ initialLoss }) => initialLoss / size),
        meanSquaredTarget: column(({ meanSquaredTarget }) => meanSquaredTarget),
        halfSquaredGradient: column(({ halfSquaredGradient }) => halfSquaredGradient),
        curvatureAlongGradient: column(({ curvatureAlongGradient }) => curvatureAlongGradient),
        iterations: column(({ iterations }) => iterations),
        evaluations: column(({ evaluations }) => evaluations),
        // J_g after 1, 2, 4, ... iterations; 0 where the search had ended.
        trace: { shape: [runs, recorded], data: traces },
        accepted: { shape: [runs], data: Uint8Array.from(points, ({ accepted }) => Number(accepted)) },
        // One row an accepted run, in the order of the runs.
        eigenvalues: { shape: [spectra.length, parameters], data: concatenated(spectra, parameters) },
        roundingFloor: { shape: [spectra.length], data: Float64Array.from(roundingFloors) },
      },
    };
  },

  cost({ size, samples, method, maxIterations, runs }) {
    const parameters = 2 * size ** 2;
    const spectrum = flopsOf.hessian(samples, parameters) + flopsOf.eigenvalues(parameters);
    const memory = 8 * 6 * parameters ** 2;
    if (method === 'levenberg-marquardt') {
      // About 80 steps where most searches succeed: a Hessian, its square and two factorisations each.
      const step = flopsOf.hessian(samples, parameters) + 2.5 * parameters ** 3;
      const steps = Math.min(maxIterations, 80);
      return { flops: runs * (steps * step + spectrum), seconds: runs * steps * 2e-4, memory };
    }
    // A gradient and a Hessian-vector product: eight times n^2 m multiplications and additions, n m of tanh.
    const evaluation = samples * (8e-9 * size ** 2 + 2e-8 * size) + (size <= small ? 0 : 1e-5);
    const share = method === 'gradient-descent' ? 0.5 : 0.2;
    return { flops: runs * spectrum, seconds: runs * share * maxIterations * evaluation, memory };
  },
});

/** The level of the loss where the search starts, as a share of the initial loss. */
function levelOf(start: CriticalPointsConfig['start'], uniform: number): number {
  if (start === 'initial') return 1;
  return start === 'uniform' ? uniform : 0.2 + 0.3 * uniform;
}

function concatenated(rows: readonly Float64Array[], width: number): Float64Array {
  const all = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    all.set(row, i * width);
  });
  return all;
}
