import type { Experiment } from '@hessian-rmt/replication';
import { equation11 } from './equation-11.js';
import { spikedEdge } from './spiked-edge.js';
import { spikedNoise } from './spiked-noise.js';
import { theorem1 } from './theorem-1.js';

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
  unitKinds: [spikedNoise, spikedEdge],
  parts: [theorem1, equation11],
};

export default experiment;
