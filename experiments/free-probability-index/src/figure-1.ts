import { spectrumHistogram } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import {
  affineImage,
  kolmogorovSmirnov,
  type Law,
  marchenkoPastur,
  semicircle,
  wishartPlusWigner,
} from '@hessian-rmt/rmt';
import { type ModelMatricesConfig, modelMatrices } from './model-matrices.js';

type Settings = {
  readonly size: number;
  readonly draws: number;
};

const criticalEnergyOf = (ratio: number) => wishartPlusWigner({ ratio, energy: 0 }).criticalEnergy;

/** The paper's three phi are lost in our text. */
const ratios = [1 / 4, 1 / 2, 3 / 4];

/**
 * Its energies are lost too: one below the critical energy, that itself, and two measured by the variances of the parts,
 * which are phi for the Wishart and 2 eps for the Wigner matrix.
 */
const energies = {
  small: { of: (ratio: number) => criticalEnergyOf(ratio) / 4, text: '$ε$_{c}/4' },
  critical: { of: (ratio: number) => criticalEnergyOf(ratio), text: '$ε$_{c}' },
  medium: { of: (ratio: number) => ratio / 4, text: '$φ$/4' },
  large: { of: (ratio: number) => 8 * ratio, text: '8 $φ$' },
} as const;
type EnergyName = keyof typeof energies;
const energyNames = Object.keys(energies) as EnergyName[];

const laptop: Settings = { size: 1000, draws: 10 };
const quick: Settings = { ...laptop, size: 300, draws: 4 };
const smoke: Settings = { ...quick, size: 120, draws: 3 };

const configOf = (
  { size, draws }: Settings,
  ratio: number,
  energy: EnergyName,
  entries: ModelMatricesConfig['entries'] = 'normal',
): ModelMatricesConfig => ({ size, draws, ratio, energy: energies[energy].of(ratio), entries });

const unitOf = (config: ModelMatricesConfig) => modelMatrices.unit(config, { repetition: 0, threads: 1 });

/** Entries of two values are tried at one setting: where neither part outweighs the other. */
const signsAt = { ratio: 1 / 2, energy: 'medium' } as const;

/** Figure 1: spectra of the Wishart + Wigner model as the energy rises, with matrices drawn from it (sec. 4.1). */
export const figure1 = definePart<Settings>({
  id: 'figure-1',
  place: 'Figure 1',
  title: 'Spectra of the Wishart + Wigner model as the energy rises',
  profiles: { smoke, quick, laptop, paper: { ...laptop, size: 4000, draws: 4 } },
  units: (settings) => [
    ...ratios.flatMap((ratio) => energyNames.map((energy) => unitOf(configOf(settings, ratio, energy)))),
    unitOf(configOf(settings, signsAt.ratio, signsAt.energy, 'signs')),
  ],

  present(results, settings) {
    const { size, draws } = settings;
    return {
      figures: [
        {
          id: 'figure-1',
          title: 'Figure 1: spectral density of the Wishart + Wigner model',
          caption:
            `Bars: eigenvalues of ${draws} matrices of size ${size}; line: the law, from the cubic equation of the Stieltjes transform. ` +
            'Below the critical energy $ε$_{c} there is a gap above zero, beyond it there are negative eigenvalues, and far beyond it a semicircle.',
          columns: energyNames.length,
          panels: ratios.flatMap((ratio) =>
            energyNames.map((energy) => {
              const config = configOf(settings, ratio, energy);
              const { density } = wishartPlusWigner(config);
              return spectrumHistogram(
                spectraOf(results, config).flatMap((values) => [...values]),
                {
                  bins: 60,
                  law: { density, label: 'law' },
                  title: `$φ$ = ${ratio}, $ε$ = ${energies[energy].text}`,
                  label: 'sampled',
                },
              );
            }),
          ),
        },
      ],
      claims: [
        ...ratios.flatMap((ratio) =>
          energyNames.map((energy) => lawClaim(results, settings, configOf(settings, ratio, energy), energy)),
        ),
        lawClaim(results, settings, configOf(settings, signsAt.ratio, signsAt.energy, 'signs'), signsAt.energy),
        ...ratios.flatMap((ratio) => shapeClaims(results, settings, ratio)),
      ],
    };
  },
});

function spectraOf(results: Results, config: ModelMatricesConfig): Float64Array[] {
  const all = results.of(unitOf(config)).arrays.eigenvalues.data as Float64Array;
  return Array.from({ length: config.draws }, (_, i) => all.subarray(i * config.size, (i + 1) * config.size));
}

const common = { place: 'Figure 1, sec. 4.1', figure: 'figures/figure-1.svg' };
const sizes = ({ size }: Settings) => ({
  atPublishedSize: false,
  difference: `a law in the limit, met at matrices of size ${size}; the paper's phi and energies are lost`,
});

function lawClaim(results: Results, settings: Settings, config: ModelMatricesConfig, energy: EnergyName): Claim {
  const { ratio, entries, size } = config;
  const signs = entries === 'signs';
  return judge.law({
    ...common,
    ...sizes(settings),
    id: signs ? `P11.two-valued-phi-${ratio}` : `P1.law-phi-${ratio}-${energy}`,
    ...(signs && { place: 'sec. 5.1' }),
    statement:
      `the spectrum of Wishart + Wigner follows the law of its free sum (phi = ${ratio}, energy ${spoken(config.energy)}` +
      `${signs ? ', entries of two values alike' : ''})`,
    measure: 'Kolmogorov-Smirnov distance',
    samples: spectraOf(results, config).map((values) => kolmogorovSmirnov(values, wishartPlusWigner(config))),
    bound: (1 + (5 * Math.sqrt(Math.log(size))) / Math.PI) / size,
    because:
      "eigenvalues are rigid: five standard deviations of the number of them below a point, sqrt(log n) / pi (Gustavsson 2005, O'Rourke 2010), and one for the step",
  });
}

/** Gap below the critical energy, negative eigenvalues above it, and from Marchenko-Pastur to the semicircle. */
function shapeClaims(results: Results, settings: Settings, ratio: number): Claim[] {
  const spectra = (energy: EnergyName) => spectraOf(results, configOf(settings, ratio, energy));
  const distances = (energy: EnergyName, law: Law) => spectra(energy).map((values) => kolmogorovSmirnov(values, law));
  const wishart = marchenkoPastur({ ratio });
  // Mean and variance of the model at the largest energy.
  const wigner = affineImage(semicircle({ variance: 2 * energies.large.of(ratio) + ratio }), { shift: 1 });
  const share = (values: Float64Array) => values.filter((value) => value < 0).length / values.length;
  return [
    judge.law({
      ...common,
      ...sizes(settings),
      id: `P1.gap-phi-${ratio}`,
      statement: `below the critical energy there is a gap: no eigenvalue is negative (phi = ${ratio}, a quarter of the critical energy)`,
      measure: 'share of negative eigenvalues',
      samples: spectra('small').map(share),
      // Counts: anything below one is an exact match.
      bound: 0.5 / settings.size,
      because:
        'the law has no mass below zero there, and at this size its lower edge is many fluctuations away from zero',
    }),
    judge.order({
      ...common,
      ...sizes(settings),
      id: `P1.negative-phi-${ratio}`,
      statement: `past the critical energy negative eigenvalues appear, the more the larger the energy (phi = ${ratio})`,
      larger: {
        name: 'share of negative eigenvalues at energy 8 phi',
        samples: spectra('large').map(share),
      },
      smaller: {
        name: 'share at phi / 4',
        samples: spectra('medium').map(share),
      },
      because: 'compared draw by draw',
    }),
    ...(
      [
        { id: 'small', near: wishart, far: wigner, name: 'Marchenko-Pastur law', other: 'semicircle' },
        { id: 'large', near: wigner, far: wishart, name: 'semicircle', other: 'Marchenko-Pastur law' },
      ] as const
    ).map(({ id, near, far, name, other }) =>
      judge.order({
        ...common,
        ...sizes(settings),
        id: `P1.${id}-energy-phi-${ratio}`,
        statement: `at ${id} energy the spectrum resembles the ${name} (phi = ${ratio}, energy ${spoken(energies[id].of(ratio))})`,
        larger: { name: `distance from the ${other}`, samples: distances(id, far) },
        smaller: { name: `distance from the ${name}`, samples: distances(id, near) },
        because:
          'resembles is read as nearer, by Kolmogorov-Smirnov distance, than to the other end; the semicircle has mean and variance of the model at the large energy (our choice)',
      }),
    ),
  ];
}

const spoken = (value: number) => String(Number(value.toPrecision(3)));
