import type { Results } from '@hessian-rmt/replication';
import { audit } from './audit-classes.js';
import { type AuditSettings, courses, fullConditions } from './audit-settings.js';
import { deflatedLevels } from './batch-spectra.js';
import { fullResults } from './conditions.js';
import { resolvedLevels } from './level-statistics.js';

export type AuditedCondition = ReturnType<typeof auditedConditions>[number];

export function auditedConditions(results: Results, settings: AuditSettings) {
  return fullConditions(settings).map(({ condition, units }) => {
    const full = fullResults(results, units);
    return { condition, full, audit: audit(full) };
  });
}

export type FollowedCourse = ReturnType<typeof followedCourses>[number];

/** Resolved deflated levels: levels[seed][epoch][batch]; goe: those of the GOE with their density. */
export function followedCourses(results: Results, settings: AuditSettings) {
  return courses(settings).map((course) => {
    const all = course.units.map((seed) => seed.map((unit) => deflatedLevels(results.of(unit))));
    const count = (spectra: readonly Float64Array[]) => spectra.reduce((sum, { length }) => sum + length, 0);
    const levels = all.map((seed) => seed.map((spectra) => spectra.map(resolvedLevels)));
    const goe = deflatedLevels(results.of(course.goe));
    return {
      ...course,
      goe,
      levels,
      unresolved: count(all.flat(2)) - count(levels.flat(2)),
      total: count(all.flat(2)),
    };
  });
}
