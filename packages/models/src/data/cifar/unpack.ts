import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { writeAtomically } from '@hessian-rmt/numerics';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { DataFileError } from '../data-file-error.js';
import { type CifarSource, cifarFilesOf } from './catalogue.js';
import { publishedBytes } from './read.js';
import { removeReceipt, writeReceipt } from './receipt.js';

/**
 * Unpacks the files of a data set from its archive, whose sum has been found right. Only entries of exactly the expected
 * names are written, each whole or not at all and under a path of our own making, so no archive can write anywhere else.
 *
 * @throws DataFileError when the archive is damaged, or a file is missing in it, there twice, of another size, or no file
 */
export async function unpackCifar(source: CifarSource, archive: string, folder: string): Promise<void> {
  const sizes = new Map(cifarFilesOf(source).map((file) => [file.name, publishedBytes(source, file)]));
  const texts = [source.classNames, ...source.otherTexts];
  const sums: Record<string, string> = {};
  // Files of two archives must not stand beside one receipt.
  await removeReceipt(source, folder);
  try {
    for await (const { header, body } of entriesOf(archive)) {
      const name = [...sizes.keys(), ...texts].find((known) => header.name === `${source.folder}/${known}`);
      if (name === undefined) {
        // Not `cancel`: in modern-tar 0.8.6 that may silence the next entry, whose body it has begun by then.
        for await (const _ of body);
        continue;
      }
      const inside = `${archive}: ${header.name}`;
      if (header.type !== 'file') throw new DataFileError(inside, 'a file', `a ${header.type}`);
      if (name in sums) throw new DataFileError(inside, 'one entry of this name', 'two');
      const size = sizes.get(name);
      if (size !== undefined && header.size !== size) {
        throw new DataFileError(inside, `${size} bytes`, `${header.size} bytes`);
      }
      const hash = createHash('sha256');
      await writeAtomically(join(folder, name), hashed(body, hash));
      sums[name] = hash.digest('hex');
    }
  } catch (error) {
    if (error instanceof DataFileError || (error as NodeJS.ErrnoException).syscall) throw error;
    throw new DataFileError(archive, 'a whole tar.gz archive', (error as Error).message);
  }
  const missing = [...sizes.keys()].find((name) => !(name in sums));
  if (missing) throw new DataFileError(archive, `an entry ${source.folder}/${missing}`, 'none');
  await writeReceipt(source, folder, sums);
}

function entriesOf(archive: string): AsyncIterable<ParsedTarEntry> {
  const packed: ReadableStream = Readable.toWeb(createReadStream(archive));
  return packed.pipeThrough(new DecompressionStream('gzip')).pipeThrough(createTarDecoder({ strict: true }));
}

async function* hashed(body: AsyncIterable<Uint8Array>, hash: { update(piece: Uint8Array): unknown }) {
  for await (const piece of body) {
    hash.update(piece);
    yield piece;
  }
}
