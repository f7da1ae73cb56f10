import { definePart } from '@hessian-rmt/replication';
import { auditClaims } from './audit-claims.js';
import { auditFigure, courseFigure, decileFigure, magnitudeFigure } from './audit-figures.js';
import { type AuditSettings, auditProfiles, courses, fullConditions } from './audit-settings.js';
import { auditTable } from './audit-table.js';
import { auditedConditions, followedCourses } from './audited.js';

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
