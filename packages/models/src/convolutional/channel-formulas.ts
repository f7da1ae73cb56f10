import type { KernelFormula } from './channel-kernels.js';

export type ChannelMap =
  | 'moments'
  | 'affine'
  | 'tangentMoments'
  | 'tangents'
  | 'deltaSums'
  | 'deltasBack'
  | 'deltaTangentSums'
  | 'deltaTangentsBack'
  | 'add';

/**
 * What is done number by number, with coefficients and sums of the channel, beside convolutions and dense layers. In
 * normalisation x are its inputs, t = R{x}, e the deltas of its outputs where a ReLU that follows lets them through, r = R{e}.
 */
export const channelFormulas: readonly (KernelFormula & { readonly name: ChannelMap })[] = [
  {
    name: 'moments',
    streams: ['x'],
    coefficients: ['origin'],
    /** Of x - origin and of its square. */
    sums: ({ minus, times }, [x], [origin]) => [minus(x, origin), times(minus(x, origin), minus(x, origin))],
  },
  {
    name: 'affine',
    streams: ['x'],
    coefficients: ['a', 'b'],
    rectifies: true,
    results: ({ plus, times }, [x], [a, b]) => [plus(times(a, x), b)],
  },
  {
    name: 'tangentMoments',
    streams: ['x', 't'],
    coefficients: ['mean'],
    sums: ({ minus, times }, [x, t], [mean]) => [t, times(minus(x, mean), t)],
  },
  {
    name: 'tangents',
    streams: ['x', 't'],
    coefficients: ['a', 'b', 'c'],
    keepsResults: true,
    results: ({ plus, times }, [x, t], [a, b, c]) => [plus(times(a, t), times(b, x), c)],
  },
  {
    name: 'deltaSums',
    streams: ['e', 'x'],
    coefficients: ['mean'],
    kept: [0],
    sums: ({ minus, times }, [e, x], [mean]) => [e, times(e, minus(x, mean))],
  },
  {
    name: 'deltasBack',
    streams: ['e', 'x'],
    coefficients: ['a', 'b', 'c'],
    kept: [0],
    results: ({ plus, times }, [e, x], [a, b, c]) => [plus(times(a, e), times(b, x), c)],
  },
  {
    name: 'deltaTangentSums',
    streams: ['e', 'x', 'r', 't'],
    coefficients: ['mean'],
    kept: [0, 2],
    sums: ({ minus, times }, [e, x, r, t], [mean]) => [
      e,
      times(e, minus(x, mean)),
      times(e, t),
      r,
      times(r, minus(x, mean)),
    ],
  },
  {
    name: 'deltaTangentsBack',
    streams: ['e', 'x', 'r', 't'],
    coefficients: ['a', 'b', 'c', 'd', 'f', 'g', 'h'],
    kept: [0, 2],
    results: ({ plus, times }, [e, x, r, t], [a, b, c, d, f, g, h]) => [
      plus(times(a, e), times(b, x), c),
      plus(times(a, r), times(d, e), times(f, t), times(g, x), h),
    ],
  },
  {
    name: 'add',
    streams: ['x', 'y'],
    coefficients: [],
    results: ({ plus }, [x, y]) => [plus(x, y)],
  },
];
