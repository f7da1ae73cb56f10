// Sampled Wishart matrices against Marchenko-Pastur, as a whole and level by level: the eigenvalues lie as the law says,
// and neighbouring ones repel each other as those of the orthogonal ensemble do.
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import {
  foldedPoissonRatio,
  foldedRatioSurmise,
  foldedSpacingRatios,
  kolmogorovSmirnov,
  marchenkoPastur,
  meanWithStandardError,
  wishartEigenvalues,
} from '@hessian-rmt/rmt';

const algebra = await linearAlgebra({ threads: 1 });
const [dimension, samples] = [400, 1600];
const random = randomStream(1, 'wishart');
const spectra: Float64Array[] = [];
for (let i = 0; i < 8; i++) {
  spectra.push(await wishartEigenvalues({ dimension, samples }, random.stream(`matrix ${i}`), algebra));
}

const law = marchenkoPastur({ ratio: dimension / samples });
const [left, right] = law.support[0];
const [smallest, largest] = [spectra[0][0], spectra[0][dimension - 1]];
console.log(`the law from ${left} to ${right}, a spectrum from ${smallest.toFixed(3)} to ${largest.toFixed(3)}`);
// the law from 0.25 to 2.25, a spectrum from 0.244 to 2.250

const share = spectra[0].filter((value) => value < 1).length / dimension;
console.log(`below 1: ${share} of the levels, ${law.cumulative(1).toFixed(4)} by the law`);
// below 1: 0.5525 of the levels, 0.5534 by the law

const distance = Math.max(...spectra.map((spectrum) => kolmogorovSmirnov(spectrum, law)));
console.log(`largest difference of the cumulatives: at most ${distance.toFixed(4)} in ${spectra.length} spectra`);
// largest difference of the cumulatives: at most 0.0086 in 8 spectra

// min(r, 1/r) of consecutive spacings needs no unfolding.
const { mean, standardError } = meanWithStandardError(spectra.map((spectrum) => foldedSpacingRatios(spectrum)));
const [repelling, independent] = [foldedRatioSurmise({ beta: 1 }), foldedPoissonRatio()].map((ratio) =>
  ratio.moment(1),
);
console.log(`if levels repel ${repelling.toFixed(3)}, if not ${independent.toFixed(3)}`);
// if levels repel 0.536, if not 0.386
console.log(`mean ratio ${mean.toFixed(3)} ± ${standardError.toFixed(3)}`);
// mean ratio 0.535 ± 0.006
