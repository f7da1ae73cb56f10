import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { mendWasm } from './kernels/wasm.js';
import { mendSecondDerivatives } from './second-derivatives.js';
import type { TensorFlow } from './types.js';

/** From the fastest to the one that always loads: the order in which `auto` tries them. */
export const backendNames = ['node-gpu', 'node', 'wasm', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];
export type BackendChoice = 'auto' | BackendName;

/** The active tfjs backend of this process, with second derivatives mended (mendSecondDerivatives). */
export interface TensorBackend {
  readonly name: BackendName;
  readonly tf: TensorFlow;
  /** For people: library, version and device. */
  readonly description: string;
  /** Library and version without the processor: goes into manifests. */
  readonly identity: string;
  /** Backends that `auto` tried before and could not load; empty when the backend was forced. */
  readonly passedOver: readonly { readonly name: BackendName; readonly reason: string }[];
}

export interface BackendProbe {
  readonly name: BackendName;
  readonly state: 'loaded' | 'failed' | 'untested';
  /** Why it failed or was not tested. */
  readonly reason?: string;
  /** As in TensorBackend, when loaded. */
  readonly description?: string;
  /** 10^9 float32 operations a second in the product of two 256 x 256 matrices, when loaded. */
  readonly gigaflops?: number;
}

/**
 * Loads tfjs and makes one of its backends the active one of this process: the first that loads of node-gpu, node, wasm
 * and cpu, or the one that is named. tfjs has one active backend a process: opening another one takes the place of the
 * former, and TensorNetworks of the former then throw.
 *
 * @param choice default: the environment variable HESSIAN_RMT_BACKEND, else `auto`
 * @throws RangeError when the choice is none of these names
 * @throws Error      when the named backend does not load, saying why
 */
export async function openBackend(
  choice: BackendChoice | (string & {}) = process.env.HESSIAN_RMT_BACKEND || 'auto',
): Promise<TensorBackend> {
  const candidates = choice === 'auto' ? backendNames : backendNames.filter((name) => name === choice);
  if (candidates.length === 0) {
    throw new RangeError(
      `--backend / HESSIAN_RMT_BACKEND: expected auto, ${backendNames.join(', ')}; found "${choice}"`,
    );
  }
  const tf = await loadTensorFlow();
  const former = tf.getBackend();
  const passedOver: { name: BackendName; reason: string }[] = [];
  for (const name of candidates) {
    try {
      return { name, tf, ...(await activate(tf, name)), passedOver };
    } catch (error) {
      passedOver.push({ name, reason: reasonOf(error, name) });
    }
  }
  if (former) await tf.setBackend(former);
  const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('\n  ');
  throw new Error(`--backend / HESSIAN_RMT_BACKEND: the backend ${choice} does not load\n  ${reasons}`);
}

/** @throws Error when another backend has been opened since: its numbers would be given out under this one's name */
export function assertActive({ tf, name }: TensorBackend): void {
  const active = tf.getBackend();
  if (active !== registeredName(name)) {
    throw new Error(`the tfjs backend ${name} is no longer active: this process has since opened ${active}`);
  }
}

/** Tries every backend, for `doctor`. The active backend of this process stays what it was. */
export async function probeBackends(): Promise<BackendProbe[]> {
  const tf = await loadTensorFlow();
  const former = tf.getBackend();
  const probes: BackendProbe[] = [];
  for (const name of backendNames) {
    try {
      const { description } = await activate(tf, name);
      probes.push({ name, state: 'loaded', description, gigaflops: await measureProduct(tf) });
    } catch (error) {
      const state = error instanceof NameTaken || isNotInstalled(error, name) ? 'untested' : 'failed';
      probes.push({ name, state, reason: reasonOf(error, name) });
    }
  }
  if (former) await tf.setBackend(former);
  return probes;
}

async function loadTensorFlow(): Promise<TensorFlow> {
  const { default: tf } = await import('@tensorflow/tfjs');
  tf.enableProdMode(); // or tfjs prints an advertisement of tfjs-node on the first operation
  mendSecondDerivatives(tf);
  return tf;
}

type Description = Pick<TensorBackend, 'description' | 'identity'>;

async function activate(tf: TensorFlow, name: BackendName): Promise<Description> {
  const describe = await backends[name](tf);
  if (!(await withoutListeners(() => tf.setBackend(registeredName(name)))))
    throw new Error('tfjs cannot initialise it');
  await checkProduct(tf);
  return describe();
}

/** tfjs-node and tfjs-node-gpu both register under `tensorflow`. */
function registeredName(name: BackendName): string {
  return name === 'node' || name === 'node-gpu' ? 'tensorflow' : name;
}

/** Each loads its package, which registers the backend with tfjs, and says how to describe it once it is initialised. */
const backends: Record<BackendName, (tf: TensorFlow) => Promise<() => Description>> = {
  'node-gpu': (tf) => loadNodePackage(tf, '@tensorflow/tfjs-node-gpu'),
  node: (tf) => loadNodePackage(tf, '@tensorflow/tfjs-node'),
  async wasm(tf) {
    const { default: wasm } = await import('@tensorflow/tfjs-backend-wasm');
    // The binaries lie beside the module, in the package: nothing is fetched.
    wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    mendWasm(tf);
    return () => {
      const simd = tf.env().getBool('WASM_HAS_SIMD_SUPPORT') ? 'SIMD' : 'no SIMD';
      const identity = `tfjs-backend-wasm ${wasm.version_wasm} (${simd})`;
      return { identity, description: `${identity}, WebAssembly, 1 thread` };
    };
  },
  async cpu(tf) {
    const identity = `tfjs-backend-cpu ${tf.version['tfjs-backend-cpu']}`;
    return () => ({ identity, description: `${identity}, plain JavaScript` });
  },
};

class NameTaken extends Error {}

interface NodeBackend {
  readonly isGPUPackage: boolean;
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

const require = createRequire(import.meta.url);

async function loadNodePackage(tf: TensorFlow, packageName: string): Promise<() => Description> {
  const wantsGpu = packageName === '@tensorflow/tfjs-node-gpu';
  const registered = () => tf.findBackend('tensorflow') as unknown as NodeBackend | null;
  const earlier = registered();
  if (earlier && earlier.isGPUPackage !== wantsGpu) {
    throw new NameTaken(
      `${wantsGpu ? 'tfjs-node' : 'tfjs-node-gpu'} is loaded in this process, and they exclude each other`,
    );
  }
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // libtensorflow: errors, no banner
  require(packageName);
  return () => {
    const { binding, isUsingGpuDevice } = registered()!;
    const { version } = require(`${packageName}/package.json`) as { version: string };
    const device = isUsingGpuDevice ? 'GPU' : 'CPU';
    const identity = `${packageName.replace('@tensorflow/', '')} ${version} (libtensorflow ${binding.TF_Version}, ${device})`;
    return { identity, description: wantsGpu && !isUsingGpuDevice ? `${identity}: no GPU was found` : identity };
  };
}

/** Emscripten makes every uncaught error of the process its own, printed with a line of its sources: undo that. */
async function withoutListeners<T>(initialise: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = events.map((event) => process.rawListeners(event));
  const result = await initialise();
  events.forEach((event, i) => {
    for (const listener of process.rawListeners(event)) {
      if (!before[i].includes(listener)) process.off(event, listener as () => void);
    }
  });
  return result;
}

/** A backend can load and then fail in its first operation, as tfjs-node does on Node 23. */
async function checkProduct(tf: TensorFlow): Promise<void> {
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6], [2, 1])));
  const values = await product.data();
  product.dispose();
  if (values[0] !== 17 || values[1] !== 39)
    throw new Error(`wrong product: expected 17, 39; found ${values.join(', ')}`);
}

async function measureProduct(tf: TensorFlow): Promise<number> {
  const n = 256;
  const a = tf.ones([n, n]);
  const multiply = async () => {
    const product = tf.matMul(a, a);
    await product.data();
    product.dispose();
  };
  // The first ones wait for the just-in-time compiler.
  await multiply();
  await multiply();
  const start = performance.now();
  let products = 0;
  let elapsed = 0;
  for (; elapsed < 50; products++) {
    await multiply();
    elapsed = performance.now() - start;
  }
  a.dispose();
  return (products * 2 * n ** 3) / elapsed / 1e6;
}

function isNotInstalled(error: unknown, name: BackendName): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === 'MODULE_NOT_FOUND' && String(message).split('\n')[0].includes(`'@tensorflow/tfjs-${name}'`);
}

/** What a user can act upon, from what loading a package or its first operation threw. */
export function reasonOf(error: unknown, name: BackendName): string {
  const message = error instanceof Error ? error.message : String((error as { message?: unknown })?.message ?? error);
  const firstLine = message.split('\n')[0].trim();
  if ((name !== 'node' && name !== 'node-gpu') || error instanceof NameTaken) return firstLine;
  const packageName = `@tensorflow/tfjs-${name}`;
  if (isNotInstalled(error, name)) {
    return (
      `${packageName} is not installed: it is an optional dependency, whose install step downloads libtensorflow; ` +
      `npm install ${packageName} tells why it failed`
    );
  }
  if (message.includes('isNullOrUndefined')) {
    return `${packageName} calls util.isNullOrUndefined, which Node 23 removed (tensorflow/tfjs issue 8609): use Node 20 or 22`;
  }
  return `${firstLine} (Node ${process.versions.node})`;
}
