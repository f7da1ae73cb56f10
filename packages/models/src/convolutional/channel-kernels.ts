import { type RealArray, wasmCode } from '@hessian-rmt/numerics';
import type { Precision } from './planes.js';

const {
  f32x4Add,
  f32x4Greater,
  f32x4Multiply,
  f32x4PseudoMaximum,
  f32x4Subtract,
  f64x2Add,
  f64x2Greater,
  f64x2Multiply,
  f64x2PromoteLow,
  f64x2PseudoMaximum,
  f64x2Subtract,
  i32Add,
  i32Const,
  i32LessUnsigned,
  localGet,
  localSet,
  repeatWhile,
  v128And,
  v128Load,
  v128Store,
  v128UpperHalf,
} = wasmCode;
type Code = wasmCode.Code;

/** Arithmetic on vectors of 16 bytes: four float32 or two float64. */
export interface Lanes {
  plus(...terms: readonly Code[]): Code;
  minus(a: Code, b: Code): Code;
  times(a: Code, b: Code): Code;
}

/** What is done with the numbers of one channel of one pixel: one of each stream, one coefficient of the channel each. */
export interface KernelFormula {
  readonly name: string;
  /** Names, for people: streams s and coefficients k are passed in this order. */
  readonly streams: readonly string[];
  readonly coefficients: readonly string[];
  /**
   * Where a ReLU belongs to the map, a last stream more holds its output: of these streams (`kept`), or of the results
   * (`keepsResults`), only what stands where it is positive is taken. `rectifies`: the results are those of the ReLU.
   */
  readonly kept?: readonly number[];
  readonly keepsResults?: boolean;
  readonly rectifies?: boolean;
  /** Of the streams s and the coefficients k. */
  results?(lanes: Lanes, s: readonly Code[], k: readonly Code[]): readonly Code[];
  /** What is summed over the pixels of the channel. */
  sums?(lanes: Lanes, s: readonly Code[], k: readonly Code[]): readonly Code[];
}

// The memory: slots that streams and results from elsewhere are copied through, then coefficients, then sums, then the
// arrays that are allocated here. Nothing begins at the same place of a page as its neighbours, or all that a kernel reads
// would compete for the same lines of the cache.
const slots = 7;
const slotBytes = 65536;
const stagger = 33 * 64;
const slotPitch = slotBytes + stagger;
const coefficientSlots = 8;
const coefficientBytes = 16384;
const sumBytes = 2 * coefficientBytes;
const slotAt = (i: number) => i * slotPitch;
const coefficientsAt = (i: number) => slotAt(slots) + i * coefficientBytes;
const sumsAt = (i: number) => coefficientsAt(coefficientSlots) + i * sumBytes;
const page = 65536;
const firstPages = Math.ceil(sumsAt(5) / page);
/** 4 GiB: all that 32 bits address. */
const mostPages = 65536;

// Node's types do not know WebAssembly: what is used of it.
declare namespace WebAssembly {
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: unknown;
  }
}

/**
 * Of rows x pixels, in bytes: all rows, distance between rows, length of a row, length of a pixel; then where each stream
 * (the output of a ReLU last) and each result begins.
 */
export type KernelFunction = (
  rows: number,
  rowPitch: number,
  rowLength: number,
  pixel: number,
  ...addresses: number[]
) => void;

export interface Kernels {
  readonly precision: Precision;
  readonly functions: Readonly<Record<string, KernelFunction>>;
  /** An array of zeros that kernels read and write where it is; undefined when the memory is full (4 GiB). */
  allocate(length: number): RealArray | undefined;
  /** Where such an array begins; undefined for all others. */
  addressOf(array: RealArray): number | undefined;
  /** For streams and results that lie elsewhere: `slotBytes` to copy through, and where they begin. */
  slot(i: number): RealArray;
  slotAddress(i: number): number;
  coefficients(i: number): RealArray;
  sums(i: number): Float64Array;
}

/** Bytes of a slot; of the coefficients of one kind. */
export const kernelLimits = { slotBytes, coefficientBytes } as const;

/**
 * The formulas compiled, each also with its ReLU (`name` + `Rectified`). Undefined where the engine has no fixed-width SIMD
 * or may not reserve the address space that it wants for a memory.
 */
export function simdKernels(formulas: readonly KernelFormula[], precision: Precision): Kernels | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const functions = formulas.flatMap((formula) => [
    kernel(formula, precision, false),
    ...(formula.kept || formula.keepsResults || formula.rectifies ? [kernel(formula, precision, true)] : []),
  ]);
  const bytes = wasmCode.wasmModule(functions, firstPages, mostPages);
  if (!WebAssembly.validate(bytes)) return undefined;
  const exports = withoutRangeError(() => new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports);
  if (!exports) return undefined;
  const { memory } = exports;
  const view = (at: number, size: number) =>
    precision === 'float32'
      ? new Float32Array(memory.buffer, at, size / 4)
      : new Float64Array(memory.buffer, at, size / 8);
  const slotViews = Array.from({ length: slots }, (_, i) => view(slotAt(i), slotBytes));
  const coefficients = Array.from({ length: coefficientSlots }, (_, i) => view(coefficientsAt(i), coefficientBytes));
  const sums = Array.from({ length: 5 }, (_, i) => new Float64Array(memory.buffer, sumsAt(i), sumBytes / 8));

  const addresses = new WeakMap<RealArray, number>();
  let [pages, free] = [firstPages, firstPages * page];
  const allocate = (length: number) => {
    const size = length * (precision === 'float32' ? 4 : 8);
    const end = free + Math.ceil(size / 64) * 64 + stagger;
    const more = Math.max(0, Math.ceil(end / page) - pages);
    if (pages + more > mostPages || withoutRangeError(() => memory.grow(more)) === undefined) return undefined;
    pages += more;
    const array = view(free, size);
    addresses.set(array, free);
    free = end;
    return array;
  };
  return {
    precision,
    functions: exports as unknown as Kernels['functions'],
    allocate,
    addressOf: (array) => addresses.get(array),
    slot: (i) => slotViews[i],
    slotAddress: slotAt,
    coefficients: (i) => coefficients[i],
    sums: (i) => sums[i],
  };
}

interface Exports {
  readonly memory: { readonly buffer: SharedArrayBuffer; grow(pages: number): number };
}

/** Undefined when the engine does not give the memory. */
function withoutRangeError<R>(work: () => R): R | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * For every row, for every group of channels that fills a vector: the pixels of the row, with coefficients and sums in
 * registers. A row stays in the first-level cache while its groups pass over it. Sums of a row are of the precision of
 * the numbers; they are added up in float64.
 */
function kernel(formula: KernelFormula, precision: Precision, rectified: boolean): wasmCode.WasmFunction {
  const single = precision === 'float32';
  const [add, subtract, multiply, greater, maximum] = single
    ? [f32x4Add, f32x4Subtract, f32x4Multiply, f32x4Greater, f32x4PseudoMaximum]
    : [f64x2Add, f64x2Subtract, f64x2Multiply, f64x2Greater, f64x2PseudoMaximum];
  const lanes: Lanes = {
    plus: (first, ...rest) => [...first, ...rest.flatMap((term) => [...term, ...add])],
    minus: (a, b) => [...a, ...b, ...subtract],
    times: (a, b) => [...a, ...b, ...multiply],
  };

  const masks = rectified && (formula.kept !== undefined || formula.keepsResults === true);
  const streams = formula.streams.length + (masks ? 1 : 0);
  const [rowsEnd, rowPitch, rowLength, pixel] = [0, 1, 2, 3];
  const address = (i: number) => 4 + i;
  const addresses = streams + resultsOf(formula);
  const [row, group, at, end] = [0, 1, 2, 3].map((i) => address(addresses) + i);
  const vectors = end + 1;
  const stream = (i: number) => vectors + i;
  const coefficient = (i: number) => stream(streams) + i;
  const sum = (i: number) => coefficient(formula.coefficients.length) + i;
  const s = Array.from({ length: formula.streams.length }, (_, i) => localGet(stream(i)));
  const k = Array.from({ length: formula.coefficients.length }, (_, i) => localGet(coefficient(i)));
  const results = formula.results?.(lanes, s, k) ?? [];
  const sums = formula.sums?.(lanes, s, k) ?? [];
  const mask = sum(sums.length);
  const zero = mask + 1;

  const set = (local: number, code: Code): Code => [...code, ...localSet(local)];
  const sumOf = (a: number, b: number): Code => [...localGet(a), ...localGet(b), ...i32Add];
  const advance = (local: number, by: Code): Code => set(local, [...localGet(local), ...by, ...i32Add]);
  const below = (local: number, bound: number): Code => [...localGet(local), ...localGet(bound), ...i32LessUnsigned];
  const keep = (code: Code): Code => [...code, ...localGet(mask), ...v128And];
  const each = (count: number, code: (i: number) => Code): Code =>
    Array.from({ length: count }, (_, i) => code(i)).flat();
  const finished = (result: Code): Code => {
    if (rectified && formula.rectifies) return [...result, ...localGet(zero), ...maximum];
    return masks && formula.keepsResults ? keep(result) : result;
  };

  const atPixel: Code = [
    ...each(streams, (i) => set(stream(i), [...sumOf(at, address(i)), ...v128Load(0)])),
    ...(masks ? set(mask, [...localGet(stream(streams - 1)), ...localGet(zero), ...greater]) : []),
    ...(masks ? (formula.kept ?? []).flatMap((i) => set(stream(i), keep(localGet(stream(i))))) : []),
    ...results.flatMap((result, i) => [...sumOf(at, address(streams + i)), ...finished(result), ...v128Store(0)]),
    ...sums.flatMap((term, i) => set(sum(i), lanes.plus(localGet(sum(i)), term))),
    ...advance(at, localGet(pixel)),
  ];
  /** Sums as float64: those of four float32 take two vectors. */
  const flush = (i: number): Code => {
    const parts = single
      ? [
          [...localGet(sum(i)), ...f64x2PromoteLow],
          [...v128UpperHalf(localGet(sum(i))), ...f64x2PromoteLow],
        ]
      : [localGet(sum(i))];
    const place: Code = single ? sumOf(group, group) : localGet(group);
    return parts.flatMap((part, half) => [
      ...place,
      ...[...place, ...v128Load(sumsAt(i) + 16 * half), ...part, ...f64x2Add],
      ...v128Store(sumsAt(i) + 16 * half),
    ]);
  };
  const atGroup: Code = [
    ...each(formula.coefficients.length, (i) =>
      set(coefficient(i), [...localGet(group), ...v128Load(coefficientsAt(i))]),
    ),
    ...each(sums.length, (i) => set(sum(i), localGet(zero))),
    ...set(at, sumOf(row, group)),
    ...set(end, sumOf(at, rowLength)),
    ...repeatWhile([...atPixel, ...below(at, end)]),
    ...each(sums.length, flush),
    ...advance(group, i32Const(16)),
  ];
  const atRow: Code = [
    ...set(group, i32Const(0)),
    ...repeatWhile([...atGroup, ...below(group, pixel)]),
    ...advance(row, localGet(rowPitch)),
  ];
  return {
    name: rectified ? `${formula.name}Rectified` : formula.name,
    parameters: Array<'i32'>(4 + addresses).fill('i32'),
    locals: [...Array<'i32'>(4).fill('i32'), ...Array<'v128'>(zero + 1 - vectors).fill('v128')],
    body: repeatWhile([...atRow, ...below(row, rowsEnd)]),
  };
}

function resultsOf({ streams, coefficients, results }: KernelFormula): number {
  const none: Code = [];
  const lanes: Lanes = { plus: () => none, minus: () => none, times: () => none };
  return (
    results?.(
      lanes,
      streams.map(() => none),
      coefficients.map(() => none),
    ).length ?? 0
  );
}
