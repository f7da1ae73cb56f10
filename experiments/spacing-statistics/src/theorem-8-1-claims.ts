import { type Claim, judge } from '@hessian-rmt/replication';
import { correctedNorms, exactNorms, printedNorms } from './descent-norms.js';
import { deviation, mean } from './mean-and-deviation.js';
import type { MeasuredDescent, MeasuredTheorem } from './measured-descent.js';

const common = { place: 'Theorem 8.1, Eq. 18', figure: 'figures/theorem-8-1.svg' };

/**
 * Both lines of equation 18 in their own setting, the concentration, and what becomes of them with the noise of a
 * network.
 */
export function theorem81Claims({ quadratic, bySize, softmax }: MeasuredTheorem): Claim[] {
  return [...quadratic.flatMap(lineClaims), ...concentrationClaims(bySize), ...softmaxClaims(softmax)];
}

const atLastStep = (rows: readonly (readonly number[])[]) => rows.map((row) => row[row.length - 1]);

function lineClaims({ name, text, steps, last, average, descent }: MeasuredDescent): Claim[] {
  const n = steps[steps.length - 1];
  const printed = printedNorms(descent, n);
  const setting = `${text.replaceAll('$', '')}, n = ${n}`;
  const because =
    'sampling error of the mean over the runs: chance passes four standard errors once in 300 times with 10 runs, in 1,300 with 20';
  const averages = atLastStep(average);
  return [
    judge.value({
      ...common,
      id: `B13.last.${name}`,
      statement: `the norm of the last iterate is that of the first line of equation 18 (${setting})`,
      published: printed.last,
      samples: atLastStep(last),
      within: { standardErrors: 4 },
      because,
      atPublishedSize: true,
    }),
    judge.value({
      ...common,
      id: `B13.average.${name}`,
      statement: `the norm of the average is that of the second line of equation 18, with a in its noise (${setting})`,
      published: printed.average,
      samples: averages,
      within: { standardErrors: 4 },
      because,
      atPublishedSize: true,
    }),
    ...(
      [
        ['corrected', correctedNorms, 'without the factor a in its noise'],
        ['exact', exactNorms, 'summed as geometric series at this n'],
      ] as const
    ).map(([id, norms, what]) =>
      judge.law({
        ...common,
        id: `B13.average-${id}.${name}`,
        statement: `not in the paper: the norm of the average is that of the second line of equation 18 ${what} (${setting})`,
        measure: 'distance of the mean norm from it, in standard errors',
        samples: [
          (Math.abs(mean(averages) - norms(descent, n).average) * Math.sqrt(averages.length)) / deviation(averages),
        ],
        bound: 4,
        because: 'as for the printed line',
        atPublishedSize: true,
      }),
    ),
  ];
}

function concentrationClaims(bySize: MeasuredTheorem['bySize']): Claim[] {
  const spreads = bySize.map(({ norms }) => deviation(norms));
  const runs = bySize[0].norms.length;
  const [smallest, largest] = [bySize[0], bySize[bySize.length - 1]];
  return [
    judge.law({
      ...common,
      id: 'B13.concentration',
      statement:
        'the norm of the last iterate stays within a distance of the formula that does not grow with P (probability 2 exp(-c t^2), c without P)',
      measure: `standard deviation of the norm at P = ${largest.parameters} over that at P = ${smallest.parameters}`,
      samples: [spreads[spreads.length - 1] / spreads[0]],
      published: 1,
      bound: 3 / Math.sqrt(runs - 1),
      because: `a ratio of standard deviations of ${runs} runs has a relative error of 1/sqrt(runs - 1): three of these`,
      atPublishedSize: true,
    }),
    judge.trend({
      ...common,
      id: 'B13.relative-spread',
      statement: 'the norm of the last iterate concentrates: its relative spread falls as P grows',
      direction: 'decreasing',
      along: { name: 'P', samples: bySize.map(({ parameters }) => parameters) },
      samples: [bySize.map(({ norms }) => deviation(norms) / mean(norms))],
      because: 'an order of four sizes comes out by chance once in 24',
      atPublishedSize: true,
    }),
  ];
}

function softmaxClaims({ steps, last, average, descent, own }: MeasuredTheorem['softmax']): Claim[] {
  const n = steps[steps.length - 1];
  const variances = own.variance as Float64Array;
  const sum = variances.reduce((total, x) => total + x, 0);
  const squares = variances.reduce((total, x) => total + x * x, 0);
  const real = {
    ...common,
    atPublishedSize: false,
    difference: 'softmax regression on digits near its minimum; the theorem is about independent normal noise',
  };
  const awayFrom = (predicted: number, rows: readonly (readonly number[])[]) => [
    Math.abs(mean(atLastStep(rows)) / predicted - 1),
  ];
  const lines = [
    { id: 'last', what: 'last iterate', rows: last },
    { id: 'average', what: 'average', rows: average },
  ] as const;
  return [
    judge.law({
      ...real,
      id: 'B13.isotropic-noise',
      statement:
        'the noise of the gradient has the same variance in every direction (assumption of the theorem), here along the eigenvectors',
      measure: '(sum of variances)^2 / (P sum of their squares)',
      samples: [sum ** 2 / (variances.length * squares)],
      published: 1,
      bound: 0.1,
      because: 'one when all are equal; variances from 200 normal samples and more bring it 0.01 below',
    }),
    ...lines.map(({ id, what, rows }) =>
      judge.law({
        ...real,
        id: `B13.softmax-${id}`,
        statement: `with the noise of a real loss the ${what} is as far from the minimum as equation 18 says with the mean variance (n = ${n})`,
        measure: 'relative distance of the mean norm from the printed one',
        samples: awayFrom(printedNorms(descent, n)[id], rows),
        bound: 0.1,
        because: 'our choice: about the spread of a single run',
      }),
    ),
    ...lines.map(({ id, what, rows }) =>
      judge.law({
        ...real,
        id: `B13.softmax-own-${id}`,
        statement: `not in the paper: with the variance along each eigenvector in place of the mean one, and summed exactly, the formula holds for the ${what} (n = ${n})`,
        measure: 'relative distance of the mean norm from it',
        samples: awayFrom(exactNorms(own, n)[id], rows),
        bound: 0.1,
        because: 'our choice: about the spread of a single run',
      }),
    ),
  ];
}
