import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../experiment.js';
import { claimCells, readLedger } from '../ledger.js';
import { type PaperCard, readPaperCards } from '../report/paper-card.js';
import { isProfile, storedFolders } from '../stored-results.js';
import { pack } from './pack.js';
import type { FolderBlock, PageFigure, PageFolder, PageIndex, PageLinks, PagePaper } from './page-data.js';
import { Sources } from './part-of.js';
import { type JsonObject, partsOf, readObject } from './read-manifest.js';
import { readTable } from './read-table.js';

/** What the page holds: blocks by the name of their element, packed, the one with all claims apart. */
export interface PageContent {
  readonly index: string;
  readonly blocks: ReadonlyMap<string, string>;
  readonly ledgers: readonly { readonly text: string; readonly href: string }[];
}

/** The committed results first; what is for tests last. */
const embeddingOrder = ['laptop', 'paper', 'quick', 'custom', 'smoke'];

/**
 * Everything in results/ that the page shows.
 *
 * @param room  bytes that all blocks may take together; figures beyond that have none
 * @throws Error naming the file for a ledger, manifest, table or figure that cannot be read
 */
export async function readResults(root: string, room: number): Promise<PageContent> {
  const read: { card: PaperCard; folders: FolderContent[] }[] = [];
  for (const card of readPaperCards(root)) {
    const folders: FolderContent[] = [];
    for (const folder of storedFolders(root, card.experiment)) {
      folders.push(await readFolder(root, card.experiment, folder));
    }
    if (folders.length > 0) read.push({ card, folders });
  }
  const contents = read.flatMap(({ folders }) => folders);
  const nameOf = (content: FolderContent) => `folder-${contents.indexOf(content)}`;
  const blocks = new Map(contents.map((content) => [nameOf(content), pack(content.block)]));
  const indexWith = (embedded: ReadonlyMap<object, string>): PageIndex => ({
    papers: read.map(({ card, folders }) => paperOf(card, folders, nameOf, embedded)),
  });
  const taken = [pack(indexWith(new Map())), ...blocks.values()].reduce((sum, block) => sum + block.length, 0);
  const embedded = embedFigures(contents, room - taken, blocks);
  const ledgers = read.flatMap(({ card, folders }) =>
    folders.map(({ page, block }) => ({
      text: `${card.name}, ${page.folder}`,
      href: linkTo(card.experiment, page.folder, block.files.includes('claims.md') ? 'claims.md' : 'claims.json'),
    })),
  );
  return { index: pack(indexWith(embedded)), blocks, ledgers };
}

function paperOf(
  card: PaperCard,
  folders: readonly FolderContent[],
  nameOf: (content: FolderContent) => string,
  embedded: ReadonlyMap<object, string>,
): PagePaper {
  return {
    experiment: card.experiment,
    name: card.name,
    title: card.title,
    source: [card.authors, card.year || '', card.at].filter(Boolean).join(', '),
    answer: card.answer ?? null,
    groups: card.groups,
    main: mainFolder(folders).page.folder,
    folders: folders.map((content) => ({
      ...content.page,
      block: nameOf(content),
      figures: content.figures.map(({ figure }) => ({ ...figure, block: embedded.get(figure) ?? null })),
    })),
  };
}

/** From results/ to a file in it; a folder may have any name. */
function linkTo(...names: readonly string[]): string {
  return `./${names.map(encodeURIComponent).join('/')}`;
}

interface FolderContent {
  readonly page: Omit<PageFolder, 'figures' | 'block'>;
  /** Whether the run was of all parts. */
  readonly whole: boolean;
  readonly block: FolderBlock;
  readonly figures: readonly { readonly figure: Omit<PageFigure, 'block'>; readonly data: Json }[];
}

async function readFolder(root: string, experiment: string, folder: string): Promise<FolderContent> {
  const directory = join(root, 'results', experiment, folder);
  const claims = await readLedger(join(directory, 'claims.json'));
  const manifest = readObject(join(directory, 'manifest.json'));
  const sources = new Sources(root, experiment, partsOf(manifest));
  const linksOf = (kind: 'figures' | 'tables', id: string, extensions: readonly string[]): PageLinks => ({
    id,
    code: sources.ofFile(`${kind}/${id}.${extensions[0]}`),
    files: extensions
      .filter((extension) => existsSync(join(directory, kind, `${id}.${extension}`)))
      .map((extension) => [
        extension === 'md' ? 'Markdown' : extension.toUpperCase(),
        linkTo(experiment, folder, kind, `${id}.${extension}`),
      ]),
  });
  // Parts name what they made by the SVG and the Markdown.
  const idsOf = (kind: 'figures' | 'tables', ending: string, named: string) =>
    sources
      .inOrder(idsIn(join(directory, kind), ending).map((id) => `${kind}/${id}${named}`))
      .map((file) => file.slice(kind.length + 1, -named.length));
  const tables = idsOf('tables', '.md', '.md').filter((id) => existsSync(join(directory, 'tables', `${id}.csv`)));
  const figures = idsOf('figures', '.json', '.svg').map((id) => {
    const data = readObject(join(directory, 'figures', `${id}.json`));
    const title = typeof data.title === 'string' ? data.title : id;
    return { figure: { ...linksOf('figures', id, ['svg', 'png', 'json']), title }, data };
  });
  return {
    page: {
      folder,
      profile: typeof manifest.profile === 'string' ? manifest.profile : folder,
      command: typeof manifest.command === 'string' ? manifest.command : '',
      changed: manifest.changed ?? null,
      claims: claims.map((claim) => ({
        ...claim,
        cells: claimCells(claim),
        code: sources.ofClaim(claim.id, claim.figure),
      })),
      tables: tables.map((id) => linksOf('tables', id, ['md', 'csv'])),
    },
    whole: typeof manifest.command === 'string' && !/ --(part|figure|table) /.test(manifest.command),
    block: {
      files: ['manifest.json', 'run.json', 'claims.json', 'claims.md'].filter((name) =>
        existsSync(join(directory, name)),
      ),
      tables: tables.map((id) =>
        readTable(id, textOf(directory, `tables/${id}.md`), textOf(directory, `tables/${id}.csv`)),
      ),
      manifest: shortened(manifest),
      run: readObject(join(directory, 'run.json')),
    },
    figures,
  };
}

/** A manifest names each unit and file by its sum: that is for programs, and stays in the file. */
function shortened(manifest: JsonObject): JsonObject {
  const { units: _, files: __, parts, ...kept } = manifest;
  const settings = Array.isArray(parts)
    ? parts.map((part) => {
        const { id = null, place = null, module = null, settings = null } = (part ?? {}) as JsonObject;
        return { id, place, module, settings };
      })
    : [];
  return { ...kept, parts: settings };
}

/** Packs figures while there is room, folder by folder. @returns the blocks' names, by figure */
function embedFigures(
  contents: readonly FolderContent[],
  room: number,
  blocks: Map<string, string>,
): ReadonlyMap<object, string> {
  const rankOf = ({ page }: FolderContent) => embeddingOrder.indexOf(isProfile(page.folder) ? page.folder : 'custom');
  const names = new Map<object, string>();
  for (const content of [...contents].sort((one, other) => rankOf(one) - rankOf(other))) {
    for (const { figure, data } of content.figures) {
      const packed = pack(data);
      if (packed.length > room) continue;
      room -= packed.length;
      const name = `figure-${names.size}`;
      names.set(figure, name);
      blocks.set(name, packed);
    }
  }
  return names;
}

/** The largest profile that was run as a whole, else the largest, else the first changed run. */
function mainFolder(folders: readonly FolderContent[]): FolderContent {
  const profiles = folders.filter(({ page }) => isProfile(page.folder));
  return profiles.findLast(({ whole }) => whole) ?? profiles.at(-1) ?? folders[0];
}

/** Names without their ending, sorted as people count: figure-2 before figure-10. */
function idsIn(directory: string, ending: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((file) => file.endsWith(ending) && !file.startsWith('.'))
    .map((file) => file.slice(0, -ending.length))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

function textOf(directory: string, file: string): string {
  return readFileSync(join(directory, file), 'utf8');
}
