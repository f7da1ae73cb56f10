export type * from './claim.js';
export * from './experiment.js';
export type { Formula } from './formula.js';
export * from './judge.js';
export * from './ledger.js';
export type { Judged, Statement } from './statement.js';
export { type RankTrend, rankTrend } from './trend.js';
