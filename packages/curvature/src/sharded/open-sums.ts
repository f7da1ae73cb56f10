import {
  augmentedFrom,
  type ConvolutionalNetwork,
  convolutionalSums,
  type Dataset,
  denseSums,
  type Normalisation,
  type SampleSource,
  type SampleSums,
  statisticsCount,
} from '@hessian-rmt/models';
import { linearAlgebra } from '@hessian-rmt/numerics';
import type { ShardedProblem } from './sharded-problem.js';

/** The samples of a problem. */
export function samplesOfProblem({ data, augmentation }: ShardedProblem): Dataset | SampleSource {
  return augmentation ? augmentedFrom(augmentation, data) : data;
}

/** Opens the problem's engine on this thread. @throws as the engine does when the problem does not fit */
export async function openSums(problem: ShardedProblem, samples: Dataset | SampleSource): Promise<SampleSums> {
  const { network, engine = { kind: 'native' } } = problem;
  if (engine.kind === 'tensor') throw new RangeError('engine: tensor engines are not there yet');
  const { precision = 'float64', library } = engine;
  const algebra = await linearAlgebra({ threads: 1, ...(library !== undefined && { library }) });
  if (network.kind === 'convolutional') {
    const { normalisation = defaultNormalisation(network) } = problem;
    return convolutionalSums(network, samples, algebra, { normalisation, precision });
  }
  if (precision !== 'float64') {
    throw new RangeError(`engine: dense networks are computed in float64, found ${precision}`);
  }
  return denseSums(network, samples, algebra);
}

/** Granziol et al. 2020 take Hessians in training mode; mini-batches of 32 are our choice. */
function defaultNormalisation(network: ConvolutionalNetwork): Normalisation {
  return statisticsCount(network) > 0
    ? { mode: 'training', batch: 32 }
    : { mode: 'evaluation', statistics: new Float64Array() };
}
