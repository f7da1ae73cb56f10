import { type Claim, judge } from '@hessian-rmt/replication';
import { comparison } from './comparison.js';
import type { Condition, NetworkSettings } from './network-settings.js';
import type { MeasuredSpectrum } from './network-spectrum.js';
import type { PrintedFigure, printedFigures } from './printed.js';

/** A figure of an appendix beside what is measured at the epoch that is as far through the schedule. */
export interface MeasuredFigure {
  readonly printed: PrintedFigure;
  readonly condition: Condition;
  readonly epoch: number;
  /** One a repetition. */
  readonly spectra: readonly MeasuredSpectrum[];
}

/** What the appendices show without a number that can be held against another size: signs and orders. */
export function alongClaims(
  letter: keyof typeof printedFigures,
  figures: readonly MeasuredFigure[],
  settings: NetworkSettings,
): Claim[] {
  const { condition } = figures[0];
  const { set, network } = condition;
  const row = network === 'VGG-16' ? 'G10' : 'G11';
  const common = (...numbers: readonly number[]) => ({
    place: `App. ${letter}, Fig${numbers.length > 1 ? 's' : ''}. ${numbers.join(', ')}`,
    figure: `figures/appendix-${letter.toLowerCase()}.svg`,
    ...comparison(settings, condition),
  });
  const spectraOf = (figure: number) => figures.find(({ printed }) => printed.figure === figure)!.spectra;
  const samples = (figure: number, f: (spectrum: MeasuredSpectrum) => number) => spectraOf(figure).map(f);
  const largest = ({ largest: value }: MeasuredSpectrum) => value;
  const depth = ({ smallest }: MeasuredSpectrum) => -smallest;

  const grows = (early: number, late: number, epochs: readonly [number, number]): Claim =>
    judge.order({
      ...common(early, late),
      id: `${row}.app-${letter.toLowerCase()}.grows-as-rate-falls`,
      statement: `the largest eigenvalue is larger at epoch ${epochs[1]}, where the rate has fallen, than at epoch ${epochs[0]} (${network}, ${set})`,
      larger: { name: `largest at epoch ${epochs[1]}`, samples: samples(late, largest) },
      smaller: { name: `largest at epoch ${epochs[0]}`, samples: samples(early, largest) },
      because: 'the printed axes show it for both networks',
    });

  switch (letter) {
    case 'H':
      return [
        judge.order({
          ...common(14),
          id: 'G11.app-h.negative-start',
          statement: `the untrained network's spectrum reaches far more to the negative side than to the positive one (${network}, ${set})`,
          larger: { name: 'magnitude of the smallest eigenvalue', samples: samples(14, depth) },
          smaller: { name: 'largest eigenvalue', samples: samples(14, largest) },
          factor: 10,
          because: 'it is 278 times in Fig. 14; far more is read as ten times (our choice)',
        }),
        grows(17, 19, [75, 150]),
      ];
    case 'I':
      return [
        judge.order({
          ...common(21, 22),
          id: 'G10.app-i.largest-shrinks',
          statement: `the largest eigenvalue of the augmented Hessian is smaller than that of the empirical one (${network}, ${set})`,
          larger: { name: 'largest, empirical', samples: samples(21, largest) },
          smaller: { name: 'largest, augmented', samples: samples(22, largest) },
          because: 'both ends are said to be reduced',
        }),
        judge.order({
          ...common(21, 22),
          id: 'G10.app-i.smallest-shrinks',
          statement: `the smallest eigenvalue of the augmented Hessian is less negative than that of the empirical one (${network}, ${set})`,
          larger: { name: 'magnitude of the smallest, empirical', samples: samples(21, depth) },
          smaller: { name: 'magnitude of the smallest, augmented', samples: samples(22, depth) },
          because: 'both ends are said to be reduced',
        }),
        grows(26, 28, [75, 150]),
      ];
    case 'J':
      return [];
    case 'K':
      return [
        judge.order({
          ...common(32, 33),
          id: 'G10.app-k.positive-side',
          statement: `the spectrum reaches further to the positive side than to the negative one, untrained and trained (${network}, ${set})`,
          larger: {
            name: 'largest eigenvalue less the magnitude of the smallest, the smaller of both epochs',
            samples: spectraOf(32).map((start, r) =>
              Math.min(...[start, spectraOf(33)[r]].map((one) => one.largest - depth(one))),
            ),
          },
          smaller: { name: 'no difference', samples: spectraOf(32).map(() => 0) },
          because: 'the axes of Figs. 32 and 33 show it: 3.1 and 6.0',
        }),
      ];
  }
}
