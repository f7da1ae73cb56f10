export * from './exact/exact-hessian.js';
export type { HessianPart } from './exact/layer-curvature.js';
export { availableMemory, InsufficientMemoryError } from './memory.js';
export type * from './operator.js';
