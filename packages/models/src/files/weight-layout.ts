/** How a file keeps the weights of a layer: `torch` outputs x inputs, `keras` inputs x outputs. */
export const weightLayouts = ['torch', 'keras'] as const;
export type WeightLayout = (typeof weightLayouts)[number];

export const matrixOf: Readonly<Record<WeightLayout, string>> = {
  torch: 'outputs x inputs',
  keras: 'inputs x outputs',
};
