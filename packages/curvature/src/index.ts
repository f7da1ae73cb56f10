export type * from './operator.js';
