import type { Panel } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import type { DenseLanczosConfig } from './dense-lanczos.js';
import { type LanczosFound, lanczosFound, lanczosProfiles, lanczosUnit } from './lanczos-settings.js';
import { repeated } from './points.js';

type End = 'smallest' | 'largest';
const column = { smallest: 0, largest: 1 } as const;

/** Theorem 3: extreme Ritz values lie inside the spectrum and within the bound of Kaniel, Paige and Saad of its ends. */
export const theorem3 = definePart<DenseLanczosConfig>({
  id: 'theorem-3',
  place: 'Theorem 3, Eq. 30',
  title: 'Convergence of the extreme Ritz values',
  profiles: lanczosProfiles,
  units: (settings) => [lanczosUnit(settings)],

  present(results, settings) {
    const found = lanczosFound(results, settings);
    const { steps, vectors } = settings;
    return {
      figures: [
        {
          id: 'theorem-3',
          title: 'Theorem 3: extreme Ritz values, distance from the spectrum’s ends',
          caption:
            `An exact Hessian of ${found.parameters} parameters at trained weights; ${vectors} random start vectors, their worst at every step. Bounds: with the gap of their own end, ` +
            'and at the smallest eigenvalue also as Eq. 30 prints it, with the gap of the largest. Distances below rounding are not drawn.',
          panels: [panelOf(found, settings, 'largest'), panelOf(found, settings, 'smallest')],
        },
      ],
      claims: claimsOf(found, steps, vectors),
    };
  },
});

const spreadOf = ({ eigenvalues }: LanczosFound) => eigenvalues[eigenvalues.length - 1] - eigenvalues[0];
/** What rounding does to Ritz values and eigenvalues alike. */
const roundingOf = (found: LanczosFound) => found.eigenvalues.length * Number.EPSILON * spreadOf(found);

/** How far inside the spectrum; negative outside. */
function inside(found: LanczosFound, vector: number, step: number, end: End): number {
  const { eigenvalues } = found;
  const ritz = found.row('ritz', vector)[2 * step + column[end]];
  return end === 'largest' ? eigenvalues[eigenvalues.length - 1] - ritz : ritz - eigenvalues[0];
}

const boundOf = (found: LanczosFound, vector: number, step: number, end: End) =>
  found.row('bounds', vector)[2 * step + column[end]];

function claimsOf(found: LanczosFound, steps: number, vectors: number): Claim[] {
  const common = { place: 'Theorem 3, Eq. 30', figure: 'figures/theorem-3.svg', atPublishedSize: true } as const;
  const rounding = roundingOf(found);
  const each = (of: (vector: number, step: number) => number) =>
    repeated(vectors, (vector) => Math.max(...repeated(steps, (step) => of(vector, step))));
  const stepsTo = (end: End) =>
    repeated(vectors, (vector) => {
      const step = repeated(steps, (s) => s).find((s) => inside(found, vector, s, end) <= 1e-3 * spreadOf(found));
      return (step ?? steps) + 1;
    });
  const share = (end: End) =>
    judge.law({
      ...common,
      id: `G14.bound-${end}`,
      statement: `the ${end} Ritz value is within its bound of the end of the spectrum`,
      measure: 'largest share of the bound over the steps, rounding apart',
      samples: each((vector, step) =>
        Math.max(0, (inside(found, vector, step, end) - rounding) / boundOf(found, vector, step, end)),
      ),
      bound: 1,
      because: 'a bound',
    });
  return [
    judge.law({
      ...common,
      id: 'G14.inside',
      statement: 'Ritz values lie inside the spectrum',
      measure: 'how far one lies outside, in units of rounding',
      samples: each((vector, step) =>
        Math.max(
          0,
          -inside(found, vector, step, 'largest') / rounding,
          -inside(found, vector, step, 'smallest') / rounding,
        ),
      ),
      bound: 1,
      because: 'exact: rounding is P epsilon times the width of the spectrum',
    }),
    share('largest'),
    share('smallest'),
    judge.law({
      ...common,
      id: 'G14.as-printed',
      statement:
        'with the gap of the largest eigenvalue in its bound, as Eq. 30 prints, the smallest Ritz value is within it too',
      measure: 'largest share of the bound over the steps, rounding apart',
      samples: each((vector, step) =>
        Math.max(
          0,
          (inside(found, vector, step, 'smallest') - rounding) /
            Math.max(found.row('asPrinted', vector)[step], rounding),
        ),
      ),
      bound: 1,
      because: 'a bound',
    }),
    judge.order({
      ...common,
      place: 'sec. 5.2',
      id: 'G14.outliers-first',
      statement:
        'outliers converge in few steps: the largest eigenvalue, far from the bulk, before the smallest, at its edge',
      larger: {
        name: 'steps until the smallest is found to a thousandth of the spectrum',
        samples: stepsTo('smallest'),
      },
      smaller: { name: 'steps until the largest is', samples: stepsTo('largest') },
      because: 'for every start vector',
    }),
  ];
}

function panelOf(found: LanczosFound, { steps, vectors }: DenseLanczosConfig, end: End): Panel {
  const x = repeated(steps, (step) => step + 1);
  const worst = (of: (vector: number, step: number) => number) =>
    x.map((_, step) => Math.max(...repeated(vectors, (vector) => of(vector, step))));
  const rounding = roundingOf(found);
  const drawn = (values: readonly number[]) => {
    const kept = values.map((value, i) => [x[i], value] as const).filter(([, value]) => value > rounding);
    return { x: kept.map(([step]) => step), y: kept.map(([, value]) => value) };
  };
  return {
    title: `${end} eigenvalue`,
    x: { label: 'steps' },
    y: { label: 'distance', scale: 'log' },
    marks: [
      { kind: 'line', label: 'bound', color: 0, ...drawn(worst((v, step) => boundOf(found, v, step, end))) },
      ...(end === 'smallest'
        ? [
            {
              kind: 'line' as const,
              label: 'bound as printed',
              color: 2,
              dash: true,
              ...drawn(worst((v, step) => found.row('asPrinted', v)[step])),
            },
          ]
        : []),
      {
        kind: 'points',
        label: 'measured',
        color: 1,
        size: 3,
        ...drawn(worst((v, step) => inside(found, v, step, end))),
      },
    ],
    legend: end === 'largest' ? 'top-right' : 'above',
  };
}
