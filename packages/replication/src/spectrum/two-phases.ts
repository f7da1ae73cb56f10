/** How often the time of the eigenproblem is told, in milliseconds: no more than a unit's process passes on. */
const interval = 500;

/** Tells how far a spectrum is: forming its matrix tells so itself, and the eigenproblem after it does not. */
export interface TwoPhases {
  /** Fraction of the matrix that is formed, 0 to 1. With 1 the eigenproblem begins. */
  forming(fraction: number): void;
  end(): void;
}

/**
 * The time of the eigenproblem is that of forming the matrix times the quotient of their operations.
 *
 * @param flops  of both phases, counted alike
 */
export function twoPhases(
  flops: { readonly forming: number; readonly eigenvalues: number },
  report: (fraction: number, doing: string) => void,
): TwoPhases {
  const share = flops.forming / (flops.forming + flops.eigenvalues);
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    const formed = performance.now();
    const expected = ((formed - started) * flops.eigenvalues) / flops.forming;
    const tell = () => {
      const done = Math.min(0.99, (performance.now() - formed) / expected || 0);
      report(share + (1 - share) * done, 'eigenvalues');
    };
    tell();
    timer = setInterval(tell, interval).unref();
  };
  return {
    forming(fraction) {
      // Sums of fractions end a rounding error away from 1.
      if (fraction < 1 - 1e-9) report(share * fraction, 'forming the matrix');
      else if (timer === undefined) begin();
    },
    end: () => clearInterval(timer),
  };
}
