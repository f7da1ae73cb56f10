import { type RandomStream, randomStream } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import type { SampleSource } from '../samples.js';
import { digest } from './checksum.js';

export interface Augmentation {
  /** Pixels added on each side before an image of the old size is cut out anywhere. Default 4 (Granziol et al. 2020, sec. 6). */
  readonly padding?: number;
  /** Mirror every second image, left to right. Default true (Granziol et al. 2020, sec. 6). */
  readonly flip?: boolean;
  /**
   * The padding's value in each channel. Default 0. PyTorch's RandomCrop, which the authors use, pads the BYTES with zeros,
   * before they are normalised: black, not the mean colour. For inputs other than `[0,1]` that is `blackOf(scaling, images)`.
   */
  readonly fill?: readonly number[];
}

/** Augmentation as plain data, which a worker thread can be given beside the data. */
export interface AugmentationPlan extends Required<Augmentation> {
  /** Name of the random stream that flips and shifts come from. */
  readonly stream: string;
  readonly copies: number;
}

/** Augmented copies of a data set. */
export interface AugmentedSamples extends SampleSource {
  readonly plan: AugmentationPlan;
}

/**
 * Every image `copies` times, each time mirrored or not and cut out of its padded self at a place of its own, all of them
 * equally likely; the images themselves are among them only by chance.
 *
 * Whole copies follow each other: sample s shows image s mod count as copy floor(s / count). So a mini-batch of
 * consecutive samples holds different images, in the order of the data; copies of one image side by side would give batch
 * normalisation the statistics of a handful of images. Flips and shifts of copy c come from `random.stream('copy-c')`,
 * image after image, whatever range is asked for and by whom. Samples are made anew at each call.
 *
 * @throws RangeError for data that are no images, or an option out of range
 */
export function augmented(
  data: Dataset,
  options: Augmentation & { readonly copies: number },
  random: RandomStream,
): AugmentedSamples {
  const { copies } = options;
  if (!Number.isSafeInteger(copies) || copies < 1) {
    throw new RangeError(`augmented: copies must be a positive integer, found ${copies}`);
  }
  return augmentedFrom({ ...resolveAugmentation(options, data), stream: random.name, copies }, data);
}

/** What `augmented` gave, from its plan: the same samples. */
export function augmentedFrom(plan: AugmentationPlan, data: Dataset): AugmentedSamples {
  const { count: images, inputs: _inputs, labels, targets, ...like } = data;
  const { dimension } = data;
  const augmenter = new Augmenter(plan, data, streamOf(plan.stream));
  const count = images * plan.copies;
  const name = `${data.name}, ${plan.copies} augmented ${plan.copies === 1 ? 'copy' : 'copies'}`;
  const checksum = digest('sha256', new TextEncoder().encode(JSON.stringify([data.checksum, plan])));
  const outputs = targets ? targets.length / images : 0;
  return {
    plan,
    name,
    count,
    like: { ...like, name, checksum },
    range(from, to) {
      if (!(from >= 0 && from < to && to <= count)) {
        throw new RangeError(`range: ${from}..${to} is not inside 0..${count} of ${name}`);
      }
      const wanted = to - from;
      const inputs = new Float64Array(wanted * dimension);
      const ownLabels = new Uint8Array(labels.length === 0 ? 0 : wanted);
      const ownTargets = new Float64Array(wanted * outputs);
      for (let row = 0; row < wanted; row++) {
        const copy = Math.floor((from + row) / images);
        const image = (from + row) % images;
        augmenter.write(copy, image, inputs, row * dimension);
        if (labels.length > 0) ownLabels[row] = labels[image];
        if (targets) ownTargets.set(targets.subarray(image * outputs, (image + 1) * outputs), row * outputs);
      }
      const rest = targets ? { targets: ownTargets } : {};
      return { ...like, name, checksum, count: wanted, inputs, labels: ownLabels, ...rest };
    },
  };
}

/** Defaults filled in. @throws RangeError for data that are no images, or an option out of range */
export function resolveAugmentation(options: Augmentation, { name, image }: Dataset): Required<Augmentation> {
  if (!image) throw new RangeError(`augmentation: ${name} does not consist of images`);
  const { padding = 4, flip = true, fill = new Array<number>(image.channels).fill(0) } = options;
  if (!Number.isSafeInteger(padding) || padding < 0) {
    throw new RangeError(`augmentation: padding must be an integer from 0, found ${padding}`);
  }
  if (fill.length !== image.channels || !fill.every(Number.isFinite)) {
    throw new RangeError(`augmentation: expected a number to fill each of ${image.channels} channels, found [${fill}]`);
  }
  return { padding, flip, fill: [...fill] };
}

/** Shows images as their augmented copies do. The choices of one copy, that of the last call, are kept. */
export class Augmenter {
  private copy = -1;
  /** Of each image: flip, shift down and shift right in one number. */
  private choices: Uint32Array = new Uint32Array();

  constructor(
    private readonly augmentation: Required<Augmentation>,
    private readonly data: Dataset,
    private readonly random: RandomStream,
  ) {}

  /** Writes copy number `copy` of an image into `into`, from `offset` on. */
  write(copy: number, image: number, into: Float64Array, offset: number): void {
    const { padding, flip, fill } = this.augmentation;
    const { inputs, dimension } = this.data;
    const { height, width, channels } = this.data.image!;
    if (copy !== this.copy) this.draw(copy);
    const places = 2 * padding + 1;
    const choice = this.choices[image];
    const mirrored = flip && choice >= places * places;
    // Pixel (y, x) of the cut shows (y + down, x + right) of the image.
    const down = (Math.floor(choice / places) % places) - padding;
    const right = (choice % places) - padding;

    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const to = offset + (y * width + (mirrored ? width - 1 - x : x)) * channels;
        const row = y + down;
        const column = x + right;
        const inside = row >= 0 && row < height && column >= 0 && column < width;
        const from = image * dimension + (row * width + column) * channels;
        for (let c = 0; c < channels; c++) into[to + c] = inside ? inputs[from + c] : fill[c];
      }
    }
  }

  private draw(copy: number): void {
    const { padding, flip } = this.augmentation;
    const { count } = this.data;
    const random = this.random.stream(`copy-${copy}`);
    const possibilities = (2 * padding + 1) ** 2 * (flip ? 2 : 1);
    if (this.choices.length === 0) this.choices = new Uint32Array(count);
    for (let i = 0; i < count; i++) this.choices[i] = random.integer(possibilities);
    this.copy = copy;
  }
}

/** The stream of this name: `7/training/augmentation` is that of seed 7. */
function streamOf(name: string): RandomStream {
  const slash = name.indexOf('/');
  return slash < 0 ? randomStream(Number(name)) : randomStream(Number(name.slice(0, slash)), name.slice(slash + 1));
}
