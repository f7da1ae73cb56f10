import { type Claim, judge, type Results } from '@hessian-rmt/replication';
import { type MeasuredLadder, type MeasuredRung, mean, minimaOf } from './figure-6-measure.js';
import { type ActivationName, type Figure6Settings, nearZeroRung, networkName } from './figure-6-settings.js';
import { published } from './fitted-law.js';

/** Wider than this a 95 % interval says nothing of an exponent: it would hold 1 or 2 as well as 3/2. */
const widestExponent = 0.5;
/** Five per cent of the range of Figure 6b, from 0 to 1/2 (our choice): what "well described" may mean on it. */
const closeEnergy = 0.025;

const sizeOf = ({ ladder }: MeasuredLadder) => ({
  atPublishedSize: false,
  difference:
    ladder.size === 16
      ? "n and tolerance are the paper's; its phi and number of runs are lost, and the search is Levenberg-Marquardt's"
      : `n = ${ladder.size}, published 16`,
});
const named = (phi: number) => String(Number(phi.toFixed(3)));

/** The exponent, phi by phi, and whether it fits the better the smaller phi. */
export function p9Claims(measured: MeasuredLadder, { upTo }: Figure6Settings): Claim[] {
  const { rungs } = measured;
  const n = measured.ladder.size;
  const common = { place: 'Figure 6a', figure: 'figures/figure-6a.svg' };
  const fitted = rungs.filter(({ law }) => law.lack !== undefined);
  const worse = {
    ...common,
    id: `P9.better-for-smaller-phi.n-${n}`,
    statement: `the scaling with exponent 3/2 is a better approximation for smaller phi (n = ${n})`,
  };
  return [
    ...rungs.map((rung) => exponentClaim(rung, measured, upTo)),
    fitted.length < Math.max(rungs.length, 2)
      ? judge.notRun({
          ...worse,
          why: `at ${rungs.length - fitted.length} of ${rungs.length} phi no line of exponent 3/2 with a positive eps_c fits, or points are too few`,
        })
      : judge.trend({
          ...worse,
          ...sizeOf(measured),
          direction: 'increasing',
          along: { name: 'phi', samples: fitted.map(({ phi }) => phi) },
          samples: [fitted.map(({ law }) => law.lack!)],
          because:
            'the distance of the mean energies from the best line of exponent 3/2, beyond what their scatter explains, in units of the energy as the figure shows it',
        }),
  ];
}

function exponentClaim({ phi, law }: MeasuredRung, measured: MeasuredLadder, upTo: number): Claim {
  const statement = {
    id: `P9.exponent.n-${measured.ladder.size}.phi-${named(phi)}`,
    place: 'Figure 6a',
    statement: `for small alpha, alpha scales as (eps - eps_c)^(3/2) (tanh, n = ${measured.ladder.size}, phi = ${named(phi)})`,
    figure: 'tables/figure-6.md',
  };
  const { free, exponent } = law;
  if (!free || !exponent) {
    return judge.notRun({ ...statement, published: published.exponent, why: `${law.points} points make no fit` });
  }
  if (exponent[1] - exponent[0] > 2 * widestExponent) {
    return judge.notComparable({
      ...statement,
      published: published.exponent,
      samples: [free.exponent],
      atPublishedSize: false,
      why: `the 95 % interval of ${law.points} points, ${exponent[0].toFixed(2)} to ${exponent[1].toFixed(2)}, is too wide to tell 3/2 from 1 or 2`,
    });
  }
  return judge.law({
    ...statement,
    ...sizeOf(measured),
    measure: 'fitted exponent',
    samples: [free.exponent],
    published: published.exponent,
    bound: reach(free.exponent, exponent, published.exponent),
    because: `the end of its 95 % bootstrap interval on the side of 3/2, from ${law.points} points up to alpha = ${upTo}`,
  });
}

/** Distance from a fitted value to the end of its interval on the side of another value. */
const reach = (fitted: number, [low, high]: readonly [number, number], other: number) =>
  Math.max(other > fitted ? high - fitted : fitted - low, 1e-12);

/** Energies over the mean of y^2, of minima at phi = 1/32. */
export interface NearZero {
  readonly activation: ActivationName;
  readonly energies: readonly number[];
}

export function nearZeroEnergies(results: Results, settings: Figure6Settings, activation: ActivationName): NearZero {
  return { activation, energies: minimaOf(results, nearZeroRung(settings, activation)).energies };
}

/** The energy of minimisers: fitted, and found by minimising. */
export function p10Claims(
  ladders: readonly MeasuredLadder[],
  nearZero: readonly NearZero[],
  settings: Figure6Settings,
): Claim[] {
  const sizes = settings.ladders.map((ladder) => ({
    tanh: ladders.find((l) => l.ladder === ladder && l.activation === 'tanh')!,
    linear: ladders.find((l) => l.ladder === ladder && l.activation === 'identity')!,
  }));
  return [
    ...sizes.flatMap(({ tanh, linear }) => [
      ...valueClaims(tanh, 'tanh', { id: 'tanh', expression: '(1 - phi)^2 / 2', of: 'tanh networks' }),
      ...valueClaims(linear, 'linear', { id: 'linear-printed', expression: '(1 - phi) / 2', of: 'linear networks' }),
      ...regressionClaims(linear),
      ...endClaims(tanh, linear),
    ]),
    ...nearZero.map(({ activation, energies }) =>
      judge.law({
        ...sizeOf(sizes[0].tanh),
        id: `P10.half-at-phi-0.${networkName[activation]}`,
        place: 'Figure 6b',
        statement: `at phi = 0 the variance of the targets determines the loss: 1/2 (${networkName[activation]} networks)`,
        measure: 'energy of minima at phi = 1/32',
        samples: energies,
        published: 1 / 2,
        bound: 1 / 32,
        because: 'every law in question falls from 1/2 by at most phi',
        figure: 'figures/figure-6b.svg',
      }),
    ),
  ];
}

/** One law at every phi: the fitted eps_c, and the minima. */
function valueClaims(
  measured: MeasuredLadder,
  name: string,
  { id, expression, of }: { id: string; expression: string; of: string },
): Claim[] {
  return measured.rungs.flatMap(({ phi, law, minimumEnergies }) => {
    const at = `n-${measured.ladder.size}.phi-${named(phi)}`;
    const common = {
      place: 'Figure 6b',
      figure: 'figures/figure-6b.svg',
      published: { expression, scope: { phi } },
    };
    const fit = {
      ...common,
      id: `P10.${id}.fitted.${at}`,
      statement: `the fitted eps_c of ${of} is ${expression} (n = ${measured.ladder.size}, phi = ${named(phi)})`,
    };
    const interval = law.criticalEnergy;
    const width = interval ? interval[1] - interval[0] : Infinity;
    return [
      !law.fixed || width === Infinity
        ? judge.notRun({ ...fit, why: `${law.points} points make no fit` })
        : width > 2 * closeEnergy
          ? judge.notComparable({
              ...fit,
              samples: [law.fixed.criticalEnergy],
              atPublishedSize: false,
              why: `the 95 % interval of ${law.points} points is ${width.toFixed(3)} wide`,
            })
          : judge.law({
              ...fit,
              ...sizeOf(measured),
              measure: 'fitted eps_c',
              samples: [law.fixed.criticalEnergy],
              bound: closeEnergy,
              because: `"surprisingly good" is read as a twentieth of the range of the figure (our choice), which is more than the fit's own uncertainty`,
            }),
      judge.law({
        ...common,
        ...sizeOf(measured),
        id: `P10.${id}.minima.${at}`,
        statement: `the energy of minimisers of ${of} is ${expression} (n = ${measured.ladder.size}, phi = ${named(phi)})`,
        measure: `energy of ${name} minima found by minimising the loss`,
        samples: minimumEnergies,
        bound: closeEnergy,
        because: '"well described" is read as a twentieth of the range of the figure (our choice)',
      }),
    ];
  });
}

/** Minima of linear networks beside what linear regression with n inputs and m examples gives: not the paper's, so not judged. */
function regressionClaims({ ladder, rungs }: MeasuredLadder): Claim[] {
  return rungs.map(({ phi, minimumEnergies }) =>
    judge.notComparable({
      id: `P10.linear-regression.n-${ladder.size}.phi-${named(phi)}`,
      place: 'Figure 6b',
      figure: 'figures/figure-6b.svg',
      statement: `energy of linear minima, where linear regression gives (1 - phi / 2) / 2 = ${((1 - phi / 2) / 2).toFixed(3)} (n = ${ladder.size}, phi = ${named(phi)})`,
      samples: minimumEnergies,
      atPublishedSize: false,
      why: 'derived here: the paper prints (1 - phi) / 2',
    }),
  );
}

/** Where the curves end at phi = 1, and which is the lower in between. */
function endClaims(tanh: MeasuredLadder, linear: MeasuredLadder): Claim[] {
  const n = tanh.ladder.size;
  const common = { ...sizeOf(tanh), place: 'Figure 6b', figure: 'figures/figure-6b.svg' };
  const between = tanh.rungs.flatMap((rung, i) => (rung.phi < 1 ? [{ below: rung, above: linear.rungs[i] }] : []));
  const fitted = between.filter(({ below, above }) => below.law.fixed && above.law.fixed);
  return [
    ...[tanh, linear].flatMap(({ rungs, activation }) =>
      rungs
        .filter(({ phi }) => phi === 1)
        .map(({ minimumEnergies }) =>
          judge.law({
            ...common,
            id: `P10.zero-at-phi-1.${networkName[activation]}.n-${n}`,
            statement: `at phi = 1 the energy of minimisers is 0 (${networkName[activation]} networks, n = ${n})`,
            measure: 'energy of minima found by minimising the loss',
            samples: minimumEnergies,
            published: 0,
            bound: closeEnergy,
            because: 'a twentieth of the range of the figure (our choice)',
          }),
        ),
    ),
    judge.order({
      ...common,
      id: `P10.tanh-below-linear.minima.n-${n}`,
      statement: `for phi between 0 and 1 minimisers of tanh networks have the lower energy (n = ${n}, found by minimising)`,
      larger: { name: 'energy of linear minima', samples: between.map(({ above }) => mean(above.minimumEnergies)) },
      smaller: { name: 'of tanh minima', samples: between.map(({ below }) => mean(below.minimumEnergies)) },
      because: 'compared phi by phi, means over data sets',
    }),
    ...(fitted.length > 0
      ? [
          judge.order({
            ...common,
            id: `P10.tanh-below-linear.fitted.n-${n}`,
            statement: `for phi between 0 and 1 the fitted eps_c of tanh networks is the lower (n = ${n})`,
            larger: {
              name: 'eps_c of linear networks',
              samples: fitted.map(({ above }) => above.law.fixed!.criticalEnergy),
            },
            smaller: { name: 'of tanh networks', samples: fitted.map(({ below }) => below.law.fixed!.criticalEnergy) },
            because: 'compared phi by phi',
          }),
        ]
      : []),
  ];
}
