import { curves, type Mark, type Panel, type Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { images } from './images-available.js';
import { type LargeThenSmallConfig, largeThenSmall } from './large-then-small.js';

type Settings = Omit<LargeThenSmallConfig, 'source'> & { readonly repetitions: number };

const paper: Settings = {
  repetitions: 1,
  training: 50_000,
  testing: 10_000,
  channels: [64, 192, 384, 256, 256],
  rate: 0.02,
  batches: { large: 1000, small: 32 },
  records: 250,
  every: 100,
  early: [1, 2, 5, 10, 20, 50, 100],
  directions: 10,
  lanczosSteps: 60,
};
const laptop: Settings = {
  ...paper,
  repetitions: 3,
  training: 1000,
  testing: 1000,
  channels: [12, 24, 32, 24, 24],
  batches: { large: 250, small: 10 },
  records: 40,
  every: 50,
  early: [1, 2, 5, 10, 20, 50],
  lanczosSteps: 40,
};
const quick: Settings = {
  ...laptop,
  repetitions: 1,
  training: 200,
  testing: 200,
  channels: [6, 8, 8, 8, 8],
  batches: { large: 100, small: 10 },
  records: 10,
  every: 30,
  early: [1, 2, 5, 10, 20, 30],
};
const smoke: Settings = {
  ...quick,
  training: 60,
  testing: 40,
  channels: [3, 4, 4, 4, 4],
  batches: { large: 30, small: 5 },
  records: 3,
  every: 5,
  early: [1, 5],
  lanczosSteps: 15,
};

/** As many images as there are of those asked for: the digits and subsets of CIFAR-10 are fewer than `paper` wants. */
const there = (settings: Settings): Settings => ({
  ...settings,
  training: Math.min(settings.training, images.training),
  testing: Math.min(settings.testing, images.testing),
});

const unitsOf = (settings: Settings) => {
  const { repetitions, ...config } = there(settings);
  return Array.from({ length: repetitions }, (_, repetition) =>
    largeThenSmall.unit({ ...config, source: images.source }, { repetition, threads: 1 }),
  );
};

interface Run {
  readonly parameters: number;
  /** Ritz values at the end of part I, ascending, and the norms of their residuals. */
  readonly eigenvalues: readonly number[];
  readonly residuals: readonly number[];
  readonly shareOfWhole: number;
  readonly barrier: { readonly height: number; readonly standardError: number; readonly position: number };
  /** Records: the start, then those of part I, then those of part II. */
  readonly curve: Readonly<Record<CurveName, Float64Array>>;
  readonly share: Readonly<Record<'small' | 'large', Float64Array>>;
  /** Mean loss, and its standard error as a mean over the training images, at points of the line. */
  readonly line: { readonly position: Float64Array; readonly loss: Float64Array; readonly error: Float64Array };
}

const curveNames = ['training-loss', 'testing-loss', 'training-accuracy', 'testing-accuracy'] as const;
type CurveName = (typeof curveNames)[number];

/** Figures 9 and 10 and section 4.1: large batches, then small ones; the straight line between the two ends; the way from one to the other. */
export const figures9And10 = definePart<Settings>({
  id: 'figures-9-10',
  place: 'Figures 9 and 10',
  title: 'From large batches to small ones: jump, line and direction',
  profiles: { smoke, quick, laptop, paper },
  units: unitsOf,

  present(results, settings) {
    const runs = measure(results, settings);
    const sizes = sizesOf(there(settings), runs[0].parameters);
    const shown = `repetition 1 of ${settings.repetitions}. ${sizes}.`;
    return {
      figures: [
        {
          id: 'figure-9',
          title: 'Figure 9: large batch, then small batch',
          caption: `Training and test images at every record; the rule is the switch from batches of ${settings.batches.large} to ${settings.batches.small}; ${shown}`,
          panels: [trainingPanel(runs[0], settings, 'loss'), trainingPanel(runs[0], settings, 'accuracy')],
        },
        {
          id: 'figure-10',
          title: 'Figure 10: the straight line between the ends of both parts',
          caption: `Training loss on the line through the end of part I (0) and that of part II (1); band: two standard errors of the mean over the training images, which all points have in common for the most part; ${shown}`,
          panels: [linePanel(runs[0])],
        },
        {
          id: 'section-4-1',
          title: 'Section 4.1: which way the point goes',
          caption: `Share of the squared displacement from the end of part I in the eigenvectors of the ${settings.directions} largest eigenvalues there, by steps with small and, for comparison, with large batches, both from there and in draws of their own; ${settings.repetitions === 1 ? 'one repetition' : `line: median, band: range of ${settings.repetitions} repetitions`}; the rule is what a random direction has in the mean. ${sizes}.`,
          panels: [sharePanel(runs, settings)],
        },
      ],
      tables: [curveTable(runs, settings, sizes), lineTable(runs, settings, sizes)],
      claims: claimsOf(runs, settings, sizes),
    };
  },
});

function measure(results: Results, settings: Settings): Run[] {
  return unitsOf(settings).map((unit) => {
    const { numbers, arrays } = results.of(unit);
    const column = (name: string) => arrays[name].data as Float64Array;
    return {
      ...(numbers as unknown as Pick<Run, 'parameters' | 'eigenvalues' | 'residuals' | 'shareOfWhole' | 'barrier'>),
      curve: Object.fromEntries(curveNames.map((name) => [name, column(name)])) as Run['curve'],
      share: { small: column('share-small'), large: column('share-large') },
      line: { position: column('line-position'), loss: column('line-loss'), error: column('line-error') },
    };
  });
}

const sizesOf = (settings: Settings, parameters: number) =>
  `${settings.training} images of ${images.text}, bare AlexNet of ${settings.channels.join(', ')} channels, P = ${parameters.toLocaleString('en')}, rate ${settings.rate}, ${settings.records} records of ${settings.every} steps with batches of ${settings.batches.large}, then as many with batches of ${settings.batches.small}`;

function trainingPanel({ curve }: Run, { records, every }: Settings, what: 'loss' | 'accuracy'): Panel {
  const x = Array.from(curve['training-loss'], (_, i) => i * every);
  const panel = curves(
    (['training', 'testing'] as const).map((name) => ({
      label: name === 'training' ? 'training images' : 'test images',
      x,
      y: curve[`${name}-${what}`],
    })),
    { x: { label: 'step' }, y: { label: what }, legend: what === 'loss' ? 'above' : 'bottom-right' },
  );
  const rule: Mark = { kind: 'rule', x: records * every };
  return { ...panel, marks: [...panel.marks, rule] };
}

function linePanel({ line }: Run): Panel {
  const [x, y] = [Array.from(line.position), Array.from(line.loss)];
  return {
    x: { label: 'position, 0: large batch, 1: small batch' },
    y: { label: 'training loss', scale: 'log' },
    marks: [
      {
        kind: 'band',
        x,
        low: y.map((loss, i) => Math.max(loss - 2 * line.error[i], loss / 10)),
        high: y.map((loss, i) => loss + 2 * line.error[i]),
        color: 0,
      },
      { kind: 'line', x, y, color: 0 },
      { kind: 'rule', x: 0 },
      { kind: 'rule', x: 1 },
    ],
  };
}

function sharePanel(runs: readonly Run[], { early, directions }: Settings): Panel {
  const x = [...early];
  return {
    x: { label: 'steps after the switch', scale: 'log' },
    y: { label: 'share in the top eigenvectors', scale: 'log' },
    marks: [
      ...(['small', 'large'] as const).flatMap((which, color): Mark[] => {
        const at = x.map((_, i) => runs.map(({ share }) => share[which][i]).sort((a, b) => a - b));
        return [
          { kind: 'band', x, low: at.map((s) => s[0]), high: at.map((s) => s[s.length - 1]), color },
          { kind: 'line', x, y: at.map((s) => s[Math.floor(s.length / 2)]), label: `${which} batch`, color },
        ];
      }),
      { kind: 'rule', y: directions / runs[0].parameters, label: 'random direction' },
    ],
    legend: 'top-right',
  };
}

/** Loss or accuracy at the last record of part I, at the first one of part II, and at the end. */
const before =
  (name: CurveName, { records }: Settings) =>
  (run: Run) =>
    run.curve[name][records];
const after =
  (name: CurveName, { records }: Settings) =>
  (run: Run) =>
    run.curve[name][records + 1];
const atEnd = (name: CurveName) => (run: Run) => run.curve[name][run.curve[name].length - 1];

/** How far the loss rises from an end of the line to half its length beyond. */
const risesBeyond = {
  large: ({ line }: Run) => line.loss[0] - line.loss[10],
  small: ({ line }: Run) => line.loss[40] - line.loss[30],
};

const each = (runs: readonly Run[], of: (run: Run) => number, digits = 3) =>
  runs.map((run) => Number(of(run).toPrecision(digits))).join('; ');

function curveTable(runs: readonly Run[], settings: Settings, sizes: string): Table {
  return {
    id: 'figure-9',
    title: 'Figure 9 in numbers',
    caption: `One value a repetition. ${sizes}.`,
    columns: [
      { header: 'quantity' },
      { header: 'end of part I' },
      { header: 'first record of part II' },
      { header: 'end of part II' },
    ],
    rows: curveNames.map((name) => [
      name.replace('-', ' ').replace('testing', 'test'),
      each(runs, before(name, settings)),
      each(runs, after(name, settings)),
      each(runs, atEnd(name)),
    ]),
  };
}

function lineTable(runs: readonly Run[], { early, directions }: Settings, sizes: string): Table {
  const relative = ({ residuals, eigenvalues }: Run) =>
    Math.max(...residuals.map((r, i) => r / Math.abs(eigenvalues[i])));
  return {
    id: 'figure-10',
    title: 'Figure 10 and section 4.1 in numbers',
    caption: `One value a repetition. Eigenvectors are those of the ${directions} largest eigenvalues at the end of part I, by Lanczos. ${sizes}.`,
    columns: [{ header: 'quantity' }, { header: 'values' }],
    rows: [
      ['barrier over the higher end', each(runs, ({ barrier }) => barrier.height)],
      ['its standard error', each(runs, ({ barrier }) => barrier.standardError)],
      ['rise of the loss half a length beyond the large-batch end', each(runs, risesBeyond.large)],
      ['beyond the small-batch end', each(runs, risesBeyond.small)],
      ['largest eigenvalue at the end of part I', each(runs, ({ eigenvalues }) => Math.max(...eigenvalues))],
      [`smallest of the ${directions}`, each(runs, ({ eigenvalues }) => Math.min(...eigenvalues))],
      ['largest residual of an eigenvector over its eigenvalue', each(runs, relative)],
      [
        `share in the eigenvectors after ${early.at(-1)} steps, small batch`,
        each(runs, ({ share }) => share.small.at(-1)!),
      ],
      ['large batch', each(runs, ({ share }) => share.large.at(-1)!)],
      ['share of the whole way of part II', each(runs, ({ shareOfWhole }) => shareOfWhole)],
    ],
  };
}

/** Largest change for the worse from one record to the next in the second half of part I; 0 where there is none. */
const wiggle =
  (name: CurveName, { records }: Settings) =>
  ({ curve }: Run) => {
    const sign = name.endsWith('loss') ? 1 : -1;
    const recorded = [...curve[name]].slice(Math.floor(records / 2), records + 1);
    return Math.max(0, ...recorded.slice(1).map((value, i) => sign * (value - recorded[i])));
  };

function claimsOf(runs: readonly Run[], settings: Settings, sizes: string): Claim[] {
  // Rate and form of the network are not said, nor the large batch in our text: no size here is known to be the published one.
  const common = {
    atPublishedSize: false,
    difference: `${sizes}; the paper: all of CIFAR-10, 250 records of 100 steps, then as many with batches of 32; its form of AlexNet, its rate and its large batch are not known`,
  };
  const nine = { place: 'Figure 9, sec. 4.1', figure: 'figures/figure-9.svg', ...common };
  const ten = { place: 'Figure 10, sec. 4.1', figure: 'figures/figure-10.svg', ...common };
  const way = { place: 'sec. 4.1', figure: 'figures/section-4-1.svg', ...common };
  const values = (of: (run: Run) => number) => runs.map(of);
  const because = 'an order needs no tolerance';
  const chance = settings.directions / runs[0].parameters;
  const early = settings.early.length - 1;
  return [
    ...curveNames.map((name) => {
      const loss = name.endsWith('loss');
      const [whose, what] = [name.startsWith('training') ? 'training' : 'test', loss ? 'loss' : 'accuracy'];
      const sign = loss ? 1 : -1;
      const jump = (run: Run) => sign * (after(name, settings)(run) - before(name, settings)(run));
      return judge.order({
        ...nine,
        id: `S8.${loss ? 'jump' : 'drop'}-${name}`,
        statement: `at the switch to small batches the ${whose} ${what} ${loss ? 'jumps up' : 'drops'}`,
        larger: {
          name: `${loss ? 'rise' : 'fall'} of the ${whose} ${what} from the last record of part I to the next`,
          samples: values(jump),
        },
        smaller: {
          name: `largest ${loss ? 'rise' : 'fall'} between records of the second half of part I`,
          samples: values(wiggle(name, settings)),
        },
        because:
          'a jump is more than the curve had from one record to the next before (our reading); 0 where it had none',
      });
    }),
    judge.order({
      ...nine,
      id: 'S8.better-accuracy',
      statement:
        'toward the end of part II the small batch reaches a slightly better test accuracy than part I ended with',
      larger: { name: 'test accuracy at the end of part II', samples: values(atEnd('testing-accuracy')) },
      smaller: { name: 'at the end of part I', samples: values(before('testing-accuracy', settings)) },
      because,
    }),
    judge.order({
      ...ten,
      id: 'S9.no-barrier',
      statement: 'the straight line between the ends of part I and part II contains no barrier',
      larger: {
        name: 'two standard errors of that difference',
        samples: runs.map(({ barrier }) => 2 * barrier.standardError),
      },
      smaller: {
        name: 'largest loss between the ends less that of the higher end',
        samples: runs.map(({ barrier }) => barrier.height),
      },
      because: 'two standard errors, paired over the training images; no repetition may have a barrier',
    }),
    judge.notComparable({
      ...ten,
      id: 'S9.barrier-height',
      statement: 'height of the barrier over the higher end, in its standard errors (negative: there is none)',
      samples: runs.map(({ barrier }) => barrier.height / barrier.standardError),
      why: 'the paper prints no height',
    }),
    judge.order({
      ...ten,
      id: 'S9.large-batch-sharper',
      statement: 'beyond both ends the large-batch side is the sharper',
      larger: { name: 'rise of the loss half a length beyond the large-batch end', samples: values(risesBeyond.large) },
      smaller: { name: 'beyond the small-batch end', samples: values(risesBeyond.small) },
      because,
    }),
    judge.order({
      ...way,
      id: 'S12.share-over-chance',
      statement:
        'with small batches the point moves along the eigenvectors of the large eigenvalues more than in a random direction',
      larger: {
        name: `share of the displacement after ${settings.early[early]} steps`,
        samples: values(({ share }) => share.small[early]),
      },
      smaller: { name: 'share of a random direction', samples: runs.map(() => chance) },
      because: `${settings.directions} directions, one a class, of ${runs[0].parameters}`,
    }),
    judge.order({
      ...way,
      id: 'S12.mainly',
      statement: 'the point moves mainly along the eigenvectors of the large eigenvalues',
      larger: {
        name: `share of the displacement after ${settings.early[early]} steps`,
        samples: values(({ share }) => share.small[early]),
      },
      smaller: { name: 'one half', samples: runs.map(() => 0.5) },
      because: 'mainly is read as more than half (our choice)',
    }),
    judge.order({
      ...way,
      id: 'S12.settles-elsewhere',
      statement: 'it fluctuates along them at first and then settles: of the whole way of part II less lies in them',
      larger: {
        name: `share of the displacement after ${settings.early[early]} steps`,
        samples: values(({ share }) => share.small[early]),
      },
      smaller: { name: 'share of the whole way', samples: values(({ shareOfWhole }) => shareOfWhole) },
      because,
    }),
    judge.order({
      ...nine,
      id: 'S12.same-level-set',
      statement: 'the point settles in the interior of the level set that part I ended on',
      larger: { name: 'training loss at the end of part I', samples: values(before('training-loss', settings)) },
      smaller: { name: 'at the end of part II', samples: values(atEnd('training-loss')) },
      because: 'the interior is where the loss is lower; that the way there is open on a straight line is S9',
    }),
  ];
}
