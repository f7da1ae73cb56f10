export { type WriteOptions, writeAtomically } from './atomic-write.js';
export { type LinearAlgebraOptions, linearAlgebra } from './choose.js';
export { haarOrthogonal } from './haar.js';
export type * from './linear-algebra.js';
export { decodeNpy, encodeNpy, type NpyArray, type NpyData, readNpy, toFloat64, writeNpy } from './npy.js';
export { readNpz, writeNpz } from './npz.js';
export { portableLinearAlgebra } from './portable/portable.js';
export * as wasmCode from './portable/wasm-code.js';
export { type RandomStream, randomStream } from './random.js';
