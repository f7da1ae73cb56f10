import { createHash, type Hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { writing } from '../cannot-write.js';
import { readPaperCards } from '../report/paper-card.js';
import { rewriteFile } from '../rewrite-file.js';
import { takeLock } from '../run-lock.js';
import { storedFolders } from '../stored-results.js';
import { pageHtml } from './page-html.js';
import { readResults } from './read-results.js';

/** Our choice: opens at once from a disk, and can be sent by mail. A test holds the committed results to it. */
export const largestPage = 5_000_000;
/** More than the tags of a page take: 80 bytes a block. */
const markup = 40_000;

export interface PageOptions {
  readonly assets?: string;
  readonly largest?: number;
}

interface PageInputs {
  readonly root: string;
  readonly script: string;
  readonly style: string;
  readonly largest: number;
}

export interface UpdatedPage {
  /** `results/index.html` under the root. */
  readonly path: string;
  /** False where the page was made of these very results before. */
  readonly written: boolean;
}

/** What esbuild made of browser/, see bundle.js. The same from src/ and from dist/. */
const builtAssets = fileURLToPath(new URL('../../dist', import.meta.url));

/**
 * Bring `results/index.html` up to date with what is in results/: a page with all claims, figures, tables and manifests.
 * The same results give the same bytes. Costs milliseconds when nothing changed since the page was written.
 *
 * @param options.assets  folder of page.js and page.css; default what was built with this package
 * @param options.largest  bytes that the page may have; what has no room are figures, which it then shows by their files
 * @throws Error naming the file for results that cannot be read, or when the page's script was not built; CannotWrite
 */
export async function updateResultsPage(root: string, options: PageOptions = {}): Promise<UpdatedPage> {
  const { assets = builtAssets, largest = largestPage } = options;
  const inputs: PageInputs = {
    root,
    script: builtFile(assets, 'page.js'),
    style: builtFile(assets, 'page.css'),
    largest,
  };
  const path = join(root, 'results', 'index.html');
  if (await patiently(() => isCurrent(inputs, path))) return { path, written: false };
  // Runs of several experiments may end at one time: whoever writes last has seen the results of all.
  const lock = await takeLock(join(root, '.hessian-rmt', 'page-lock'), { purpose: 'results/index.html' });
  try {
    return { path, written: await patiently(() => write(inputs, path)) };
  } finally {
    lock.release();
  }
}

async function isCurrent(inputs: PageInputs, path: string): Promise<boolean> {
  return (await inputsOf(path)) === (await digestOf(inputs));
}

/** @returns whether the page had to be written */
async function write(inputs: PageInputs, path: string): Promise<boolean> {
  if (await isCurrent(inputs, path)) return false;
  const { root, script, style, largest } = inputs;
  const digest = await digestOf(inputs);
  const { index, blocks, ledgers } = await readResults(root, largest - script.length - style.length - markup);
  const html = pageHtml({ inputs: digest, script, style, index, blocks, ledgers });
  const kept = 'The page that stood there is untouched, and so are the results.';
  await writing('The results page', path, kept, () => rewriteFile(path, html));
  return true;
}

function builtFile(assets: string, name: string): string {
  const file = join(assets, name);
  if (!existsSync(file)) throw new Error(`${file} is missing: \`npm run build\` in packages/replication makes it`);
  return readFileSync(file, 'utf8').trim();
}

/** Sums of all that the page is made from. A manifest has the sums of figures and tables, so these are not read. */
async function digestOf({ root, script, style, largest }: PageInputs): Promise<string> {
  const hash = createHash('sha256').update(script).update(style).update(String(largest));
  await addFolder(hash, fileURLToPath(new URL('.', import.meta.url)), /\.[jt]s$/);
  for (const card of readPaperCards(root)) {
    hash.update(JSON.stringify(card));
    await addNames(hash, join(root, 'experiments', card.experiment, 'src'));
    for (const folder of storedFolders(root, card.experiment)) {
      hash.update(folder);
      await addFolder(hash, join(root, 'results', card.experiment, folder), /^(claims|manifest|run)\.json$/);
    }
  }
  return hash.digest('hex');
}

async function addFolder(hash: Hash, folder: string, files: RegExp): Promise<void> {
  const names = (await readdir(folder)).filter((name) => files.test(name)).sort();
  for (const name of names) hash.update(name).update(await readFile(join(folder, name)));
}

/** Which sources there are: the page links to those. */
async function addNames(hash: Hash, folder: string): Promise<void> {
  if (existsSync(folder)) hash.update((await readdir(folder)).sort().join('\n'));
}

/** The digest that a page carries, read from its head; undefined where there is no page of ours. */
async function inputsOf(page: string): Promise<string | undefined> {
  if (!existsSync(page)) return undefined;
  const file = await open(page);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return /<meta name="inputs" content="([0-9a-f]{64})">/.exec(buffer.toString('latin1', 0, bytesRead))?.[1];
  } finally {
    await file.close();
  }
}

/** Another run may be putting its results in place, for which a folder is gone for a moment. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let trial = 1; ; trial++) {
    try {
      return await work();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || trial === 5) throw error;
      await sleep(100);
    }
  }
}
