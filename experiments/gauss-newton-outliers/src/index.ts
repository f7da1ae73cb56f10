import type { Experiment } from '@hessian-rmt/replication';
import { appendixB } from './appendix-b.js';
import { choices } from './choices.js';
import { clusterSpectrum } from './cluster-spectrum.js';
import { convnetSpectrum } from './convnet-spectrum.js';
import { decomposition } from './decomposition.js';
import { descentTail } from './descent-tail.js';
import { digitSpectrum } from './digit-spectrum.js';
import { equation3 } from './equation-3.js';
import { figure1 } from './figure-1.js';
import { figure4 } from './figure-4.js';
import { figures2And3 } from './figures-2-3.js';
import { figures5And6 } from './figures-5-6.js';
import { figures7And8 } from './figures-7-8.js';
import { figures9And10 } from './figures-9-10.js';
import { footnote3 } from './footnote-3.js';
import { largeThenSmall } from './large-then-small.js';
import { linearModel } from './linear-model.js';
import { table1 } from './table-1.js';
import { widthSpectrum } from './width-spectrum.js';

/** Sagun et al. 2017, in the order of the paper. */
const experiment: Experiment = {
  name: 'gauss-newton-outliers',
  paper: {
    title: 'Empirical Analysis of the Hessian of Over-Parametrized Neural Networks',
    authors: 'Levent Sagun, Utku Evci, V. Uğur Güney, Yann Dauphin, Léon Bottou',
    year: 2017,
    at: 'arXiv 1706.04454',
  },
  unitKinds: [
    digitSpectrum,
    decomposition,
    clusterSpectrum,
    widthSpectrum,
    descentTail,
    linearModel,
    convnetSpectrum,
    largeThenSmall,
  ],
  parts: [
    figure1,
    equation3,
    figures2And3,
    figure4,
    figures5And6,
    figures7And8,
    figures9And10,
    footnote3,
    table1,
    choices,
    appendixB,
  ],
};

export default experiment;
