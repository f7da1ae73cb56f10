import { beforeAll, describe } from 'vitest';
import { type BackendName, openBackend, probeBackends, type TensorBackend } from '../../../src/tensorflow/backend.js';

const probes = await probeBackends();

/** Runs the tests on every backend that loads here; the title of the others says why they are skipped. */
export function onEveryBackend(tests: (backend: () => TensorBackend, name: BackendName) => void): void {
  for (const { name, state, reason } of probes) {
    describe.skipIf(state !== 'loaded')(`on ${name}${reason ? ` (skipped: ${reason})` : ''}`, () => {
      let backend: TensorBackend;
      beforeAll(async () => {
        backend = await openBackend(name);
      });
      tests(() => backend, name);
    });
  }
}
