// Writes the table of claims into README.md from the committed laptop results; with --check only says whether it is current.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const statements = {
  S1: 'Figure 1: almost all eigenvalues near zero, a few large ones after training',
  S2: 'Equation 3: rank of the Gauss-Newton matrix, the remainder fades along training',
  S3: 'Figures 2, 3: the Hessian has as many large eigenvalues as there are clusters',
  S4: 'Table 1: counts by gap, ratio and elbow, 19 rows',
  S5: 'Figure 4: the right edge keeps its shape as the network grows',
  S6: 'Figures 5, 6: negative eigenvalues, tiny, shifted by rank and together by ratio',
  S7: 'Figures 7, 8: large and small batch, as many large eigenvalues, larger ones for the large batch',
  S8: 'Figure 9: from large batches to small ones the loss jumps, then generalises better',
  S9: 'Figure 10: no barrier on the line between the two ends',
  S12: 'Section 4.1: small batches move the point along the top eigenvectors',
  S11: 'Footnote 3: at a constant rate neither GD nor SGD stops',
  S10: 'Appendix B: Marchenko-Pastur bulk and BBP transition of the Gauss-Newton matrix',
  P1: 'Figure 1: spectra of Wishart + Wigner as the energy rises',
  P2: 'Section 4.2: the index grows with the power 3/2 of the energy',
  P3: 'Section 4.2: closed form of the critical energy',
  P4: 'Figure 2: the two parts of the Hessian are free of each other',
  P5: 'Figure 3: the second part follows the product Wishart law',
  P6: 'Figure 4: the Gauss-Newton part has a heavy tail, null directions and a small gap',
  P7: 'Figure 5: its gap follows Marchenko-Pastur with one scale',
  P8: 'Section 6.3: the improved model keeps the exponent and the cubic zero',
  P9: 'Figure 6a: index against energy of critical points of tanh networks',
  P10: 'Figure 6b: energy of minimisers against parameters over data points',
  P11: 'Sections 5.1, 5.2: entries need not be normal, agreement improves with size',
  X6: 'Added here: free convolution of measured spectra',
  B1: 'Figure 1: the spectra of networks are not the semicircle',
  B2: 'Figure 2: Wigner’s surmise, independent levels',
  B3: 'Equation 9: mean cumulative of the GOE',
  B4: 'Section 5: unfolding by a pool, ratios of spacings',
  B5: 'Section 4: sizes of the networks',
  B6: 'Figure 4: spacings and ratios of a perceptron follow the GOE',
  B7: 'Figure 3: embedding features of CIFAR-10',
  B8: 'Section 6: train or test, batch or whole set, trained or not: no difference',
  B9: 'Figures 5, 6: Hessians of Gaussian processes',
  B10: 'Theorem 8.2: variance of averaged gradients',
  B11: 'Figure 7: tail averaging',
  B12: 'Figure 8: an exponential law of training length',
  B13: 'Theorem 8.1: norms of last iterate and average',
  B14: 'Equation 21: gradients decorrelate with distance',
  X1: 'Added here: which levels are curvature and which are rounding',
  X3: 'Added here: the exact spectrum of a whole data set',
  X5: 'Added here: statistics over long ranges',
  G1: 'Theorem 1: outliers of a matrix of finite rank plus GOE noise',
  G2: 'Lemma 2: elements of the noise are normal, of variance 1/N',
  G3: 'Section 5.1: Lanczos quadrature matches moments',
  G4: 'Section 5.2: one random vector, no smoothing',
  G5: 'Tables 1, 2, Figures 1 to 8: extreme eigenvalues of empirical and augmented Hessians',
  G6: 'Section 6: the negative mass falls',
  G7: 'Table 3: three Ritz values carry the mass',
  G8: 'Section 6.3: from a symmetric to a right-skewed bulk',
  G9: 'Equation 11: the schedule of the rate, training curves',
  G10: 'Appendices I, K: the same for VGG',
  G11: 'Appendices H, I, J: spectra along training',
  G12: 'Section 6.2: the sharper minimum stays the sharper one',
  G13: 'Lemma 1: elements of the true Hessian are bounded',
  G14: 'Theorem 3: convergence of extreme Ritz values',
  G15: 'Appendix F: the dispersion grows by the variance of the noise',
  X2: 'Added here: the true Hessian measured with fresh samples',
};

/** In the order of the papers. */
const papers = {
  'gauss-newton-outliers': 'Sagun et al.',
  'free-probability-index': 'Pennington & Bahri',
  'spacing-statistics': 'Baskerville et al.',
  'true-vs-empirical-broadening': 'Granziol et al.',
};

const verdicts = ['reproduced', 'not reproduced', 'not comparable'];
const rows = (existsSync('results') ? readdirSync('results', { withFileTypes: true }) : [])
  .filter((entry) => entry.isDirectory() && existsSync(`results/${entry.name}/laptop/claims.json`))
  .sort((one, other) => Object.keys(papers).indexOf(one.name) - Object.keys(papers).indexOf(other.name))
  .flatMap(({ name }) => {
    const claims = JSON.parse(readFileSync(`results/${name}/laptop/claims.json`, 'utf8'));
    const groups = [...new Set(claims.map((claim) => claim.id.split('.')[0]))];
    return groups.map((group) => {
      const members = claims.filter((claim) => claim.id.split('.')[0] === group);
      const counts = verdicts.map((verdict) => members.filter((claim) => claim.verdict === verdict).length);
      return `| ${papers[name] ?? name} | ${statements[group] ?? group} | ${counts.map((count) => count || '').join(' | ')} | [ledger](results/${name}/laptop/claims.md) |`;
    });
  });
const table = [`| paper | claims | ${verdicts.join(' | ')} | |`, '|---|---|---|---|---|---|', ...rows].join('\n');

const readme = readFileSync('README.md', 'utf8');
const marked = /(<!-- claims -->\n)[\s\S]*?(<!-- \/claims -->)/;
const updated = readme.replace(marked, (_, open, close) => `${open}${table}\n${close}`);
if (process.argv.includes('--check')) {
  if (updated !== readme) {
    console.error('README.md: the table of claims is not that of results/*/laptop: run `npm run readme`');
    process.exit(1);
  }
} else {
  writeFileSync('README.md', updated);
}
