import type { Experiment } from '@hessian-rmt/replication';
import { appendixF } from './appendix-f.js';
import { denseLanczos } from './dense-lanczos.js';
import { elementNoise } from './element-noise.js';
import { equation11 } from './equation-11.js';
import { fittedPoint } from './fitted-point.js';
import { fittedWeights } from './fitted-weights.js';
import { independentPoint } from './independent-point.js';
import { lemma1 } from './lemma-1.js';
import { lemma2 } from './lemma-2.js';
import { sections51And52 } from './sections-5-1-5-2.js';
import { spikedEdge } from './spiked-edge.js';
import { spikedNoise } from './spiked-noise.js';
import { theorem1 } from './theorem-1.js';
import { theorem3 } from './theorem-3.js';
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
  unitKinds: [elementNoise, spikedNoise, spikedEdge, independentPoint, fittedPoint, denseLanczos],
  parts: [lemma1, lemma2, theorem1, trueHessianPart, fittedWeights, sections51And52, equation11, appendixF, theorem3],
};

export default experiment;
