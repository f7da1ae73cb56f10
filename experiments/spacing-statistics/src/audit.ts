import { definePart, type Part } from '@hessian-rmt/replication';
import { conditionClaims, courseClaims } from './audit-claims.js';
import { auditFigure, courseFigure, decileFigure, magnitudeFigure } from './audit-figures.js';
import { type AuditSettings, auditProfiles, courses, fullConditions, publishedConditions } from './audit-settings.js';
import { auditTable } from './audit-table.js';
import { auditedConditions, followedCourses } from './audited.js';

/** A part that audits whole spectra; without settings it is left out at that profile. */
function auditOf(id: string, title: string, profiles: Part<AuditSettings | null>['profiles']): Part {
  return definePart<AuditSettings | null>({
    id,
    place: 'sec. 6',
    title,
    module: import.meta.url,
    profiles,
    units: (settings) => (settings === null ? [] : fullConditions(settings).flatMap(({ units }) => units)),

    present(results, settings) {
      const audited = settings === null ? [] : auditedConditions(results, settings);
      if (settings === null || audited.length === 0) return {};
      return {
        figures: [auditFigure(id, audited, settings), magnitudeFigure(id, audited, settings)],
        tables: [auditTable(id, audited)],
        claims: audited.flatMap((one) => conditionClaims(id, one, settings)),
      };
    },
  });
}

const { laptop, quick, smoke } = auditProfiles;

/** X1: how much of the agreement with the GOE is curvature, and how much is rounding around exact zeros (sec. 6). */
export const auditPart = auditOf('audit', 'Levels of curvature and levels of rounding', {
  smoke,
  quick,
  laptop,
  paper: laptop,
});

/** The same at the published sizes, a part for each condition. */
export const publishedAudits = publishedConditions.map((condition) =>
  auditOf(condition.id, 'Levels of curvature and levels of rounding at a published size', {
    smoke: null,
    quick: null,
    laptop: condition.laptop,
    paper: condition.paper,
  }),
);

/** X1: levels of curvature by rank, and along the training. */
export const auditTraining = definePart<AuditSettings>({
  id: 'audit-training',
  place: 'sec. 6',
  title: 'Levels of curvature by rank and along the training',
  module: import.meta.url,
  profiles: auditProfiles,
  units: (settings) => courses(settings).flatMap(({ units, goe }) => [...units.flat(), goe]),

  present(results, settings) {
    const followed = followedCourses(results, settings);
    return {
      figures: [decileFigure(followed, settings), courseFigure(followed, settings)],
      claims: followed.flatMap((course) => courseClaims(course, settings)),
    };
  },
});
