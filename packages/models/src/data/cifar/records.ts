import { DataFileError } from '../data-file-error.js';

// The format of CIFAR's binary files (Krizhevsky 2009): records without a header, each the label bytes (CIFAR-10: class;
// CIFAR-100: superclass, class) and then three planes of 32 x 32 bytes, red, green, blue, rows from the top.

export const side = 32;
export const channels = 3;
const plane = side * side;
const pixelBytes = channels * plane;

export interface CifarRecords {
  readonly count: number;
  /** count x 32 x 32 x 3: channels innermost, as everywhere outside these files. */
  readonly pixels: Uint8Array;
  /** One array for each label byte of a record. */
  readonly labels: readonly Uint8Array[];
}

/**
 * @param labelClasses  number of classes of each label byte
 * @throws DataFileError unless the bytes are whole records, at least one, with every label in its range
 */
export function parseCifarRecords(bytes: Uint8Array, file: string, labelClasses: readonly number[]): CifarRecords {
  const recordBytes = labelClasses.length + pixelBytes;
  const count = Math.floor(bytes.length / recordBytes);
  const rest = bytes.length % recordBytes;
  if (count === 0 || rest !== 0) {
    const labels = labelClasses.length === 1 ? '1 label' : `${labelClasses.length} labels`;
    throw new DataFileError(
      file,
      `whole records of ${recordBytes} bytes (${labels}, ${channels} x ${side} x ${side} pixels)`,
      `${bytes.length} bytes: ${count} records and ${rest} bytes (truncated, or another data set)`,
    );
  }
  const pixels = new Uint8Array(count * pixelBytes);
  const labels = labelClasses.map(() => new Uint8Array(count));
  for (let n = 0; n < count; n++) {
    const start = n * recordBytes;
    labelClasses.forEach((classes, i) => {
      const label = bytes[start + i];
      if (label >= classes) {
        const which = labelClasses.length === 1 ? 'labels' : i === 0 ? 'superclass labels' : 'class labels';
        throw new DataFileError(file, `${which} from 0 to ${classes - 1}`, `label ${label} in record ${n}`);
      }
      labels[i][n] = label;
    });
    const image = start + labelClasses.length;
    for (let c = 0; c < channels; c++) {
      const from = image + c * plane;
      const to = n * pixelBytes + c;
      for (let i = 0; i < plane; i++) pixels[to + channels * i] = bytes[from + i];
    }
  }
  return { count, pixels, labels };
}
