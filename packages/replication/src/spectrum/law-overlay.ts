import { moment, type Quadrature } from '@hessian-rmt/curvature';
import {
  affineImage,
  freeCumulants,
  improvedHessian,
  marchenkoPastur,
  productWishart,
  type SpectralLaw,
  semicircle,
  wishartPlusWigner,
} from '@hessian-rmt/rmt';
import { number } from './number-text.js';

type Parameters = Readonly<Record<string, number>>;

interface LawKind {
  readonly title: string;
  /** Those that have a default, with it; the others must be given. */
  readonly defaults: Parameters;
  readonly required: readonly string[];
  law(parameters: Parameters): SpectralLaw;
  /** Parameters of the law whose free cumulants are the first ones of the values. @throws RangeError where there are none */
  fit(cumulants: readonly number[]): Parameters;
  /** Which moments the fit takes. */
  readonly by: string;
}

/** The laws that can be drawn over a spectrum, with what their parameters are called on the command line. */
export const lawKinds = {
  'marchenko-pastur': {
    title: 'Marchenko-Pastur',
    required: ['ratio'],
    defaults: { scale: 1 },
    law: ({ ratio, scale }) => marchenkoPastur({ ratio, scale }),
    by: 'mean and variance',
    fit: ([mean, variance]) => ({ ratio: variance / positive('mean', mean) ** 2, scale: mean }),
  },
  semicircle: {
    title: 'Semicircle',
    required: ['sigma'],
    defaults: { centre: 0 },
    law: ({ sigma, centre }) => affineImage(semicircle({ variance: positive('sigma', sigma) ** 2 }), { shift: centre }),
    by: 'mean and variance',
    fit: ([mean, variance]) => ({ sigma: Math.sqrt(variance), centre: mean }),
  },
  'wishart-plus-wigner': {
    title: 'Wishart + Wigner',
    required: ['ratio', 'energy'],
    defaults: { scale: 1 },
    law: ({ ratio, energy, scale }) => affineImage(wishartPlusWigner({ ratio, energy }), { scale }),
    by: 'mean, variance and third moment',
    // R(z) = s/(1 - s phi z) + 2 eps s^2 z.
    fit([mean, variance, third]) {
      const ratio = wishartRatio(mean, third);
      return { ratio, energy: leftOver(variance - ratio * mean ** 2) / (2 * mean ** 2), scale: mean };
    },
  },
  'improved-hessian': {
    title: 'Improved Hessian',
    required: ['ratio', 'energy'],
    defaults: { scale: 1 },
    law: ({ ratio, energy, scale }) => improvedHessian({ ratio, energy, scale }),
    by: 'mean, variance and third moment',
    // R(z) = s/(1 - s phi z) + eps phi z/(2 - eps phi^2 z^2): the second part has no odd cumulants.
    fit([mean, variance, third]) {
      const ratio = wishartRatio(mean, third);
      return { ratio, energy: (2 * leftOver(variance - ratio * mean ** 2)) / ratio, scale: mean };
    },
  },
  'product-wishart': {
    title: 'Product Wishart',
    required: ['ratio', 'energy'],
    defaults: { centre: 0 },
    law: ({ ratio, energy, centre }) => affineImage(productWishart({ ratio, energy }), { shift: centre }),
    by: 'mean, variance and fourth moment',
    // eps phi/2 and eps^2 phi^3/4 are its second and fourth cumulants.
    fit([mean, variance, , fourth]) {
      const ratio = positive('fourth free cumulant', fourth) / variance ** 2;
      return { ratio, energy: (2 * variance) / ratio, centre: mean };
    },
  },
} as const satisfies Readonly<Record<string, LawKind>>;

export type LawName = keyof typeof lawKinds;
export const lawNames = Object.keys(lawKinds) as LawName[];

/** A law that is to be drawn: with its parameters, or to be fitted. */
export interface LawRequest {
  readonly name: LawName;
  /** null: fitted by moments. */
  readonly parameters: Parameters | null;
}

/**
 * `semicircle`, or with parameters `semicircle:sigma=0.1,centre=0`; `none` for no law.
 *
 * @throws RangeError that says what is possible and what was found
 */
export function parseLaw(text: string): LawRequest | null {
  if (text === 'none') return null;
  const [name, ...rest] = text.split(':');
  if (!Object.hasOwn(lawKinds, name)) {
    throw new RangeError(`expected ${lawNames.join(', ')} or none, with parameters or without, found "${text}"`);
  }
  if (rest.length === 0) return { name: name as LawName, parameters: null };
  const { required, defaults }: LawKind = lawKinds[name as LawName];
  const known = [...required, ...Object.keys(defaults)];
  const given: Record<string, number> = {};
  for (const pair of rest.join(':').split(',')) {
    const [key, value] = pair.split('=');
    if (!known.includes(key) || value === undefined || value.trim() === '' || !Number.isFinite(Number(value))) {
      throw new RangeError(
        `parameters of ${name} are ${known.map((one) => `${one}=NUMBER`).join(',')}; found "${pair}"`,
      );
    }
    given[key] = Number(value);
  }
  const missing = required.find((one) => !Object.hasOwn(given, one));
  if (missing !== undefined) throw new RangeError(`${name} needs ${required.join(' and ')}; found no ${missing}`);
  const parameters = { ...defaults, ...given };
  // Parameters outside of the law's range are told now and not after hours.
  lawKinds[name as LawName].law(parameters as never);
  return { name: name as LawName, parameters };
}

/** A law beside a spectrum. */
export interface LawOverlay {
  readonly name: LawName;
  readonly title: string;
  readonly parameters: Parameters;
  /** Where the parameters come from, as a phrase. */
  readonly source: string;
  readonly law: SpectralLaw;
}

/**
 * The law for a bulk.
 *
 * @param bulk  eigenvalues with equal weights, zeros included and outliers left out; or the nodes of a quadrature
 * @param what  it is, for people: `all eigenvalues but the 3 largest`
 * @throws RangeError when the law has no parameters with the moments of the bulk
 */
export function lawOverlay({ name, parameters: given }: LawRequest, bulk: Quadrature, what: string): LawOverlay {
  const kind: LawKind = lawKinds[name];
  const parameters = given ?? fitted(name, kind, bulk);
  const source = given ? 'as given' : `fitted to ${kind.by} of ${what}`;
  return { name, title: kind.title, parameters, source, law: kind.law(parameters) };
}

/** `ratio 0.5, scale 1` */
export function parametersText({ parameters }: LawOverlay): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${number(value)}`)
    .join(', ');
}

function fitted(name: LawName, { fit, by }: LawKind, { nodes, weights }: Quadrature): Parameters {
  // In units of the largest, so that fourth powers neither vanish nor overflow.
  const unit = nodes.reduce((most, node) => Math.max(most, Math.abs(node)), 0);
  if (unit === 0) throw new RangeError(`${name} cannot be fitted: expected values other than zero, found none`);
  const scaled = { nodes: nodes.map((node) => node / unit), weights };
  const moments = [1, 2, 3, 4].map((k) => moment(scaled, k));
  const cumulants = Array.from(freeCumulants(moments), (value, i) => value * unit ** (i + 1));
  try {
    positive('variance', cumulants[1]);
    return fit(cumulants);
  } catch (error) {
    throw new RangeError(
      `${name} cannot be fitted by ${by}: ${(error as Error).message}. Give its parameters, leave out more --outliers, or take another law`,
    );
  }
}

function positive(what: string, value: number): number {
  if (value > 0) return value;
  throw new RangeError(`expected a positive ${what}, found ${value.toPrecision(3)}`);
}

/** phi of the Wishart part with scale s: kappa_3 = s^3 phi^2. */
function wishartRatio(mean: number, third: number): number {
  return Math.sqrt(positive('third free cumulant', third) / positive('mean', mean) ** 3);
}

/** The variance that the Wishart part leaves to the other one. */
function leftOver(variance: number): number {
  if (variance >= 0) return variance;
  throw new RangeError(
    `the third moment asks for a Wishart part of more variance than there is (by ${(-variance).toPrecision(3)})`,
  );
}
