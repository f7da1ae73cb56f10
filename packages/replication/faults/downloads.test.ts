import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { randomStream } from '@hessian-rmt/numerics';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { tinyCifar } from '../../models/test/support/cifar-files.js';
import { tinySource } from '../../models/test/support/idx-files.js';
import { Command } from '../test/command.js';
import { Project } from '../test/project.js';
import { temporaryFolder } from '../test/temporary.js';
import { sized, tell } from './figures.js';

const random = randomStream(20_261_122, 'downloads');
const script = fileURLToPath(new URL('./fixtures/fetch-data.js', import.meta.url));
const idx = tinySource();
const cifar = await tinyCifar();

/** Data sets with what a server that means well would send, and the names and sums of the files that may come of it. */
const dataSets = [
  {
    source: idx.source,
    sent: new Map(Array.from(idx.compressed, ([name, bytes]) => [`${name}.gz`, bytes])),
    published: new Map(Array.from(idx.compressed, ([name, bytes]) => [`${name}.gz`, bytes])),
  },
  {
    source: cifar.source,
    sent: new Map([[cifar.source.archive.name, cifar.archive]]),
    published: new Map([...cifar.contents, [cifar.source.archive.name, cifar.archive]]),
  },
];
type DataSet = (typeof dataSets)[number];

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/files`;
}

/** Files under a published name whose contents are not the published ones; receipts and partial files have other names. */
function unverified(folder: string, { published }: DataSet): string[] {
  if (!existsSync(folder)) return [];
  const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  return readdirSync(folder).filter((name) => {
    const expected = published.get(name);
    return expected !== undefined && sum(readFileSync(join(folder, name))) !== sum(expected);
  });
}

const nameIn = (url: string | undefined) => url!.replace(/^.*\//, '');
const flipped = (bytes: Buffer) => {
  const other = Buffer.from(bytes);
  other[random.integer(other.length)] ^= 1 << random.integer(8);
  return other;
};

/** What servers may do instead of sending the file. */
const misbehaviours: Readonly<Record<string, (response: ServerResponse, whole: Buffer, again: number) => void>> = {
  'one bit is another': (response, whole) => response.end(flipped(whole)),
  'one bit is another, of the right length': (response, whole) =>
    response.writeHead(200, { 'content-length': whole.length }).end(flipped(whole)),
  'cut, with the length of the whole': (response, whole) => {
    response.writeHead(200, { 'content-length': whole.length });
    response.write(whole.subarray(0, random.integer(whole.length)), () => response.destroy());
  },
  'cut, without a length': (response, whole) => response.end(whole.subarray(0, random.integer(whole.length))),
  'cut in a chunk': (response, whole) => {
    response.write(whole.subarray(0, whole.length >> 1), () => response.destroy());
  },
  nothing: (response) => response.end(),
  'bytes behind it': (response, whole) => response.end(Buffer.concat([whole, Buffer.from('more')])),
  'a shorter length than it sends': (response, whole) => {
    response.writeHead(200, { 'content-length': whole.length - 1 }).end(whole.subarray(0, -1));
  },
  'a page that says it is sorry': (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sorry</h1>'),
  'not found': (response) => response.writeHead(404).end('no'),
  'an error': (response, whole) => response.writeHead(500).end(whole),
  'part of it': (response, whole) =>
    response.writeHead(206, { 'content-range': `bytes 0-9/${whole.length}` }).end(whole.subarray(0, 10)),
  'a redirect to something else': (response, _, again) =>
    again > 0 ? response.end('something else') : response.writeHead(302, { location: '/files/elsewhere?x=1' }).end(),
  'redirects for ever': (response) => response.writeHead(302, { location: '/files/round' }).end(),
  'a redirect to a file of this machine': (response) =>
    response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  'it packed once more': (response, whole) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(flipped(whole))),
  'a part, and then silence': (response, whole) => void response.write(whole.subarray(0, 20)),
  silence: () => {},
};

test('whatever a server sends instead, nothing unverified gets the name of a published file, and the error says what', async () => {
  const complaints: string[] = [];
  let [tried, turn] = [0, 0];
  for (const dataSet of dataSets) {
    for (const [what, misbehave] of Object.entries(misbehaviours)) {
      for (const damaged of [false, true]) {
        // The short campaign takes each once.
        if (sized({ long: false, short: damaged !== (dataSet === dataSets[1]) || turn++ % 2 === 1 })) continue;
        tried++;
        const directory = temporaryFolder();
        const folder = join(directory, dataSet.source.name);
        const first = [...dataSet.sent.keys()][0];
        if (damaged) {
          // Something lies there under the name already: it is replaced by what is verified, or stays as it was.
          mkdirSync(folder);
          writeFileSync(join(folder, first), 'damaged');
        }
        let calls = 0;
        let early: string[] = [];
        const whole = dataSet.sent.get(first)!;
        const url = await serve((_, response) => {
          misbehave(response, whole, calls++);
          early = [...early, ...unverified(folder, dataSet)];
        });
        const command = new Command([script, JSON.stringify(dataSet.source), directory, url, '300']);
        const code = await command.end();
        const left = unverified(folder, dataSet).filter(
          (name) => !(damaged && readFileSync(join(folder, name), 'utf8') === 'damaged'),
        );
        early = early.filter((name) => !(damaged && name === first));
        const parts = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.part')) : [];
        const says =
          command.output.startsWith('DownloadError: ') &&
          command.output.includes(url) &&
          !/\n\s+at /.test(command.output);
        if (code !== 1 || !says || left.length + early.length + parts.length > 0) {
          complaints.push(
            `${dataSet.source.name}, ${what}: ${code} ${command.output.slice(0, 200)} ${left} ${early} ${parts}`,
          );
        }
        for (const close of closing.splice(0)) close();
      }
    }
  }
  tell(
    'downloads',
    `${tried} downloads from servers that misbehave: ${complaints.length} left something unverified, or no clear error`,
  );
  expect(complaints).toEqual([]);
});

test('a download that is killed leaves nothing unverified under the final name, and the next one ends it', async () => {
  const kills = sized({ long: 40, short: 8 });
  let [bad, resumed, parts, whileSending] = [0, 0, 0, 0];
  for (let kill = 0; kill < kills; kill++) {
    const dataSet = dataSets[kill % dataSets.length];
    const directory = temporaryFolder();
    const folder = join(directory, dataSet.source.name);
    // The server stops at some byte of all, and waits; of every fourth download it sends the whole.
    const total = [...dataSet.sent.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    let left = kill % 4 === 3 ? total : random.integer(total);
    let isHolding = false;
    const url = await serve(({ url: path }, response) => {
      const bytes = dataSet.sent.get(nameIn(path))!;
      response.writeHead(200, { 'content-length': bytes.length });
      const part = bytes.subarray(0, left);
      left -= part.length;
      if (part.length === bytes.length) response.end(part);
      else {
        response.write(part);
        isHolding = true;
      }
    });
    const command = new Command([script, JSON.stringify(dataSet.source), directory, url, '5000']);
    while (!isHolding && left > 0 && !command.hasEnded) await sleep(1);
    await sleep(random.integer(30));
    if (isHolding) whileSending++;
    command.process.kill('SIGKILL');
    await command.end();
    bad += unverified(folder, dataSet).length;
    const good = await serve(({ url: path }, response) => void response.end(dataSet.sent.get(nameIn(path))));
    const again = new Command([script, JSON.stringify(dataSet.source), directory, good, '5000']);
    const code = await again.end();
    const wanted = [...dataSet.published.keys()].filter((name) => name !== cifar.source.archive.name);
    const complete = wanted.every((name) => existsSync(join(folder, name))) && unverified(folder, dataSet).length === 0;
    resumed += Number(code === 0 && complete);
    parts += readdirSync(folder).filter((name) => name.endsWith('.part')).length;
    for (const close of closing.splice(0)) close();
  }
  tell(
    'downloads',
    `${kills} killed, ${whileSending} of them while bytes came: ${bad} unverified files, ${resumed} ended by the next one; ${parts} partial files stay under names of their own`,
  );
  expect([bad, resumed]).toEqual([0, kills]);
  expect(whileSending).toBe(kills - Math.floor(kills / 4));
});

test('redirects are followed to the file itself', async () => {
  for (const dataSet of dataSets) {
    const directory = temporaryFolder();
    const url = await serve(({ url: path }, response) => {
      if (path!.startsWith('/files/')) response.writeHead(302, { location: `/there/${nameIn(path)}` }).end();
      else response.end(dataSet.sent.get(nameIn(path)));
    });
    const command = new Command([script, JSON.stringify(dataSet.source), directory, url, '5000']);
    expect(await command.end(), command.output).toBe(0);
    expect(unverified(join(directory, dataSet.source.name), dataSet)).toEqual([]);
  }
});

test('a data file that was damaged later is named by `data verify`', async () => {
  const directory = temporaryFolder();
  const project = new Project([]);
  onTestFinished(() => project.remove());
  const files = [
    'mnist/train-images-idx3-ubyte.gz',
    'fashion-mnist/t10k-labels-idx1-ubyte',
    'cifar10/data_batch_3.bin',
  ];
  let named = 0;
  for (const file of files) {
    mkdirSync(join(directory, file, '..'), { recursive: true });
    writeFileSync(join(directory, file), flipped(gzipSync('not what was published, whichever file it is')));
  }
  const { code, stdout, stderr } = await project.run('data', 'verify', '--directory', directory);
  for (const file of files)
    named += Number(stdout.includes(join(directory, file)) && stderr.includes(file.replace(/^.*\/|\.gz$/g, '')));
  tell('downloads', `${named} of ${files.length} data files damaged later named by data verify`);
  expect({ code, named }).toEqual({ code: 1, named: files.length });
});
