import { type Claim, judge } from '@hessian-rmt/replication';
import { type Axis, type Edge, exchangeWidths, spread, widest } from './collapse.js';

interface Statement {
  /** Of the first claim; that of the second ends in the family too: `S5.one-curve.one-layer`, `S5.exchangeable.one-layer`. */
  readonly id: string;
  readonly place: string;
  readonly statement: string;
  readonly figure: string;
}

/**
 * That the edges of all widths are one curve over this axis, in two readings. The looser: widths lie no further apart
 * than two repetitions of one width do. The stricter: the widths of a repetition can be exchanged, and the networks of
 * one width are no nearer to one another than so; where one noisy width stretches the first, it still tells widths apart.
 *
 * @param edges  edges[repetition][width]
 */
export function oneCurveClaims(
  oneCurve: Statement,
  size: { readonly atPublishedSize: boolean; readonly difference: string },
  edges: readonly (readonly Edge[])[],
  axis: Axis,
  levels: readonly number[],
): Claim[] {
  const exchangeable = {
    ...oneCurve,
    id: oneCurve.id.replace('one-curve', 'exchangeable'),
    statement: `${oneCurve.statement}: nothing tells the widths apart`,
  };
  if (edges.length < 2) {
    return [oneCurve, exchangeable].map((each) => judge.notRun({ ...each, why: 'one repetition has no spread' }));
  }
  const { share, count } = exchangeWidths(edges, axis, levels);
  return [
    judge.law({
      ...oneCurve,
      ...size,
      measure: `distance between widths by ${axis}`,
      samples: edges.map((widths) => spread(widths, axis, levels)),
      bound: Math.max(
        ...edges[0].map((_, i) =>
          widest(
            edges.map((widths) => widths[i]),
            axis,
            levels,
          ),
        ),
      ),
      because:
        'sampling error: two repetitions of one width lie up to so far apart; mean distance of the numbers of eigenvalues beyond a level, in powers of ten (src/collapse.ts)',
    }),
    count <= 20
      ? judge.notRun({ ...exchangeable, why: `${count} ways to exchange the widths cannot decide at 5 %` })
      : judge.law({
          ...exchangeable,
          ...size,
          measure: `share of the ${count} exchanges of widths that leave the networks of one width further apart by ${axis}`,
          samples: [share],
          bound: 0.95,
          because: 'a permutation test at 5 % of the mean distance between repetitions of one width (src/collapse.ts)',
        }),
  ];
}
