import type { Mark, Panel } from '../figure.js';
import { drawPanel } from '../layout/draw-panel.js';
import { entryText } from '../layout/legend.js';
import { type PanelPlan, type PanelRows, planPanel, planRows } from '../layout/panel-plan.js';
import type { PlotArea } from '../marks/draw-marks.js';
import { type DrawnMark, drawnMarks } from '../marks/drawn-mark.js';
import { parseText, plainText } from '../text/rich-text.js';
import { element, richNodes } from './html.js';
import { listenToKeys } from './keys.js';
import { legendButton } from './legend-button.js';
import { drawReading, drawSelection } from './overlay.js';
import { panelData } from './panel-data.js';
import { PanelState } from './panel-state.js';
import { listenToPointer } from './pointer.js';
import { nearestReading, type Reading, readingsOf } from './reading.js';
import { isListed, visibleMarks } from './series.js';
import { SvgElement } from './svg-element.js';
import { toolbar } from './toolbar.js';
import { fillTooltip, placeTooltip } from './tooltip.js';
import { shownPanel } from './view.js';
import type { ViewMoves } from './view-moves.js';
import { panelText, seriesName, spoken, wordingOf } from './wording.js';

/** Room right of the area: half a tick label. */
const right = 16;
/** Height of the area over the width of the panel, and its limits in pixels. */
const heightShare = 0.52;
const heights = [190, 340] as const;

const keysHelp = 'Left and right arrows read values, up and down change the series, plus and minus zoom, 0 shows all.';

/** What a panel asks for when panels stand beside each other. */
export interface Margins {
  readonly left: number;
  readonly above: number;
}

/** One panel of a figure in the page: its title, legend, plot, buttons and data. */
export class PanelView {
  readonly root: HTMLElement;
  readonly state: PanelState;
  readonly hidden = new Set<number>();
  /** The marks on the scales that are shown: what they hide is known. */
  marks: readonly DrawnMark[];
  /** Its own legend speaks for it and for panels without one; set by the figure. */
  legendOf: PanelView = this;

  private readonly plotElement: HTMLElement;
  private readonly tooltip = element('div', 'hf-tooltip', { 'aria-hidden': 'true' });
  private readonly live = element('div', 'hf-unseen', { 'aria-live': 'polite' });
  private readonly legendElement: HTMLElement;
  private readonly updateTools: () => void;
  private readonly name: string;
  private width = 0;
  private margins: Margins = { left: 0, above: 0 };
  /** Room left of the area as it is drawn. */
  private left = 0;
  private plan: PanelPlan | undefined;
  private overlay: SVGElement | undefined;
  private svg: SVGElement | undefined;

  constructor(
    readonly panel: Panel,
    position: { readonly index: number; readonly count: number },
    private readonly notify: {
      /** A series was switched on or off. */
      readonly legendChanged: () => void;
      readonly drawn: () => void;
    },
  ) {
    const title = panel.title ?? '';
    this.name = plainText(title) || (position.count === 1 ? 'Plot' : `Panel ${position.index + 1}`);
    this.state = new PanelState(panel, () => this.draw());
    this.marks = this.scaledMarks();
    this.legendElement = element('div', 'hf-legend', { role: 'group', 'aria-label': `Series of ${this.name}` });
    this.plotElement = element('div', 'hf-plot', {
      tabindex: '0',
      role: 'application',
      'aria-roledescription': 'interactive plot',
      'aria-label': `${this.name}. ${keysHelp}`,
    });
    const tools = toolbar(this.state, this.name, () => this.plan!.plot, panelData(panel, this.name));
    this.updateTools = tools.update;
    this.root = element(
      'div',
      'hf-panel',
      { role: 'group', 'aria-label': this.name },
      element('div', 'hf-panel-title', {}, ...richNodes(parseText(title))),
      this.legendElement,
      this.plotElement,
      element('div', 'hf-tools', {}, tools.root, this.live),
    );
    this.listen();
  }

  /** What the panel needs at this width, before panels beside it are considered. */
  measure(width: number): Margins {
    this.width = width;
    const rows = this.rows();
    return { left: rows.left, above: planPanel(rows, this.plotWidth(rows.left)).above };
  }

  /** Draws the panel, with at least these margins. */
  draw(margins = this.margins): void {
    this.margins = margins;
    if (this.width === 0) return;
    const rows = this.rows();
    // While one zooms, names of ticks get longer and shorter: the area only moves to the right then, so that it does
    // not jump to and fro.
    const left = Math.ceil(Math.max(margins.left, rows.left, this.state.isZoomed ? this.left : 0));
    this.left = left;
    const plan = planPanel(rows, this.plotWidth(left));
    const above = Math.ceil(Math.max(margins.above, plan.above));
    const svg = SvgElement.create(Math.round(this.width), Math.ceil(above + plan.plot.height + plan.below + 2));
    svg.node.attr('role', 'img').attr('aria-label', panelText(plan.panel, plan.marks, this.name));
    const area = svg.node.append('g').attr('transform', `translate(${left},${above})`);
    drawPanel(area, plan, above);
    this.overlay = area.append('g').attr('pointer-events', 'none').node();
    this.plan = plan;
    if (this.svg) this.svg.replaceWith(svg.element);
    else this.plotElement.append(svg.element, this.tooltip);
    this.svg = svg.element;
    this.read(undefined);
    this.marks = this.scaledMarks();
    this.drawLegend();
    this.updateTools();
    this.notify.drawn();
  }

  /** The marks as they are drawn, and whose values they are. */
  private shown(): Panel {
    const own = drawnMarks(this.panel);
    const legend = this.legendOf === this ? own : drawnMarks(this.legendOf.panel);
    return shownPanel(this.panel, this.state.view, visibleMarks(own, legend, this.legendOf.hidden));
  }

  private rows(): PanelRows {
    const [least, most] = heights;
    return planRows(this.shown(), Math.round(Math.max(least, Math.min(most, heightShare * this.width))));
  }

  private plotWidth(left: number): number {
    return Math.max(40, Math.floor(this.width - left - right));
  }

  private scaledMarks(): readonly DrawnMark[] {
    const { x, y } = this.state.view;
    return drawnMarks({ ...this.panel, x: { ...this.panel.x, scale: x.kind }, y: { ...this.panel.y, scale: y.kind } });
  }

  private drawLegend(): void {
    if (this.panel.legend === 'none') return;
    const focused = [...this.legendElement.children].indexOf(document.activeElement!);
    const buttons = this.marks.flatMap((drawn, i) =>
      isListed(drawn) ? [legendButton(drawn, entryText(drawn), !this.hidden.has(i), () => this.toggle(i))] : [],
    );
    this.legendElement.replaceChildren(...buttons);
    buttons[focused]?.focus();
  }

  private toggle(mark: number): void {
    if (!this.hidden.delete(mark)) this.hidden.add(mark);
    this.notify.legendChanged();
  }

  /** Shows a reading, or none. */
  private read(reading: Reading | undefined): void {
    this.overlay?.replaceChildren();
    if (reading === undefined || !this.plan || !this.overlay) {
      this.tooltip.hidden = true;
      return;
    }
    const drawn = this.plan.marks[reading.mark];
    drawReading(new SvgElement(this.overlay), reading, drawn.mark, drawn.color, this.plan.plot);
    const wording = wordingOf(reading, seriesName(drawn, this.legendMarks()), this.panel);
    fillTooltip(this.tooltip, wording, drawn.color);
    const [x, y] = reading.pixel;
    const { left, top } = this.origin();
    placeTooltip(this.tooltip, this.plotElement.clientWidth, [left + x, top + y]);
    const text = spoken(wording);
    if (this.live.textContent !== text) this.live.textContent = text;
  }

  private legendMarks(): readonly DrawnMark[] {
    return drawnMarks(this.legendOf.panel);
  }

  /** Where the area begins, from the upper left corner of the plot's element. */
  private origin(): { readonly left: number; readonly top: number } {
    const matrix = (this.overlay as SVGGElement).getCTM()!;
    return { left: matrix.e, top: matrix.f };
  }

  private listen(): void {
    const area = (): PlotArea => this.plan!.plot;
    const marks = (): readonly Mark[] => this.plan!.marks.map(({ mark }) => mark);
    const moves: ViewMoves = {
      area,
      zoomBy: (share, place) => this.state.zoomBy(area(), share, place),
      moveBy: (dx, dy) => this.state.moveBy(area(), dx, dy),
      reset: () => this.state.reset(),
    };
    listenToPointer(this.plotElement, {
      ...moves,
      place: (event) => {
        const box = this.svg!.getBoundingClientRect();
        const { left, top } = this.origin();
        return [event.clientX - box.left - left, event.clientY - box.top - top];
      },
      read: (place) => this.read(place && nearestReading(marks(), area(), place)),
      select: (from, to) => {
        this.read(undefined);
        drawSelection(new SvgElement(this.overlay!), from, to);
      },
      zoomTo: (pixels) => this.state.zoomTo(area(), pixels),
    });
    listenToKeys(this.plotElement, {
      ...moves,
      readings: () =>
        marks()
          .map((mark, i) => readingsOf(mark, i, area()))
          .filter(({ length }) => length > 0),
      read: (reading) => this.read(reading),
    });
  }
}
