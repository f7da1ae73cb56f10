import { type Panel, spectrumHistogram } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, kolmogorovSmirnovBetween, semicircle } from '@hessian-rmt/rmt';
import {
  atPublishedSizes,
  type ProcessPanel,
  type ProcessSettings,
  type ProcessSpectra,
  processPanels,
  processProfiles,
  processSpectra,
  processText,
  processUnit,
} from './process-panels.js';

/** Of the caption: k'(0) = 0, no shift. */
const firstDerivative = 0;

/** Figure 5: spectral densities of Hessians of Gaussian processes of several kernels. */
export const figure5 = definePart<ProcessSettings>({
  id: 'figure-5',
  place: 'Figure 5',
  title: 'Spectral densities of Gaussian-process Hessians',
  profiles: processProfiles,
  units: (settings) => processPanels.map((panel) => processUnit(settings, panel, firstDerivative)),

  present(results, settings) {
    const spectra = processPanels.map((panel) => processSpectra(results, settings, panel, firstDerivative));
    return {
      figures: [
        {
          id: 'figure-5',
          title: 'Figure 5: spectral densities of Gaussian-process Hessians',
          caption:
            `$k$′(0) = 0 as captioned, the spin glass with its own; ${processText(settings)}. Lines: semicircle of variance $n k$″(0), in (d) with the mass of the zeros. ` +
            'Rare outliers beyond the axes are not shown.',
          columns: 3,
          panels: processPanels.map((panel, i) => densityPanel(panel, spectra[i], settings)),
        },
      ],
      claims: claimsOf(spectra, settings),
    };
  },
});

function densityPanel(
  panel: ProcessPanel,
  { levels, whole }: ProcessSpectra,
  { size, zeroDirections }: ProcessSettings,
): Panel {
  const values = (panel.degenerate ? whole : levels).flatMap((each) => [...each]);
  const radius = 2 * Math.sqrt(size * panel.second);
  const shifts = panel.sphere === 'nothing' ? 3 * (panel.first ?? firstDerivative) : 0;
  const reach = 1.15 * (radius + shifts);
  // Outliers scale (1 + x^2): nine in ten below 4 scale.
  const farthest = panel.outliers ? Math.max(reach, 4 * panel.outliers) : reach;
  const zeros = panel.degenerate ? zeroDirections / (size + zeroDirections) : 0;
  const bulk = semicircle({ variance: size * panel.second });
  return spectrumHistogram(values, {
    bins: 60,
    range: [-reach, farthest],
    ...(panel.sphere !== 'nothing' && {
      law: {
        label: 'semicircle',
        density: (x: number) => (1 - zeros) * bulk.density(x),
        ...(zeros > 0 && { atoms: [{ at: 0, mass: zeros }] }),
      },
    }),
    title: `${panel.id.length === 1 ? `(${panel.id}) ` : ''}${panel.text}`,
    label: 'sampled',
    ...((panel.degenerate || panel.outliers) && { logY: true }),
  });
}

function claimsOf(spectra: readonly ProcessSpectra[], settings: ProcessSettings): Claim[] {
  const { size, zeroDirections, outliers } = settings;
  const text = processText(settings).replaceAll('$', '');
  const common = {
    place: 'Figure 5, sec. 7',
    figure: 'figures/figure-5.svg',
    ...(atPublishedSizes(settings) ? { atPublishedSize: true } : { atPublishedSize: false, difference: text }),
  };
  const of = (id: string) => {
    const at = processPanels.findIndex((panel) => panel.id === id);
    return { panel: processPanels[at], ...spectra[at] };
  };
  const pooled = (each: readonly Float64Array[]) => Float64Array.from(each.flatMap((values) => [...values])).sort();
  const shown = processPanels.map((panel) => of(panel.id)).filter(({ panel }) => !panel.sphere);
  const pools = shown.map(({ panel, levels, whole }) => pooled(panel.degenerate ? whole : levels));
  const between = pools.flatMap((one, i) => pools.slice(0, i).map((other) => kolmogorovSmirnovBetween(one, other)));
  const halves = shown.map(({ panel, levels, whole }) => {
    const each = panel.degenerate ? whole : levels;
    const middle = Math.floor(each.length / 2);
    return kolmogorovSmirnovBetween(pooled(each.slice(0, middle)), pooled(each.slice(middle)));
  });
  const edge = (second: number) => 2 * Math.sqrt(size * second);
  const [d, e, f] = ['d', 'e', 'f'].map(of);
  const beyond = ({ levels, panel }: typeof e) =>
    // A Tracy-Widom deviation is edge n^(-2/3) / 2 or so: four of them.
    levels.map((values) => values.filter((x) => x > edge(panel.second) * (1 + 2 * size ** (-2 / 3))).length);
  return [
    judge.order({
      ...common,
      id: 'B9.densities-differ',
      statement: 'the spectral densities of the panels (a) to (f) differ from one another, every pair of them',
      larger: { name: 'smallest distance between two panels', samples: [Math.min(...between)] },
      smaller: {
        name: 'largest distance between two halves of the samples of a panel',
        samples: [Math.max(...halves)],
      },
      factor: 2,
      because: 'Kolmogorov-Smirnov distances; twice what chance makes in one panel (our choice)',
    }),
    ...['a', 'b', 'c'].map(of).map(({ panel, levels }) =>
      judge.law({
        ...common,
        id: `B9.density-semicircle.${panel.id}`,
        statement: `by equation 17 with k'(0) = 0 the density of panel (${panel.id}) is the semicircle of variance n k''(0), k''(0) = ${panel.second}`,
        measure: 'Kolmogorov-Smirnov distance of a spectrum',
        samples: levels.map((values) => kolmogorovSmirnov(values, semicircle({ variance: size * panel.second }))),
        bound: (1 + (5 * Math.sqrt(Math.log(size))) / Math.PI) / size,
        because:
          "eigenvalues are rigid: five standard deviations of the number of them below a point, sqrt(log n) / pi (Gustavsson 2005, O'Rourke 2010), and one for the step",
      }),
    ),
    judge.law({
      ...common,
      id: 'B9.degenerate-share',
      statement: `a kernel on a subspace gives rank degeneracy: ${zeroDirections} of ${size + zeroDirections} eigenvalues of (d) are zero`,
      measure: 'number of eigenvalues within n epsilon of the largest, less the number of degenerate directions',
      samples: d.whole.map((values) => {
        const largest = Math.max(-values[0], values[values.length - 1]);
        const floor = values.length * Number.EPSILON * largest;
        return Math.abs(values.filter((x) => Math.abs(x) <= floor).length - zeroDirections);
      }),
      bound: 0.5,
      because: 'a count: anything below one is an exact match',
    }),
    judge.law({
      ...common,
      id: 'B9.outliers.f',
      statement: `a fixed Hessian of low rank gives outliers: ${outliers} eigenvalues of (f) stand beyond the bulk`,
      measure: `number of eigenvalues beyond the semicircle's edge by four of its fluctuations, less ${outliers}`,
      samples: beyond(f).map((count) => Math.abs(count - outliers)),
      bound: 0.5,
      because:
        "a count: anything below one is an exact match; all of them lie above the threshold sqrt(n k''(0)) below which outliers are lost",
    }),
    judge.notComparable({
      place: common.place,
      figure: common.figure,
      id: 'B9.outliers.e',
      statement: `eigenvalues of (e) that stand beyond the bulk, of ${outliers} outliers put in: those below the threshold sqrt(n k''(0)) are lost in it`,
      samples: beyond(e),
      atPublishedSize: common.atPublishedSize,
      why: 'the paper counts none',
    }),
  ];
}
