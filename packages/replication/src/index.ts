export type * from './claim.js';
export * from './experiment.js';
