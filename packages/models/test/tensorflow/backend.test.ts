import { afterEach, describe, expect, it, vi } from 'vitest';
import { backendNames, openBackend, probeBackends, reasonOf } from '../../src/tensorflow/backend.js';

const errorListeners = () => ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
const errorListenersBefore = errorListeners();

describe('openBackend', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('opens the backend that is named, from the package and without a word', async () => {
    const spies = (['log', 'info', 'warn', 'error'] as const).map((method) => vi.spyOn(console, method));
    const fetch = vi.spyOn(globalThis, 'fetch');
    for (const name of ['wasm', 'cpu'] as const) {
      const backend = await openBackend(name);
      expect(backend.name).toBe(name);
      expect(backend.tf.getBackend()).toBe(name);
      expect(backend.identity).toMatch(new RegExp(`^tfjs-backend-${name} 4\\.22\\.0`));
      expect(backend.passedOver).toEqual([]);
      expect([...(await backend.tf.add([1, 2], 1).data())]).toEqual([2, 3]);
    }
    expect(fetch).not.toHaveBeenCalled();
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  it('auto takes the first that loads and says why it passed over the others', async () => {
    const loaded = (await probeBackends()).filter(({ state }) => state === 'loaded').map(({ name }) => name);
    const backend = await openBackend('auto');
    expect(backend.name).toBe(loaded[0]);
    const before = backendNames.slice(0, backendNames.indexOf(backend.name));
    expect(backend.passedOver.map(({ name }) => name)).toEqual(before);
    for (const { reason } of backend.passedOver) expect(reason).not.toBe('');
  });

  it('takes its default from HESSIAN_RMT_BACKEND', async () => {
    vi.stubEnv('HESSIAN_RMT_BACKEND', 'cpu');
    expect((await openBackend()).name).toBe('cpu');
    vi.stubEnv('HESSIAN_RMT_BACKEND', '');
    expect((await openBackend()).name).not.toBe('cpu');
  });

  it('a name that is none is refused with the names there are', async () => {
    const expected = '--backend / HESSIAN_RMT_BACKEND: expected auto, node-gpu, node, wasm, cpu; found "gpu"';
    await expect(openBackend('gpu')).rejects.toThrow(expected);
    await expect(openBackend('gpu')).rejects.toBeInstanceOf(RangeError);
  });

  it('leaves the process its handlers of uncaught errors', async () => {
    await openBackend('wasm');
    expect(errorListeners()).toEqual(errorListenersBefore);
  });
});

describe('probeBackends', () => {
  it('gives every backend its state, a speed or a reason, and leaves the active one as it was', async () => {
    const { tf } = await openBackend('cpu');
    const before = tf.memory().numTensors;
    const probes = await probeBackends();
    expect(probes.map(({ name }) => name)).toEqual(backendNames);
    for (const { state, reason, description, gigaflops } of probes) {
      if (state === 'loaded') {
        expect(gigaflops).toBeGreaterThan(0);
        expect(description).not.toBe('');
        expect(reason).toBeUndefined();
      } else {
        expect(reason).not.toBe('');
        expect(gigaflops).toBeUndefined();
      }
    }
    const stateOf = (wanted: string) => probes.find(({ name }) => name === wanted)?.state;
    expect([stateOf('wasm'), stateOf('cpu')]).toEqual(['loaded', 'loaded']);
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a native backend that does not load', async () => {
  const failed = (await probeBackends()).filter(
    ({ name, state, reason }) =>
      name.startsWith('node') && state !== 'loaded' && !reason?.includes('exclude each other'),
  );

  it.skipIf(failed.length === 0)(
    'is an error with the option and the reason when it was named, and the former backend stays',
    async () => {
      const { tf } = await openBackend('wasm');
      for (const { name, reason } of failed) {
        const message = `--backend / HESSIAN_RMT_BACKEND: the backend ${name} does not load\n  ${name}: ${reason}`;
        await expect(openBackend(name)).rejects.toThrow(message);
        expect(tf.getBackend()).toBe('wasm');
      }
    },
  );

  it('is explained: not installed', () => {
    const error = Object.assign(new Error("Cannot find module '@tensorflow/tfjs-node-gpu'\nRequire stack:"), {
      code: 'MODULE_NOT_FOUND',
    });
    expect(reasonOf(error, 'node-gpu')).toBe(
      '@tensorflow/tfjs-node-gpu is not installed: it is an optional dependency, whose install step downloads ' +
        'libtensorflow; npm install @tensorflow/tfjs-node-gpu tells why it failed',
    );
  });

  it('is explained: broken on Node 23 and later', () => {
    const error = new TypeError('(0 , util_1.isNullOrUndefined) is not a function');
    expect(reasonOf(error, 'node')).toMatch(
      /calls util\.isNullOrUndefined, which Node 23 removed .* use Node 20 or 22/,
    );
  });

  it('is explained: anything else, by its first line and the version of Node', () => {
    const error = new Error('The Node.js native addon module can not be found\nPlease run npm rebuild');
    expect(reasonOf(error, 'node')).toBe(
      `The Node.js native addon module can not be found (Node ${process.versions.node})`,
    );
  });
});
