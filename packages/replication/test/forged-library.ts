import { readFileSync, writeFileSync } from 'node:fs';

/** The file from which this process loaded OpenBLAS, if it did: Linux only. */
export function loadedOpenBlas(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return /\S*\/libopenblas\S*/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0];
}

/**
 * A copy of a library that is whole and loads, but in which one name stands for another function: a BLAS that answers
 * nonsense, without a compiler. 64-bit ELF, little-endian.
 */
export function forgeLibrary(from: string, to: string, name: string, standsFor: string): void {
  const file = readFileSync(from);
  const offset = (at: number) => Number(file.readBigUInt64LE(at));
  const [headers, headerSize, count] = [offset(40), file.readUInt16LE(58), file.readUInt16LE(60)];
  const section = (index: number) => headers + index * headerSize;
  const dynamicSymbols = 11;
  const symbols = [...Array(count).keys()].map(section).find((at) => file.readUInt32LE(at + 4) === dynamicSymbols)!;
  const names = offset(section(file.readUInt32LE(symbols + 40)) + 24);
  const [first, length, entry] = [offset(symbols + 24), offset(symbols + 32), offset(symbols + 56)];
  const symbolOf = (wanted: string) => {
    for (let at = first; at < first + length; at += entry) {
      const start = names + file.readUInt32LE(at);
      if (file.toString('latin1', start, file.indexOf(0, start)) === wanted) return at;
    }
    throw new Error(`${from} has no symbol ${wanted}`);
  };
  const address = 8;
  file.writeBigUInt64LE(file.readBigUInt64LE(symbolOf(standsFor) + address), symbolOf(name) + address);
  writeFileSync(to, file);
}
