import type { Dataset } from '../../src/index.js';

const image = { height: 8, width: 8, channels: 2 };
const dimension = 128;

/** The images that the PyTorch scripts under test/fixtures compute with: 8 x 8 pixels of two channels, three classes. */
export function waves(count: number): Dataset & { readonly image: typeof image } {
  const classes = 3;
  return {
    name: 'waves',
    count,
    dimension,
    classes,
    inputs: Float64Array.from(
      { length: count * dimension },
      (_, i) => Math.sin(0.37 * i) + 0.5 * Math.cos(0.011 * i * i),
    ),
    labels: Uint8Array.from({ length: count }, (_, n) => (n * n) % classes),
    checksum: '',
    image,
  };
}
