export { type MountedFigure, type MountOptions, mountFigure } from './mount-figure.js';
export { figureStyles } from './styles.js';
