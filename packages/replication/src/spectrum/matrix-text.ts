import type { SpectrumPlan } from './plan.js';
import type { OutlierRule, SpectrumRequest } from './request.js';

/** Texts for titles and captions. */
export interface MatrixText {
  /** `Hessian`, `Gauss-Newton matrix`, `operator`; of some tensors only where it is. */
  readonly matrix: string;
  /** A sentence about network, samples and the point. */
  readonly sentence: string;
}

export function describeMatrix(plan: SpectrumPlan, request: SpectrumRequest): MatrixText {
  const { of } = plan;
  if (of.kind === 'operator' || request.of.kind === 'operator') {
    const module = request.of.kind === 'operator' ? nameOf(request.of.operator.module) : '';
    return { matrix: 'operator', sentence: `The operator in ${module}.` };
  }
  const { network } = of.file;
  const matrix = of.part === 'hessian' ? 'Hessian' : 'Gauss-Newton matrix';
  const block = of.selected === null ? '' : `, block of ${of.selected.tensors.join(', ')}`;
  const samples = of.batches
    ? `${of.batches.count} batches of ${of.batches.size} samples of ${of.data.name}`
    : `${of.data.count.toLocaleString('en')} samples of ${of.data.name}`;
  const kind = `${network.widths.join('-')}, ${network.widths.length > 2 ? `${network.activation}, ` : ''}${network.loss}`;
  return {
    matrix: matrix + block,
    sentence: `${nameOf(request.of.network.file)} (${kind}; ${of.parameters.toLocaleString('en')} weights) on ${samples}.`,
  };
}

/** `by the largest gap` */
export function ruleText(rule: OutlierRule): string {
  if (typeof rule === 'number') return 'as asked for';
  return { gap: 'by the largest gap', ratio: 'by the largest ratio', elbow: 'by the elbow' }[rule];
}

/** Name of a file without its folder. */
export function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1)!;
}
