import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import type { Route } from '../src/spectrum/exact-or-lanczos.js';
import { type ExactConfig, exactSpectrum, type SpectrumNumbers } from '../src/spectrum/exact-spectrum.js';
import { planSpectrum } from '../src/spectrum/plan.js';
import type { SpectrumRequest } from '../src/spectrum/request.js';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/spectrum/${name}`, import.meta.url));
/** By PyTorch's automatic differentiation in float64 (fixtures/spectrum/generate.py). */
const reference: Readonly<Record<'hessian' | 'gaussNewton' | 'secondLayer' | 'firstBias', number[]>> = JSON.parse(
  readFileSync(fixture('reference.json'), 'utf8'),
);

type OfNetwork = SpectrumRequest['of'] & { readonly kind: 'network' };

/** What the unit that is planned for a request holds, computed in this process; by another route when one is named. */
async function planned(changes: Partial<OfNetwork>, route?: Route) {
  const from = { kind: 'files', inputs: fixture('x.npy'), labels: fixture('y.npy'), targets: null } as const;
  const of: OfNetwork = {
    kind: 'network',
    network: { file: fixture('model.npz'), activation: 'tanh', loss: null, layout: null, order: null },
    data: { from: { ...from, format: null }, scaling: null, channels: null, limit: null },
    part: 'hessian',
    layers: null,
    batches: null,
    deflate: null,
    ...changes,
  };
  const common = { method: null, steps: 100, vectors: 1, law: null, outliers: 'gap', threads: 1, seed: 1 } as const;
  const { work } = await planSpectrum({ of, ...common, out: '', command: '' });
  const chosen = work[0].unit.config as ExactConfig;
  const config = { ...chosen, route: route ?? chosen.route };
  const { numbers, arrays } = await exactSpectrum.run(config, {
    repetition: 0,
    random: randomStream(1, 'unused'),
    linearAlgebra: await linearAlgebra({ threads: 1 }),
    of: () => Promise.reject(new Error('needs no other unit')),
    scratch: () => Promise.reject(new Error('needs no checkpoints')),
    progress: () => {},
  });
  const [spectrum] = numbers.spectra as SpectrumNumbers[];
  return { route: config.route, spectrum, levels: arrays['levels-0'].data };
}

/** To 1e-10 of the largest magnitude. */
function expectLevels(found: ArrayLike<number>, wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - found[i])));
  expect(worst).toBeLessThan(1e-10 * Math.max(...wanted.map(Math.abs)));
}

describe('levels are those of PyTorch', () => {
  it('of the whole Hessian, its zeros among them', async () => {
    const { route, spectrum, levels } = await planned({ deflate: false });
    expect(route).toBe('whole');
    expectLevels(levels, reference.hessian);
    expect(spectrum.zeros).toBeNull();
  });

  it.each([
    ['hessian', reference.hessian],
    ['gauss-newton', reference.gaussNewton],
  ] as const)('of the %s, with the structural zeros that were removed', async (part, wanted) => {
    const { route, spectrum, levels } = await planned({ part });
    expect(route).toBe('deflated');
    const zeros: number[] = Array(spectrum.zeros!.total).fill(0);
    expectLevels(Float64Array.from([...levels, ...zeros]).sort(), wanted);
  });

  it.each([
    ['2.*', reference.secondLayer],
    ['0.bias', reference.firstBias],
  ])('of the block of %s, cut from the whole matrix or by products', async (pattern, wanted) => {
    for (const route of ['whole', 'products'] as const) {
      expectLevels((await planned({ layers: [pattern] }, route)).levels, wanted);
    }
  });
});
