import { along, dot, type SmoothFunction } from './smooth-function.js';

/** A step along a line, with everything known there. */
export interface Trial {
  readonly step: number;
  readonly value: number;
  /** Derivative along the line. */
  readonly slope: number;
}

/** Constants of the strong Wolfe conditions for quasi-Newton directions (Nocedal & Wright 2006, sec. 3.1). */
const decrease = 1e-4;
const curvature = 0.9;
const maxTrials = 40;

/**
 * A step that satisfies the strong Wolfe conditions, by bracketing and cubic interpolation (Nocedal & Wright 2006,
 * Algorithms 3.5 and 3.6). `point` and `gradient` are moved to the end of the step.
 *
 * @returns what was reached and the evaluations spent; no trial when no acceptable step was found and nothing was moved
 */
export function wolfeStep(
  f: SmoothFunction,
  point: Float64Array,
  gradient: Float64Array,
  value: number,
  direction: Float64Array,
  firstStep: number,
): { readonly trial: Trial | undefined; readonly evaluations: number } {
  const start: Trial = { step: 0, value, slope: dot(gradient, direction) };
  const candidate = new Float64Array(point.length);
  const candidateGradient = new Float64Array(point.length);
  let evaluations = 0;
  const at = (step: number): Trial => {
    evaluations++;
    const found = f(along(point, direction, step, candidate), candidateGradient);
    return { step, value: found, slope: dot(candidateGradient, direction) };
  };
  const descends = (trial: Trial) => trial.value <= value + decrease * trial.step * start.slope;
  const flat = (trial: Trial) => Math.abs(trial.slope) <= -curvature * start.slope;

  const accepted = bracket();
  if (accepted) {
    point.set(candidate);
    gradient.set(candidateGradient);
  }
  return { trial: accepted, evaluations };

  /** Ever longer steps until one is acceptable or an acceptable one lies between two of them. */
  function bracket(): Trial | undefined {
    let previous = start;
    let trial = at(firstStep);
    for (let count = 0; count < maxTrials; count++) {
      if (!Number.isFinite(trial.value)) {
        trial = at((previous.step + trial.step) / 2);
        continue;
      }
      if (!descends(trial) || (count > 0 && trial.value >= previous.value)) return zoom(previous, trial);
      if (flat(trial)) return trial;
      if (trial.slope >= 0) return zoom(trial, previous);
      [previous, trial] = [trial, at(2 * trial.step)];
    }
    return undefined;
  }

  /** An acceptable step between two trials, the first of which is the lower one that descends. */
  function zoom(low: Trial, high: Trial): Trial | undefined {
    for (let count = 0; count < maxTrials; count++) {
      const trial = at(interpolated(low, high));
      if (!descends(trial) || trial.value >= low.value) high = trial;
      else {
        if (flat(trial)) return trial;
        if (trial.slope * (high.step - low.step) >= 0) high = low;
        low = trial;
      }
      if (Math.abs(high.step - low.step) <= 1e-14 * Math.max(high.step, low.step)) break;
    }
    // Rounding hides the slope: the lowest point seen is progress all the same.
    return low.step > 0 && low.value < value ? at(low.step) : undefined;
  }
}

/** Minimum of the cubic through two trials, kept a tenth of the interval away from its ends. */
function interpolated(one: Trial, other: Trial): number {
  const width = other.step - one.step;
  const d1 = one.slope + other.slope - (3 * (one.value - other.value)) / (one.step - other.step);
  const root = Math.sqrt(d1 * d1 - one.slope * other.slope) * Math.sign(width);
  const cubic = other.step - (width * (other.slope + root - d1)) / (other.slope - one.slope + 2 * root);
  const share = (cubic - one.step) / width;
  return one.step + width * (share >= 0.1 && share <= 0.9 ? share : 0.5);
}
