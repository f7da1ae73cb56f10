import { groupClaims, rowOf } from '../../report/claim-groups.js';
import type { PageClaim, PageFolder, PageIndex, PagePaper } from '../page-data.js';
import { claimTable, rowId } from './claim-table.js';
import { h } from './dom.js';
import { type ClaimPlace, type Filters, folderHash } from './route.js';
import { countsMarks } from './verdict.js';

/** The claims of the results folders that the filters leave, paper by paper and row by row. */
export class Scoreboard {
  readonly element = h('div', { class: 'scoreboard' });
  private groups: Group[] = [];
  private shownFolders: readonly Shown[] = [];

  constructor(private readonly index: PageIndex) {}

  /** @returns how many claims are shown, and how many the chosen papers and folders have */
  show(filters: Filters): { readonly shown: readonly PageClaim[]; readonly of: number } {
    const folders = foldersShown(this.index, filters);
    if (folders.map(nameOf).join() !== this.shownFolders.map(nameOf).join()) this.build(folders);
    const isWanted = wanted(filters);
    const shown = this.groups.flatMap((group) => group.filter(isWanted, isNarrowed(filters)));
    for (const section of this.element.querySelectorAll('section')) {
      section.hidden = section.querySelector('details.group:not([hidden])') === null;
    }
    return { shown, of: folders.reduce((sum, { folder }) => sum + folder.claims.length, 0) };
  }

  openAll(open: boolean): void {
    for (const { element } of this.groups) element.open = open && !element.hidden;
  }

  /** Opens the group of a claim and brings it into view. @returns false when it is not among those shown */
  reveal(place: ClaimPlace): boolean {
    for (const group of this.groups) if (group.has(place)) group.openNow();
    const row = document.getElementById(rowId(place));
    if (row === null) return false;
    row.querySelector('details')!.open = true;
    row.classList.add('is-target');
    row.scrollIntoView({ block: 'center' });
    row.focus({ preventScroll: true });
    return true;
  }

  private build(folders: readonly Shown[]): void {
    this.shownFolders = folders;
    this.groups = [];
    const sections = folders.map(({ paper, folder }) => {
      const groups = groupClaims(folder.claims, paper.groups).map(
        ({ row, title, claims }) => new Group(row, title, claims, paper.experiment, folder.folder),
      );
      this.groups.push(...groups);
      return h(
        'section',
        { 'aria-label': `${paper.name}, ${folder.folder}` },
        h('h3', {}, paper.name, ' ', h('span', { class: 'folder' }, folder.folder)),
        h(
          'p',
          { class: 'source' },
          h('cite', {}, paper.title),
          `. ${paper.source}. `,
          h('a', { href: folderHash(paper.experiment, folder.folder) }, 'Figures, tables and the run'),
        ),
        paper.answer !== null && folder.folder === paper.main ? h('p', { class: 'answer' }, paper.answer) : null,
        ...groups.map(({ element }) => element),
      );
    });
    this.element.replaceChildren(...sections);
  }
}

/** Claims of one row, closed until somebody asks for them; the table is made when it is opened first. */
class Group {
  readonly element: HTMLDetailsElement;
  private readonly summary: HTMLElement;
  private table: HTMLElement | undefined;
  private wanted: ReadonlySet<PageClaim>;
  private narrowed = false;

  constructor(
    row: string,
    private readonly title: string,
    private readonly claims: readonly PageClaim[],
    private readonly experiment: string,
    private readonly folder: string,
  ) {
    this.wanted = new Set(claims);
    this.summary = h('summary');
    this.element = h('details', { class: 'group', 'data-row': row }, this.summary);
    // Told of each group in a turn of its own: a thousand claims that open at once do not hold up the typing.
    this.element.addEventListener('toggle', () => this.element.open && this.fill());
  }

  filter(isWanted: (claim: PageClaim, title: string) => boolean, narrowed: boolean): readonly PageClaim[] {
    const shown = this.claims.filter((claim) => isWanted(claim, this.title));
    this.wanted = new Set(shown);
    this.element.hidden = shown.length === 0;
    const heading = h('h4', {}, this.title);
    this.summary.replaceChildren(
      h('span', { class: 'row-id' }, this.element.dataset.row!),
      heading,
      countsMarks(shown),
    );
    // Who looks for something wants to see it; who takes the filter away has the overview again.
    if (narrowed !== this.narrowed || narrowed) this.element.open = narrowed && shown.length > 0;
    this.narrowed = narrowed;
    if (this.table !== undefined) this.showWanted(this.table);
    return shown;
  }

  has({ experiment, folder, id }: ClaimPlace): boolean {
    return experiment === this.experiment && folder === this.folder && this.claims.some((claim) => claim.id === id);
  }

  openNow(): void {
    this.element.open = true;
    this.fill();
  }

  private fill(): void {
    if (this.table !== undefined) return;
    const { experiment, folder, title } = this;
    this.table = claimTable(this.claims, { experiment, folder, caption: title });
    this.showWanted(this.table);
    this.element.append(this.table);
  }

  private showWanted(table: HTMLElement): void {
    const rows = table.querySelectorAll<HTMLElement>('tbody > tr');
    rows.forEach((row, i) => {
      row.hidden = !this.wanted.has(this.claims[i]);
    });
  }
}

interface Shown {
  readonly paper: PagePaper;
  readonly folder: PageFolder;
}

function foldersShown({ papers }: PageIndex, filters: Filters): readonly Shown[] {
  return papers
    .filter(({ experiment }) => filters.paper === '' || filters.paper === experiment)
    .flatMap((paper) =>
      paper.folders
        .filter(({ folder }) => filters.folder === '*' || folder === (filters.folder || paper.main))
        .map((folder) => ({ paper, folder })),
    );
}

function nameOf({ paper, folder }: Shown): string {
  return `${paper.experiment}/${folder.folder}`;
}

function isNarrowed({ verdicts, text }: Filters): boolean {
  return verdicts.length > 0 || text.trim() !== '';
}

/** A text is looked for word by word in all that is said of a claim, whatever its case. */
function wanted({ verdicts, text }: Filters): (claim: PageClaim, title: string) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (claim, title) => {
    if (verdicts.length > 0 && !verdicts.includes(claim.verdict.replace(' ', '-'))) return false;
    if (words.length === 0) return true;
    const { id, place, statement, reason, how } = claim;
    const said = [rowOf(claim), id, place, statement, reason, how, title].join('\n').toLowerCase();
    return words.every((word) => said.includes(word));
  };
}
