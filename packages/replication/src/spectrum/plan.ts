import { availableParallelism } from 'node:os';
import type { Dataset, DenseNetworkFile } from '@hessian-rmt/models';
import type { Unit } from '../experiment.js';
import { fileSum } from '../file-sum.js';
import { memoryLeft } from '../memory.js';
import { type Batches, batchesOfUnits, wholeSet } from './batches.js';
import type { PlannedWork } from './compute.js';
import {
  chooseExact,
  costOfExact,
  costOfLanczos,
  type MatrixSize,
  type Route,
  requireLanczosToFit,
} from './exact-or-lanczos.js';
import { type ExactConfig, exactSpectrum, type MatrixConfig } from './exact-spectrum.js';
import { type LanczosConfig, lanczosSpectrum } from './lanczos-spectrum.js';
import { type OperatorConfig, operatorSpectrum } from './operator-spectrum.js';
import { defaultBatches, type SpectrumRequest } from './request.js';
import { type SelectedParameters, selectedParameters } from './selected-parameters.js';
import { readData, readNetwork } from './sources.js';

/** What a network, its data and the choices made for them come to. */
export interface NetworkPlan {
  readonly kind: 'network';
  readonly file: Pick<DenseNetworkFile, 'network' | 'checksum' | 'layers' | 'layout'>;
  readonly parameters: number;
  readonly data: Pick<Dataset, 'name' | 'count' | 'dimension' | 'classes' | 'checksum'>;
  readonly part: 'hessian' | 'gauss-newton';
  readonly selected: SelectedParameters | null;
  /** null for the whole set. */
  readonly batches: { readonly size: number; readonly count: number } | null;
  /** null for Lanczos. */
  readonly route: Route | null;
}

export interface OperatorPlan {
  readonly kind: 'operator';
  readonly checksum: string;
}

export interface SpectrumPlan {
  readonly of: NetworkPlan | OperatorPlan;
  readonly method: 'exact' | 'lanczos';
  /** Why this method, as a phrase. */
  readonly why: string;
  readonly threads: number;
  readonly work: readonly PlannedWork[];
  /** Whether finished units may be taken from the store. */
  readonly reusable: boolean;
}

/**
 * Reads network and data once, to see whether they fit each other, and decides what is computed how.
 *
 * @throws DataFileError, RangeError naming file and option for whatever does not fit
 * @throws InsufficientMemoryError when an exact spectrum was asked for that does not fit into the memory
 */
export async function planSpectrum(request: SpectrumRequest): Promise<SpectrumPlan> {
  return request.of.kind === 'network' ? planOfNetwork(request, request.of) : planOfOperator(request, request.of);
}

type OfNetwork = SpectrumRequest['of'] & { kind: 'network' };
type OfOperator = SpectrumRequest['of'] & { kind: 'operator' };

async function planOfNetwork(request: SpectrumRequest, of: OfNetwork): Promise<SpectrumPlan> {
  const file = await readNetwork(of.network);
  const { network, layers, checksum, layout } = file;
  const { name, count, dimension, classes, checksum: ofData } = await readData(of.data, network);
  const data = { name, count, dimension, classes, checksum: ofData };
  const parameters = file.weights.length;
  const selected = of.layers === null ? null : selectedParameters(network, layers, of.layers);
  const batches = of.batches && checkedBatches(of.batches, data.count, name);
  const size: MatrixSize = {
    network,
    parameters,
    selected: selected?.indices.length ?? null,
    samples: batches?.size ?? count,
    inputs: count * dimension,
  };
  const { route, why } = chooseExact(size, { ...request, deflate: of.deflate }, memoryLeft());
  if (route === null) requireLanczosToFit(size, request, memoryLeft());
  const threads = request.threads ?? (batches ? 1 : availableParallelism());
  const common: Omit<MatrixConfig, 'batches'> = {
    network: of.network,
    data: of.data,
    checksums: { network: checksum, data: data.checksum },
    part: of.part,
    tensors: selected === null ? null : selected.tensors,
  };
  const work = unitsOf(batches).map((taken): PlannedWork => {
    const config = { ...common, batches: taken };
    if (route !== null) {
      const exact: ExactConfig = { ...config, route };
      return workOf(exactSpectrum, exact, threads, costOfExact(size, route, taken.count));
    }
    const { steps, vectors } = request;
    const lanczos: LanczosConfig = { ...config, steps, vectors };
    return workOf(lanczosSpectrum, lanczos, threads, costOfLanczos(size, request, taken.count));
  });
  const plan: NetworkPlan = {
    kind: 'network',
    file: { network, checksum, layers, layout },
    parameters,
    data,
    part: of.part,
    selected,
    batches,
    route,
  };
  return { of: plan, method: route === null ? 'lanczos' : 'exact', why, threads, work, reusable: true };
}

async function planOfOperator(request: SpectrumRequest, { operator }: OfOperator): Promise<SpectrumPlan> {
  const checksum = await fileSum(operator.module).catch((cause) => {
    throw new Error(`${operator.module}: expected the module of an operator, found none that can be read`, { cause });
  });
  const { method: asked, steps, vectors } = request;
  const method = asked ?? 'lanczos';
  const threads = request.threads ?? availableParallelism();
  const config: OperatorConfig = { operator: { ...operator, checksum }, method, steps, vectors };
  return {
    of: { kind: 'operator', checksum },
    method,
    why: asked === null ? 'an operator is known by its products' : 'as asked for',
    threads,
    work: [workOf(operatorSpectrum, config, threads)],
    reusable: operator.version !== null,
  };
}

function unitsOf(batches: { readonly size: number; readonly count: number } | null): readonly Batches[] {
  return batches === null ? [wholeSet] : batchesOfUnits(batches.size, batches.count);
}

function workOf<C extends Unit['config']>(
  kind: { readonly module: string; unit(config: C, options: { repetition: number; threads: number }): Unit },
  config: C,
  threads: number,
  cost?: PlannedWork['cost'],
): PlannedWork {
  const unit = kind.unit(config, { repetition: 0, threads });
  return { module: kind.module, unit, ...(cost === undefined ? {} : { cost }) };
}

function checkedBatches(
  { size, count }: { readonly size: number; readonly count: number | null },
  samples: number,
  name: string,
): { readonly size: number; readonly count: number } {
  const whole = Math.floor(samples / size);
  if (whole === 0) throw new RangeError(`--batches: ${name} has ${samples} samples, fewer than a batch of ${size}`);
  if (count !== null && count > whole) {
    throw new RangeError(`--count: ${name} has ${whole} batches of ${size} samples, found ${count} asked for`);
  }
  return { size, count: count ?? Math.min(whole, defaultBatches) };
}
