import { type Claim, judge } from '@hessian-rmt/replication';
import { type Axis, type Edge, exchangeWidths } from './collapse.js';

interface OneCurve {
  readonly id: string;
  readonly place: string;
  readonly statement: string;
  readonly figure: string;
}

/**
 * That the edges of all widths are one curve over this axis: the widths of a repetition can be exchanged and the
 * networks of one width are no nearer to one another than so (exact permutation test at 5 %).
 *
 * @param edges  edges[repetition][width]
 */
export function oneCurveClaim(
  statement: OneCurve,
  size: { readonly atPublishedSize: boolean; readonly difference: string },
  edges: readonly (readonly Edge[])[],
  axis: Axis,
  levels: readonly number[],
): Claim {
  if (edges.length < 2) return judge.notRun({ ...statement, why: 'one repetition has no spread' });
  const { share, count } = exchangeWidths(edges, axis, levels);
  if (count <= 20) {
    return judge.notRun({ ...statement, why: `${count} ways to exchange the widths cannot decide at 5 %` });
  }
  return judge.law({
    ...statement,
    ...size,
    measure: `share of the ${count} exchanges of widths that leave the networks of one width further apart by ${axis}`,
    samples: [share],
    bound: 0.95,
    because: 'a permutation test at 5 % of the mean distance between repetitions of one width (src/collapse.ts)',
  });
}
