import { fontFamily } from '../style.js';
import { colorStyles } from './colors.js';

/**
 * The styles of all figures of a page, as text for a `<style>` element. Class names begin with `hf-`; a page may give
 * the custom properties (`--hf-ground`, say) of `.hf-figure` values of its own.
 */
export const figureStyles = `${colorStyles}
.hf-figure { margin: 0; color: var(--hf-ink); background: var(--hf-ground); font: 13px/1.45 ${fontFamily}; }
.hf-figure *, .hf-figure *::before { box-sizing: border-box; }
.hf-figure [hidden] { display: none; }
.hf-header { display: flex; gap: 12px; align-items: baseline; justify-content: space-between; margin-bottom: 10px; }
.hf-title { font-size: 15px; font-weight: bold; }
.hf-badge { flex: none; font-size: 11px; padding: 1px 6px; border: 1px solid var(--hf-pale-ink); border-radius: 3px; color: var(--hf-pale-ink); }
.hf-panels { display: grid; gap: 0 20px; }
.hf-panel { display: grid; grid-row: span 4; grid-template-rows: subgrid; min-width: 0; margin-bottom: 16px; }
.hf-panel-title { font-weight: bold; overflow-wrap: anywhere; }
.hf-legend { display: flex; flex-wrap: wrap; align-content: flex-end; gap: 0 10px; margin: 2px 0; }
.hf-figure button { font: inherit; font-size: 12px; color: inherit; background: none; border: 1px solid transparent; border-radius: 4px; cursor: pointer; min-height: 24px; min-width: 24px; }
.hf-figure button:hover { background: var(--hf-grid); }
.hf-figure :focus-visible { outline: 2px solid var(--hf-blue); outline-offset: 1px; }
.hf-series { display: inline-flex; align-items: center; gap: 5px; padding: 0 4px; text-align: left; }
.hf-series svg { flex: none; }
.hf-series[aria-pressed="false"] .hf-label { text-decoration: line-through; color: var(--hf-pale-ink); }
.hf-series[aria-pressed="false"] svg { opacity: .35; }
.hf-plot { position: relative; touch-action: pan-y pinch-zoom; user-select: none; cursor: crosshair; }
.hf-plot > svg { display: block; fill: var(--hf-ink); overflow: visible; }
.hf-plot text { white-space: pre; }
.hf-tooltip { position: absolute; z-index: 2; pointer-events: none; width: max-content; max-width: min(300px, 75%); padding: 5px 8px; font-size: 12px; background: var(--hf-ground); border: 1px solid var(--hf-pale-ink); border-radius: 4px; box-shadow: 0 1px 4px rgb(0 0 0 / .25); overflow-wrap: anywhere; }
.hf-tooltip-title { font-weight: bold; }
.hf-tooltip dl { display: grid; grid-template-columns: auto auto; gap: 0 8px; margin: 0; }
.hf-tooltip dt { color: var(--hf-pale-ink); }
.hf-tooltip dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
.hf-swatch { display: inline-block; width: 9px; height: 9px; margin-right: 6px; border-radius: 2px; }
.hf-tools { min-width: 0; }
.hf-buttons { display: flex; flex-wrap: wrap; gap: 2px; }
.hf-figure .hf-button { padding: 0 6px; border-color: var(--hf-grid); color: var(--hf-pale-ink); }
.hf-figure .hf-button[aria-pressed="true"], .hf-figure .hf-button[aria-expanded="true"] { border-color: var(--hf-pale-ink); color: var(--hf-ink); background: var(--hf-grid); }
.hf-figure .hf-button[aria-disabled="true"] { opacity: .55; cursor: default; }
.hf-data p { margin: 6px 0; }
.hf-table { max-height: 260px; overflow: auto; border: 1px solid var(--hf-grid); }
.hf-table table { border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums; }
.hf-table caption { text-align: left; padding: 4px 8px; color: var(--hf-pale-ink); }
.hf-table th { position: sticky; top: 0; background: var(--hf-ground); text-align: left; }
.hf-table th, .hf-table td { padding: 1px 8px; border-bottom: 1px solid var(--hf-grid); }
.hf-figure figcaption { max-width: 90ch; margin-top: 4px; }
.hf-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { .hf-tools { display: none; } .hf-figure { break-inside: avoid; } }
`;
