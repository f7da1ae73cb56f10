export type * from './linear-algebra.js';
export { type RandomStream, randomStream } from './random.js';
