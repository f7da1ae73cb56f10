import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';
import { npzMembers, readNpz, writeNpz } from '@hessian-rmt/numerics';
import { expect, test } from 'vitest';
import type { CifarSource } from '../../models/src/data/cifar/catalogue.js';
import { unpackCifar } from '../../models/src/data/cifar/unpack.js';
import { tinyCifar } from '../../models/test/support/cifar-files.js';
import { temporaryFolder } from '../test/temporary.js';
import { sized, tell } from './figures.js';
import { inTime } from './judged-outcome.js';
import { pax, type RawEntry, rawTar } from './tar.js';

// Archives of data sets are the only ones that are unpacked into files; .npz archives are read into memory.

const { source, contents } = await tinyCifar();
const evil = Buffer.from('evil');
const good: readonly RawEntry[] = [
  { name: 'tiny-bin/', type: '5' },
  ...Array.from(contents, ([name, body]) => ({ name: `tiny-bin/${name}`, body })),
];

/** Names that lead out of a folder, for some reader on some system. `OUTER` stands for the folder around. */
const names = [
  '../precious',
  '../../precious',
  'tiny-bin/../../precious',
  'tiny-bin/../precious',
  'tiny-bin//../..//precious',
  './../precious',
  '/OUTER/precious',
  '//OUTER/precious',
  'OUTER/precious',
  'file:///OUTER/precious',
  '..\\precious',
  'tiny-bin\\..\\..\\precious',
  'C:\\precious',
  '\\\\?\\OUTER\\precious',
  'tiny-bin/test.bin/../../../precious',
  'tiny-bin/test.bin/precious',
  'tiny-bin/%2e%2e/%2e%2e/precious',
  'tiny-bin/\uff0e\uff0e\uff0fprecious',
  '..',
  '.',
  '/',
  '',
  ' ',
  '~/precious',
  '$HOME/precious',
  'tiny-bin/../tiny-bin/test.bin',
  'tiny-bin/./test.bin',
  'TINY-BIN/TEST.BIN',
  'tiny-bin/test.bin ',
  'tiny-bin/test.bin.',
  'tiny-bin/test.bin:stream',
  'tiny-bin/unpacked-from-tiny.tar.gz.json',
  'tiny-bin/constructor',
  'tiny-bin/__proto__',
];

/** The ways in which tar gives an entry its name. */
const ways: Readonly<Record<string, (name: string, entry: Omit<RawEntry, 'name'>) => RawEntry[]>> = {
  ustar: (name, entry) => [{ ...entry, name }],
  prefix: (name, entry) => {
    const at = name.indexOf('/');
    return [{ ...entry, name: name.slice(at + 1), prefix: at < 0 ? '..' : name.slice(0, at) }];
  },
  pax: (name, entry) => [pax({ path: name }), { ...entry, name: 'tiny-bin/harmless' }],
  'global pax': (name, entry) => [pax({ path: name }, 'g'), { ...entry, name: 'tiny-bin/harmless' }],
  GNU: (name, entry) => [
    { name: '././@LongLink', type: 'L', body: Buffer.from(`${name}\0`) },
    { ...entry, name: 'tiny-bin/harmless' },
  ],
  'behind a NUL': (name, entry) => [{ ...entry, name: `tiny-bin/test.bin\0${name}` }],
  'pax with a NUL': (name, entry) => [pax({ path: `tiny-bin/test.bin\0${name}` }), { ...entry, name: 'x' }],
};

interface Attack {
  readonly what: string;
  readonly entries: readonly RawEntry[];
}

function attacks(outer: string): Attack[] {
  const placed = names.map((name) => name.replaceAll('OUTER', outer.replace(/^\//, '')));
  const named = Object.entries(ways).flatMap(([way, make]) =>
    placed.flatMap((name) => {
      const behind = [...make(name, { body: evil }), ...good];
      return [
        { what: `${way}: ${JSON.stringify(name)}`, entries: behind },
        { what: `${way}, last: ${JSON.stringify(name)}`, entries: [...good, ...make(name, { body: evil })] },
      ];
    }),
  );
  const targets = ['..', '../precious', join(outer, 'precious'), outer, '/', 'test.bin', '../../precious'];
  const linked = ['1', '2'].flatMap((type) =>
    targets.flatMap((link) =>
      ['tiny-bin/link', 'tiny-bin/test.bin', 'tiny-bin', 'link'].flatMap((name) => [
        // A link, and a file that is to be written through it.
        {
          what: `link ${type} ${name} -> ${link}`,
          entries: [{ name, type, link }, { name: `${name}/precious`, body: evil }, ...good],
        },
        {
          what: `link ${type} ${name} -> ${link}, replaced`,
          entries: [{ name, type, link }, { name, body: evil }, ...good],
        },
        {
          what: `pax link ${type} ${name} -> ${link}`,
          entries: [pax({ linkpath: link }), { name, type, link: 'x' }, ...good],
        },
      ]),
    ),
  );
  const special = ['3', '4', '5', '6', '7', 'S', 'V', 'M', 'D', 'A', '\0', '9', 'X'].flatMap((type) =>
    ['tiny-bin/test.bin', '../precious', 'tiny-bin/names.txt'].map((name) => ({
      what: `type ${JSON.stringify(type)} ${name}`,
      entries: [{ name, type, body: evil }, ...good],
    })),
  );
  const sizes: readonly (string | Uint8Array)[] = [
    '77777777777\0',
    '-0000000001\0',
    'zzzzzzzzzzz\0',
    '0x10       \0',
    Uint8Array.from([0x80, 0, 0, 0, 127, 255, 255, 255, 255, 255, 255, 255]),
    new Uint8Array(12).fill(255),
    '00000000000\0',
  ];
  const ofSizes = sizes.flatMap((size) =>
    ['tiny-bin/test.bin', 'tiny-bin/names.txt', '../precious'].flatMap((name) => [
      { what: `size ${JSON.stringify(String(size))} ${name}`, entries: [{ name, body: evil, size }, ...good] },
      { what: `size ${JSON.stringify(String(size))} ${name}, last`, entries: [...good, { name, body: evil, size }] },
    ]),
  );
  const paxSizes = ['99999999999999', '-1', 'x', '1e3', ''].map((size) => ({
    what: `pax size ${size}`,
    entries: [pax({ size }), { name: 'tiny-bin/test.bin', body: evil }, ...good],
  }));
  const twice = ['test.bin', 'names.txt'].map((name) => ({
    what: `${name} twice`,
    entries: [...good, { name: `tiny-bin/${name}`, body: evil }],
  }));
  const damaged = good.map((_, i) => ({
    what: `sum of entry ${i}`,
    entries: good.map((entry, j) => ({ ...entry, badChecksum: i === j })),
  }));
  return [...named, ...linked, ...special, ...ofSizes, ...paxSizes, ...twice, ...damaged];
}

/** Every file, folder and link under a folder, with what is in it. */
function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      if (entry.isSymbolicLink()) return [path, `-> ${readlinkSync(path)}`];
      return [path, entry.isFile() ? readFileSync(path, 'latin1') : entry.isDirectory() ? 'folder' : 'special'];
    }),
  );
}

/** What is wrong with what an archive left behind; undefined when nothing is. */
async function complaintOf(
  outer: string,
  number: number,
  { entries }: Attack,
  of: CifarSource,
): Promise<string | undefined> {
  const inner = join(outer, `inner-${number}`);
  mkdirSync(inner);
  const archive = join(outer, 'tiny.tar.gz');
  writeFileSync(archive, gzipSync(rawTar(entries)));
  const before = snapshot(outer);
  const error = await inTime(
    unpackCifar(of, archive, inner).then(
      () => undefined,
      (reason: Error) => reason,
    ),
  );
  const after = snapshot(outer);
  const isInside = (path: string) => path.startsWith(`${inner}/`);
  const outside = Object.keys({ ...before, ...after }).filter(
    (path) => !isInside(path) && before[path] !== after[path],
  );
  if (outside.length > 0) return `wrote ${outside}`;
  const receipt = 'unpacked-from-tiny.tar.gz.json';
  const left = readdirSync(inner);
  rmSync(inner, { recursive: true });
  const strange = left.filter((name) => name !== receipt && !contents.has(name));
  if (strange.length > 0) return `left ${strange}`;
  if (error === undefined) {
    const wrong = [...contents].filter(([name, bytes]) => after[join(inner, name)] !== bytes.toString('latin1'));
    return wrong.length === 0 && left.includes(receipt) ? undefined : `unpacked ${wrong.map(([name]) => name)} wrongly`;
  }
  if (left.includes(receipt)) return 'failed, and left a receipt for published files';
  return error.message.includes(outer) && error.name === 'DataFileError' ? undefined : `unclear: ${error.message}`;
}

test('no archive writes outside its folder, or into it what is not a file of the data set', async () => {
  const outer = temporaryFolder();
  writeFileSync(join(outer, 'precious'), 'as it was');
  const complaints: string[] = [];
  const step = sized({ long: 1, short: 5 });
  const tried = attacks(outer).filter((_, i) => i % step === 0);
  for (const [number, attack] of tried.entries()) {
    const complaint = await complaintOf(outer, number, attack, source);
    if (complaint) complaints.push(`${attack.what}: ${complaint}`);
  }
  tell(
    'hostile archives',
    `${tried.length} tar.gz archives: ${complaints.length} wrote outside, left something strange or no clear error`,
  );
  expect(complaints.slice(0, 20)).toEqual([]);
});

test('an archive that unpacks to far more than it should is neither written nor held in memory', async () => {
  const outer = temporaryFolder();
  const size = sized({ long: 2 ** 29, short: 2 ** 27 });
  const zeros = Buffer.alloc(2 ** 20);
  const grown: string[] = [];
  for (const name of ['tiny-bin/readme.html', 'tiny-bin/test.bin', '../precious']) {
    const archive = join(outer, 'bomb.tar.gz');
    const gzip = createGzip();
    const packed: Buffer[] = [];
    gzip.on('data', (piece: Buffer) => packed.push(piece));
    const tar = rawTar([{ name, size: `${size.toString(8).padStart(11, '0')}\0` }]).subarray(0, 512);
    gzip.write(tar);
    for (let i = 0; i < size / zeros.length; i++)
      if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
    gzip.end(rawTar(good));
    await new Promise((resolve) => gzip.once('end', resolve));
    writeFileSync(archive, Buffer.concat(packed));
    const inner = join(outer, 'inner');
    mkdirSync(inner, { recursive: true });
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 5);
    await unpackCifar(source, archive, inner).catch((error: Error) => error);
    clearInterval(watch);
    const bytes = Object.values(snapshot(inner)).reduce((sum, text) => sum + text.length, 0);
    if (most - before > size / 2 || bytes > 100_000)
      grown.push(`${name}: ${most - before} bytes of memory, ${bytes} on the disk`);
  }
  tell('hostile archives', `3 bombs of ${size / 2 ** 20} MiB: ${grown.length} grew`);
  expect(grown).toEqual([]);
});

test('.npz archives write nothing, whatever their members are called', async () => {
  const outer = temporaryFolder();
  const file = join(outer, 'weights.npz');
  const members = names
    .map((name) => name.replaceAll('OUTER', outer.replace(/^\//, '')))
    .concat('a\0../precious', '__proto__', 'constructor');
  const complaints: string[] = [];
  for (const name of members) {
    await writeNpz(file, Object.fromEntries([[name, { shape: [1], data: Float64Array.of(7) }]]));
    const before = snapshot(outer);
    const read = await readNpz(file).catch((error: Error) => error);
    const raw = await (async () => {
      for await (const member of npzMembers(file)) if (member.bytes.length !== 136) return 'cut';
      return undefined;
    })().catch((error: Error) => error.message);
    const after = snapshot(outer);
    if (JSON.stringify(before) !== JSON.stringify(after)) complaints.push(`${name}: wrote`);
    const value =
      read instanceof Error ? read.message : Object.entries(read).map(([own, { data }]) => `${own}=${data[0]}`);
    if (String(value) !== `${name}=7` || raw) complaints.push(`${JSON.stringify(name)}: read ${value} ${raw ?? ''}`);
  }
  expect(Object.prototype).not.toHaveProperty('data');
  tell('hostile archives', `${members.length} .npz archives: ${complaints.length} wrote or were read wrongly`);
  expect(complaints).toEqual([]);
});
