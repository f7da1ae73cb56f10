import type { Json } from '../../experiment.js';
import type { FolderBlock, PageFolder, PagePaper } from '../page-data.js';
import { h, plural } from './dom.js';
import { FigureSection } from './figure-section.js';
import { claimsHash, folderHash } from './route.js';
import { runDetails } from './run-details.js';
import { sectionId, tableName } from './sections.js';
import { tableSection } from './table-section.js';
import { unpack } from './unpack.js';
import { countsMarks } from './verdict.js';
import type { View } from './view.js';

/** One folder of results: its figures, its tables, and what made them. */
export async function folderView(paper: PagePaper, folder: PageFolder, at: string | null): Promise<View> {
  const block = await unpack<FolderBlock>(folder.block);
  const { tables } = block;
  const place = { experiment: paper.experiment, folder: folder.folder };
  const figures = folder.figures.map(
    (figure) =>
      new FigureSection(
        figure,
        folder.claims.filter((claim) => isOf(claim.figure, figure.id)),
        place,
      ),
  );
  const tableSections = tables.map((table, i) => tableSection(table, folder.tables[i]));
  const others = paper.folders.filter((other) => other !== folder);
  const element = h(
    'div',
    {},
    h('h1', {}, paper.name, ' ', h('span', { class: 'folder' }, folder.folder)),
    h('p', { class: 'source' }, h('cite', {}, paper.title), `. ${paper.source}.`),
    h(
      'p',
      { class: 'totals' },
      countsMarks(folder.claims),
      ' ',
      h(
        'a',
        { href: claimsHash({ paper: paper.experiment, folder: folder.folder }) },
        plural(folder.claims.length, 'claim'),
      ),
    ),
    changedNote(folder),
    others.length === 0
      ? null
      : h(
          'p',
          { class: 'others' },
          'Other runs: ',
          ...others.flatMap((other, i) => [
            i > 0 ? ', ' : '',
            h('a', { href: folderHash(paper.experiment, other.folder) }, other.folder),
          ]),
        ),
    contents(place, folder, tables),
    h('h2', { id: 'figures' }, 'Figures'),
    figures.length === 0 ? h('p', {}, 'This run drew none.') : null,
    ...figures.map((figure) => figure.element),
    h('h2', { id: 'tables' }, 'Tables'),
    tables.length === 0 ? h('p', {}, 'This run has none.') : null,
    ...tableSections,
    h('h2', { id: 'run' }, 'The run'),
    runDetails(place, folder, block),
  );
  let watcher: IntersectionObserver | undefined;
  return {
    element,
    title: `${paper.name}, ${folder.folder}`,
    shown() {
      watcher = new IntersectionObserver(
        (entries) => {
          for (const { isIntersecting, target } of entries) {
            if (isIntersecting) void figures.find((figure) => figure.element === target)?.mount();
          }
        },
        { rootMargin: '600px' },
      );
      for (const figure of figures) watcher.observe(figure.element);
      const target = at === null ? null : document.getElementById(sectionId(at));
      if (target === null) return false;
      const figure = figures.find((one) => one.element === target);
      const show = () => {
        target.scrollIntoView();
        target.querySelector('h3')?.focus({ preventScroll: true });
      };
      show();
      // What stands above grows while it is drawn.
      void figure?.mount().then(show);
      return true;
    },
    destroy() {
      watcher?.disconnect();
      for (const figure of figures) figure.destroy();
    },
  };
}

function isOf(file: string | null, figure: string): boolean {
  return file !== null && file.replace(/^figures\/|\.[a-z]+$/g, '') === figure;
}

function changedNote({ changed, profile }: PageFolder): HTMLElement | null {
  const settings =
    typeof changed === 'object' && changed !== null && !Array.isArray(changed) ? Object.entries(changed) : [];
  if (settings.length === 0) return null;
  return h(
    'p',
    { class: 'changed' },
    `Not the profile ${profile} as it stands; changed by --set: `,
    ...settings.flatMap(([name, value]: [string, Json], i) => [
      i > 0 ? ', ' : '',
      h('code', {}, `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`),
    ]),
    '.',
  );
}

function contents(
  { experiment, folder }: { experiment: string; folder: string },
  { figures }: PageFolder,
  tables: FolderBlock['tables'],
): HTMLElement {
  const link = (id: string, at: string) => h('li', {}, h('a', { href: folderHash(experiment, folder, at) }, id));
  return h(
    'nav',
    { class: 'contents', 'aria-label': 'Figures and tables' },
    h('ul', {}, ...figures.map(({ id }) => link(id, id))),
    tables.length > 0 ? h('ul', {}, ...tables.map(({ id }) => link(tableName(id), tableName(id)))) : null,
  );
}
