import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { afterAll, describe, expect, it } from 'vitest';
import { operatorSpectrum } from '../src/spectrum/operator-spectrum.js';

const folder = mkdtempSync(join(tmpdir(), 'hessian-rmt-operator-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let written = 0;

/** The unit of an operator with this source, in this process. */
async function resultOf(source: string, method: 'exact' | 'lanczos', steps = 100) {
  // A module is loaded once: each source in a file of its own.
  const module = join(folder, `operator-${written++}.mjs`);
  writeFileSync(module, source);
  const operator = { module, checksum: '', version: null };
  const context = {
    repetition: 0,
    random: randomStream(1, 'operator'),
    linearAlgebra: await linearAlgebra({ threads: 1 }),
    of: () => Promise.reject(new Error('needs no other unit')),
    scratch: () => Promise.resolve(folder),
    progress: () => {},
  };
  return operatorSpectrum.run({ operator, method, steps, vectors: 1 }, context);
}

describe('an operator of one’s own is a module with shape and matvec', () => {
  it.each([
    ['an object', '{ shape: [20, 20], matvec: (v) => v.map((x, i) => (i + 1) * x) }'],
    ['a function', '() => ({ shape: [20, 20], matvec: (v) => Array.from(v, (x, i) => (i + 1) * x) })'],
    ['an async one', 'async () => ({ shape: [20, 20], matvec: async (v) => v.map((x, i) => (i + 1) * x) })'],
  ])('%s', async (_what, operator) => {
    const source = `export default ${operator};`;
    const [exact, ritz] = [await resultOf(source, 'exact'), await resultOf(source, 'lanczos', 20)];
    for (const values of [exact.arrays['levels-0'].data, ritz.arrays['nodes-0-0'].data]) {
      expect(values).toHaveLength(20);
      for (const [i, value] of values.entries()) expect(Math.abs(value - (i + 1))).toBeLessThan(20e-10);
    }
  });

  it('whose close is called at the end, also after an error', async () => {
    const source = (product: string) =>
      `export default { shape: [3, 3], matvec: (v) => ${product}, close() { globalThis.closed += 1; } };`;
    const counter = globalThis as { closed?: number };
    counter.closed = 0;
    await resultOf(source('v'), 'exact');
    await expect(resultOf(source('undefined'), 'exact')).rejects.toThrow();
    expect(counter.closed).toBe(2);
    delete counter.closed;
  });
});

describe('what is wrong with it is told in one line, under the name of its module', () => {
  const matvec = (body: string) => `export default { shape: [3, 3], matvec(v) { ${body} } };`;

  it.each([
    ['not symmetric', matvec('return Float64Array.of(v[1], v[2], 0);'), 'expected a symmetric operator, found |'],
    ['NaN', matvec('return v.map(() => NaN);'), 'expected finite numbers, found NaN as element 0'],
    ['too short', matvec('return v.subarray(1);'), 'expected a vector of length 3, found 2'],
    ['nothing returned', matvec(''), 'matvec: expected a Float64Array of 3 numbers, found nothing'],
    ['a number', matvec('return 7;'), 'matvec: expected a Float64Array of 3 numbers, found the number 7'],
    ['not square', 'export default { shape: [3, 4], matvec: (v) => v };', 'found shape [ 3, 4 ] and a matvec'],
    ['no default', 'export const a = 1;', 'with shape [P, P] and matvec(v); found nothing'],
    ['no JavaScript', 'export default {', 'the module cannot be loaded: '],
    ['a string thrown', matvec("throw 'lost';"), 'lost'],
  ])('%s', async (_what, source, message) => {
    for (const method of ['exact', 'lanczos'] as const) {
      const error = await resultOf(source, method).then(
        () => null,
        (reason: Error) => reason,
      );
      expect(error).toBeInstanceOf(RangeError);
      expect(error!.message).toMatch(/operator-\d+\.mjs: /);
      expect(error!.message).toContain(message);
      expect(error!.message).not.toContain('\n');
    }
  });

  it('an error of its own with the line where it was thrown', async () => {
    const source = "export default {\n  shape: [3, 3],\n  matvec() {\n    throw new Error('no device');\n  },\n};\n";
    await expect(resultOf(source, 'lanczos')).rejects.toThrow(/operator-\d+\.mjs:4:11: no device$/);
  });
});
