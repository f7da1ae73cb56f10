import { edgeByRank } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { commonLevels, type LevelRange, spread } from './collapse.js';
import {
  edgesOf,
  familyName,
  largeCriteria,
  type MeasuredFamily,
  measureFamilies,
  missingFrom,
  networkLabel,
  sizesOf,
  spectraOf,
  type WidthSettings,
  widthProfiles,
  widthTable,
  widthUnits,
} from './growing-width.js';
import { oneCurveClaims } from './one-curve-claims.js';

/** `Large` is read as in Figure 1: within a tenth of the largest. */
const large: LevelRange = { atLeast: 1, decades: 1 };

/** Figure 4: the right edge of the spectrum, by rank, for networks of growing width (sec. 3.2). */
export const figure4 = definePart<WidthSettings>({
  id: 'figure-4',
  place: 'Figure 4',
  title: 'Right edge of the spectrum for growing width',
  profiles: widthProfiles,
  units: widthUnits,

  present(results, settings) {
    const families = measureFamilies(results, settings);
    return {
      figures: [
        {
          id: 'figure-4',
          title: 'Figure 4: right edge of the spectrum by rank, growing width',
          caption: `The 60 largest eigenvalues of the exact Hessian by rank, on a logarithmic axis; repetition 1 of ${settings.repetitions}. ${sizesOf(settings)}.${missingFrom(families)}`,
          panels: families.map(({ name, networks }) =>
            edgeByRank(
              networks.flatMap(({ runs, ...network }) =>
                runs[0].spectrum === null
                  ? []
                  : [{ label: networkLabel({ ...network, runs }), values: runs[0].spectrum.right.magnitudes }],
              ),
              {
                edge: 'right',
                top: 60,
                title: familyName[name],
                y: { label: 'eigenvalue $λ$', scale: 'log' },
                legend: 'top-right',
              },
            ),
          ),
        },
      ],
      tables: [widthTable(families, settings)],
      arrays: spectraOf(families),
      claims: families.flatMap((family) => claimsOf(family, settings)),
    };
  },
});

function claimsOf(family: MeasuredFamily, settings: WidthSettings): Claim[] {
  const { name, networks, incomplete } = family;
  const place = 'Figure 4, sec. 3.2';
  const figure = 'figures/figure-4.svg';
  const shape = {
    id: `S5.rank-before-ratio.${name}`,
    place,
    figure,
    statement: `the right edge keeps its shape by rank as P grows (${familyName[name]})`,
  };
  const oneCurve = {
    id: `S5.one-curve.${name}`,
    place,
    figure,
    statement: `the right edges of all widths are one curve by rank (${familyName[name]})`,
  };
  const counts = Object.entries(largeCriteria).map(([criterion, count]) => ({
    count,
    id: `S5.count-${criterion}.${name}`,
    place,
    figure: 'tables/growing-width.md',
    statement: `the number of large eigenvalues does not grow with P (${familyName[name]}; large: ${largeMeans[criterion as keyof typeof largeCriteria]})`,
  }));
  const notRun = (
    why: string,
    ...statements: readonly { id: string; place: string; statement: string; figure: string }[]
  ) => statements.map(({ id, statement }) => judge.notRun({ id, place, figure, statement, why }));
  if (incomplete !== null) return notRun(incomplete, shape, oneCurve, ...counts);

  const edges = edgesOf(family, 'right');
  const levels = commonLevels(edges.flat(), large);
  const size = {
    atPublishedSize: false,
    difference: `${sizesOf(settings)}; P = ${networks.map(({ parameters }) => parameters).join(', ')}; the paper's sizes are lost`,
  };
  const byRank = edges.map((widths) => spread(widths, 'rank', levels));
  return [
    judge.order({
      ...shape,
      ...size,
      larger: {
        name: 'distance between widths by ratio',
        samples: edges.map((widths) => spread(widths, 'ratio', levels)),
      },
      smaller: { name: 'by rank', samples: byRank },
      because:
        'an order needs no tolerance; mean distance of the numbers of eigenvalues above a level, in powers of ten, over the decade below the largest (src/collapse.ts)',
    }),
    ...oneCurveClaims(oneCurve, size, edges, 'rank', levels),
    ...counts.map(({ count, ...statement }) =>
      judge.law({
        ...statement,
        ...size,
        measure: 'largest less smallest number among the widths',
        samples: edges.map((_, repetition) => {
          const found = networks.map(({ runs }) => count(runs[repetition].spectrum!.values));
          return Math.max(...found) - Math.min(...found);
        }),
        bound: 1,
        because: "one, as the marks of the paper's Table 1 forgive one",
      }),
    ),
  ];
}

const largeMeans = {
  tenth: 'above a tenth of the largest',
  ratio: 'up to the largest consecutive ratio',
  gap: 'up to the largest consecutive gap',
};
