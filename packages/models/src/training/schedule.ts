/**
 * How the rate changes from epoch to epoch; t is the number of epochs finished, so the rate holds still within an epoch
 * (as in the published codes of Granziol et al. and of Baskerville et al.; a step of full-batch descent is an epoch).
 *
 * - constant
 * - step: times `factor` after each of these epochs
 * - linear: constant up to epoch `from`, then falling linearly to `ratio` times itself at epoch `to`, constant from there.
 *   Baskerville et al. 2021, sec. 4: rate 0.003, from 150 to 270 of 300 epochs, ratio 0.01.
 */
export type Schedule =
  | { readonly kind: 'constant' }
  | { readonly kind: 'step'; readonly epochs: readonly number[]; readonly factor: number }
  | { readonly kind: 'linear'; readonly from: number; readonly to: number; readonly ratio: number };

/**
 * Granziol et al. 2020, Eq. 11: constant for half of the epochs, linear to `ratio` at nine tenths of them.
 *
 * @param ratio  r of the paper, default 0.01 as there
 */
export function granziolSchedule(epochs: number, ratio = 0.01): Schedule {
  return { kind: 'linear', from: 0.5 * epochs, to: 0.9 * epochs, ratio };
}

/** The rate after t epochs, when it was `rate` at the start. */
export function rateAfter(t: number, rate: number, schedule: Schedule): number {
  switch (schedule.kind) {
    case 'constant':
      return rate;
    case 'step':
      return rate * schedule.factor ** schedule.epochs.filter((epoch) => epoch <= t).length;
    case 'linear': {
      const { from, to, ratio } = schedule;
      if (t <= from) return rate;
      if (t >= to) return rate * ratio;
      return rate * (1 - ((1 - ratio) * (t - from)) / (to - from));
    }
  }
}

/** @throws RangeError naming what of the schedule is wrong */
export function checkSchedule(schedule: Schedule): void {
  const wrong = (expected: string) => {
    throw new RangeError(`train: schedule: expected ${expected}, found ${JSON.stringify(schedule)}`);
  };
  switch (schedule.kind) {
    case 'constant':
      return;
    case 'step':
      if (!(schedule.factor > 0)) wrong('a positive factor');
      if (!schedule.epochs.every((epoch) => epoch >= 0)) wrong('epochs from 0');
      return;
    case 'linear':
      if (!(schedule.from >= 0 && schedule.from < schedule.to)) wrong('0 <= from < to');
      if (!(schedule.ratio >= 0)) wrong('a ratio from 0');
      return;
    default:
      wrong('kind constant, step or linear');
  }
}
