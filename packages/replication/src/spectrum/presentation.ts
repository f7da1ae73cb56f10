import type { Json, UnitResult } from '../experiment.js';
import { exactPresentation } from './exact-presentation.js';
import { lanczosPresentation } from './lanczos-presentation.js';
import { describeMatrix, nameOf } from './matrix-text.js';
import type { SpectrumPlan } from './plan.js';
import type { SpectrumRequest } from './request.js';
import type { DataSource } from './sources.js';
import type { SpectrumPresentation } from './spectrum-presentation.js';

/** @throws RangeError when a law cannot be fitted */
export function presentSpectrum(
  plan: SpectrumPlan,
  request: SpectrumRequest,
  results: readonly UnitResult[],
): SpectrumPresentation {
  const text = describeMatrix(plan, request);
  const present = plan.method === 'exact' ? exactPresentation : lanczosPresentation;
  const presentation = present(plan, request, results, text);
  return { ...presentation, summary: { ...sourcesOf(plan, request), ...presentation.summary } };
}

/** The source as it was given, files without their folders. */
function dataText({ from, scaling, channels, limit }: DataSource): { readonly [key: string]: Json } {
  const files = from.kind === 'files' ? [from.inputs, from.labels, from.targets] : [];
  const [inputs = null, labels = null, targets = null] = files.map((file) => (file === null ? null : nameOf(file)));
  const place =
    from.kind === 'files' ? { inputs, labels, targets, format: from.format } : { set: from.name, split: from.split };
  return { ...place, scaling, channels, limit };
}

function sourcesOf({ of, method, why }: SpectrumPlan, request: SpectrumRequest): { readonly [key: string]: Json } {
  const { seed, steps, vectors } = request;
  const how = { method, why, ...(method === 'lanczos' ? { steps, vectors, seed } : {}) };
  if (of.kind === 'operator' || request.of.kind === 'operator') {
    const { module = '', version = null } = request.of.kind === 'operator' ? request.of.operator : {};
    const checksum = of.kind === 'operator' ? of.checksum : '';
    return { operator: { module: nameOf(module), checksum, version }, ...how };
  }
  const { file, data, selected, part, parameters, batches, route } = of;
  const { widths, activation, loss, bias } = file.network;
  const { name, count, checksum } = data;
  return {
    network: {
      file: nameOf(request.of.network.file),
      checksum: file.checksum,
      widths,
      activation,
      loss,
      bias,
      parameters,
    },
    data: { name, samples: count, checksum, ...dataText(request.of.data) },
    matrix: {
      part,
      layers: selected === null ? null : selected.tensors,
      batches: batches && { ...batches },
      deflated: route === 'deflated',
    },
    ...how,
  };
}
