import { type Figure, spectralStems, type Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Part, type Results, type Unit } from '@hessian-rmt/replication';
import { alongClaims, type MeasuredFigure } from './along-training-claims.js';
import { comparison, oneRun } from './comparison.js';
import { spectrumUnit } from './main-spectra.js';
import { median } from './median.js';
import {
  conditionOf,
  describe,
  epochHere,
  type NetworkSettings,
  networkProfiles,
  repetitionsOf,
  whyNotRun,
} from './network-settings.js';
import { type MeasuredSpectrum, measuredSpectrum } from './network-spectrum.js';
import { type PrintedFigure, printedFigures } from './printed.js';

type Letter = keyof typeof printedFigures;

/** Figures 13 to 20: CIFAR-100, PreResNet-110. */
export const appendixH = appendix('H', 'Spectra along training: PreResNet, CIFAR-100');
/** Figures 21 to 29: CIFAR-100, VGG-16 with batch normalisation. */
export const appendixI = appendix('I', 'Spectra along training: VGG-16, CIFAR-100');
/** Figures 30 and 31: CIFAR-10, PreResNet-110. */
export const appendixJ = appendix('J', 'Spectra along training: PreResNet, CIFAR-10');
/** Figures 32 and 33: CIFAR-10, VGG-16. */
export const appendixK = appendix('K', 'Spectra along training: VGG-16, CIFAR-10');

function appendix(letter: Letter, title: string): Part {
  const printed = printedFigures[letter];
  const numbers = printed.map(({ figure }) => figure);
  return definePart<NetworkSettings>({
    id: `appendix-${letter.toLowerCase()}`,
    place: `App. ${letter}, Figures ${Math.min(...numbers)}-${Math.max(...numbers)}`,
    title,
    module: import.meta.url,
    profiles: networkProfiles,
    units: (settings) => printed.flatMap((figure) => unitsOf(settings, figure)),

    present(results, settings) {
      const figures = printed.flatMap((figure) => measuredFigure(results, settings, figure) ?? []);
      if (figures.length === 0) {
        return {
          claims: printed
            .flatMap(printedEnds)
            .map((end) => judge.notRun({ ...end, why: whyNotRun(settings, printed[0].set) })),
        };
      }
      return {
        figures: [stems(letter, figures, settings)],
        tables: [tableOf(letter, figures, settings)],
        claims: [
          ...alongClaims(letter, figures, settings),
          ...figures.flatMap((figure) => endClaims(letter, figure, settings)),
        ],
      };
    },
  });
}

const figureCondition = (settings: NetworkSettings, { set, network }: PrintedFigure) =>
  conditionOf(settings, set, network);

function unitsOf(settings: NetworkSettings, figure: PrintedFigure): Unit[] {
  const condition = figureCondition(settings, figure);
  if (!condition) return [];
  const { network, samples } = figure;
  const { along, augmentedVgg } = settings.steps;
  return repetitionsOf(settings, condition).map((repetition) =>
    spectrumUnit(
      settings,
      condition,
      samples === 'empirical' ? { kind: 'empirical' } : { kind: 'augmented', copies: settings.copies[network] },
      { epoch: epochHere(settings, network, figure.epoch), steps: samples === 'empirical' ? along : augmentedVgg },
      repetition,
    ),
  );
}

function measuredFigure(
  results: Results,
  settings: NetworkSettings,
  printed: PrintedFigure,
): MeasuredFigure | undefined {
  const condition = figureCondition(settings, printed);
  return (
    condition && {
      printed,
      condition,
      epoch: epochHere(settings, printed.network, printed.epoch),
      spectra: unitsOf(settings, printed).map((unit) => measuredSpectrum(results, unit)),
    }
  );
}

function stems(letter: Letter, figures: readonly MeasuredFigure[], settings: NetworkSettings): Figure {
  const byEpoch = [...figures].sort((a, b) => a.epoch - b.epoch || a.printed.figure - b.printed.figure);
  const [{ condition }] = figures;
  return {
    id: `appendix-${letter.toLowerCase()}`,
    title: `Appendix ${letter}: spectra of the Hessian along training, ${condition.images.name}`,
    caption: `Ritz values and weights, first repetition, one random vector. ${describe(settings, condition)}. In brackets the figure and epoch of the paper, whose schedules have 225 (PreResNet) and 300 epochs (VGG).`,
    columns: byEpoch.length < 3 ? byEpoch.length : 3,
    panels: byEpoch.map(({ printed, epoch, spectra: [spectrum] }) =>
      spectralStems([spectrum], {
        title: `${printed.samples === 'augmented' ? 'augm., ' : ''}epoch ${epoch} (Fig. ${printed.figure}: ${printed.epoch})`,
      }),
    ),
  };
}

function tableOf(letter: Letter, figures: readonly MeasuredFigure[], settings: NetworkSettings): Table {
  const error = ({ residuals }: MeasuredSpectrum, end: 'first' | 'last') =>
    end === 'first' ? residuals[0] : residuals[residuals.length - 1];
  return {
    id: `appendix-${letter.toLowerCase()}`,
    title: `Appendix ${letter}: ends of the spectra along training`,
    caption: `Printed on the axes, and measured: medians over the repetitions, with the residual of the Ritz value in the first, within which an eigenvalue lies. ${describe(settings, figures[0].condition)}.`,
    columns: [
      { header: 'figure' },
      { header: 'Hessian' },
      { header: 'epoch printed' },
      { header: 'epoch here' },
      { header: 'm' },
      { header: 'smallest, printed', format: '.4g' },
      { header: 'measured', format: '.4g' },
      { header: 'residual', format: '.1g' },
      { header: 'largest, printed', format: '.4g' },
      { header: 'measured ', format: '.4g' },
      { header: 'residual ', format: '.1g' },
    ],
    rows: figures.map(({ printed, epoch, spectra }) => [
      printed.figure,
      printed.samples,
      printed.epoch,
      epoch,
      spectra[0].nodes.length,
      printed.smallest,
      median(spectra.map(({ smallest }) => smallest)),
      error(spectra[0], 'first'),
      printed.largest,
      median(spectra.map(({ largest }) => largest)),
      error(spectra[0], 'last'),
    ]),
  };
}

/** Both printed ends of a figure. */
function printedEnds(printed: PrintedFigure) {
  const { figure, network, set, epoch, samples, note } = printed;
  return (['smallest', 'largest'] as const).map((end) => ({
    end,
    id: `${network === 'VGG-16' ? 'G10' : 'G11'}.figure-${figure}.${end}`,
    place: `Fig. ${figure}`,
    statement: `${end} eigenvalue, ${samples} Hessian, ${network}, ${set}, epoch ${epoch}${note === undefined ? '' : `; ${note}`}`,
    published: printed[end],
  }));
}

function endClaims(
  letter: Letter,
  { printed, condition, spectra }: MeasuredFigure,
  settings: NetworkSettings,
): Claim[] {
  const figure = `tables/appendix-${letter.toLowerCase()}.md`;
  return printedEnds(printed).map(({ end, ...value }) => {
    const samples = spectra.map((spectrum) => spectrum[end]);
    const size = comparison(settings, condition);
    // An epoch that the printed schedule does not have can be held against nothing.
    if (printed.epoch === 300 && printed.network === 'PreResNet-110') {
      const { atPublishedSize } = size;
      return judge.notComparable({ ...value, figure, samples, atPublishedSize, why: `${printed.note}` });
    }
    return judge.value({ ...value, ...oneRun, ...size, figure, samples });
  });
}
