import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { openBackend } from '../../src/index.js';

const loadedFilesOfTensorFlow = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('@tensorflow'));

it('importing the package loads no file of tfjs; opening a backend does', async () => {
  expect(loadedFilesOfTensorFlow()).toEqual([]);
  await openBackend('cpu');
  expect(loadedFilesOfTensorFlow()).not.toEqual([]);
});
