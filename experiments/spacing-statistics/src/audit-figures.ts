import type { Figure, Mark, Panel } from '@hessian-rmt/plotting';
import { type levelClasses, levelClassNames } from './audit-classes.js';
import type { AuditSettings } from './audit-settings.js';
import type { AuditedCondition, FollowedCourse } from './audited.js';
import { cutOffs, passing } from './authors-procedure.js';
import { describe, trainingText } from './conditions.js';
import { foldedRatiosBySign, meanRatio, rankRange } from './level-statistics.js';
import { goeRule, independentRule, ratioLabel, ratioPoints } from './ratio-points.js';

const ensembles = [goeRule, independentRule];
const ratioAxis = { label: ratioLabel, domain: [0.36, 0.58] as const };
const symbols = ['circle', 'square', 'triangle', 'cross'] as const;

/** What stands in the caption of every figure of the audit. */
const sizes = ({ inputs, batch, epochs }: AuditSettings) =>
  `${inputs} inputs, batches of ${batch}, trained for ${epochs[epochs.length - 1]} epochs.`;
const bars = ' Bars: 95 % intervals over spectra.';

/** X1 at one glance: the published procedure, its parts by precision and floor, and the levels that are left by structure. */
export function auditFigure(part: string, audited: readonly AuditedCondition[], settings: AuditSettings): Figure {
  const panels = groupBy(audited, ({ condition: { network, images } }) => `${network}, ${images.text}`);
  return {
    id: part,
    title: 'Levels of curvature and levels of rounding: the published procedure taken apart',
    caption:
      'Mean ratio of consecutive spacings of all levels that pass the cut-off in float32 (published), of the float64 levels above and below the measured rounding floor, and of the spectrum whose zeros were removed by structure (deflated). ' +
      sizes(settings) +
      bars,
    columns: Math.min(2, panels.length),
    panels: panels.map(([title, conditions]): Panel => {
      const shift = (i: number) => (i - (conditions.length - 1) / 2) * 0.14;
      return {
        title,
        x: {
          label: '',
          domain: [-0.6, levelClassNames.length - 0.4],
          ticks: levelClassNames.map((name, at) => ({ at, label: shortLabels[name] })),
        },
        y: ratioAxis,
        legend: 'above',
        marks: [
          ...ensembles,
          ...conditions.map(({ condition, audit }, i) =>
            ratioPoints(
              `${condition.split} set, ${trainingText(condition.epoch)}`,
              symbols[i % symbols.length],
              levelClassNames.map((name, at) => ({ x: at + shift(i), ratio: audit.classes[name].ratio })),
            ),
          ),
        ],
      };
    }),
  };
}

const shortLabels: Readonly<Record<keyof typeof levelClasses, string>> = {
  float32: 'published',
  above: 'above',
  below: 'below',
  deflated: 'deflated',
};

/** Where the levels of the first batch stand: rounding makes a cloud of its own in float64, and mixes with the others in float32. */
export function magnitudeFigure(part: string, audited: readonly AuditedCondition[], settings: AuditSettings): Figure {
  const trained = audited.filter(({ condition }) => condition.epoch > 0);
  const shown = groupBy(trained.length > 0 ? trained : audited, ({ condition }) => condition.network).map(
    ([, [first]]) => first,
  );
  return {
    id: `${part}-magnitudes`,
    title: 'Magnitudes of the eigenvalues of one batch',
    caption:
      'All eigenvalues of the whole matrix in float64 and float32, and those left when the zeros are removed by structure. What float32 adds to these, and what float64 has far below them, is rounding. The cut-off of the paper is 1e-20. ' +
      sizes(settings),
    columns: 2,
    panels: shown.flatMap(({ condition, full }) => {
      const analysed = full.float32.length < 3 ? full.float32.length : Math.floor(full.float32.length / 3);
      // In float64 are the last of the analysed, or, where there are more, the first ones too.
      const first = Math.max(0, analysed - full.float64.length);
      return (['float64', 'float32'] as const).map((precision): Panel => {
        const whole = passing(precision === 'float64' ? full.float64[0] : full.float32[first], cutOffs.spacings);
        return {
          title: `${describe(condition)}, ${precision}`,
          x: { label: 'magnitude of the eigenvalue', scale: 'log', domain: [1e-20, 1e4] },
          y: { label: 'eigenvalues', scale: 'log' },
          legend: 'above',
          marks: [
            { ...decades(whole), label: `${precision}, passing 1e-20` },
            { ...decades(full.deflated[first]), label: 'without structural zeros' },
          ],
        };
      });
    }),
  };
}

function decades(values: Float64Array): Extract<Mark, { kind: 'histogram' }> {
  const perDecade = 4;
  const edges = Array.from({ length: 24 * perDecade + 1 }, (_, i) => 10 ** (-20 + i / perDecade));
  const heights = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    const bin = Math.floor((Math.log10(Math.abs(value)) + 20) * perDecade);
    if (bin >= 0 && bin < heights.length) heights[bin]++;
  }
  return { kind: 'histogram', edges, heights };
}

/** Ratios by rank: from the positive levels next to zero to the largest. */
export function decileFigure(followed: readonly FollowedCourse[], settings: AuditSettings): Figure {
  const tenths = Array.from({ length: 10 }, (_, i) => i);
  return {
    id: 'audit-ranks',
    title: 'Ratios of the levels of curvature, by rank',
    caption:
      'Positive levels of the deflated batch spectra by tenths of their ranks, counted from zero upwards, all seeds together, and GOE spectra that were given their density. ' +
      sizes(settings) +
      bars,
    columns: Math.min(2, followed.length),
    panels: followed.map(({ network, images, epochs, levels, goe }): Panel => {
      const last = epochs.length - 1;
      const byTenth = (label: string, spectra: readonly Float64Array[], i: number) =>
        ratioPoints(
          label,
          symbols[i],
          tenths.map((tenth) => {
            const ofTenth = (values: Float64Array) => rankRange(values, tenth / 10, (tenth + 1) / 10);
            const ratio = meanRatio(spectra.map((values) => foldedRatiosBySign(ofTenth(values))));
            return { x: tenth + 1 + (i - 1) * 0.16, ratio };
          }),
        );
      return {
        title: `${network}, ${images.text} test`,
        x: { label: 'tenth of the ranks' },
        y: ratioAxis,
        legend: 'above',
        marks: [
          ...ensembles,
          byTenth(
            trainingText(epochs[0]),
            levels.flatMap((seed) => seed[0]),
            0,
          ),
          byTenth(
            trainingText(epochs[last]),
            levels.flatMap((seed) => seed[last]),
            1,
          ),
          byTenth(`GOE of the density after ${trainingText(epochs[last])}`, goe, 2),
        ],
      };
    }),
  };
}

/** Ratios along the training, of all levels and of the lowest tenth of the positive ones. */
export function courseFigure(followed: readonly FollowedCourse[], settings: AuditSettings): Figure {
  return {
    id: 'audit-training',
    title: 'Ratios of the levels of curvature along the training',
    caption: `Deflated batch spectra, all seeds together. ${sizes(settings)}${bars}`,
    columns: Math.min(2, followed.length),
    panels: followed.map(({ network, images, epochs, levels }): Panel => {
      const along = (what: string, ratiosOf: (values: Float64Array) => Float64Array, i: number) =>
        ratioPoints(
          what,
          symbols[i],
          epochs.map((x, e) => ({ x, ratio: meanRatio(levels.flatMap((seed) => seed[e].map(ratiosOf))) })),
        );
      return {
        title: `${network}, ${images.text} test`,
        x: { label: 'epoch', scale: 'symlog', linearWithin: 1 },
        y: ratioAxis,
        marks: [
          ...ensembles,
          along('all levels', foldedRatiosBySign, 0),
          along('lowest tenth of the positive ones', (values) => foldedRatiosBySign(rankRange(values, 0, 0.1)), 1),
        ],
      };
    }),
  };
}

function groupBy<T>(values: readonly T[], key: (value: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return [...groups];
}
