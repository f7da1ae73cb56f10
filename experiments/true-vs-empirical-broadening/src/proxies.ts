import type { Figure, Mark, Panel, Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results, type Unit } from '@hessian-rmt/replication';
import { comparison } from './comparison.js';
import { augmentedUnit, empiricalUnit, slugOf, spectrumUnit } from './main-spectra.js';
import type { SamplesConfig } from './network-images.js';
import {
  type Condition,
  conditionOf,
  describe,
  imagesConfig,
  type NetworkSettings,
  networkProfiles,
  repetitionsOf,
} from './network-settings.js';
import { type MeasuredSpectrum, measuredSpectrum } from './network-spectrum.js';
import { scheduleNames } from './printed.js';
import { type Broadening, broadeningOf } from './second-moment.js';

/**
 * Added here: is the augmented Hessian a proxy for the true one? The same networks, with the Hessian over real images that
 * they have not seen, as few as they were trained on and many more; with the other mode of batch normalisation; and
 * trained without augmentation.
 */
export const proxies = definePart<NetworkSettings>({
  id: 'proxies',
  place: 'Added here, sec. 6',
  title: 'The augmented Hessian as a proxy for the true one',
  profiles: networkProfiles,
  units: (settings) =>
    conditions(settings).flatMap((condition) =>
      repetitionsOf(settings, condition).flatMap((repetition) =>
        Object.values(comparedUnits(settings, condition, repetition)),
      ),
    ),

  present(results, settings) {
    const all = conditions(settings).map((condition) => comparedOf(results, settings, condition));
    if (all.length === 0) return { claims: [notRun] };
    return {
      figures: [figureOf(all, settings)],
      tables: [extremesTable(all, settings), theoremTable(all, settings)],
      claims: all.flatMap((compared) => claimsOf(compared, settings)),
    };
  },
});

/** Ids of the samples and modes that are compared, in the order of the figure. */
const kinds = {
  empirical: 'trained on',
  augmented: 'trained on, augmented',
  freshFew: 'fresh, as many',
  freshMany: 'fresh, many',
  evaluationEmpirical: 'trained on, evaluation mode',
  evaluationAugmented: 'augmented, evaluation mode',
  plainEmpirical: 'trained on, without augmentation',
  plainAugmented: 'augmented, trained without',
} as const;
type Kind = keyof typeof kinds;

const notRun = judge.notRun({
  id: 'X2.networks',
  place: 'Sec. 6, added here',
  statement: 'the augmented Hessian stands for the true one',
  why: 'every training image is trained on at this profile: none is left that the network has not seen',
});

/** Both schedules on CIFAR-10 or what stands for it, where images are left that were not trained on. */
function conditions(settings: NetworkSettings): Condition[] {
  if (settings.fresh === 0) return [];
  return scheduleNames.flatMap((schedule) => {
    const condition = conditionOf(settings, 'CIFAR-10', 'PreResNet-110', schedule);
    return condition ? [condition] : [];
  });
}

function comparedUnits(settings: NetworkSettings, condition: Condition, repetition: number): Record<Kind, Unit> {
  const { steps, copies } = settings;
  const augmented = { kind: 'augmented', copies: copies[condition.network] } as const;
  const fresh = (count: number): SamplesConfig => ({ kind: 'fresh', count });
  const unit = (samples: SamplesConfig, options: { normalisation?: 'evaluation'; augmentedTraining?: boolean } = {}) =>
    spectrumUnit(settings, condition, samples, { steps: steps.control, ...options }, repetition);
  return {
    empirical: empiricalUnit(settings, condition, repetition),
    augmented: augmentedUnit(settings, condition, repetition),
    freshFew: unit(fresh(imagesConfig(settings, condition).training)),
    freshMany: unit(fresh(settings.fresh)),
    evaluationEmpirical: unit({ kind: 'empirical' }, { normalisation: 'evaluation' }),
    evaluationAugmented: unit(augmented, { normalisation: 'evaluation' }),
    plainEmpirical: unit({ kind: 'empirical' }, { augmentedTraining: false }),
    plainAugmented: unit(augmented, { augmentedTraining: false }),
  };
}

interface Compared {
  readonly condition: Condition;
  /** spectra[kind][repetition]. */
  readonly spectra: Readonly<Record<Kind, readonly MeasuredSpectrum[]>>;
  /** Theorem 1 with the variance measured between few and many fresh images, one a repetition. */
  readonly theorem: readonly Broadening[];
}

function comparedOf(results: Results, settings: NetworkSettings, condition: Condition): Compared {
  const units = repetitionsOf(settings, condition).map((repetition) => comparedUnits(settings, condition, repetition));
  const spectra = Object.fromEntries(
    Object.keys(kinds).map((kind) => [kind, units.map((one) => measuredSpectrum(results, one[kind as Kind]))]),
  ) as Record<Kind, MeasuredSpectrum[]>;
  return {
    condition,
    spectra,
    theorem: spectra.freshFew.map((few, r) => broadeningOf(few, spectra.freshMany[r])),
  };
}

function figureOf(all: readonly Compared[], settings: NetworkSettings): Figure {
  const panel = (title: string, label: string, of: (spectrum: MeasuredSpectrum) => number): Panel => ({
    title,
    x: {
      label: '',
      domain: [-0.5, Object.keys(kinds).length - 0.5],
      ticks: Object.keys(kinds).map((_, at) => ({ at, label: String.fromCharCode(97 + at) })),
    },
    y: { label, scale: 'log' },
    marks: all.flatMap(({ condition, spectra }, color): Mark[] => {
      const points = (Object.keys(kinds) as Kind[]).flatMap((kind, at) =>
        spectra[kind].map((spectrum, r) => ({ x: at + 0.16 * (color - 0.5) + 0.04 * (r - 1), y: of(spectrum) })),
      );
      const shown = points.filter(({ y }) => y > 0);
      return [
        {
          kind: 'points',
          label: condition.schedule,
          color,
          symbol: color === 0 ? 'circle' : 'square',
          x: shown.map(({ x }) => x),
          y: shown.map(({ y }) => y),
        },
      ];
    }),
  });
  const [{ condition, spectra }] = all;
  const names = Object.values(kinds).map((name, at) => `${String.fromCharCode(97 + at)} ${name}`);
  return {
    id: 'proxies',
    title: 'Ends of the Hessian over images that were and were not trained on',
    caption: `${names.join('; ')}. Many: ${spectra.freshMany[0].samples.toLocaleString('en')}. Each repetition a point; ends of the wrong sign are left out. ${describe(settings, condition)}.`,
    columns: 2,
    panels: [
      panel('upper end', 'largest eigenvalue', ({ largest }) => largest),
      panel('lower end', 'magnitude of the smallest', ({ smallest }) => -smallest),
    ],
  };
}

function extremesTable(all: readonly Compared[], settings: NetworkSettings): Table {
  return {
    id: 'proxies',
    title: 'Ends of the Hessian over images that were and were not trained on',
    caption: `${describe(settings, all[0].condition)}.`,
    columns: [
      { header: 'schedule' },
      { header: 'samples' },
      { header: 'repetition' },
      { header: 'q', format: '.3g' },
      { header: 'loss', format: '.3g' },
      { header: 'accuracy', format: '.3f' },
      { header: 'smallest', format: '.4g' },
      { header: 'residual', format: '.1g' },
      { header: 'largest', format: '.4g' },
      { header: 'residual ', format: '.1g' },
    ],
    rows: all.flatMap(({ condition, spectra }) =>
      (Object.keys(kinds) as Kind[]).flatMap((kind) =>
        spectra[kind].map(({ q, loss, accuracy, smallest, largest, residuals }, r) => [
          condition.schedule,
          kinds[kind],
          r,
          q,
          loss,
          accuracy,
          smallest,
          residuals[0],
          largest,
          residuals[residuals.length - 1],
        ]),
      ),
    ),
  };
}

function theoremTable(all: readonly Compared[], settings: NetworkSettings): Table {
  return {
    id: 'proxies-theorem-1',
    title: 'Theorem 1 on the networks: largest eigenvalue over as few fresh images as were trained on',
    caption: `Predicted from the largest eigenvalue over many fresh images and from the variance of the elements, which the difference of the Frobenius norms gives (App. F). ${describe(settings, all[0].condition)}.`,
    columns: [
      { header: 'schedule' },
      { header: 'repetition' },
      { header: 'many fresh', format: '.4g' },
      { header: 'sigma sqrt(P/N)', format: '.3g' },
      { header: 'predicted', format: '.4g' },
      { header: 'few fresh', format: '.4g' },
      { header: 'edge predicted for the lower end', format: '.3g' },
      { header: 'few fresh, smallest', format: '.4g' },
      { header: 'trained on, largest', format: '.4g' },
    ],
    rows: all.flatMap(({ condition, spectra, theorem }) =>
      theorem.map(({ threshold, largest, smallest }, r) => [
        condition.schedule,
        r,
        spectra.freshMany[r].largest,
        threshold,
        largest,
        spectra.freshFew[r].largest,
        smallest,
        spectra.freshFew[r].smallest,
        spectra.empirical[r].largest,
      ]),
    ),
  };
}

function claimsOf({ condition, spectra, theorem }: Compared, settings: NetworkSettings): Claim[] {
  const { schedule } = condition;
  const slug = slugOf(condition);
  const common = {
    place: 'Sec. 6, added here',
    figure: 'figures/proxies.svg',
    ...comparison(settings, condition),
  };
  const largest = (kind: Kind) => spectra[kind].map((spectrum) => spectrum.largest);
  const order = (id: string, statement: string, larger: Kind, smaller: Kind, because: string) =>
    judge.order({
      ...common,
      id: `X2.${slug}.${id}`,
      statement: `${statement} (${schedule})`,
      larger: { name: `largest eigenvalue, ${kinds[larger]}`, samples: largest(larger) },
      smaller: { name: `largest eigenvalue, ${kinds[smaller]}`, samples: largest(smaller) },
      because,
    });
  return [
    order(
      'fresh-shrinks',
      'over images that were not trained on, too, the largest eigenvalue is smaller for many than for few',
      'freshFew',
      'freshMany',
      'Theorem 1, whose independence of weights and samples holds here',
    ),
    ...(['largest', 'smallest'] as const).map((end) =>
      judge.law({
        ...common,
        id: `X2.${slug}.augmented-as-fresh-${end}`,
        statement: `the augmented Hessian stands for the true one: its ${end} eigenvalue is that over many fresh images (${schedule})`,
        measure: 'factor between them, the larger magnitude over the smaller',
        samples: spectra.augmented.map((augmented, r) => {
          const ratio = Math.abs(augmented[end] / spectra.freshMany[r][end]);
          return Math.max(ratio, 1 / ratio);
        }),
        bound: 2,
        because:
          'the paper takes one for the other; a factor of two is our choice, well below the shrinkage that it finds',
      }),
    ),
    judge.law({
      ...common,
      figure: 'tables/proxies-theorem-1.md',
      id: `X2.${slug}.theorem-1`,
      statement: `Theorem 1 gives the largest eigenvalue over few fresh images from that over many (${schedule})`,
      measure: 'relative distance of the prediction',
      samples: theorem.map((predicted, r) => {
        const measured = spectra.freshFew[r].largest;
        return Math.abs(predicted.largest - measured) / measured;
      }),
      bound: 0.1,
      because:
        'corrections at this P are of order P^(-2/5), 3 per cent; a tenth allows for the variance measured with one vector',
    }),
    order(
      'evaluation-shrinks',
      'the augmented Hessian has the smaller largest eigenvalue with the running statistics of batch normalisation, too',
      'evaluationEmpirical',
      'evaluationAugmented',
      'the paper does not say which mode it used',
    ),
    order(
      'plain-shrinks',
      'the augmented Hessian has the smaller largest eigenvalue when the network was trained without augmentation, too',
      'plainEmpirical',
      'plainAugmented',
      'if the shrinkage is one of sample size it does not depend on what was trained on',
    ),
  ];
}
