// A figure of a spectrum with a law over it, two panels: the density of the eigenvalues, and the largest by their rank.
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { type Figure, readFigure, screePlot, spectrumHistogram, writeFigure } from '@hessian-rmt/plotting';
import { spikedWishart, wishartEigenvalues } from '@hessian-rmt/rmt';

const [dimension, samples, spikes] = [300, 900, [6, 4]];
const algebra = await linearAlgebra({ threads: 1 });
const values = await wishartEigenvalues({ dimension, samples, spikes }, randomStream(1, 'spiked'), algebra);
const { bulk, images } = spikedWishart({ ratio: dimension / samples, spikes });
const edge = bulk.support[0][1];

const figure: Figure = {
  id: 'spiked-wishart',
  title: 'A covariance with two directions of larger variance',
  caption: `Eigenvalues of $X X^T / ${samples}$, $X$ of ${dimension} x ${samples} normals; two directions have variance ${spikes.join(' and ')}.`,
  panels: [
    spectrumHistogram(values, {
      title: 'all eigenvalues',
      bins: 40,
      law: { label: 'Marchenko-Pastur', density: (x) => bulk.density(x) },
      x: { label: '$\\lambda$' },
    }),
    screePlot(values, { title: 'the largest', top: 20, cutoff: { at: edge, label: 'edge of the law' } }),
  ],
};
for (const path of await writeFigure('.', figure)) console.log(path);
// figures/spiked-wishart.svg
// figures/spiked-wishart.png
// figures/spiked-wishart.json

// The figure's data are stored beside it: it can be looked into, and drawn again, without computing anything.
const { panels } = await readFigure('figures/spiked-wishart.json');
console.log(panels.map(({ marks }) => marks.map(({ kind }) => kind).join(', ')).join('; '));
// histogram, line; rule, points

const places = images.map(({ at }) => at.toFixed(2)).join(' and ');
const beyond = [...values.slice(-2)].reverse().map((value) => value.toFixed(2));
console.log(`beyond the edge at ${edge.toFixed(2)} stand ${beyond.join(' and ')}; the theory has them at ${places}`);
// beyond the edge at 2.49 stand 6.61 and 4.34; the theory has them at 6.40 and 4.44
