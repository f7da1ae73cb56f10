import { curves, type Panel, type Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { type FieldDerivativesConfig, fieldDerivatives } from './field-derivatives.js';
import { type KernelConfig, kernelOf, kernelText, plainKernelText } from './kernels.js';
import { deviation, mean } from './mean-and-deviation.js';

type Settings = Omit<FieldDerivativesConfig, 'kernel'>;

/** Of such variance and length that k'(0)^2 and k''(0) differ: 4 and 2, 4 and 16. */
const kernels = [
  { name: 'exponential', kernel: { kind: 'exponential', variance: 2, length: 1 } },
  { name: 'power', kernel: { kind: 'power', variance: 0.5, length: 0.5 } },
] as const satisfies readonly { readonly name: string; readonly kernel: KernelConfig }[];

const laptop: Settings = { parameters: 3, distances: [0.25, 0.5, 1, 1.5, 2, 3], waves: 16, draws: 5000, blocks: 20 };
const quick: Settings = { ...laptop, draws: 1000 };
const smoke: Settings = { ...laptop, distances: [0.5, 1, 2], waves: 4, draws: 300, blocks: 10 };

const unitOf = (settings: Settings, kernel: (typeof kernels)[number]['kernel']) =>
  fieldDerivatives.unit({ ...settings, kernel }, { repetition: 0, threads: 1 });

interface Measured {
  readonly name: string;
  readonly kernel: KernelConfig;
  /** One mean a block of fields at each distance. */
  readonly along: readonly (readonly number[])[];
  readonly across: readonly (readonly number[])[];
  /** Cov(H_11, H_22) and Var(H_12), one mean a block. */
  readonly shared: readonly number[];
  readonly offDiagonal: readonly number[];
}

/** Equations 16 and 17: covariances of the derivatives of a random field, sampled. */
export const equations1617 = definePart<Settings>({
  id: 'equations-16-17',
  place: 'Eqs. 16, 17',
  title: 'Covariance of the gradients and of the Hessian of a Gaussian process',
  profiles: { smoke, quick, laptop, paper: { ...laptop, draws: 50_000 } },
  units: (settings) => kernels.map(({ kernel }) => unitOf(settings, kernel)),

  present(results, settings) {
    const measured = kernels.map(({ name, kernel }) => measure(results, settings, name, kernel));
    return {
      figures: [
        {
          id: 'equations-16-17',
          title: 'Equation 16: covariance of the gradients at two points',
          caption:
            `Dots: sampled from ${settings.blocks * settings.draws} random fields of ${settings.parameters} variables, with two standard errors; lines: ` +
            '$k$′ across the line between the points, $k$′ - $k$″$d$^{2} along it. Fields are sums of cosines and know nothing of the formula.',
          panels: measured.map((each) => panelOf(each, settings)),
        },
      ],
      tables: [tableOf(measured)],
      claims: measured.flatMap((each) => claimsOf(each, settings)),
    };
  },
});

function measure(
  results: Results,
  settings: Settings,
  name: string,
  kernel: (typeof kernels)[number]['kernel'],
): Measured {
  const { arrays } = results.of(unitOf(settings, kernel));
  const { distances, blocks } = settings;
  const at = (array: string) =>
    distances.map((_, d) =>
      Array.from({ length: blocks }, (_, block) => arrays[array].data[block * distances.length + d]),
    );
  const [shared, offDiagonal] = ['shared', 'offDiagonal'].map((array) => Array.from(arrays[array].data));
  return { name, kernel, along: at('along'), across: at('across'), shared, offDiagonal };
}

const alongLine = (kernel: KernelConfig, distance: number) => {
  const { first, second } = kernelOf(kernel);
  const s = -(distance ** 2) / 2;
  return first(s) - second(s) * distance ** 2;
};
const acrossLine = (kernel: KernelConfig, distance: number) => kernelOf(kernel).first(-(distance ** 2) / 2);

function panelOf({ kernel, along, across }: Measured, { distances }: Settings): Panel {
  const grid = Array.from({ length: 101 }, (_, i) => (distances[distances.length - 1] * i) / 100);
  const dots = (samples: readonly (readonly number[])[], label: string, color: number) => ({
    kind: 'points' as const,
    label,
    color,
    x: distances,
    y: samples.map(mean),
    intervals: samples.map((values) => {
      const error = (2 * deviation(values)) / Math.sqrt(values.length);
      return [mean(values) - error, mean(values) + error] as const;
    }),
  });
  const panel = curves(
    [
      { x: grid, y: grid.map((d) => acrossLine(kernel, d)), color: 0 },
      { x: grid, y: grid.map((d) => alongLine(kernel, d)), color: 1 },
    ],
    {
      title: `$k$($s$) = ${kernelText(kernel)}`,
      x: { label: 'distance, $d$' },
      y: { label: 'covariance of components' },
    },
  );
  return { ...panel, marks: [...panel.marks, dots(across, 'across the line', 0), dots(along, 'along the line', 1)] };
}

function tableOf(measured: readonly Measured[]): Table {
  return {
    id: 'equation-17',
    title: 'Equation 17: covariance of the elements of the Hessian at one point',
    caption: 'Sampled, with the standard error; what four derivatives of the kernel give; what equation 17 prints.',
    columns: [
      { header: 'k(s)' },
      { header: 'elements' },
      { header: 'sampled', format: '.4g' },
      { header: 'standard error', format: '.2g' },
      { header: 'by differentiation', format: '.4g' },
      { header: 'printed', format: '.4g' },
    ],
    rows: measured.flatMap(({ kernel, shared, offDiagonal }) => {
      const { first, second } = kernelOf(kernel);
      const error = (values: readonly number[]) => deviation(values) / Math.sqrt(values.length);
      const text = plainKernelText(kernel);
      return [
        [text, 'H_12 with itself', mean(offDiagonal), error(offDiagonal), second(0), second(0)],
        [text, 'H_11 with H_22', mean(shared), error(shared), second(0), first(0) ** 2],
      ];
    }),
  };
}

const because =
  'sampling error of the mean over the blocks: with 20 of them chance passes four standard errors once in 1,300 times';

function claimsOf({ name, kernel, along, across, shared, offDiagonal }: Measured, { distances }: Settings): Claim[] {
  const { first, second } = kernelOf(kernel);
  const text = plainKernelText(kernel);
  const equation16 = { place: 'Eq. 16', figure: 'figures/equations-16-17.svg', atPublishedSize: true, because };
  const equation17 = { place: 'Eq. 17', figure: 'tables/equation-17.md', atPublishedSize: true, because };
  const errorsAway = (
    samples: readonly (readonly number[])[],
    law: (config: KernelConfig, distance: number) => number,
  ) =>
    samples.map(
      (values, d) =>
        (Math.abs(mean(values) - law(kernel, distances[d])) * Math.sqrt(values.length)) / deviation(values),
    );
  return [
    ...(
      [
        ['along', along, alongLine, "k' - k'' d^2 along the line between two points"],
        ['across', across, acrossLine, "k' across the line between two points"],
      ] as const
    ).map(([id, samples, law, what]) =>
      judge.law({
        ...equation16,
        id: `B10.eq-16-${id}.${name}`,
        statement: `the covariance of gradients of a Gaussian process of kernel ${text} is ${what}`,
        measure: 'largest distance over the distances, in standard errors',
        samples: [Math.max(...errorsAway(samples, law))],
        bound: 4,
      }),
    ),
    judge.value({
      ...equation17,
      id: `B9.eq-17-elements.${name}`,
      statement: `elements of the Hessian off the diagonal have variance k''(0) (${text})`,
      published: second(0),
      samples: offDiagonal,
      within: { standardErrors: 4 },
    }),
    judge.value({
      ...equation17,
      id: `B9.eq-17-shared.${name}`,
      statement: `different elements of the diagonal of the Hessian have covariance k'(0)^2 (${text})`,
      published: first(0) ** 2,
      samples: shared,
      within: { standardErrors: 4 },
    }),
    judge.law({
      ...equation17,
      id: `B9.eq-17-shared-differentiated.${name}`,
      statement: `not in the paper: for a stationary kernel it is k''(0), as equation 16 differentiates (${text})`,
      measure: 'distance of the mean from it, in standard errors',
      samples: errorsAway([shared], () => second(0)),
      bound: 4,
    }),
  ];
}
