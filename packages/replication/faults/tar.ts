/** A tar entry as bytes say it, for archives that no program would write. */
export interface RawEntry {
  readonly name: string;
  /** `0` file, `1` hard link, `2` symbolic link, `3` and `4` devices, `5` folder, `6` pipe, `x` and `g` pax, `L` and `K` GNU. */
  readonly type?: string;
  readonly link?: string;
  readonly body?: Uint8Array;
  /** The field of the size, where it is not to be that of the body: 12 bytes. */
  readonly size?: string | Uint8Array;
  /** The name's beginning, which ustar puts before it. */
  readonly prefix?: string;
  readonly badChecksum?: boolean;
}

/** POSIX.1-1988 ustar: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html */
export function rawTar(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1024)]);
}

/** A pax header that gives the entry behind it another name, link or size. */
export function pax(fields: Readonly<Record<string, string>>, type: 'x' | 'g' = 'x'): RawEntry {
  const records = Object.entries(fields).map(([key, value]) => {
    const text = ` ${key}=${value}\n`;
    const bytes = Buffer.byteLength(text);
    const digits = String(bytes + String(bytes).length).length;
    return `${bytes + digits}${text}`;
  });
  return { name: 'PaxHeader', type, body: Buffer.from(records.join('')) };
}

function blocksOf({
  name,
  type = '0',
  link = '',
  body = new Uint8Array(),
  size,
  prefix = '',
  badChecksum = false,
}: RawEntry) {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100, 'latin1');
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  const length = size ?? `${body.length.toString(8).padStart(11, '0')}\0`;
  header.set(typeof length === 'string' ? Buffer.from(length, 'latin1').subarray(0, 12) : length.subarray(0, 12), 124);
  header.write('00000000000\0', 136);
  header.fill(' ', 148, 156);
  header.write(type, 156, 1);
  header.write(link, 157, 100, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(prefix, 345, 155, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, badChecksum ? 1 : 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
}
