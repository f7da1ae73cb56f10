/**
 * As much of the binary format of WebAssembly as a module of loops over one memory takes: instructions are bytes, written
 * in the order in which the stack machine runs them (https://webassembly.github.io/spec/core/binary/).
 */
export type Code = readonly number[];

export type ValueType = 'i32' | 'v128';
const valueTypes = { i32: 0x7f, v128: 0x7b };

export const localGet = (index: number): Code => [0x20, ...unsigned(index)];
export const localSet = (index: number): Code => [0x21, ...unsigned(index)];
export const i32Const = (value: number): Code => [0x41, ...signed(value)];
export const i32Add: Code = [0x6a];
export const i32LessUnsigned: Code = [0x49];

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
export const v128Load = (offset: number): Code => [...simd(0x00), ...aligned(16, offset)];
/** One float64 from memory into both halves. */
export const v128Load64Splat = (offset: number): Code => [...simd(0x0a), ...aligned(8, offset)];
export const v128Store = (offset: number): Code => [...simd(0x0b), ...aligned(16, offset)];
export const v128And: Code = simd(0x4e);
export const f64x2Add: Code = simd(0xf0);
export const f64x2Subtract: Code = simd(0xf1);
export const f64x2Multiply: Code = simd(0xf2);
export const f64x2Greater: Code = simd(0x4a);
/** a < b ? b : a, so that NaN in a stays. */
export const f64x2PseudoMaximum: Code = simd(0xf7);
export const f32x4Add: Code = simd(0xe4);
export const f32x4Subtract: Code = simd(0xe5);
export const f32x4Multiply: Code = simd(0xe6);
export const f32x4Greater: Code = simd(0x44);
export const f32x4PseudoMaximum: Code = simd(0xeb);
/** The lower two float32 as float64. */
export const f64x2PromoteLow: Code = simd(0x5f);
/** The upper two float32 (the upper 64 bits) of a vector, in both halves. */
export const v128UpperHalf = (vector: Code): Code => [
  ...[...vector, ...vector],
  ...simd(0x0d),
  ...[8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15],
];

/** Runs the body, which leaves a condition on the stack, and again as long as that holds. */
export const repeatWhile = (body: Code): Code => {
  const [loop, noResult, branchIf, end] = [0x03, 0x40, 0x0d, 0x0b];
  return [loop, noResult, ...body, branchIf, 0, end];
};

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  /** Zero at the start; numbered on from the parameters. */
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/**
 * A module that exports a memory of so many pages of 64 KiB as `memory`, and functions without results. With a `maximum`
 * the memory is shared, so that it may grow to that many pages while arrays that lie in it stay where they are.
 */
export function wasmModule(
  functions: readonly WasmFunction[],
  pages: number,
  maximum?: number,
): Uint8Array<ArrayBuffer> {
  const [functionType, end] = [0x60, 0x0b];
  const [exportedFunction, exportedMemory] = [0x00, 0x02];
  const [typeSection, functionSection, memorySection, exportSection, codeSection] = [1, 3, 5, 7, 10];
  const [withoutMaximum, sharedWithMaximum] = [0x00, 0x03];

  const typeOf = ({ parameters }: WasmFunction): Code => [
    functionType,
    ...list(parameters.map((type) => [valueTypes[type]])),
    0,
  ];
  const codeOf = ({ locals, body }: WasmFunction): Code =>
    counted([...list(locals.map((type) => [1, valueTypes[type]])), ...body, end]);
  return Uint8Array.from([
    ...[0x00, ...ascii('asm'), 1, 0, 0, 0],
    ...section(typeSection, functions.map(typeOf)),
    ...section(
      functionSection,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(memorySection, [
      maximum === undefined
        ? [withoutMaximum, ...unsigned(pages)]
        : [sharedWithMaximum, ...unsigned(pages), ...unsigned(maximum)],
    ]),
    ...section(exportSection, [
      ...functions.map(({ name }, index) => [...counted(ascii(name)), exportedFunction, ...unsigned(index)]),
      [...counted(ascii('memory')), exportedMemory, 0],
    ]),
    ...section(codeSection, functions.map(codeOf)),
  ]);
}

const section = (id: number, items: readonly Code[]): Code => [id, ...counted(list(items))];
const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const counted = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes];
const ascii = (text: string): Code => Array.from(text, (letter) => letter.charCodeAt(0));

/** What a load or store says of its address: the power of two it is a multiple of, and what is added to it. */
const aligned = (bytes: number, offset: number): Code => [Math.log2(bytes), ...unsigned(offset)];

/** LEB128: seven bits a byte, the low ones first; the top bit says that more follow. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** The same in two's complement, which ends when the rest is the sign of the last byte. */
function signed(value: number): Code {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
