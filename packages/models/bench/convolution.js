// The three maps of a convolution on one thread, as a share of what gemm reaches in the same run (n = 1024). Shapes of
// PreResNets and VGG-16 at 32 x 32. After a build, on a quiet machine:
//
//     node packages/models/bench/convolution.js [images] [float32 | float64]

import { linearAlgebra } from '@hessian-rmt/numerics';
import { convolution } from '../dist/convolutional/convolution.js';
import { planeLength, toPlanes, zeros } from '../dist/convolutional/planes.js';

const images = Number(process.argv[2] ?? 128);
const precisions = process.argv[3] ? [process.argv[3]] : ['float32', 'float64'];

// inputs, side of the input, outputs, size, stride
const shapes = [
  [3, 32, 16, 3, 1],
  [16, 32, 16, 3, 1],
  [32, 16, 32, 3, 1],
  [64, 8, 64, 3, 1],
  [16, 32, 32, 3, 2],
  [32, 16, 64, 3, 2],
  [16, 32, 32, 1, 2],
  [32, 16, 64, 1, 2],
  [16, 32, 64, 1, 1],
  [64, 32, 16, 1, 1],
  [3, 32, 64, 3, 1],
  [64, 32, 64, 3, 1],
  [512, 4, 512, 3, 1],
];
const la = await linearAlgebra({ threads: 1 });
console.log(`${la.library.description}, one thread, ${images} images; GF, best of 20`);

for (const precision of precisions) {
  const square = squareProduct(1024, precision);
  const rows = shapes.map(([inputs, side, outputs, size, stride]) => ({
    title: `${inputs}@${side}x${side} -> ${outputs}, ${size}x${size}${stride > 1 ? `, stride ${stride}` : ''}`,
    ...mapsOf(inputs, side, outputs, size, stride, precision),
  }));
  let best = 0;
  const rates = rows.map(() => [0, 0, 0, 0]);
  // Interleaved: what else the machine does then falls on all of them.
  for (let repeat = 0; repeat < 20; repeat++) {
    best = Math.max(best, square());
    rows.forEach(({ maps, flops }, row) => {
      maps.forEach((run, map) => {
        rates[row][map] = Math.max(rates[row][map], flops / seconds(run, flops) / 1e9);
      });
    });
  }
  console.log(`\n${precision}: gemm ${best.toFixed(0)} GF`);
  console.log(
    `${''.padEnd(32)}${['forward', 'with beta 1', 'back', 'kernel'].map((map) => map.padStart(16)).join('')}`,
  );
  rows.forEach(({ title }, row) => {
    const cells = rates[row].map((rate) => `${rate.toFixed(1)} (${((100 * rate) / best).toFixed(0)} %)`.padStart(16));
    console.log(title.padEnd(32) + cells.join(''));
  });
}

function mapsOf(inputs, side, outputs, size, stride, precision) {
  const input = { height: side, width: side, channels: inputs, margin: 1 };
  const output = { height: side / stride, width: side / stride, channels: outputs, margin: 1 };
  const padding = (size - 1) / 2;
  const maps = convolution({ input, output, size, stride, padding }, la, { capacity: images, precision });
  const filled = (shape) => {
    const data = zeros(precision, planeLength(shape, images));
    const pixels = { length: images * shape.height * shape.width * shape.channels };
    toPlanes(shape, Float32Array.from(pixels, Math.random), images, data);
    return data;
  };
  const [x, y, dx] = [filled(input), filled(output), filled(input)];
  const kernel = zeros(precision, size * size * inputs * outputs).map(() => Math.random() - 0.5);
  const dk = kernel.slice();
  return {
    flops: 2 * images * output.height * output.width * size * size * inputs * outputs,
    maps: [
      () => maps.forward(x, kernel, y, images, 0),
      () => maps.forward(x, kernel, y, images, 1e-3),
      () => maps.inputGradient(y, kernel, dx, images, 0),
      () => maps.kernelGradient(x, y, dk, images, 0),
    ],
  };
}

/** Of one call, after two to warm up; calls are repeated until there is something to measure. */
function seconds(run, flops) {
  run();
  run();
  const calls = Math.max(1, Math.ceil(5e7 / flops));
  const start = performance.now();
  for (let call = 0; call < calls; call++) run();
  return (performance.now() - start) / 1000 / calls;
}

function squareProduct(n, precision) {
  const [a, b, c] = [1, 2, 3].map(() => zeros(precision, n * n).fill(0.5));
  return () => {
    const flops = 2 * n ** 3;
    return flops / seconds(() => la.gemm({ m: n, n, k: n, a, lda: n, b, ldb: n, c, ldc: n }), flops) / 1e9;
  };
}
