import { definePart, type Results } from '@hessian-rmt/replication';
import { auditClaims } from './audit-claims.js';
import { audit } from './audit-classes.js';
import { auditFigure, courseFigure, decileFigure, magnitudeFigure } from './audit-figures.js';
import { type AuditSettings, auditProfiles, courses, fullConditions } from './audit-settings.js';
import { auditTable } from './audit-table.js';
import { deflatedLevels } from './batch-spectra.js';
import { fullResults } from './conditions.js';
import { resolvedLevels } from './level-statistics.js';

/** X1: how much of the agreement with the GOE is curvature, and how much is rounding around exact zeros (sec. 6). */
export const auditPart = definePart<AuditSettings>({
  id: 'audit',
  place: 'sec. 6',
  title: 'Levels of curvature and levels of rounding',
  profiles: auditProfiles,
  units: (settings) => [
    ...fullConditions(settings).flatMap(({ units }) => units),
    ...courses(settings).flatMap(({ units }) => units.flat()),
  ],

  present(results, settings) {
    const audited = auditedConditions(results, settings);
    const followed = followedCourses(results, settings);
    return {
      figures: [
        auditFigure(audited, settings),
        magnitudeFigure(audited, settings),
        decileFigure(followed, settings),
        courseFigure(followed, settings),
      ],
      tables: [auditTable(audited)],
      claims: auditClaims(audited, followed, settings),
    };
  },
});

export type AuditedCondition = ReturnType<typeof auditedConditions>[number];

function auditedConditions(results: Results, settings: AuditSettings) {
  return fullConditions(settings).map(({ condition, units }) => {
    const full = fullResults(results, units);
    return { condition, full, audit: audit(full) };
  });
}

export type FollowedCourse = ReturnType<typeof followedCourses>[number];

/** Resolved deflated levels: levels[seed][epoch][batch]. */
function followedCourses(results: Results, settings: AuditSettings) {
  return courses(settings).map((course) => {
    const all = course.units.map((seed) => seed.map((unit) => deflatedLevels(results.of(unit))));
    const count = (spectra: readonly Float64Array[]) => spectra.reduce((sum, { length }) => sum + length, 0);
    const levels = all.map((seed) => seed.map((spectra) => spectra.map(resolvedLevels)));
    return { ...course, levels, unresolved: count(all.flat(2)) - count(levels.flat(2)), total: count(all.flat(2)) };
  });
}
