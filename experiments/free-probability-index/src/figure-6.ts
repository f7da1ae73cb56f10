import type { Figure, Mark, Panel, Table } from '@hessian-rmt/plotting';
import { definePart } from '@hessian-rmt/replication';
import { cellPhi } from './critical-point-cells.js';
import { nearZeroEnergies, p9Claims, p10Claims } from './figure-6-claims.js';
import { type MeasuredLadder, type MeasuredRung, mean, measureLadder } from './figure-6-measure.js';
import { activations, type Figure6Settings, figure6Profiles, figure6Units, networkName } from './figure-6-settings.js';
import { energyAt, type FittedLaw, spoken, theoryExponent } from './fitted-law.js';
import { levelsOf } from './index-law.js';

/** Figure 6: energy against index of critical points, and the energy of minimisers against phi (sec. 6.4). */
export const figure6 = definePart<Figure6Settings>({
  id: 'figure-6',
  place: 'Figure 6',
  title: 'Index against energy of critical points',
  profiles: figure6Profiles,
  units: figure6Units,

  present(results, settings) {
    const ladders = settings.ladders.flatMap((ladder) =>
      activations.map((activation) => measureLadder(results, settings, ladder, activation)),
    );
    const nearZero = activations.map((activation) => nearZeroEnergies(results, settings, activation));
    return {
      figures: [figure6a(ladders, settings), figure6b(ladders, settings)],
      tables: [tableOf(ladders, settings)],
      claims: [
        ...ladders.filter(({ activation }) => activation === 'tanh').flatMap((ladder) => p9Claims(ladder, settings)),
        ...p10Claims(ladders, nearZero, settings),
      ],
      arrays: Object.fromEntries(
        ladders.flatMap(({ rungs }) =>
          rungs.map(({ cell, activation, points }) => [
            `figure-6-${activation}-n${cell.size}-m${cell.samples}`,
            // Energy and index of each accepted point.
            {
              shape: [points.length, 2],
              data: Float64Array.from(points.flatMap(({ energy, index }) => [energy, index])),
            },
          ]),
        ),
      ),
    };
  },
});

const shown = (phi: number) => String(Number(phi.toFixed(3)));

function figure6a(ladders: readonly MeasuredLadder[], settings: Figure6Settings): Figure {
  const { size } = settings.ladders[0];
  const [tanh, linear] = activations.map((a) => ladders.find(({ activation }) => activation === a)!);
  const panel = (ladder: MeasuredLadder, smallOnly: boolean): Panel => ({
    title: `${networkName[ladder.activation]}${smallOnly ? ', small index' : ''}`,
    x: { label: 'energy $ε$ over the mean of $y^2$' },
    y: { label: 'index $α$', ...(smallOnly && { domain: [0, settings.upTo] }) },
    marks: ladder.rungs.flatMap((rung, color) => rungMarks(rung, color, settings.upTo, smallOnly)),
    // One legend for the three.
    legend: smallOnly || ladder.activation === 'identity' ? 'none' : 'above',
  });
  return {
    id: 'figure-6a',
    title: 'Figure 6a: index of critical points against their energy',
    caption:
      `Each point is the mean energy of the critical points of one index (n = ${size}, P = ${2 * size ** 2}, $J_g = |∇L|^2/2$ at most 1e-6, ` +
      `Levenberg-Marquardt from levels drawn as in sec. 6.4); negative is below minus the rounding floor for tanh, below minus |∇L| for linear networks, whose symmetry leaves flat directions. Lines: best fits of exponent 3/2 up to α = ${settings.upTo}; ` +
      'dashed: exponent fitted too. Colours go by $φ$ in all panels.',
    columns: 3,
    panels: [panel(tanh, false), panel(tanh, true), panel(linear, false)],
  };
}

function rungMarks({ phi, points, law }: MeasuredRung, color: number, upTo: number, smallOnly: boolean): Mark[] {
  const levels = levelsOf(points).filter(({ index }) => !smallOnly || index <= upTo);
  const indices = Array.from({ length: 61 }, (_, i) => (upTo * i) / 60);
  const lineOf = (fit: FittedLaw['free'], dash: boolean): Mark[] =>
    fit ? [{ kind: 'line', x: indices.map((index) => energyAt(fit, index)), y: indices, color, dash }] : [];
  return [
    {
      kind: 'points',
      x: levels.map(({ energy }) => energy),
      y: levels.map(({ index }) => index),
      size: 3,
      color,
      label: `$φ$ = ${shown(phi)}`,
    },
    ...lineOf(law.fixed, false),
    ...(smallOnly ? lineOf(law.free, true) : []),
  ];
}

function figure6b(ladders: readonly MeasuredLadder[], settings: Figure6Settings): Figure {
  const grid = Array.from({ length: 51 }, (_, i) => i / 50);
  const laws: Mark[] = [
    { kind: 'line', x: grid, y: grid.map((phi) => (1 - phi) ** 2 / 2), label: '$(1 - φ)^2/2$', color: 0 },
    { kind: 'line', x: grid, y: grid.map((phi) => (1 - phi) / 2), label: '$(1 - φ)/2$, printed', color: 1, dash: true },
    { kind: 'line', x: grid, y: grid.map((phi) => (1 - phi / 2) / 2), label: '$(1 - φ/2)/2$, derived', color: 1 },
  ];
  return {
    id: 'figure-6b',
    title: 'Figure 6b: energy of minimisers against parameters over examples',
    caption:
      `$ε$_{c} fitted with exponent 3/2 to critical points up to α = ${settings.upTo}, with 95 % bootstrap intervals, and the mean energy of ` +
      'minima found by minimising the loss. The printed law of linear networks, and the one of linear regression with $φ$ = 2n/m. Energies over the mean of $y^2$.',
    panels: settings.ladders.map((ladder, i) => ({
      title: `n = ${ladder.size}`,
      x: { label: '$φ$ = 2n/m', domain: [0, 1.03] },
      y: { label: 'energy', domain: [-0.02, 0.52] },
      legend: i === 0 ? 'above' : 'none',
      marks: [
        ...laws,
        ...ladders
          .filter((measured) => measured.ladder === ladder)
          .flatMap(({ activation, rungs }): Mark[] => {
            const fitted = rungs.filter(({ law }) => law.fixed && law.criticalEnergy);
            const color = activation === 'tanh' ? 0 : 1;
            const fits: Mark[] = [
              {
                kind: 'points',
                x: fitted.map(({ phi }) => phi),
                y: fitted.map(({ law }) => law.fixed!.criticalEnergy),
                intervals: fitted.map(({ law }) => law.criticalEnergy!),
                label: `${networkName[activation]}: fit`,
                color,
              },
            ];
            return [
              ...(fitted.length > 0 ? fits : []),
              {
                kind: 'points',
                x: rungs.map(({ phi }) => phi),
                y: rungs.map(({ minimumEnergies }) => mean(minimumEnergies)),
                symbol: 'cross',
                size: 8,
                label: `${networkName[activation]}: minima`,
                color,
              },
            ];
          }),
      ],
    })),
  };
}

function tableOf(ladders: readonly MeasuredLadder[], { upTo }: Figure6Settings): Table {
  const rows = ladders.flatMap(({ activation, rungs }) =>
    rungs.map((rung) => {
      const { cell, phi, runs, points, law, minimumEnergies, unfinished } = rung;
      return [
        networkName[activation],
        cell.size,
        cell.samples,
        phi,
        runs,
        points.length,
        law.points,
        points.length > 0 ? Math.min(...points.map(({ index }) => index)) * 2 * cell.size ** 2 : null,
        law.free?.exponent ?? null,
        spoken(law.exponent),
        theoryExponent(cellPhi(cell), upTo) ?? null,
        law.fixed?.criticalEnergy ?? null,
        spoken(law.criticalEnergy),
        law.free?.criticalEnergy ?? null,
        law.lack ?? null,
        mean(minimumEnergies),
        unfinished,
        activation === 'tanh' ? (1 - phi) ** 2 / 2 : (1 - phi) / 2,
        activation === 'tanh' ? null : (1 - phi / 2) / 2,
      ];
    }),
  );
  return {
    id: 'figure-6',
    title: 'Figure 6: fits of the index against the energy',
    caption:
      `Fits of alpha = alpha_0 ((eps - eps_c)/eps_c)^p up to alpha = ${upTo}, 95 % bootstrap intervals in brackets; energies over the mean of y^2. ` +
      "Theory: p when the improved model's exact index is fitted over the same range of alpha. Lack of fit: distance of the mean energies from the " +
      'best line of exponent 3/2, beyond what their scatter explains. Minima are upper bounds where some are unfinished (gradient above 1e-6).',
    columns: [
      { header: 'network' },
      { header: 'n' },
      { header: 'm' },
      { header: 'phi', format: '.3f' },
      { header: 'searches' },
      { header: 'accepted' },
      { header: 'fitted' },
      { header: 'fewest negative' },
      { header: 'p', format: '.2f' },
      { header: 'of p' },
      { header: 'p, theory', format: '.2f' },
      { header: 'eps_c at 3/2', format: '.3f' },
      { header: 'of eps_c' },
      { header: 'eps_c at p', format: '.3f' },
      { header: 'lack of fit', format: '.4f' },
      { header: 'minima', format: '.4f' },
      { header: 'unfinished', format: '.2f' },
      { header: 'published law', format: '.3f' },
      { header: 'linear regression', format: '.3f' },
    ],
    rows,
  };
}
