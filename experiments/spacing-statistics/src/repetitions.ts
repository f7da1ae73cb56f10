export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * The share of the repetitions in which an order must hold for a sign test to give it at the customary 5 %: 5 of 5, 7 of 8,
 * 9 of 10. Errors on some thousand images make single runs too coarse for an order without exception. With fewer than
 * five repetitions no share does: then it must hold in all.
 */
export function signTestShare(repetitions: number): number {
  let probability = 0.5 ** repetitions;
  let ways = 1;
  let fewest = repetitions;
  for (let against = 1; against < repetitions; against++) {
    ways *= (repetitions - against + 1) / against;
    probability += ways * 0.5 ** repetitions;
    if (probability > 0.05) break;
    fewest = repetitions - against;
  }
  return fewest / repetitions;
}
