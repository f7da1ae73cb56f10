import { type Claim, judge } from '@hessian-rmt/replication';
import { type LawFits, type Quantity, quantities, quantityName, type Sweep } from './best-epochs.js';
import { type DecayFit, decayAt } from './decay-law.js';
import { imagenetRuns, pointUnit, printedFits, printedUnits } from './imagenet-points.js';
import { median, signTestShare } from './repetitions.js';

/** Our reading of `closely follows`: off by a twentieth of the whole drop. */
const closely = 0.05;

/** Models whose AIC differ by less are as good as one another (Burnham & Anderson 2002, sec. 2.6). */
const asGood = 2;

const common = { place: 'Figure 8, sec. 8.1', figure: 'figures/figure-8.svg' };

/** What the authors' own points say. */
export function publishedClaims(fits: Readonly<Record<Quantity, LawFits>>): Claim[] {
  const published = { ...common, atPublishedSize: true };
  return quantities.flatMap((quantity) => {
    const points = imagenetRuns.map((run) => run[quantity]);
    const { exponential } = fits[quantity];
    const values = points.map(({ y }) => y);
    return [
      ...(['a', 'b', 'c'] as const).map((name) =>
        judge.value({
          ...published,
          id: `B12.published-fit.${quantity}.${name}`,
          statement: `${name} of a + b exp(c t), fitted to the best ${quantityName[quantity]} of ResNet-50 on ImageNet`,
          published: printedFits[quantity][name],
          samples: [exponential[name]],
          within: { absolute: roundingOf(name, exponential) },
          because: 'half a unit of the last digit printed, and three deviations of what rounding the points moves',
        }),
      ),
      judge.trend({
        ...published,
        id: `B12.published-improves.${quantity}`,
        statement: `by training longer the best ${quantityName[quantity]} goes on improving`,
        direction: 'decreasing',
        along: { name: 'epochs trained', samples: imagenetRuns.map(({ epochs }) => epochs) },
        samples: [values],
        because: 'the runs are independent',
      }),
      judge.law({
        ...published,
        id: `B12.published-close.${quantity}`,
        statement: `the best ${quantityName[quantity]} closely follows an exponential drop`,
        measure: 'residual deviation over the whole drop of the points',
        samples: [exponential.residualDeviation / (Math.max(...values) - Math.min(...values))],
        bound: closely,
        because: `"closely", by eye, is read as ${closely} (our choice)`,
      }),
      preference(`B12.published-exponential.${quantity}`, quantity, fits[quantity], published),
      judge.order({
        ...published,
        id: `B12.published-asymptote.${quantity}`,
        statement: `the best ${quantityName[quantity]} approaches the asymptote a of its exponential law from above`,
        larger: {
          name: 'lowest point and twice the residual deviation',
          samples: [Math.min(...values) + 2 * exponential.residualDeviation],
        },
        smaller: { name: 'a', samples: [exponential.a] },
        because: 'a + b exp(c t) with b > 0 lies above a; two deviations are left for the noise of a point',
      }),
    ];
  });
}

/** The same of the sweep on digits. */
export function sweepClaims(
  fits: Readonly<Record<Quantity, LawFits | null>>,
  sweep: Sweep,
  budgets: readonly number[],
  run: string,
): Claim[] {
  const smaller = { ...common, atPublishedSize: false, difference: `${run}; published: ResNet-50 on ImageNet` };
  const [last, longest] = budgets.slice(-2);
  return quantities.flatMap((quantity) => {
    const bestOf = (budget: number) => sweep.map((seed) => seed[budgets.indexOf(budget)][quantity].y);
    return [
      judge.trend({
        ...smaller,
        id: `B12.sweep-improves.${quantity}`,
        statement: `by training longer the best ${quantityName[quantity]} goes on improving`,
        direction: 'decreasing',
        along: { name: 'epochs trained', samples: budgets },
        samples: sweep.map((seed) => seed.map((best) => best[quantity].y)),
        because: 'the seeds are independent; runs of one seed share start and order of the images',
      }),
      judge.order({
        ...smaller,
        id: `B12.sweep-still-improves.${quantity}`,
        statement: `the longest training still improves the best ${quantityName[quantity]}`,
        larger: { name: `best after ${last} epochs`, samples: bestOf(last) },
        smaller: { name: `after ${longest}`, samples: bestOf(longest) },
        inAtLeast: signTestShare(sweep.length),
        because: 'the share of the seeds that a sign test at 5 % asks for',
      }),
      ...sweepLawClaims(quantity, fits[quantity], sweep, smaller),
    ];
  });
}

function sweepLawClaims(quantity: Quantity, fits: LawFits | null, sweep: Sweep, smaller: Scope): Claim[] {
  const close = {
    ...smaller,
    id: `B12.sweep-close.${quantity}`,
    statement: `the best ${quantityName[quantity]} closely follows an exponential drop`,
  };
  const exponential = `B12.sweep-exponential.${quantity}`;
  if (!fits) {
    const why = 'the runs are all at their best at one or two epochs';
    return [
      judge.notRun({ ...common, id: close.id, statement: close.statement, why }),
      judge.notRun({ ...common, id: exponential, statement: preferred(quantity), why }),
    ];
  }
  const medians = sweep[0].map((_, budget) => ({
    t: median(sweep.map((seed) => seed[budget][quantity].t)),
    y: median(sweep.map((seed) => seed[budget][quantity].y)),
  }));
  const values = medians.map(({ y }) => y);
  const squares = medians.reduce((sum, { t, y }) => sum + (y - decayAt(fits.exponential, t)) ** 2, 0);
  return [
    judge.law({
      ...close,
      measure: 'root mean square distance of the medians from the fit, over their whole drop',
      samples: [Math.sqrt(squares / medians.length) / (Math.max(...values) - Math.min(...values))],
      bound: closely,
      because: `"closely", by eye, is read as ${closely} (our choice)`,
    }),
    preference(exponential, quantity, fits, smaller),
  ];
}

type Scope = typeof common & { readonly atPublishedSize: boolean; readonly difference?: string };

const preferred = (quantity: Quantity) =>
  `an exponential, rather than a power of t, describes the drop of the best ${quantityName[quantity]}`;

function preference(id: string, quantity: Quantity, { exponential, power }: LawFits, scope: Scope): Claim {
  return judge.order({
    ...scope,
    figure: 'tables/figure-8-fits.md',
    id,
    statement: preferred(quantity),
    larger: { name: 'AIC of the power law', samples: [power.aic] },
    smaller: { name: `AIC of the exponential and ${asGood}`, samples: [exponential.aic + asGood] },
    because: `with a difference of AIC below ${asGood} neither is preferred (Burnham & Anderson 2002)`,
  });
}

/**
 * What printed digits leave open of a fitted number. Points rounded to a unit have errors of deviation unit / sqrt(12), which
 * move it by its standard error times their share of the residual deviation.
 */
function roundingOf(name: 'a' | 'b' | 'c', fit: DecayFit): number {
  const moved = (fit.standardErrors![name] / fit.residualDeviation) * (pointUnit / Math.sqrt(12));
  return 0.5 * printedUnits[name] + 3 * moved;
}
