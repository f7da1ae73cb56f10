import { columnBlock, depthBlock, rowBlock, type TileKernel, tile } from './tile-kernel.js';
import {
  type Code,
  f64x2Add,
  f64x2Multiply,
  i32Add,
  i32Const,
  i32LessUnsigned,
  localGet,
  localSet,
  repeatWhile,
  v128Load,
  v128Load64Splat,
  v128Store,
  type WasmFunction,
  wasmModule,
} from './wasm-code.js';

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

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  multiplyTile(a: number, b: number, end: number): void;
}

// The memory: the sums, then the two panels.
const sumsAt = 0;
const panelAAt = sumsAt + 8 * tile * tile;
const panelBAt = panelAAt + 8 * rowBlock * depthBlock;
const memorySize = panelBAt + 8 * columnBlock * depthBlock;

/**
 * The tile in vector registers of two float64: about 18 GF, four times the JavaScript. Undefined where the engine has no
 * fixed-width SIMD (or no WebAssembly: --no-expose-wasm), or may not reserve the address space that it wants for a memory.
 */
export function simdKernel(): TileKernel | undefined {
  const pageSize = 65536;
  const bytes = wasmModule([multiplyTile()], Math.ceil(memorySize / pageSize));
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) return undefined;
  let exports: Exports;
  try {
    exports = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const { buffer } = exports.memory;
  return {
    name: 'WebAssembly SIMD',
    panelA: new Float64Array(buffer, panelAAt, rowBlock * depthBlock),
    panelB: new Float64Array(buffer, panelBAt, columnBlock * depthBlock),
    sums: new Float64Array(buffer, sumsAt, tile * tile),
    multiplyTile(p, q, steps) {
      const a = panelAAt + 8 * p;
      exports.multiplyTile(a, panelBAt + 8 * q, a + 8 * tile * steps);
    },
  };
}

/**
 * The function multiplyTile(a, b, end) of three addresses: of a strip of A, of a strip of B, and of the end of the strip
 * of A. Eight of the sixteen vector registers hold the sums, two halves of a row each. With two steps a turn of the loop,
 * or with larger tiles, V8 runs out of registers and is slower (measured: 20 GF as it is, 16 with two steps, 15 for 6 x 4).
 */
function multiplyTile(): WasmFunction {
  const [a, b, end] = [0, 1, 2];
  const sum = (row: number, half: number) => 3 + 2 * row + half;
  const factorB = (half: number) => sum(tile, half);
  const factorA = sum(tile, 2);
  const [rows, halves] = [
    [0, 1, 2, 3],
    [0, 1],
  ];

  const addProduct = (row: number, half: number): Code => [
    ...localGet(sum(row, half)),
    ...[...localGet(factorA), ...localGet(factorB(half)), ...f64x2Multiply],
    ...f64x2Add,
    ...localSet(sum(row, half)),
  ];
  const advance = (address: number): Code => [
    ...[...localGet(address), ...i32Const(8 * tile), ...i32Add],
    ...localSet(address),
  ];
  const step: Code = [
    ...halves.flatMap((half) => [...localGet(b), ...v128Load(16 * half), ...localSet(factorB(half))]),
    ...rows.flatMap((row) => [
      ...[...localGet(a), ...v128Load64Splat(8 * row), ...localSet(factorA)],
      ...halves.flatMap((half) => addProduct(row, half)),
    ]),
    ...advance(b),
    ...advance(a),
  ];
  return {
    name: 'multiplyTile',
    parameters: ['i32', 'i32', 'i32'],
    locals: Array<'v128'>(2 * tile + 3).fill('v128'),
    body: [
      ...repeatWhile([...step, ...localGet(a), ...localGet(end), ...i32LessUnsigned]),
      ...rows.flatMap((row) =>
        halves.flatMap((half) => [
          ...[...i32Const(sumsAt), ...localGet(sum(row, half))],
          ...v128Store(8 * tile * row + 16 * half),
        ]),
      ),
    ],
  };
}
