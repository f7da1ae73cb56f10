import { join } from 'node:path';
import { type Dataset, dataDirectory, labelledFeatures, type Split, slice } from '@hessian-rmt/models';

/** Features that the user brings: `docs/data.md` says how to make them. */
export interface EmbeddingFiles {
  readonly features: string;
  readonly labels: string;
}

export function embeddingFiles(directory = dataDirectory()): EmbeddingFiles {
  const folder = join(directory, 'embedding');
  return { features: join(folder, 'features.npy'), labels: join(folder, 'labels.npy') };
}

/** Test samples among so many: the last sixth, as CIFAR-10's 10,000 of 60,000. */
export const testing = (samples: number): number => Math.floor(samples / 6);

/** All samples, in file order: those for training, then those for testing. @throws as `labelledFeatures` */
export function allEmbeddedSamples(directory?: string): Promise<Dataset> {
  return labelledFeatures({ ...embeddingFiles(directory), name: 'embedding features' });
}

/** @throws as `labelledFeatures` */
export async function embeddedSamples(split: Split, directory?: string): Promise<Dataset> {
  const all = await allEmbeddedSamples(directory);
  const boundary = all.count - testing(all.count);
  const part = split === 'train' ? slice(all, 0, boundary) : slice(all, boundary, all.count);
  return { ...part, name: `${all.name} (${split})` };
}
