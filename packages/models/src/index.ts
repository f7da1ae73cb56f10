export * from './dataset.js';
export * from './network.js';
