import type { Experiment } from '@hessian-rmt/replication';
import { appendixH, appendixI, appendixJ, appendixK } from './appendices-h-k.js';
import { appendixF } from './appendix-f.js';
import { denseLanczos } from './dense-lanczos.js';
import { elementNoise } from './element-noise.js';
import { equation11 } from './equation-11.js';
import { figures912 } from './figures-9-12.js';
import { fittedPoint } from './fitted-point.js';
import { fittedWeights } from './fitted-weights.js';
import { independentPoint } from './independent-point.js';
import { lemma1 } from './lemma-1.js';
import { lemma2 } from './lemma-2.js';
import { negativeSpectralMass } from './negative-mass.js';
import { networkSizes } from './network-sizes.js';
import { networkSpectrum } from './network-spectrum.js';
import { precision } from './precision.js';
import { proxies } from './proxies.js';
import { section62 } from './section-6-2.js';
import { section63 } from './section-6-3.js';
import { sections51And52 } from './sections-5-1-5-2.js';
import { spikedEdge } from './spiked-edge.js';
import { spikedNoise } from './spiked-noise.js';
import { table3 } from './table-3.js';
import { tables12 } from './tables-1-2.js';
import { theorem1 } from './theorem-1.js';
import { theorem1OnTables } from './theorem-1-on-tables.js';
import { theorem3 } from './theorem-3.js';
import { trainedNetwork } from './trained-network.js';
import { trueHessianPart } from './true-hessian-part.js';

/** Granziol et al. 2020, in the order of the paper. */
const experiment: Experiment = {
  name: 'true-vs-empirical-broadening',
  paper: {
    title:
      'Towards Understanding the True Loss Surface of Deep Neural Networks using Random Matrix Theory and Iterative Spectral Methods',
    authors: 'Diego Granziol et al.',
    year: 2020,
    at: 'under review at ICLR 2020',
  },
  unitKinds: [
    elementNoise,
    spikedNoise,
    spikedEdge,
    independentPoint,
    fittedPoint,
    denseLanczos,
    trainedNetwork,
    networkSpectrum,
  ],
  parts: [
    lemma1,
    lemma2,
    theorem1,
    trueHessianPart,
    theorem1OnTables,
    fittedWeights,
    sections51And52,
    networkSizes,
    tables12,
    negativeSpectralMass,
    table3,
    section62,
    section63,
    proxies,
    precision,
    equation11,
    figures912,
    appendixF,
    theorem3,
    appendixH,
    appendixI,
    appendixJ,
    appendixK,
  ],
};

export default experiment;
