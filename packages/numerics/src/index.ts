export type * from './linear-algebra.js';
export type * from './random.js';
