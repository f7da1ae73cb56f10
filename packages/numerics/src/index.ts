export { linearAlgebra } from './choose.js';
export type * from './linear-algebra.js';
export { portableLinearAlgebra } from './portable/portable.js';
export { type RandomStream, randomStream } from './random.js';
