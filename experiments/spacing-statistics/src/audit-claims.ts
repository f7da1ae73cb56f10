import { type Claim, judge } from '@hessian-rmt/replication';
import type { AuditSettings } from './audit-settings.js';
import type { AuditedCondition, FollowedCourse } from './audited.js';
import { describe, slug } from './conditions.js';
import { foldedRatiosBySign, meanRatio, meanRatioOf, rankRange, unresolvedWithin } from './level-statistics.js';

/** A tenth of the way from the GOE to independent levels: less is not seen in a histogram of ratios (our choice). */
const unseen = (meanRatioOf.goe - meanRatioOf.poisson) / 10;

const place = 'sec. 6';

/**
 * X1 is no statement of the paper's: its rows are what the audit asks, each with the answer that a prototype expected,
 * so that `not reproduced` means that the prototype was wrong.
 */
export function conditionClaims(
  part: string,
  { condition, audit, full }: AuditedCondition,
  settings: AuditSettings,
): Claim[] {
  const what = describe(condition);
  const common = { place, figure: `figures/${part}.svg`, ...sizeOf(condition.inputs, condition.images.published) };
  const { float32, above, below, deflated } = audit.classes;
  const within = { measure: 'distance of the mean of min(r, 1/r) from 0.5307' };
  return [
    judge.law({
      ...common,
      id: `X1.structure-${slug(condition)}`,
      figure: `tables/${part}.md`,
      statement: `removing the structural zeros changes no eigenvalue by more than rounding (${what})`,
      measure: 'largest difference of a float64 eigenvalue, in epsilon times the largest',
      samples: audit.floor64,
      bound: unresolvedWithin,
      because: 'the limit below which deflated levels are taken for unresolved',
    }),
    judge.law({
      ...common,
      id: `X1.structure-float32-${slug(condition)}`,
      figure: `tables/${part}.md`,
      statement: `in float32 they differ by rounding alone (${what})`,
      measure: 'largest difference of a float32 eigenvalue, in its epsilon times the largest',
      samples: audit.floor32,
      bound: unresolvedWithin,
      because: 'the same limit, in the epsilon of float32',
    }),
    judge.order({
      ...common,
      id: `X1.share-${slug(condition)}`,
      figure: `tables/${part}.md`,
      statement: `of the levels that pass the cut-off of 1e-20, more are rounding around exact zeros than curvature (${what})`,
      larger: { name: 'structural zeros a spectrum', samples: full.deflated.map(({ length }) => full.size - length) },
      smaller: { name: 'other levels', samples: full.deflated.map(({ length }) => length) },
      because: 'counted batch by batch',
    }),
    ...(below.ratio
      ? [
          judge.law({
            ...common,
            ...within,
            id: `X1.rounding-${slug(condition)}`,
            statement: `what rounding makes of the zeros passes for GOE (${what}, float64 below the floor)`,
            samples: [Math.abs(below.ratio.mean - meanRatioOf.goe)],
            bound: unseen,
            because: 'a tenth of the way from the GOE to independent levels: in a histogram the eye does not see less',
          }),
        ]
      : []),
    ...(float32.ratio
      ? [
          judge.law({
            ...common,
            ...within,
            id: `X1.published-${slug(condition)}`,
            statement: `the published procedure shows GOE (${what}, float32)`,
            samples: [Math.abs(float32.ratio.mean - meanRatioOf.goe)],
            bound: unseen,
            because: 'a tenth of the way from the GOE to independent levels: in a histogram the eye does not see less',
          }),
        ]
      : []),
    ...(above.ratio && deflated.ratio
      ? [
          judge.law({
            ...common,
            id: `X1.same-${slug(condition)}`,
            statement: `the levels above the floor and those of the deflated matrix have the same ratios (${what})`,
            measure: 'difference of the means of min(r, 1/r)',
            samples: [Math.abs(above.ratio.mean - deflated.ratio.mean)],
            bound: 3 * Math.hypot(above.ratio.standardError, deflated.ratio.standardError),
            because: 'three standard errors; there are fewer matrices in float64 than deflated ones',
          }),
          judge.law({
            ...common,
            ...within,
            id: `X1.curvature-${slug(condition)}`,
            statement: `the levels of curvature are those of the GOE (${what}, zeros removed by structure)`,
            samples: [Math.abs(deflated.ratio.mean - meanRatioOf.goe)],
            bound: 3 * deflated.ratio.standardError,
            because: 'three standard errors over the batches',
          }),
        ]
      : []),
  ].map((claim) => ({ ...claim, statement: `${claim.statement}${noteOf(settings)}` }));
}

export function courseClaims(course: FollowedCourse, settings: AuditSettings): Claim[] {
  const { network, images, epochs, levels } = course;
  const name = `${network}, ${images.text} test`;
  const id = `${network.toLowerCase().replaceAll(' ', '-')}-${settings.inputs}-${images.source.dataset}`;
  const common = { place, figure: 'figures/audit-training.svg', ...sizeOf(settings.inputs, images.published) };
  const last = epochs.length - 1;
  const meanOf = (spectra: readonly Float64Array[], from = 0, to = 1) =>
    meanRatio(
      spectra.map((values) => foldedRatiosBySign(from === 0 && to === 1 ? values : rankRange(values, from, to))),
    )!.mean;
  const trained = levels.map((seed) => seed[last]);
  const atEnd = meanRatio(trained.flat().map(foldedRatiosBySign))!;
  const lowestOfGoe = meanRatio(course.goe.map((values) => foldedRatiosBySign(rankRange(values, 0, 0.1))))!;
  return [
    judge.order({
      ...common,
      id: `X1.training-${id}`,
      statement: `training moves the levels of curvature away from the GOE (${name}, ${epochs[last]} epochs)`,
      larger: { name: 'mean of min(r, 1/r) untrained', samples: levels.map((seed) => meanOf(seed[0])) },
      smaller: { name: 'trained', samples: trained.map((spectra) => meanOf(spectra)) },
      because: 'compared seed by seed',
    }),
    judge.order({
      ...common,
      id: `X1.lowest-${id}`,
      figure: 'figures/audit-ranks.svg',
      statement: `in the trained network the levels next to zero repel each other less than the others (${name})`,
      larger: {
        name: 'mean of min(r, 1/r) of the upper nine tenths',
        samples: trained.map((spectra) => meanOf(spectra, 0.1, 1)),
      },
      smaller: { name: 'of the lowest tenth', samples: trained.map((spectra) => meanOf(spectra, 0, 0.1)) },
      because: 'positive levels by rank, compared seed by seed',
    }),
    judge.order({
      ...common,
      id: `X1.below-goe-${id}`,
      statement: `the levels of curvature of the trained network repel each other less than the GOE's (${name})`,
      larger: { name: "the GOE's mean of min(r, 1/r)", samples: trained.map(() => meanRatioOf.goe) },
      smaller: {
        name: 'the mean of min(r, 1/r) and three standard errors',
        samples: trained.map((spectra) => {
          const { mean, standardError } = meanRatio(spectra.map(foldedRatiosBySign))!;
          return mean + 3 * standardError;
        }),
      },
      because: 'three standard errors over the batches of each seed',
    }),
    judge.order({
      ...common,
      id: `X1.lowest-beyond-density-${id}`,
      figure: 'figures/audit-ranks.svg',
      statement: `and less than their density explains (${name})`,
      larger: {
        name: 'mean of min(r, 1/r) of the lowest tenth of GOE levels with this density, less three standard errors',
        samples: trained.map(() => lowestOfGoe.mean - 3 * lowestOfGoe.standardError),
      },
      smaller: {
        name: "of the network's lowest tenth",
        samples: trained.map((spectra) => meanOf(spectra, 0, 0.1)),
      },
      because: 'compared seed by seed; the GOE levels have the density of the first seed',
    }),
    ...(['all', 'lowest'] as const).map((which) => {
      const ratio = meanRatio(
        course.goe.map((values) => foldedRatiosBySign(which === 'all' ? values : rankRange(values, 0, 0.1))),
      )!;
      return judge.law({
        ...common,
        id: `X1.density-${which}-${id}`,
        figure: 'figures/audit-ranks.svg',
        statement: `it is not the density: GOE levels that are given the density of the trained network's keep the ratios of the GOE (${which === 'all' ? 'all positive levels' : 'their lowest tenth'}, ${name})`,
        measure: 'distance of the mean of min(r, 1/r) from 0.5307',
        samples: [Math.abs(ratio.mean - meanRatioOf.goe)],
        bound: 3 * ratio.standardError,
        because: 'three standard errors over the spectra drawn',
      });
    }),
    judge.notComparable({
      ...common,
      id: `X1.mean-${id}`,
      statement: `mean of min(r, 1/r) of the levels of curvature (${name}, ${epochs[last]} epochs)`,
      published: meanRatioOf.goe,
      samples: trained.map((spectra) => meanOf(spectra)),
      why: `standard error ${atEnd.standardError.toPrecision(2)} over all batches and seeds; the paper states agreement and no number`,
    }),
  ];
}

const sizeOf = (inputs: number, published: boolean) =>
  inputs === 784 && published
    ? { atPublishedSize: true }
    : {
        atPublishedSize: false,
        difference: [
          ...(inputs === 784 ? [] : [`images of ${Math.sqrt(inputs)} x ${Math.sqrt(inputs)} pixels`]),
          ...(published ? [] : ['other images than the published MNIST']),
        ].join(', '),
      };

const noteOf = ({ batch }: AuditSettings) => (batch === 64 ? '' : `, batches of ${batch}`);
