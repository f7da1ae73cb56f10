import {
  augmentedFrom,
  convolutionalSums,
  type Dataset,
  denseSums,
  openBackend,
  type SampleSource,
  type SampleSums,
  tensorSums,
} from '@hessian-rmt/models';
import { linearAlgebra } from '@hessian-rmt/numerics';
import {
  batchSize,
  defaultEngine,
  type NativeEngine,
  normalisationOf,
  type ShardedProblem,
} from './sharded-problem.js';

/** The samples of a problem. */
export function samplesOfProblem({ data, augmentation }: ShardedProblem): Dataset | SampleSource {
  return augmentation ? augmentedFrom(augmentation, data) : data;
}

/** Opens the problem's engine on this thread. @throws as the engine does when the problem does not fit */
export async function openSums(problem: ShardedProblem, samples: Dataset | SampleSource): Promise<SampleSums> {
  const { network, engine = defaultEngine } = problem;
  if (engine.kind === 'native') return openNative(problem, samples, engine);
  const backend = await openBackend(engine.backend);
  return tensorSums(backend, network, samples, {
    normalisation: normalisationOf(problem),
    chunk: batchSize(problem, engine),
  });
}

async function openNative(
  problem: ShardedProblem,
  samples: Dataset | SampleSource,
  engine: NativeEngine,
): Promise<SampleSums> {
  const { network } = problem;
  const { precision = 'float64', library } = engine;
  const chunk = batchSize(problem, engine);
  const algebra = await linearAlgebra({ threads: 1, ...(library !== undefined && { library }) });
  if (network.kind === 'convolutional') {
    return convolutionalSums(network, samples, algebra, { normalisation: normalisationOf(problem), precision, chunk });
  }
  if (precision !== 'float64') {
    throw new RangeError(`engine: dense networks are computed in float64, found ${precision}`);
  }
  return denseSums(network, samples, algebra, { chunk });
}
