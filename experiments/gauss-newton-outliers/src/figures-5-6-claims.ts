import { type Claim, judge } from '@hessian-rmt/replication';
import { commonLevels, countBeyond, type LevelRange, spread } from './collapse.js';
import { edgesOf, familyName, type MeasuredFamily, sizesOf, type WidthSettings } from './growing-width.js';
import { oneCurveClaims } from './one-curve-claims.js';

/** A curve is compared over what a linear axis shows of it: the two decades below its largest values. */
const shown: LevelRange = { atLeast: 10, decades: 2 };

/** What section 3.2 says of the negative eigenvalues, for networks of one depth. */
export function leftEdgeClaims(family: MeasuredFamily, settings: WidthSettings): Claim[] {
  const { name, networks, incomplete } = family;
  const statementOf = (id: string, place: string, statement: string) => ({
    id: `S6.${id}.${name}`,
    place,
    statement: `${statement} (${familyName[name]})`,
    figure: place.startsWith('Figure 6') ? 'figures/figure-6.svg' : 'figures/figure-5.svg',
  });
  const exist = statementOf('negative-exist', 'sec. 3.2', 'there are negative eigenvalues at the end of training');
  const tiny = statementOf('tiny', 'sec. 3.2', 'negative eigenvalues are tiny against the right edge');
  const shift = statementOf('shift-by-rank', 'Figure 5, sec. 3.2', 'by rank the left edge shifts outwards as P grows');
  const collapse = statementOf('ratio-before-rank', 'Figure 6, sec. 3.2', 'by ratio the left edges come together');
  const oneCurve = statementOf('one-curve', 'Figure 6, sec. 3.2', 'by ratio the left edges fall on one curve');
  const converging = statementOf(
    'converging',
    'Figure 6, sec. 3.2',
    'the left edges by ratio appear to converge to the same shape',
  );
  const share = statementOf('share', 'Figure 6, sec. 3.2', 'the ratio of small negative eigenvalues stays fixed');
  const notRun = (why: string, ...statements: readonly (typeof exist)[]) =>
    statements.map((statement) => judge.notRun({ ...statement, why }));
  if (incomplete !== null) return notRun(incomplete, exist, tiny, shift, collapse, oneCurve, converging, share);

  const edges = edgesOf(family, 'left');
  const size = {
    atPublishedSize: false,
    difference: `${sizesOf(settings)}; P = ${networks.map(({ parameters }) => parameters).join(', ')}; the paper's sizes are lost`,
  };
  const always = [
    judge.order({
      ...exist,
      ...size,
      larger: {
        name: 'negative eigenvalues below the rounding floor, at the width that has fewest',
        samples: edges.map((widths) => Math.min(...widths.map(({ magnitudes }) => magnitudes.length))),
      },
      smaller: { name: 'none', samples: edges.map(() => 0) },
      because: 'existence needs no tolerance',
    }),
    judge.order({
      ...tiny,
      ...size,
      larger: {
        name: 'largest eigenvalue over the magnitude of the smallest, at the width where it is least',
        samples: edges.map((_, repetition) =>
          Math.min(
            ...networks.map(({ runs }) => {
              const { values } = runs[repetition].spectrum!;
              return values[values.length - 1] / Math.abs(values[0]);
            }),
          ),
        ),
      },
      smaller: { name: 'one', samples: edges.map(() => 1) },
      factor: 100,
      because: 'tiny is read as a hundredth, less than a line of the plot is wide (our choice)',
    }),
  ];

  const levels = commonLevels(edges.flat(), shown);
  if (levels.length === 0) {
    const why = `a network has fewer than ${shown.atLeast} negative eigenvalues`;
    return [...always, ...notRun(why, shift, collapse, oneCurve, converging, share)];
  }
  const lowest = levels[levels.length - 1];
  const byRatio = edges.map((widths) => spread(widths, 'ratio', levels));
  const last = networks.length - 1;
  const measure =
    'mean distance of the shares of eigenvalues beyond a magnitude, in powers of ten, over the two decades below the tenth largest (src/collapse.ts)';
  return [
    ...always,
    judge.trend({
      ...shift,
      ...size,
      direction: 'increasing',
      monotone: true,
      along: { name: 'P', samples: networks.map(({ parameters }) => parameters) },
      samples: edges.map((widths) => widths.map((edge) => countBeyond(edge, lowest))),
      because: `number of eigenvalues below ${(-lowest).toExponential(1)}, where the curves compared end`,
    }),
    judge.order({
      ...collapse,
      ...size,
      larger: {
        name: 'distance between widths by rank',
        samples: edges.map((widths) => spread(widths, 'rank', levels)),
      },
      smaller: { name: 'by ratio', samples: byRatio },
      because: `an order needs no tolerance; ${measure}`,
    }),
    ...oneCurveClaims(oneCurve, size, edges, 'ratio', levels),
    ...(edges.length < 2 ? notRun('one repetition has no spread', share) : [shareClaim()]),
    ...(networks.length < 3
      ? notRun('convergence needs three widths', converging)
      : [
          judge.order({
            ...converging,
            ...size,
            larger: {
              name: 'distance by ratio of the two narrowest networks',
              samples: edges.map((widths) => spread(widths.slice(0, 2), 'ratio', levels)),
            },
            smaller: {
              name: 'of the two widest',
              samples: edges.map((widths) => spread(widths.slice(last - 1), 'ratio', levels)),
            },
            because: `widths double from each to the next; ${measure}`,
          }),
        ]),
  ];

  function shareClaim(): Claim {
    const shares = edges.map((widths) => widths.map(({ magnitudes, size: P }) => magnitudes.length / P));
    const range = (values: readonly number[]) => Math.max(...values) / Math.min(...values) - 1;
    const medians = networks.map((_, i) => median(shares.map((widths) => widths[i])).toPrecision(3));
    const fewest = Math.min(...edges.flat().map(({ magnitudes }) => magnitudes.length));
    return judge.law({
      ...share,
      ...size,
      measure: `largest over smallest share of negative eigenvalues among the widths, less one (medians ${medians.join(', ')})`,
      samples: shares.map(range),
      bound: Math.max(1 / fewest, ...networks.map((_, i) => range(shares.map((widths) => widths[i])))),
      because:
        'sampling error: the same among the repetitions of one width, at the width where it is largest; at least one eigenvalue, since they are whole',
    });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(values.length - 1) >> 1] + sorted[values.length >> 1]) / 2;
}
