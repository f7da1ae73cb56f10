export * from './exact/exact-hessian.js';
export type { HessianPart } from './exact/unit-tangents.js';
export { availableMemory, InsufficientMemoryError } from './memory.js';
export type * from './operator.js';
