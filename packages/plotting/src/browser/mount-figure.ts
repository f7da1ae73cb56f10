import { checkFigure } from '../check-figure.js';
import type { Figure } from '../figure.js';
import { fullCaption } from '../layout/full-caption.js';
import { parseText, plainText } from '../text/rich-text.js';
import { element, richNodes } from './html.js';
import { PanelView } from './panel-view.js';
import { legendPanels } from './series.js';

export interface MountOptions {
  /** Whether title and profile stand over the figure; default true. A page with a heading of its own leaves them out. */
  readonly title?: boolean;
  /** Whether the caption stands under the figure; default true. */
  readonly caption?: boolean;
}

export interface MountedFigure {
  /** Takes the figure out of the page. */
  destroy(): void;
}

/** Narrower than this, in pixels, a panel gets fewer neighbours. */
const leastPanelWidth = 270;
/** Wider than this it gets no clearer. */
const mostPanelWidth = 640;
const columnGap = 20;

/**
 * Draws a figure into the page, to be looked into: values by pointing or with the arrow keys, parts by dragging or with
 * the wheel and Ctrl, series and scales by buttons. It takes the width of its container, follows its changes, and has
 * the look of the printed figure in the colours of the page; `figureStyles` have to be in the page.
 *
 * @throws Error for figures that cannot be drawn, as `checkFigure` does
 */
export function mountFigure(container: HTMLElement, figure: Figure, options: MountOptions = {}): MountedFigure {
  checkFigure(figure);
  const root = element('figure', 'hf-figure', { 'aria-label': plainText(figure.title) });
  if (options.title ?? true) root.append(header(figure));
  const views: PanelView[] = [];
  const drawAll = (): void => layOut(grid, views, figure.columns ?? 3);
  const caption = element('figcaption', '');
  let captionText: string | undefined;
  const updateCaption = (): void => {
    const text = fullCaption(
      figure,
      views.map((view) => view.marks),
    );
    if (text !== captionText) caption.replaceChildren(...richNodes(parseText(text)));
    captionText = text;
  };
  const notify = { legendChanged: drawAll, drawn: updateCaption };
  for (const [index, panel] of figure.panels.entries()) {
    views.push(new PanelView(panel, { index, count: figure.panels.length }, notify));
  }
  legendPanels(figure.panels).forEach((legend, i) => {
    if (legend !== undefined) views[i].legendOf = views[legend];
  });
  const grid = element('div', 'hf-panels', {}, ...views.map((view) => view.root));
  root.append(grid);
  if (options.caption ?? true) root.append(caption);
  container.append(root);

  updateCaption();
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (grid.clientWidth === width) return;
    width = grid.clientWidth;
    drawAll();
  });
  observer.observe(grid);
  drawAll();
  return {
    destroy: () => {
      observer.disconnect();
      root.remove();
    },
  };
}

function header(figure: Figure): HTMLElement {
  const title = element('div', 'hf-title', {}, ...richNodes(parseText(figure.title)));
  if (figure.profile === undefined) return element('div', 'hf-header', {}, title);
  const badge = element('span', 'hf-badge', {}, 'profile: ', ...richNodes(parseText(figure.profile)));
  return element('div', 'hf-header', {}, title, badge);
}

/** As many columns as there is room for, up to the figure's own; the areas of a column stand one under the other. */
function layOut(grid: HTMLElement, views: readonly PanelView[], wanted: number): void {
  const available = grid.clientWidth;
  if (available === 0) return;
  const fitting = Math.max(1, Math.floor((available + columnGap) / (leastPanelWidth + columnGap)));
  const columns = Math.min(views.length, wanted, fitting);
  const width = Math.min(mostPanelWidth, Math.floor((available - (columns - 1) * columnGap) / columns));
  grid.style.gridTemplateColumns = `repeat(${columns}, ${width}px)`;
  const margins = views.map((view) => view.measure(width));
  const above = Math.max(...margins.map((one) => one.above));
  views.forEach((view, i) => {
    const inColumn = margins.filter((_, other) => other % columns === i % columns);
    view.draw({ left: Math.max(...inColumn.map(({ left }) => left)), above });
  });
}
