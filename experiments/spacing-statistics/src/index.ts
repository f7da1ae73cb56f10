import type { Experiment } from '@hessian-rmt/replication';
import { auditPart, auditTraining, publishedAudits } from './audit.js';
import { averagedGradients } from './averaged-gradients.js';
import { batchLongRange } from './batch-long-range.js';
import { batchSpectra } from './batch-spectra.js';
import { controlSpectra } from './control-spectra.js';
import { controls } from './controls.js';
import { ensembleLevels } from './ensemble-levels.js';
import { equation9 } from './equation-9.js';
import { equation21 } from './equation-21.js';
import { equations1617 } from './equations-16-17.js';
import { fieldDerivatives } from './field-derivatives.js';
import { figure1 } from './figure-1.js';
import { figure2 } from './figure-2.js';
import { figure3 } from './figure-3.js';
import { figure4 } from './figure-4.js';
import { figure5 } from './figure-5.js';
import { figure6 } from './figure-6.js';
import { figure7 } from './figure-7.js';
import { figure8 } from './figure-8.js';
import { fullSpectra } from './full-spectra.js';
import { fullSpectrum } from './full-spectrum.js';
import { goeOfDensity } from './goe-of-density.js';
import { goeProcedure } from './goe-procedure.js';
import { goeRatios } from './goe-ratios.js';
import { gradientTrajectory } from './gradient-trajectory.js';
import { longRange } from './long-range.js';
import { processHessians } from './process-hessians.js';
import { quadraticDescent } from './quadratic-descent.js';
import { section4 } from './section-4.js';
import { section6 } from './section-6.js';
import { softmaxDescent } from './softmax-descent.js';
import { theorem81 } from './theorem-8-1.js';
import { theorem82 } from './theorem-8-2.js';
import { trainedEmbedding } from './trained-embedding.js';
import { trainedNetwork } from './trained-network.js';
import { trainingCurves } from './training-curves.js';
import { unfolding } from './unfolding.js';
import { unfoldingDistances } from './unfolding-distances.js';
import { wholeSetSpectrum } from './whole-set-spectrum.js';

/** Baskerville, Granziol & Keating 2021, in the order of the paper. */
const experiment: Experiment = {
  name: 'spacing-statistics',
  paper: {
    title: 'Applicability of Random Matrix Theory in Deep Learning',
    authors: 'Nicholas P. Baskerville, Diego Granziol, Jonathan P. Keating',
    year: 2021,
    at: 'arXiv 2102.06740',
  },
  unitKinds: [
    trainedEmbedding,
    ensembleLevels,
    unfoldingDistances,
    trainedNetwork,
    batchSpectra,
    batchLongRange,
    fullSpectra,
    controlSpectra,
    processHessians,
    goeRatios,
    fieldDerivatives,
    quadraticDescent,
    softmaxDescent,
    averagedGradients,
    gradientTrajectory,
    trainingCurves,
    wholeSetSpectrum,
    goeProcedure,
    goeOfDensity,
  ],
  parts: [
    figure1,
    figure2,
    section4,
    equation9,
    unfolding,
    figure3,
    figure4,
    section6,
    auditPart,
    ...publishedAudits,
    auditTraining,
    controls,
    longRange,
    fullSpectrum,
    equations1617,
    figure5,
    figure6,
    theorem81,
    theorem82,
    equation21,
    figure7,
    figure8,
  ],
};

export default experiment;
