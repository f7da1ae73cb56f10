import { crc32, deflateSync } from 'node:zlib';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * A PNG of opaque pixels (https://www.w3.org/TR/png-3/): 8 bits a channel, red, green, blue, without filters. Drawings are
 * flat areas and repeated rows, which deflate packs best as they are: files have 0.6 of the bytes that resvg's own encoder
 * makes, with alpha and filters. Figures are committed, so it counts.
 *
 * @param pixels  width x height x 4: red, green, blue and alpha, which is left out
 */
export function encodePng(width: number, height: number, pixels: Uint8Array): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const [bitDepth, trueColour] = [8, 2];
  header.set([bitDepth, trueColour, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from(signature),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(unfiltered(width, height, pixels), { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Row after row: the number of its filter, 0 for none, then its pixels. */
function unfiltered(width: number, height: number, pixels: Uint8Array): Uint8Array {
  const rows = new Uint8Array((1 + 3 * width) * height);
  let to = 0;
  for (let y = 0; y < height; y++) {
    to++;
    for (let from = 4 * y * width; from < 4 * (y + 1) * width; from += 4) {
      rows[to++] = pixels[from];
      rows[to++] = pixels[from + 1];
      rows[to++] = pixels[from + 2];
    }
  }
  return rows;
}

/** Length, name, data, and a sum of name and data. */
function chunk(name: string, data: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const bytes = Buffer.alloc(4 + named.length + 4);
  bytes.writeUInt32BE(data.length, 0);
  bytes.set(named, 4);
  bytes.writeUInt32BE(crc32(named), 4 + named.length);
  return bytes;
}
