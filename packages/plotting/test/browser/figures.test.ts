import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Figure, Panel } from '../../src/index.js';
import { figureOf, panelOf } from '../support.js';
import { type FigurePages, figurePages, hasChromium } from './page.js';

/** Twenty bins from 0 to 20, nearly all mass in the first two, and a law through two points. */
const spectrum: Panel = panelOf(
  [
    {
      kind: 'histogram',
      label: 'eigenvalues',
      edges: Array.from({ length: 21 }, (_, i) => i),
      heights: [0.7, 0.29, ...Array.from({ length: 17 }, () => 0), 0.01],
    },
    { kind: 'line', label: 'law', x: [0, 20], y: [0.5, 0.1] },
    { kind: 'points', x: [10], y: [0.9], intervals: [[0.8, 1]], color: 1 },
  ],
  { title: 'spectrum', x: { label: '$\\lambda_{max}$', domain: [0, 20] } },
);
const decay: Panel = panelOf(
  [{ kind: 'points', label: 'decay', x: [1, 2, 3, 4, 5], y: [1, 0.1, 0.01, 1e-3, 1e-4], color: 3 }],
  { title: 'decay', x: { label: 'rank' }, y: { label: 'size', scale: 'log' } },
);
const figure: Figure = { ...figureOf(spectrum, decay), profile: 'smoke' };

/** Where a place of a panel's axes lies on the page: read off the drawn axes, as in the tests of the printed figure. */
async function placeOf(plot: Locator, x: number, y: number): Promise<{ x: number; y: number }> {
  const area = plot.locator('svg[role=img] > g');
  const [, left, top] = /translate\(([\d.]+),([\d.]+)\)/.exec((await area.getAttribute('transform'))!)!.map(Number);
  const axes = await area.locator('> path[stroke-linecap=square]').getAttribute('d');
  const [, height, width] = /^M0,0V([\d.]+)H([\d.]+)/.exec(axes!)!.map(Number);
  const box = (await plot.locator('svg[role=img]').boundingBox())!;
  return { x: box.x + left + x * width, y: box.y + top + (1 - y) * height };
}

async function hover(page: Page, plot: Locator, x: number, y: number): Promise<string> {
  const at = await placeOf(plot, x, y);
  await page.mouse.move(at.x, at.y);
  return plot.locator('.hf-tooltip').innerText();
}

async function drag(page: Page, plot: Locator, from: [number, number], to: [number, number]): Promise<void> {
  const [start, end] = [await placeOf(plot, ...from), await placeOf(plot, ...to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2);
  await page.mouse.move(end.x, end.y);
  await page.mouse.up();
}

/** The numbers along the x axis: labels of its ticks. */
async function xTicks(plot: Locator): Promise<number[]> {
  const texts = await plot.locator('svg > g > text[text-anchor=middle]:not([transform])').allTextContents();
  return texts.map((text) => Number(text.replace('\u2212', '-'))).filter((value) => !Number.isNaN(value));
}

const plots = (page: Page): Locator => page.locator('.hf-plot');
const tool = (page: Page, panel: number, text: string): Locator =>
  page
    .locator('.hf-panel')
    .nth(panel)
    .locator('.hf-button', { hasText: new RegExp(`^${text}$`) });

describe.skipIf(!hasChromium)('a figure in the browser', () => {
  let pages: FigurePages;
  beforeAll(async () => {
    pages = await figurePages();
  });
  afterAll(() => pages?.close());

  it('comes in less than 120 kB of script', () => {
    expect(pages.size).toBeLessThan(120_000);
  });

  it('shows title, profile, panels, legend and caption, and complains of nothing', async () => {
    const { page, problems } = await pages.open(figure);
    const text = await page.locator('.hf-figure').innerText();
    for (const part of ['Test', 'profile: smoke', 'spectrum', 'decay', 'eigenvalues', 'law', 'A figure of a test.']) {
      expect(text).toContain(part);
    }
    await expect(plots(page).count()).resolves.toBe(2);
    expect(problems).toEqual([]);
  });

  it('says the height of the bin under the pointer', async () => {
    const { page, problems } = await pages.open(figure);
    const text = await hover(page, plots(page).first(), 1.5 / 20, 0.1);
    expect(text.split('\n')).toEqual(['eigenvalues', 'λmax', '1 to 2', 'y', '0.29']);
    expect(problems).toEqual([]);
  });

  it('says the values of a point with its interval, under the name of the series whose colour it has', async () => {
    const { page } = await pages.open(figure);
    const text = await hover(page, plots(page).first(), 0.5, 0.9);
    expect(text.split('\n')).toEqual(['law (points)', 'λmax', '10', 'y', '0.9', 'interval', '0.8 to 1']);
  });

  it('reads off a law between its points, and says so', async () => {
    const { page } = await pages.open(figure);
    const [name, , x, , y, note] = (await hover(page, plots(page).first(), 0.25, 0.4)).split('\n');
    expect(name).toBe('law');
    expect(Number(x)).toBeCloseTo(5, 0);
    expect(Number(y)).toBeCloseTo(0.5 - 0.02 * Number(x), 5);
    expect(note).toBe('read off the line');
  });

  it('zooms to a rectangle, and back by a double click', async () => {
    const { page } = await pages.open(figure);
    const plot = plots(page).first();
    const before = await xTicks(plot);
    expect(Math.max(...before)).toBe(20);
    await drag(page, plot, [0.25, 0.1], [0.5, 0.9]);
    const zoomed = await xTicks(plot);
    expect(Math.min(...zoomed)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...zoomed)).toBeLessThanOrEqual(10);
    expect(zoomed.length).toBeGreaterThan(2);
    // The panel beside it stays as it is.
    expect(Math.max(...(await xTicks(plots(page).nth(1))))).toBe(5);
    const { x, y } = await placeOf(plot, 0.5, 0.5);
    await page.mouse.dblclick(x, y);
    expect(await xTicks(plot)).toEqual(before);
  });

  it('zooms by the wheel with Ctrl about the pointer, and without it leaves the wheel to the page', async () => {
    const { page } = await pages.open({ ...figure, columns: 1, panels: [spectrum, decay, decay, decay] });
    const plot = plots(page).first();
    const { x, y } = await placeOf(plot, 0.25, 0.5);
    await page.mouse.move(x, y);
    await page.keyboard.down('Control');
    for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await expect.poll(() => xTicks(plot).then((ticks) => Math.max(...ticks))).toBeLessThan(11);
    const zoomed = await xTicks(plot);
    expect(Math.min(...zoomed)).toBeLessThan(5);
    expect(await page.evaluate('window.scrollY')).toBe(0);
    await page.mouse.wheel(0, 200);
    await expect.poll(() => page.evaluate('window.scrollY')).toBeGreaterThan(100);
    expect(await xTicks(plot)).toEqual(zoomed);
  });

  it('zooms to the bulk and to the outliers', async () => {
    const { page } = await pages.open(figure);
    const plot = plots(page).first();
    await tool(page, 0, 'Bulk').click();
    expect(Math.max(...(await xTicks(plot)))).toBeLessThanOrEqual(2);
    await tool(page, 0, 'Outliers').click();
    expect(Math.min(...(await xTicks(plot)))).toBeGreaterThanOrEqual(1);
    expect(Math.max(...(await xTicks(plot)))).toBe(20);
    // Panels without a spectrum have no such buttons.
    await expect(tool(page, 1, 'Bulk').isVisible()).resolves.toBe(false);
  });

  it('switches a series off and on, with what belongs to it', async () => {
    const { page } = await pages.open(figure);
    const plot = plots(page).first();
    const law = page.getByRole('button', { name: 'law', exact: true });
    const lines = plot.locator('path[stroke-linejoin=round]');
    const dots = plot.locator('path[stroke-linecap=round]');
    await expect(lines.count()).resolves.toBe(1);
    await expect(dots.count()).resolves.toBe(1);
    await law.click();
    await expect(law.getAttribute('aria-pressed')).resolves.toBe('false');
    await expect(lines.count()).resolves.toBe(0);
    await expect(dots.count()).resolves.toBe(0);
    // By keyboard: the button keeps the focus although the legend is drawn again.
    await page.keyboard.press('Enter');
    await expect(law.getAttribute('aria-pressed')).resolves.toBe('true');
    await expect(lines.count()).resolves.toBe(1);
  });

  it('switches between linear and logarithmic axes, and says how many values these leave out', async () => {
    const withZero = panelOf([{ kind: 'points', label: 'sizes', x: [1, 2, 3], y: [0, 0.1, 100] }], {
      x: { label: 'x' },
      y: { label: 'y' },
    });
    const { page } = await pages.open(figureOf(withZero));
    const plot = plots(page).first();
    const log = tool(page, 0, 'log y');
    await expect(log.getAttribute('aria-pressed')).resolves.toBe('false');
    const top = await hover(page, plot, 0.5, 0);
    expect(top).toContain('0.1');
    await log.click();
    await expect(log.getAttribute('aria-pressed')).resolves.toBe('true');
    expect(await page.locator('.hf-legend').innerText()).toMatch(/sizes \(1\s+value\s≤\s0 not shown\)/);
    expect(await plot.locator('svg').textContent()).toContain('100');
    await log.click();
    expect(await page.locator('.hf-legend').innerText()).toBe('sizes');
  });

  it('is read, zoomed and moved by keys alone, aloud', async () => {
    const { page, problems } = await pages.open(figure);
    const plot = plots(page).nth(1);
    const live = page.locator('.hf-panel').nth(1).locator('[aria-live]');
    await plot.focus();
    await page.keyboard.press('ArrowRight');
    await expect(live.innerText()).resolves.toBe('decay: rank 1; size 1');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(live.innerText()).resolves.toBe('decay: rank 3; size 0.01');
    await page.keyboard.press('End');
    await expect(live.innerText()).resolves.toBe('decay: rank 5; size 1e\u22124');
    await expect(plot.locator('.hf-tooltip').innerText()).resolves.toContain('1×10\u22124');
    await page.keyboard.press('Home');
    const before = await xTicks(plot);
    for (let i = 0; i < 3; i++) await page.keyboard.press('+');
    expect(Math.max(...(await xTicks(plot)))).toBeLessThan(3);
    // The reading goes along.
    await expect(live.innerText()).resolves.toBe('decay: rank 1; size 1');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight');
    expect(Math.min(...(await xTicks(plot)))).toBeGreaterThan(1);
    await page.keyboard.press('0');
    expect(await xTicks(plot)).toEqual(before);
    await page.keyboard.press('Escape');
    await expect(plot.locator('.hf-tooltip').isVisible()).resolves.toBe(false);
    expect(problems).toEqual([]);
  });

  it('goes from series to series by the arrows up and down', async () => {
    const { page } = await pages.open(figure);
    const live = page.locator('.hf-panel').first().locator('[aria-live]');
    await plots(page).first().focus();
    await page.keyboard.press('ArrowRight');
    await expect(live.innerText()).resolves.toBe('eigenvalues: λmax 0 to 1; y 0.7');
    // Empty bins are passed over.
    await page.keyboard.press('End');
    await expect(live.innerText()).resolves.toBe('eigenvalues: λmax 19 to 20; y 0.01');
    await page.keyboard.press('ArrowDown');
    await expect(live.innerText()).resolves.toBe('law: λmax 20; y 0.1');
    await page.keyboard.press('ArrowUp');
    await expect(live.innerText()).resolves.toBe('eigenvalues: λmax 19 to 20; y 0.01');
  });

  it('reads where a finger touches', async () => {
    const { page } = await pages.open(figure, { hasTouch: true, viewport: { width: 390, height: 800 } });
    const plot = plots(page).first();
    const at = await placeOf(plot, 0.5 / 20, 0.2);
    await page.touchscreen.tap(at.x, at.y);
    await expect(plot.locator('.hf-tooltip').innerText()).resolves.toContain('0.7');
  });

  it('has no markup of labels, whatever they hold', async () => {
    const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script> for 5 \\$ a \\{';
    const plain = hostile.replaceAll('\\', '');
    const panel = panelOf(
      [
        { kind: 'points', label: hostile, x: [1], y: [0.5] },
        { kind: 'rule', label: hostile, x: 2 },
      ],
      { title: hostile, x: { label: hostile }, y: { label: hostile, ticks: [{ at: 0.5, label: hostile }] } },
    );
    const { page, problems } = await pages.open({
      ...figureOf(panel),
      title: hostile,
      caption: hostile,
      profile: hostile,
    });
    await plots(page).first().focus();
    await page.keyboard.press('ArrowRight');
    await tool(page, 0, 'Data').click();
    await expect(page.locator('.hf-tooltip').innerText()).resolves.toContain(plain);
    await expect(page.locator('.hf-table').innerText()).resolves.toContain(plain);
    await expect(page.locator('.hf-figure img, .hf-figure script').count()).resolves.toBe(0);
    expect(problems).toEqual([]);
  });

  it('gives the data of a panel as a table and as a file', async () => {
    const { page } = await pages.open(figure);
    await tool(page, 1, 'Data').click();
    const rows = await page.locator('.hf-table tbody tr').allInnerTexts();
    expect(rows.map((row) => row.trim().split(/\t/).filter(Boolean))).toEqual(
      [1, 2, 3, 4, 5].map((x, i) => ['decay', 'points', String(x), String([1, 0.1, 0.01, 0.001, 0.0001][i])]),
    );
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByText('Download as CSV').click()]);
    expect(saved.suggestedFilename()).toBe('decay.csv');
    const lines = (await readFile(await saved.path(), 'utf8')).split('\r\n');
    expect(lines.slice(0, 2)).toEqual(['series,kind,x,x to,y,y low,y high', 'decay,points,1,,1,,']);
  });

  it('follows the width of the page: panels side by side, or one under the other on a phone', async () => {
    const { page } = await pages.open(figure);
    const tops = (): Promise<number[]> =>
      plots(page).evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
    const [first, second] = await tops();
    expect(first).toBe(second);
    await page.setViewportSize({ width: 390, height: 800 });
    await expect.poll(async () => new Set(await tops()).size).toBe(2);
    // Nothing is wider than the page.
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });

  it('follows the theme of the page, else that of the system', async () => {
    const groundOf = async (options: Parameters<FigurePages['open']>[1]): Promise<unknown> => {
      const { page } = await pages.open(figure, options);
      return page.evaluate('getComputedStyle(document.querySelector(".hf-figure")).backgroundColor');
    };
    const [light, dark] = ['rgb(255, 255, 255)', 'rgb(21, 23, 26)'];
    await expect(groundOf({ colorScheme: 'light' })).resolves.toBe(light);
    await expect(groundOf({ colorScheme: 'dark' })).resolves.toBe(dark);
    await expect(groundOf({ colorScheme: 'dark', theme: 'light' })).resolves.toBe(light);
    await expect(groundOf({ colorScheme: 'light', theme: 'dark' })).resolves.toBe(dark);
  });

  it('says to those who do not see it what it shows', async () => {
    const { page } = await pages.open(figure);
    await expect(page.getByRole('figure', { name: 'Test' }).count()).resolves.toBe(1);
    const [alternative] = await page
      .getByRole('img')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    expect(alternative).toBe(
      'spectrum. x axis: λmax, from 0 to 20. y axis: y, from 0 to 1. shown: eigenvalues (bars, 20); law (line, 2)',
    );
  });

  it('leaves the page as it was when it is destroyed', async () => {
    const { page } = await pages.open(figure);
    await page.evaluate('window.mounted.destroy()');
    await expect(page.locator('main').innerHTML()).resolves.toBe('');
  });
});
