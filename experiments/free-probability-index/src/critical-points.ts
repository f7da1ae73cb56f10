import {
  type CriticalPoint,
  type CriticalPointMethod,
  descendToLoss,
  eigenvalues,
  exactHessian,
  findCriticalPoint,
} from '@hessian-rmt/curvature';
import { type Dataset, denseObjective, initialWeights } from '@hessian-rmt/models';
import { defineUnitKind } from '@hessian-rmt/replication';
import { memorisationTask, squareNetwork } from './memorisation.js';

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
      const found = await findCriticalPoint(network, data, point, { linearAlgebra, method, tolerance, maxIterations });
      points.push({ ...found, startLoss, initialLoss, meanSquaredTarget: meanSquare(data) });
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
        accepted: { shape: [runs], data: Uint8Array.from(points, ({ accepted }) => Number(accepted)) },
        // One row an accepted run, in the order of the runs.
        eigenvalues: { shape: [spectra.length, parameters], data: concatenated(spectra, parameters) },
        roundingFloor: { shape: [spectra.length], data: Float64Array.from(roundingFloors) },
      },
    };
  },
});

/** The level of the loss where the search starts, as a share of the initial loss. */
function levelOf(start: CriticalPointsConfig['start'], uniform: number): number {
  if (start === 'initial') return 1;
  return start === 'uniform' ? uniform : 0.2 + 0.3 * uniform;
}

function meanSquare({ targets = new Float64Array(0) }: Dataset): number {
  return targets.reduce((sum, y) => sum + y * y, 0) / targets.length;
}

function concatenated(rows: readonly Float64Array[], width: number): Float64Array {
  const all = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    all.set(row, i * width);
  });
  return all;
}
