import { type MountedFigure, mountFigure } from '@hessian-rmt/plotting/browser';
import type { PageClaim, PageFigure } from '../page-data.js';
import { fileLink, h, plural } from './dom.js';
import { claimHash } from './route.js';
import { sectionId } from './sections.js';
import { canUnpack, unpack } from './unpack.js';
import { countsText, verdictMark } from './verdict.js';

/** A figure with its files and the claims made on it. It is drawn when `mount` is called first. */
export class FigureSection {
  readonly element: HTMLElement;
  private readonly drawing = h('div', { class: 'drawing' });
  private mounting: Promise<void> | undefined;
  private mounted: MountedFigure | undefined;

  constructor(
    private readonly figure: PageFigure,
    claims: readonly PageClaim[],
    place: { readonly experiment: string; readonly folder: string },
  ) {
    const { id, files, code } = figure;
    this.element = h(
      'section',
      { class: 'figure', id: sectionId(id) },
      h('h3', { tabindex: -1 }, id),
      this.drawing,
      h(
        'p',
        { class: 'files' },
        ...files.map(([kind, href]) => fileLink(kind, href, `${kind} file of ${id}`)),
        code === null ? null : fileLink(`code: ${code.replace(/^.*\//, '')}`, code),
      ),
      claims.length === 0 ? null : claimList(claims, place),
    );
  }

  mount(): Promise<void> {
    this.mounting ??= this.draw();
    return this.mounting;
  }

  destroy(): void {
    this.mounted?.destroy();
  }

  private async draw(): Promise<void> {
    const { block } = this.figure;
    if (block === null || !canUnpack) {
      this.showFile('The page had no room for the data of this figure: this is the file beside it.');
      return;
    }
    try {
      this.mounted = mountFigure(this.drawing, await unpack<Parameters<typeof mountFigure>[1]>(block));
    } catch (error) {
      this.drawing.replaceChildren();
      this.showFile(
        `This figure could not be drawn here (${(error as Error).message}): this is the file beside the page.`,
      );
    }
    this.drawing.classList.add('is-drawn');
  }

  private showFile(why: string): void {
    const [, file] = this.figure.files.find(([kind]) => kind === 'SVG') ?? [];
    if (file) this.drawing.append(h('img', { src: file, alt: this.figure.title }));
    this.drawing.append(h('p', { class: 'note' }, why));
    this.drawing.classList.add('is-drawn');
  }
}

function claimList(
  claims: readonly PageClaim[],
  place: { readonly experiment: string; readonly folder: string },
): HTMLElement {
  const items = claims.map((claim) =>
    h(
      'li',
      {},
      h('a', { class: 'id', href: claimHash({ ...place, id: claim.id }) }, claim.id),
      ` ${claim.statement} `,
      verdictMark(claim),
    ),
  );
  return h(
    'details',
    { class: 'figure-claims' },
    h('summary', {}, `${plural(claims.length, 'claim')} on it: ${countsText(claims)}`),
    h('ul', {}, ...items),
  );
}
