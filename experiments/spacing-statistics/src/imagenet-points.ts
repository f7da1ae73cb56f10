import type { DecayParameters } from './decay-law.js';

/**
 * ResNet-50 on ImageNet, from the notebook of Baskerville et al. 2021: for each number of epochs trained the epoch
 * (counted from 0) with the best validation loss and error, one seed each.
 */
export const imagenetRuns: readonly {
  readonly epochs: number;
  readonly loss: { readonly t: number; readonly y: number };
  readonly error: { readonly t: number; readonly y: number };
}[] = (
  [
    [15, 14, 1.35103, 13, 0.33344],
    [30, 29, 1.12206, 29, 0.2794],
    [45, 44, 1.05218, 43, 0.26248],
    [60, 59, 1.00999, 56, 0.2529],
    [90, 80, 0.96747, 88, 0.24248],
    [120, 102, 0.95532, 102, 0.23538],
    [150, 129, 0.9424, 121, 0.23464],
    [180, 140, 0.94654, 149, 0.23498],
    [210, 152, 0.94412, 158, 0.23314],
    [270, 204, 0.93792, 206, 0.23134],
    [300, 210, 0.93159, 224, 0.22806],
  ] as const
).map(([epochs, lossAt, loss, errorAt, error]) => ({
  epochs,
  loss: { t: lossAt, y: loss },
  error: { t: errorAt, y: error },
}));

/** Unit of the last digit of these losses and errors. */
export const pointUnit = 1e-5;

/** The fits a + b exp(c t) as the notebook prints them, and the unit of the last digit of each number. */
export const printedFits: Readonly<Record<'loss' | 'error', DecayParameters>> = {
  loss: { a: 0.94325, b: 0.76132, c: -0.045849 },
  error: { a: 0.23295, b: 0.16744, c: -0.040667 },
};
export const printedUnits: DecayParameters = { a: 1e-5, b: 1e-5, c: 1e-6 };
