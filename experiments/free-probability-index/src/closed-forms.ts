import type { Panel } from '@hessian-rmt/plotting';
import { curves } from '@hessian-rmt/plotting';
import { type Claim, definePart, type Formula, judge } from '@hessian-rmt/replication';
import { type HessianLaw, improvedHessian, wishartPlusWigner } from '@hessian-rmt/rmt';

type Settings = { readonly ratios: readonly number[] };

/** A model of the Hessian with the closed forms that the paper states for it, as they stand there. */
interface Model {
  readonly id: 'P2-3' | 'P8';
  readonly name: string;
  readonly place: string;
  readonly law: (ratio: number, energy: number) => HessianLaw;
  readonly criticalEnergy: (ratio: number) => Formula;
  readonly prefactor: (ratio: number) => Formula;
  /** Limit of eps_c / (1 - phi)^3 at phi = 1. */
  readonly cubicLimit: number;
}

/** sigma = 1/2: mean eigenvalue of H_0 for weights of variance 1/n and half of the ReLUs on. */
const scale = 1 / 2;

const models: readonly Model[] = [
  {
    id: 'P2-3',
    name: 'Wishart + Wigner',
    place: 'sec. 4.2',
    law: (ratio, energy) => wishartPlusWigner({ ratio, energy }),
    criticalEnergy: (phi) => ({ expression: '(1 - 20 phi - 8 phi^2 + (1 + 8 phi)^(3/2)) / 16', scope: { phi } }),
    prefactor: (phi) => ({
      expression: '2 (3 - sqrt(1 + 8 phi)) / (3 pi * (1 + 8 phi)^(1/4) * (1 + sqrt(1 + 8 phi)))',
      scope: { phi },
    }),
    cubicLimit: 2 / 27,
  },
  {
    id: 'P8',
    name: 'improved model',
    place: 'sec. 6.3',
    law: (ratio, energy) => improvedHessian({ ratio, energy, scale }),
    criticalEnergy: (phi) => ({
      expression:
        'sigma^2 * (27 - 18 (1 + 16 phi - 8 phi^2) - (1 + 16 phi - 8 phi^2)^2 + 8 (1 + 16 phi - 8 phi^2)^(3/2)) / (32 phi * (1 - phi)^3)',
      scope: { phi, sigma: scale },
    }),
    prefactor: (phi) => ({
      expression: '2 (1 - phi) * (sqrt(1 + 16 phi - 8 phi^2) - 1 + phi) / (27 pi * phi * (1 + 16 phi - 8 phi^2)^(1/4))',
      scope: { phi },
    }),
    cubicLimit: (8 / 27) * scale ** 2,
  },
];

const settings: Settings = { ratios: [1 / 8, 1 / 4, 1 / 2, 3 / 4] };

/** Closed forms of secs. 4.2 and 6.3: the critical energy, and the 3/2 law of the index just above it. */
export const closedForms = definePart<Settings>({
  id: 'closed-forms',
  place: 'secs. 4.2, 6.3',
  title: 'Critical energy, and index against energy in both models',
  profiles: { smoke: settings, quick: settings, laptop: settings, paper: settings },
  units: () => [],

  present: (_, { ratios }) => ({
    figures: [
      {
        id: 'closed-forms',
        title: 'Index against energy, and the critical energy, of both models of the Hessian',
        caption:
          'Left and middle: share of negative eigenvalues from the spectral law (lines) and its asymptote $α$_{0} (($ε$ − $ε$_{c})/$ε$_{c})^{3/2} (dashed). ' +
          `Right: critical energy against $φ$, with the cubic limits at $φ$ = 1 (dashed). Improved model with $σ$ = ${scale}.`,
        panels: [...models.map((model) => indexPanel(model, ratios)), criticalEnergyPanel()],
      },
    ],
    claims: models.flatMap((model) => [...ratios.flatMap((ratio) => claimsAt(model, ratio)), limitClaim(model)]),
  }),
});

function claimsAt({ id, name, place, law, criticalEnergy, prefactor }: Model, ratio: number): Claim[] {
  const common = { place, figure: 'figures/closed-forms.svg', atPublishedSize: true };
  const [index, threshold] = id === 'P8' ? ['P8', 'P8'] : ['P2', 'P3'];
  const critical = energyOfFirstNegative((energy) => law(ratio, energy));
  const excess = [1e-4, 2e-4];
  const [alpha, twice] = excess.map((share) => law(ratio, critical * (1 + share)).index);
  return [
    judge.value({
      ...common,
      id: `${threshold}.critical-energy-phi-${ratio}`,
      statement: `${name}: the printed closed form is the energy below which no eigenvalue is negative (phi = ${ratio})`,
      published: criticalEnergy(ratio),
      samples: [critical],
      within: { relative: 1e-8 },
      because: 'the energy at which the lower edge of the law crosses zero, found by bisection to twelve digits',
    }),
    judge.value({
      ...common,
      id: `${index}.exponent-phi-${ratio}`,
      statement: `${name}: the index grows with the power 3/2 of the energy above the critical one (phi = ${ratio})`,
      published: { expression: '3 / 2', scope: {} },
      samples: [Math.log2(twice / alpha)],
      within: { absolute: 1e-3 },
      because: 'between 1.0001 and 1.0002 of the critical energy, where the next order of the expansion is below 1e-3',
    }),
    judge.value({
      ...common,
      id: `${index}.prefactor-phi-${ratio}`,
      statement: `${name}: the printed alpha_0 is the prefactor of that power (phi = ${ratio})`,
      published: prefactor(ratio),
      samples: [alpha / excess[0] ** 1.5],
      within: { relative: 1e-3 },
      because: 'at 1.0001 of the critical energy, where the next order of the expansion is below 1e-3',
    }),
  ];
}

function limitClaim({ id, name, place, law, cubicLimit }: Model): Claim {
  const ratio = 1 - 1e-3;
  return judge.value({
    id: `${id === 'P8' ? 'P8' : 'P3'}.cubic-limit`,
    place,
    statement: `${name}: the critical energy vanishes like the cube of 1 - phi${id === 'P8' ? ` (sigma = ${scale}: with the same constant as the first model)` : ''}`,
    published: cubicLimit,
    samples: [energyOfFirstNegative((energy) => law(ratio, energy)) / (1 - ratio) ** 3],
    within: { relative: 5e-3 },
    because: `at phi = ${ratio} the next order of the expansion is a few times 1 - phi`,
    figure: 'figures/closed-forms.svg',
    atPublishedSize: true,
  });
}

/** The energy at which the law's lowest edge crosses zero, by bisection in its logarithm. */
function energyOfFirstNegative(law: (energy: number) => HessianLaw): number {
  const hasNegative = (energy: number) => law(energy).support[0][0] < 0;
  let [lower, upper] = [1e-14, 10];
  while (upper / lower > 1 + 1e-12) {
    const middle = Math.sqrt(lower * upper);
    if (hasNegative(middle)) upper = middle;
    else lower = middle;
  }
  return Math.sqrt(lower * upper);
}

const grid = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

function indexPanel({ name, law }: Model, ratios: readonly number[]): Panel {
  const excess = grid(-4, 1, 80).map((power) => 10 ** power);
  return curves(
    ratios.flatMap((ratio, color) => {
      const { criticalEnergy, indexPrefactor } = law(ratio, 0);
      return [
        { label: `$φ$ = ${ratio}`, color, x: excess, y: excess.map((x) => law(ratio, criticalEnergy * (1 + x)).index) },
        { color, dash: true, x: excess.slice(0, 56), y: excess.slice(0, 56).map((x) => indexPrefactor! * x ** 1.5) },
      ];
    }),
    {
      title: name,
      x: { label: '($ε$ − $ε$_{c})/$ε$_{c}', scale: 'log' },
      y: { label: 'index $α$', scale: 'log' },
      legend: 'bottom-right',
    },
  );
}

function criticalEnergyPanel(): Panel {
  const ratios = grid(0.02, 0.98, 97);
  return curves(
    models.flatMap(({ name, law, cubicLimit }, color) => [
      { label: name, color, x: ratios, y: ratios.map((ratio) => law(ratio, 0).criticalEnergy) },
      { color, dash: true, x: ratios.slice(48), y: ratios.slice(48).map((ratio) => cubicLimit * (1 - ratio) ** 3) },
    ]),
    {
      title: 'Critical energy',
      x: { label: '$φ$', domain: [0, 1] },
      y: { label: '$ε$_{c}', scale: 'log' },
      legend: 'bottom-left',
    },
  );
}
