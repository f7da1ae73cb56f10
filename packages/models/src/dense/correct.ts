/** How many of `count` rows of outputs have their largest, the first of equal ones, at their label; NaN without labels. */
export function correctOf(outputs: Float64Array, width: number, labels: Uint8Array, count: number): number {
  if (labels.length === 0) return Number.NaN;
  let correct = 0;
  for (let n = 0; n < count; n++) {
    let largest = 0;
    for (let i = 1; i < width; i++) if (outputs[n * width + i] > outputs[n * width + largest]) largest = i;
    if (largest === labels[n]) correct++;
  }
  return correct;
}
