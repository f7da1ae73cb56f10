import { expect, test } from 'vitest';
import { i32Const, localGet, v128Store, wasmModule } from '../../src/portable/wasm-code.js';

// Node's types do not know WebAssembly.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: { memory: { buffer: ArrayBuffer }; clear: () => void } };
};

/** A module that writes 16 zeros at address + offset, run on a memory of ones: where the zeros are. */
function zerosAt(address: number, offset: number): number[] {
  const body = [...i32Const(address), ...localGet(0), ...v128Store(offset)];
  const bytes = wasmModule([{ name: 'clear', parameters: [], locals: ['v128'], body }], 2);
  const { memory, clear } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const view = new Uint8Array(memory.buffer).fill(1);
  clear();
  return Array.from(view.keys()).filter((i) => view[i] === 0);
}

// One byte of LEB128 holds 7 bits, of which a signed number keeps one for its sign.
test.each([0, 16, 63, 64, 127, 128, 8191, 8192, 16383, 16384, 131_056])(
  'the constant and the offset %i are encoded so that the engine reads them back',
  (number) => {
    const expected = Array.from({ length: 16 }, (_, i) => number + i);
    expect(zerosAt(number, 0)).toEqual(expected);
    expect(zerosAt(0, number)).toEqual(expected);
  },
);
