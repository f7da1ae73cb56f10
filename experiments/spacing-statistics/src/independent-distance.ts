/**
 * The Kolmogorov-Smirnov distance from their own law that n independent values exceed once in a thousand samples
 * (Kolmogorov 1933: 2 exp(-2 n d^2), at most). Neighbouring spacings of the GOE avoid each other's sizes, so samples of them lie nearer.
 */
export const independentDistance = (n: number): number => Math.sqrt(Math.log(2 / 0.001) / (2 * n));
