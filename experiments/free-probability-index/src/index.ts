import type { Experiment } from '@hessian-rmt/replication';
import { autoencoderFreeSum } from './autoencoder-free-sum.js';
import { autoencoderGaussNewton } from './autoencoder-gauss-newton.js';
import { autoencoderResidual } from './autoencoder-residual.js';
import { closedForms } from './closed-forms.js';
import { confounders } from './confounders.js';
import { criticalPoints } from './critical-points.js';
import { figure1 } from './figure-1.js';
import { figure2 } from './figure-2.js';
import { figure3 } from './figure-3.js';
import { figure4 } from './figure-4.js';
import { figure5 } from './figure-5.js';
import { figure6 } from './figure-6.js';
import { methods } from './methods.js';
import { minimisers } from './minimisers.js';
import { modelMatrices } from './model-matrices.js';

/** Pennington & Bahri 2017, in the order of the paper. */
const experiment: Experiment = {
  name: 'free-probability-index',
  paper: {
    title: 'Geometry of Neural Network Loss Surfaces via Random Matrix Theory',
    authors: 'Jeffrey Pennington, Yasaman Bahri',
    year: 2017,
    at: 'Proceedings of Machine Learning Research 70',
  },
  unitKinds: [
    modelMatrices,
    autoencoderFreeSum,
    autoencoderResidual,
    autoencoderGaussNewton,
    criticalPoints,
    minimisers,
  ],
  parts: [figure1, closedForms, figure2, figure3, figure4, figure5, figure6, methods, confounders],
};

export default experiment;
