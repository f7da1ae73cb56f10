import type { Experiment } from '@hessian-rmt/replication';

/** Pennington & Bahri 2017, in the order of the paper. */
const experiment: Experiment = {
  name: 'free-probability-index',
  paper: {
    title: 'Geometry of Neural Network Loss Surfaces via Random Matrix Theory',
    authors: 'Jeffrey Pennington, Yasaman Bahri',
    year: 2017,
    arxiv: '',
  },
  unitKinds: [],
  parts: [],
};

export default experiment;
