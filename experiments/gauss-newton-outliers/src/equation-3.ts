import { definePart, judge } from '@hessian-rmt/replication';
import { type DecompositionConfig, decomposition } from './decomposition.js';

type Settings = Omit<DecompositionConfig, 'output'> & { readonly repetitions: number };

/**
 * Few samples, so that P exceeds ten times N and the null space of the Gauss-Newton matrix is there to be counted. Two
 * hidden layers: with one and a real-valued output R is made of the gradient, R[W_ij, v_i] = dL/dW_ij / v_i, and vanishes
 * with it whatever the slopes.
 */
const laptop: Settings = {
  repetitions: 3,
  samples: 150,
  side: 14,
  hidden: [12, 12],
  rate: 0.1,
  at: [0, 10, 30, 100, 300, 1000, 3000, 10000],
  // As few as a test at 5 % takes; a Hessian each.
  permutations: 19,
};
const quick: Settings = {
  ...laptop,
  repetitions: 1,
  samples: 80,
  side: 14,
  hidden: [6, 6],
  at: [0, 10, 30, 100, 300, 1000, 3000],
};
const smoke: Settings = { ...quick, samples: 30, side: 7, hidden: [8, 8], at: [0, 10, 30, 100, 300, 1000] };

const outputs = ['classes', 'real'] as const;
const outputName = { classes: 'softmax over ten classes', real: 'one real-valued output' };
const outputCount = { classes: 10, real: 1 };

/** Our reading of `trivial` for eigenvalues of H, which R keeps from being zero: as near to zero as in Figure 1. */
const trivial = 0.01;
const countTrivial = (values: Float64Array) =>
  values.filter((value) => Math.abs(value) <= trivial * values[values.length - 1]).length;

const unitsOf = ({ repetitions, ...config }: Settings, output: (typeof outputs)[number]) =>
  Array.from({ length: repetitions }, (_, repetition) =>
    decomposition.unit({ ...config, output }, { repetition, threads: 1 }),
  );

/** Equation 3 and section 2.1: H = G + R, the rank of G, and how R fades along training. */
export const equation3 = definePart<Settings>({
  id: 'equation-3',
  place: 'Equation 3, secs. 2 and 2.1',
  title: 'Gauss-Newton matrix and remainder along training',
  profiles: { smoke, quick, laptop, paper: { ...laptop, repetitions: 9, permutations: 39 } },
  units: (settings) => outputs.flatMap((output) => unitsOf(settings, output)),

  present(results, settings) {
    const measured = outputs.map((output) => ({
      output,
      runs: unitsOf(settings, output).map((unit) => {
        const { numbers, arrays } = results.of(unit);
        const residual = numbers.residualNorms as number[];
        const gaussNewton = numbers.gaussNewtonNorms as number[];
        const zeros = (values: Float64Array, floor: number) =>
          values.filter((value) => Math.abs(value) <= floor).length;
        const floor = numbers.roundingFloor as number;
        const permuted = arrays.permutedNorms?.data as Float64Array | undefined;
        const { permutations } = settings;
        return {
          /** Norms of R at each stop with the slopes permuted over the samples; for a real-valued output. */
          permuted: settings.at.map((_, i) =>
            Array.from(permuted?.subarray(i * permutations, (i + 1) * permutations) ?? []).sort((a, b) => a - b),
          ),
          residual,
          share: residual.map((norm, i) => norm / gaussNewton[i]),
          lastNorms: { residual: residual[residual.length - 1], gaussNewton: gaussNewton[gaussNewton.length - 1] },
          floor,
          zeros: {
            start: zeros(arrays.gaussNewtonStart.data as Float64Array, numbers.roundingFloorStart as number),
            end: zeros(arrays.gaussNewton.data as Float64Array, floor),
          },
          hessian: arrays.hessian.data as Float64Array,
          gaussNewton: arrays.gaussNewton.data as Float64Array,
        };
      }),
    }));
    const sizes =
      `${settings.samples} MNIST digits of ${settings.side} x ${settings.side} pixels, hidden layers ${settings.hidden.join('-')}, ReLU, ` +
      `gradient descent with rate ${settings.rate}`;
    const common = {
      figure: 'figures/equation-3.svg',
      atPublishedSize: false,
      difference: `argued in the paper and not measured; here ${sizes}`,
    };
    const slopesClaim = (runs: (typeof measured)[number]['runs']) => {
      const last = settings.at.length - 1;
      return judge.order({
        ...common,
        id: 'S2.slopes-uncorrelated.real',
        place: 'sec. 2.1',
        statement:
          'the slopes of the loss and the curvature of the model are not correlated at the end of training: the condition under which the paper drops R',
        larger: {
          name: `95 % point of the norm of R when the slopes are permuted over the samples (${settings.permutations} permutations)`,
          samples: runs.map(({ permuted }) => permuted[last][Math.ceil(0.95 * (settings.permutations + 1)) - 1]),
        },
        smaller: { name: 'norm of R', samples: runs.map(({ residual }) => residual[last]) },
        because:
          'a one-sided permutation test at 5 %; softmax is left out, since no targets give a sample the slopes of another',
      });
    };
    return {
      figures: [
        {
          id: 'equation-3',
          title: 'Equation 3: what the Gauss-Newton matrix leaves of the Hessian',
          caption:
            `Left: Frobenius norm of R = H − G over that of G along training (line: median, band: range of ${settings.repetitions} repetition${settings.repetitions === 1 ? '' : 's'}); the real-valued output is fitted to +1 for even and −1 for odd digits. ` +
            `Middle: the same norm over its median of ${settings.permutations} permutations of the slopes of the loss over the samples (real-valued output), which would be 1 if slopes and curvature were uncorrelated. ` +
            `Right: positive eigenvalues of H and G at the last step, with softmax. ${sizes}.`,
          panels: [
            {
              title: 'norm of R against G',
              x: { label: 'step of gradient descent', scale: 'symlog', linearWithin: 10 },
              y: { label: '$‖R‖_{F}$ / $‖G‖_{F}$', scale: 'log' },
              marks: measured.flatMap(({ output, runs }, color) =>
                alongTraining(
                  settings.at,
                  runs.map(({ share }) => share),
                  color,
                  outputName[output],
                ),
              ),
            },
            {
              title: 'R against R of permuted slopes',
              x: { label: 'step of gradient descent', scale: 'symlog', linearWithin: 10 },
              y: { label: '$‖R‖_{F}$ / $‖R‖_{F}$ permuted', scale: 'log' },
              marks: [
                ...measured
                  .filter(({ output }) => output === 'real')
                  .flatMap(({ runs }) =>
                    alongTraining(
                      settings.at,
                      runs.map(({ residual, permuted }) => residual.map((norm, i) => norm / medianOf(permuted[i]))),
                      outputs.indexOf('real'),
                      outputName.real,
                    ),
                  ),
                { kind: 'rule', y: 1, label: 'uncorrelated', color: 'muted' },
              ],
            },
            {
              title: 'eigenvalues at the end',
              x: { label: 'rank', scale: 'log' },
              y: { label: 'eigenvalue $λ$', scale: 'log' },
              marks: (['hessian', 'gaussNewton'] as const).map((which, color) => {
                const { floor, [which]: values } = measured[0].runs[0];
                const positive = Array.from(values)
                  .reverse()
                  .filter((value) => value > floor);
                return {
                  kind: 'points',
                  x: positive.map((_, i) => i + 1),
                  y: positive,
                  label: which === 'hessian' ? 'Hessian H' : 'Gauss-Newton G',
                  color,
                  size: color === 0 ? 3.5 : 2,
                };
              }),
            },
          ],
        },
      ],
      claims: measured.flatMap(({ output, runs }) => {
        const parameters = runs[0].gaussNewton.length;
        const rank = settings.samples * outputCount[output];
        return [
          ...(output === 'real' ? [slopesClaim(runs)] : []),
          ...(['start', 'end'] as const).map((moment) =>
            judge.order({
              ...common,
              id: `S2.rank.${output}-${moment}`,
              place: 'Eq. 3, sec. 2.1',
              statement:
                output === 'real'
                  ? `at least P - N eigenvalues of the Gauss-Newton matrix of a real-valued output are trivial (at the ${moment})`
                  : `the same with C outputs: at least P - N C (at the ${moment}; our reading for several outputs)`,
              larger: {
                name: 'eigenvalues of G at the rounding floor',
                samples: runs.map(({ zeros }) => zeros[moment]),
              },
              smaller: { name: 'P - N C - 1', samples: runs.map(() => parameters - rank - 1) },
              because: `a bound: at least P - N C = ${parameters} - ${rank}, that is more than one less; softmax makes it P - N (C - 1)`,
            }),
          ),
          judge.order({
            ...common,
            id: `S2.trivial-of-hessian.${output}`,
            place: 'Eq. 3, sec. 2.1',
            statement: `so there are as many trivial eigenvalues of the Hessian itself at the end of training (${outputName[output]})`,
            larger: {
              name: `eigenvalues of H within ${trivial} of the largest around zero`,
              samples: runs.map(({ hessian }) => countTrivial(hessian)),
            },
            smaller: { name: 'P - N C - 1', samples: runs.map(() => parameters - rank - 1) },
            because: `trivial is read as in Figure 1, ${trivial} of the largest (our choice): R is small and not zero`,
          }),
          judge.order({
            ...common,
            id: `S2.remainder-fades.${output}`,
            place: 'sec. 2.1',
            statement: `with ${outputName[output]} R loses weight against G from the start to the end of training`,
            larger: { name: 'norm of R over that of G at the start', samples: runs.map(({ share }) => share[0]) },
            smaller: { name: 'at the end', samples: runs.map(({ share }) => share[share.length - 1]) },
            because: 'an order needs no tolerance; both ends only, since the path between is one correlated series',
          }),
          judge.order({
            ...common,
            id: `S2.remainder-small.${output}`,
            place: 'sec. 2.1',
            statement: `with ${outputName[output]} R can be ignored against G near the end of training`,
            larger: { name: 'norm of G', samples: runs.map(({ lastNorms }) => lastNorms.gaussNewton) },
            smaller: { name: 'norm of R', samples: runs.map(({ lastNorms }) => lastNorms.residual) },
            factor: 10,
            because: 'ignored is read as ten times smaller (our choice)',
          }),
        ];
      }),
    };
  },
});

/** Series of the repetitions as a band and a line: range and median. */
function alongTraining(at: readonly number[], runs: readonly (readonly number[])[], color: number, label: string) {
  const x = [...at];
  const sorted = x.map((_, i) => runs.map((series) => series[i]).sort((a, b) => a - b));
  return [
    { kind: 'band', x, low: sorted.map((s) => s[0]), high: sorted.map((s) => s[s.length - 1]), color },
    { kind: 'line', x, y: sorted.map(medianOf), label, color },
  ] as const;
}

const medianOf = (sorted: readonly number[]) => sorted[Math.floor(sorted.length / 2)];
