import type { Mark, Panel, Table } from '@hessian-rmt/plotting';
import { definePart, type Results, type Unit } from '@hessian-rmt/replication';
import {
  type BestEpoch,
  bestEpoch,
  fitBoth,
  fitSweep,
  type LawFits,
  type Quantity,
  quantities,
  quantityName,
  type Sweep,
} from './best-epochs.js';
import { type DecayFit, decayAt, decayLaws, fitDecay, type Point } from './decay-law.js';
import { publishedClaims, sweepClaims } from './figure-8-claims.js';
import { imagenetRuns, printedFits } from './imagenet-points.js';
import { images } from './images-available.js';
import { median } from './repetitions.js';
import { type CurvesRun, curvesOf, trainingCurves } from './training-curves.js';

type Settings = {
  readonly repetitions: number;
  /** Epochs of each run, rising. */
  readonly budgets: readonly number[];
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly fitted: number;
  readonly validation: number;
  readonly test: number;
};

const laptop: Settings = {
  repetitions: 8,
  budgets: [4, 8, 16, 24, 32, 48, 64, 96],
  inputs: 196,
  hidden: [64],
  fitted: 6000,
  validation: 2000,
  test: 2000,
};
const quick: Settings = {
  ...laptop,
  repetitions: 5,
  budgets: [2, 4, 8, 16, 24, 32],
  hidden: [32],
  fitted: 2000,
  validation: 1000,
};
const smoke: Settings = {
  ...quick,
  repetitions: 1,
  budgets: [1, 2, 3, 4, 6, 8],
  fitted: 400,
  validation: 200,
  test: 200,
};
/** The budgets of the paper. */
const paper: Settings = {
  ...laptop,
  repetitions: 10,
  budgets: imagenetRuns.map(({ epochs }) => epochs),
  inputs: 784,
  hidden: [100, 100],
  ...(images.digits.published ? { fitted: 50_000, validation: 10_000, test: 10_000 } : {}),
};

function unitsOf({ repetitions, budgets, ...sizes }: Settings): Unit[] {
  // Rate, momentum and weight decay of the notebook; batches of 128 (its 256 are for ImageNet's 1.3 million images).
  const runs = budgets.map((epochs): CurvesRun => ({ rate: 0.1, epochs, schedule: 'steps', averageFrom: null }));
  const config = { source: images.digits.source, ...sizes, batch: 128, momentum: 0.9, weightDecay: 1e-4, runs };
  return Array.from({ length: repetitions }, (_, repetition) =>
    trainingCurves.unit(config, { repetition, threads: 1 }),
  );
}

/** Figure 8: best validation loss and error against the epoch they are reached at (sec. 8.1). */
export const figure8 = definePart<Settings>({
  id: 'figure-8',
  place: 'Figure 8',
  title: 'Best validation loss and error against the epoch they are reached at',
  profiles: { smoke, quick, laptop, paper },
  units: unitsOf,

  present(results, settings) {
    const published = fitBothQuantities((quantity) => imagenetRuns.map((run) => run[quantity]));
    const sweep = sweepOf(results, settings);
    const own = { loss: fitSweep(sweep, 'loss'), error: fitSweep(sweep, 'error') };
    const network = [settings.inputs, ...settings.hidden, 10].join('-');
    const run = `MNIST digits: ${network} network, ${settings.fitted} images, ${settings.budgets.length} budgets of ${settings.budgets[0]} to ${settings.budgets[settings.budgets.length - 1]} epochs, ${settings.repetitions} ${settings.repetitions === 1 ? 'seed' : 'seeds'}`;
    return {
      figures: [
        {
          id: 'figure-8',
          title: 'Figure 8: best validation loss and error, and when they are reached',
          caption:
            `Above: the authors' points of ResNet-50 on ImageNet (one seed each), fitted anew. Below: ${run}; rate 0.1, a tenth from ` +
            'half and a hundredth from three quarters of the epochs, momentum 0.9, weight decay 0.0001. Lines: least squares of $a$ + $b$ exp($ct$) ' +
            'and $a$ + $b$ $t$^{c} through all points of a panel; rules: $a$ of the exponential.',
          columns: 2,
          panels: [
            ...quantities.map((quantity) =>
              panelOf(`ImageNet, ${quantityName[quantity]}`, quantity, published[quantity], [
                imagenetRuns.map((imagenet) => imagenet[quantity]),
              ]),
            ),
            ...quantities.map((quantity) =>
              panelOf(
                `digits, ${quantityName[quantity]}`,
                quantity,
                own[quantity],
                sweep.map((seed) => seed.map((best) => best[quantity])),
              ),
            ),
          ],
        },
      ],
      tables: [fitTable(published, own), sensitivityTable(), sweepTable(sweep, settings)],
      claims: [...publishedClaims(published), ...sweepClaims(own, sweep, settings.budgets, run)],
    };
  },
});

const fitBothQuantities = (pointsOf: (quantity: Quantity) => readonly Point[]) => ({
  loss: fitBoth(pointsOf('loss')),
  error: fitBoth(pointsOf('error')),
});

function sweepOf(results: Results, settings: Settings): Sweep {
  return unitsOf(settings).map((unit) => curvesOf(results, unit).map(({ iterates }) => bestEpoch(iterates)));
}

function panelOf(title: string, quantity: Quantity, fits: LawFits | null, seeds: readonly (readonly Point[])[]): Panel {
  const scale = quantity === 'error' ? 100 : 1;
  const points = seeds.flat();
  const [first, last] = [Math.min(...points.map(({ t }) => t)), Math.max(...points.map(({ t }) => t))];
  const x = Array.from({ length: 201 }, (_, i) => first + ((last - first) * i) / 200);
  const laws: Mark[] = fits
    ? [
        ...Object.values(fits).map(
          (fit, color): Mark => ({
            kind: 'line',
            label: fit.law,
            color: color + 1,
            dash: fit.law === 'power',
            x,
            y: x.map((t) => scale * decayAt(fit, t)),
          }),
        ),
        { kind: 'rule', y: scale * fits.exponential.a, label: '$a$' },
      ]
    : [];
  return {
    title,
    x: { label: 'epoch of the best' },
    y: { label: quantity === 'error' ? 'best validation error in %' : 'best validation loss' },
    legend: 'top-right',
    marks: [
      ...laws,
      { kind: 'points', label: 'runs', color: 0, x: points.map(({ t }) => t), y: points.map(({ y }) => scale * y) },
    ],
  };
}

function fitTable(published: Record<Quantity, LawFits>, own: Record<Quantity, LawFits | null>): Table {
  const againstBudget = fitBothQuantities((quantity) =>
    imagenetRuns.map((run) => ({ t: run.epochs, y: run[quantity].y })),
  );
  const cells = (fit: DecayFit) => [
    ...(['a', 'b', 'c'] as const).flatMap((name) => [fit[name], fit.standardErrors?.[name] ?? null]),
    fit.residualDeviation,
    fit.aic,
  ];
  const rowsOf = (data: string, fits: Record<Quantity, LawFits | null>) =>
    quantities.flatMap((quantity) =>
      Object.values(fits[quantity] ?? {}).map((fit) => [data, quantity, fit.law, fit.points, ...cells(fit)]),
    );
  return {
    id: 'figure-8-fits',
    title: 'Figure 8: laws of decay by least squares',
    caption:
      'a + b exp(c t) and a + b t^c. Standard errors from the scatter of the residuals; none where no c is best. The smaller AIC is preferred; a difference below 2 decides nothing (Burnham & Anderson 2002).',
    columns: [
      { header: 'points' },
      { header: 'of' },
      { header: 'law' },
      { header: 'number' },
      ...['a', 'b', 'c'].flatMap((name) => [
        { header: name, format: '.5g' },
        { header: `error of ${name}`, format: '.2g' },
      ]),
      { header: 'residual deviation', format: '.3g' },
      { header: 'AIC', format: '.1f' },
    ],
    rows: [
      ...quantities.map((quantity) => {
        const { a, b, c } = printedFits[quantity];
        const left = imagenetRuns.length;
        return ['ImageNet, as printed', quantity, 'exponential', left, a, null, b, null, c, null, null, null];
      }),
      ...rowsOf('ImageNet', published),
      ...rowsOf('ImageNet, against epochs trained', againstBudget),
      ...rowsOf('digits', own),
    ],
  };
}

/** How far the fit hangs on single points. */
function sensitivityTable(): Table {
  return {
    id: 'figure-8-sensitivity',
    title: "Figure 8: the authors' points with one left out",
    caption:
      'a + b exp(c t) without the run of so many epochs; last column: AIC of the power law less that of the exponential, positive where the exponential is preferred.',
    columns: [
      { header: 'of' },
      { header: 'left out' },
      { header: 'a', format: '.5f' },
      { header: 'b', format: '.5f' },
      { header: 'c', format: '.6f' },
      { header: 'residual deviation', format: '.3g' },
      { header: 'AIC, power less exponential', format: '.1f' },
    ],
    rows: quantities.flatMap((quantity) =>
      [null, ...imagenetRuns].map((left) => {
        const points = imagenetRuns.filter((run) => run !== left).map((run) => run[quantity]);
        const [exponential, power] = decayLaws.map((law) => fitDecay(points, law));
        const { a, b, c, residualDeviation } = exponential;
        return [quantity, left?.epochs ?? 'none', a, b, c, residualDeviation, power.aic - exponential.aic];
      }),
    ),
  };
}

function sweepTable(sweep: Sweep, { budgets }: Settings): Table {
  return {
    id: 'figure-8-sweep',
    title: 'Figure 8: the sweep on digits',
    caption:
      'Medians over the seeds; errors in per cent. The best validation error is the smallest of many and so too small; the test error at its epoch is not.',
    columns: [
      { header: 'epochs' },
      { header: 'best validation loss', format: '.4f' },
      { header: 'at epoch' },
      { header: 'best validation error', format: '.2f' },
      { header: 'at epoch' },
      { header: 'test error there', format: '.2f' },
    ],
    rows: budgets.map((epochs, i) => {
      const of = (value: (best: BestEpoch) => number) => median(sweep.map((seed) => value(seed[i])));
      return [
        epochs,
        of(({ loss }) => loss.y),
        of(({ loss }) => loss.t),
        100 * of(({ error }) => error.y),
        of(({ error }) => error.t),
        100 * of(({ testError }) => testError),
      ];
    }),
  };
}
