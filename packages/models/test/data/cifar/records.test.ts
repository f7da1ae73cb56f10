import { describe, expect, it } from 'vitest';
import { parseCifarRecords } from '../../../src/data/cifar/records.js';
import { cifarRecords } from '../../support/cifar-files.js';

const pixel = (n: number, c: number, y: number, x: number) => (31 * n + 89 * c + 5 * y + x) % 256;

describe('CIFAR records', () => {
  it('hold red, green and blue planes in the file and channels innermost in memory', () => {
    const { count, pixels, labels } = parseCifarRecords(cifarRecords([[7], [0]], pixel), 'file', [10]);
    expect(count).toBe(2);
    expect(labels.map((label) => [...label])).toEqual([[7, 0]]);
    for (let n = 0; n < 2; n++) {
      for (let y = 0; y < 32; y++) {
        for (let x = 0; x < 32; x++) {
          const place = n * 3072 + (y * 32 + x) * 3;
          const expected = [0, 1, 2].map((c) => pixel(n, c, y, x));
          if (expected.some((value, c) => pixels[place + c] !== value)) expect([n, y, x]).toBe('as written');
        }
      }
    }
  });

  it('hold superclass and class where a record has two labels', () => {
    const bytes = cifarRecords(
      [
        [19, 99],
        [3, 0],
      ],
      pixel,
    );
    const { labels, pixels } = parseCifarRecords(bytes, 'file', [20, 100]);
    expect(labels.map((label) => [...label])).toEqual([
      [19, 3],
      [99, 0],
    ]);
    expect([pixels[3072], pixels[3073], pixels[3074]]).toEqual([
      pixel(1, 0, 0, 0),
      pixel(1, 1, 0, 0),
      pixel(1, 2, 0, 0),
    ]);
  });

  it('are refused when they are cut anywhere but between two', () => {
    const whole = cifarRecords([[1], [2]], pixel);
    for (const length of [0, 1, 3072, 3074, 2 * 3073 - 1]) {
      expect(() => parseCifarRecords(whole.subarray(0, length), 'cut.bin', [10])).toThrow(
        `cut.bin: expected whole records of 3073 bytes (1 label, 3 x 32 x 32 pixels), found ${length} bytes: ` +
          `${Math.floor(length / 3073)} records and ${length % 3073} bytes`,
      );
    }
    expect(parseCifarRecords(whole.subarray(0, 3073), 'one', [10]).count).toBe(1);
  });

  it('are refused when they are those of CIFAR-100 in place of those of CIFAR-10, and the other way round', () => {
    const hundred = cifarRecords([[0, 0]], pixel);
    expect(() => parseCifarRecords(hundred, 'test_batch.bin', [10])).toThrow('found 3074 bytes: 1 records and 1 bytes');
    const ten = cifarRecords([[0]], pixel);
    expect(() => parseCifarRecords(ten, 'test.bin', [20, 100])).toThrow(
      'test.bin: expected whole records of 3074 bytes (2 labels, 3 x 32 x 32 pixels), found 3073 bytes',
    );
  });

  it('are refused when a label is not a class', () => {
    expect(() => parseCifarRecords(cifarRecords([[9], [10]], pixel), 'a.bin', [10])).toThrow(
      'a.bin: expected labels from 0 to 9, found label 10 in record 1',
    );
    expect(() => parseCifarRecords(cifarRecords([[20, 3]], pixel), 'b.bin', [20, 100])).toThrow(
      'b.bin: expected superclass labels from 0 to 19, found label 20 in record 0',
    );
    expect(() => parseCifarRecords(cifarRecords([[2, 100]], pixel), 'b.bin', [20, 100])).toThrow(
      'b.bin: expected class labels from 0 to 99, found label 100 in record 0',
    );
  });
});
