import {
  type Activation,
  channelsFirst,
  checkFit,
  type Dataset,
  type DatasetName,
  type DenseNetwork,
  type DenseNetworkFile,
  dataset,
  type GivenScaling,
  type LossName,
  type PixelScaling,
  readDenseNetwork,
  readSamples,
  type SampleFormat,
  type Split,
  slice,
  type WeightLayout,
  withOneHotTargets,
} from '@hessian-rmt/models';

/** A network in a file, and what the file does not tell; null leaves it to `readDenseNetwork`. */
export type NetworkSource = {
  /** Absolute path. */
  readonly file: string;
  readonly activation: Activation | null;
  readonly loss: LossName | null;
  readonly layout: WeightLayout | null;
  /** Its layers from the inputs to the outputs. */
  readonly order: readonly string[] | null;
};

/** (x - mean) / deviation after all else, as torchvision's `Normalize` has it. */
export type GivenScale = { readonly mean: readonly number[]; readonly deviation: readonly number[] };

/** Samples in files, or a data set by its name. */
export type DataSource = {
  readonly from:
    | {
        readonly kind: 'files';
        /** Absolute paths. */
        readonly inputs: string;
        readonly labels: string | null;
        readonly targets: string | null;
        readonly format: SampleFormat | null;
      }
    | { readonly kind: 'named'; readonly name: DatasetName; readonly split: Split };
  readonly scaling: PixelScaling | 'none' | GivenScale | null;
  /** Order of the inputs of colour images. */
  readonly channels: 'first' | 'last' | null;
  /** Only the first so many samples. */
  readonly limit: number | null;
};

/** @throws DataFileError, RangeError as `readDenseNetwork` */
export function readNetwork({ file, activation, loss, layout, order }: NetworkSource): Promise<DenseNetworkFile> {
  return readDenseNetwork(file, {
    ...(activation === null ? {} : { activation }),
    ...(loss === null ? {} : { loss }),
    ...(layout === null ? {} : { layout }),
    ...(order === null ? {} : { layers: order }),
  });
}

/**
 * The samples of a source as this network takes them: classes are as many as its outputs, and for squared error on class
 * labels the targets are the indicators of the classes.
 *
 * @throws DataFileError, RangeError naming what is missing, damaged or does not fit the network
 */
export async function readData(source: DataSource, network: DenseNetwork): Promise<Dataset> {
  const read = source.from.kind === 'files' ? await samplesOf(source, network) : await namedData(source);
  const outputs = network.widths[network.widths.length - 1];
  // A few samples need not show every class.
  let data = read.classes > 0 && read.classes < outputs ? { ...read, classes: outputs } : read;
  if (network.loss === 'squared-error' && data.targets === undefined) {
    if (data.classes === 0) throw new RangeError(`${data.name}: squared error needs targets or labels, found neither`);
    data = withOneHotTargets(data);
  }
  if (network.loss === 'softmax-cross-entropy' && data.classes === 0) {
    throw new RangeError(
      `${data.name}: softmax-cross-entropy needs --labels, found none (targets go with squared-error)`,
    );
  }
  checkFit(network, data);
  checkFinite(data);
  return data;
}

function samplesOf({ from, scaling, channels, limit }: DataSource, network: DenseNetwork): Promise<Dataset> {
  if (from.kind !== 'files') throw new TypeError('expected files');
  const { inputs, labels, targets, format } = from;
  // CIFAR brings its own number of classes.
  const ofNetwork = format?.startsWith('cifar') || labels === null ? {} : { classes: network.widths.at(-1)! };
  return readSamples({
    inputs,
    ...(labels === null ? {} : { labels }),
    ...(targets === null ? {} : { targets }),
    ...(format === null ? {} : { format }),
    ...(scaling === null ? {} : { scaling }),
    ...(channels === null ? {} : { channels }),
    ...(limit === null ? {} : { limit }),
    ...ofNetwork,
  });
}

async function namedData({ from, scaling, channels, limit }: DataSource): Promise<Dataset> {
  if (from.kind !== 'named') throw new TypeError('expected the name of a data set');
  if (scaling === 'none') throw new RangeError(`${from.name} holds bytes: expected a scaling for them, found none`);
  const pixels = typeof scaling === 'string' ? { scaling } : {};
  const all = await dataset(from.name, { split: from.split, ...pixels });
  if (limit !== null && limit > all.count) {
    throw new RangeError(`${all.name}: expected at most ${all.count} samples, found a limit of ${limit}`);
  }
  const part = limit === null ? all : slice(all, 0, limit);
  const scaled = typeof scaling === 'object' && scaling !== null ? normalised(part, scaling) : part;
  return channels === 'first' ? channelsFirst(scaled) : scaled;
}

/** Images whose pixels lie in [0, 1], with one mean and deviation for all or one for each channel. */
function normalised(data: Dataset, { mean, deviation }: GivenScaling): Dataset {
  const channels = data.image?.channels ?? 1;
  for (const [name, values] of Object.entries({ mean, deviation })) {
    if (values.length !== 1 && values.length !== channels) {
      throw new RangeError(`${data.name}: expected 1 or ${channels} numbers for the ${name}, found ${values.length}`);
    }
  }
  const of = (values: readonly number[], channel: number) => values[values.length === 1 ? 0 : channel];
  const inputs = data.inputs.map((x, i) => (x - of(mean, i % channels)) / of(deviation, i % channels));
  return { ...data, inputs };
}

function checkFinite({ name, inputs, targets, dimension }: Dataset): void {
  const bad = inputs.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const [sample, input] = [Math.floor(bad / dimension), bad % dimension];
    throw new RangeError(`${name}: expected finite inputs, found ${inputs[bad]} (sample ${sample}, input ${input})`);
  }
  const stray = targets?.findIndex((value) => !Number.isFinite(value)) ?? -1;
  if (stray >= 0) throw new RangeError(`${name}: expected finite targets, found ${targets![stray]} at ${stray}`);
}
