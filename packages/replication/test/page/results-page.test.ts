import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { projectRoot } from '../../src/find-experiments.js';
import { largestPage, updateResultsPage } from '../../src/page/results-page.js';
import { temporaryFolder } from '../temporary.js';
import { bundleInto, hasChromium, launch, openFile } from './browser.js';
import { hostile, hostileFolder, writeResultsFixture } from './results-fixture.js';

let folder: string;
let root: string;
let assets: string;
let path: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hessian-rmt-page-'));
  [root, assets] = [join(folder, 'root'), join(folder, 'assets')];
  await writeResultsFixture(root);
  bundleInto(assets);
  ({ path } = await updateResultsPage(root, { assets }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('results/index.html', () => {
  it('is the same for the same results, and is not touched when nothing changed', async () => {
    const elsewhere = temporaryFolder();
    await writeResultsFixture(elsewhere);
    const other = await updateResultsPage(elsewhere, { assets });
    expect(other.written).toBe(true);
    expect(readFileSync(other.path).equals(readFileSync(path))).toBe(true);
    const { mtimeMs } = statSync(other.path);
    expect(await updateResultsPage(elsewhere, { assets })).toEqual({ path: other.path, written: false });
    expect(statSync(other.path).mtimeMs).toBe(mtimeMs);
    writeFileSync(join(elsewhere, 'results/toy/smoke/run.json'), '{}');
    expect((await updateResultsPage(elsewhere, { assets })).written).toBe(true);
  });

  it('holds no name or label as markup, with or without scripts', () => {
    const html = readFileSync(path, 'utf8');
    expect(html).not.toMatch(/<img|<b>bulk|<script>document/);
    expect(html.match(/<script(?! type="application\/octet-stream")/g)).toHaveLength(1);
  });

  it('names the ledger that is damaged, and leaves the page that stood there', async () => {
    const copy = temporaryFolder();
    await writeResultsFixture(copy);
    const page = await updateResultsPage(copy, { assets });
    const before = readFileSync(page.path, 'utf8');
    writeFileSync(join(copy, 'results/toy/laptop/claims.json'), '[{}]');
    await expect(updateResultsPage(copy, { assets })).rejects.toThrow(
      /toy\/laptop\/claims\.json: claim 0: "id" is missing/,
    );
    expect(readFileSync(page.path, 'utf8')).toBe(before);
  });

  it('asks for the build when its script is not there', async () => {
    await expect(updateResultsPage(root, { assets: join(folder, 'none') })).rejects.toThrow(
      /page\.js is missing: .*build/,
    );
  });

  test.runIf(existsSync(join(projectRoot(), 'results')))('has at most 5 MB for the committed results', async () => {
    const copy = temporaryFolder();
    const { cpSync, symlinkSync } = await import('node:fs');
    cpSync(join(projectRoot(), 'results'), join(copy, 'results'), { recursive: true });
    symlinkSync(join(projectRoot(), 'experiments'), join(copy, 'experiments'));
    const page = await updateResultsPage(copy, { assets });
    expect(statSync(page.path).size).toBeLessThan(largestPage);
  });
});

describe.runIf(hasChromium)('the page in Chromium, opened from disk', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  const rows = (page: Page) => page.locator('table.claims tbody tr:visible');

  it('shows how every paper fared, without a word on the console', async () => {
    const { page, problems } = await openFile(browser, path);
    expect(await page.locator('table.papers tbody tr').count()).toBe(2);
    expect(await page.getByRole('status').innerText()).toBe(
      '6 claims: 2 reproduced, 2 not reproduced, 2 not comparable.',
    );
    expect(await page.locator('.answer').allInnerTexts()).toEqual([`In outline, yes ${hostile}`]);
    expect(await page.title()).toBe('what replicated · hessian-rmt');
    expect(problems).toEqual([]);
  });

  it('filters by verdict, paper, profile and text, and keeps the filters in its address', async () => {
    const { page, problems } = await openFile(browser, path);
    await page.getByRole('checkbox', { name: 'not reproduced' }).check();
    expect(await rows(page).count()).toBe(2);
    await page.getByLabel('Paper', { exact: true }).selectOption('toy');
    expect(await rows(page).locator('.id').allInnerTexts()).toEqual(['T1.gap']);
    await page.getByLabel('Profile').selectOption('*');
    expect(await rows(page).count()).toBe(3);
    await page.getByLabel('Text').fill('three large');
    await page.getByText('No claim of 9 is like that.').waitFor();
    const address = page.url();
    expect(address).toMatch(/#paper=toy&verdict=not-reproduced&folder=\*&text=three\+large$/);
    const again = await openFile(browser, path, new URL(address).hash);
    await again.page.getByText('No claim of 9 is like that.').waitFor();
    await again.page.getByRole('button', { name: 'Clear filters' }).click();
    await again.page.getByText('6 claims:').waitFor();
    expect([...problems, ...again.problems]).toEqual([]);
  });

  it('shows what is published, measured and allowed, the reason, the figure and the code of a claim', async () => {
    const { page } = await openFile(browser, path, '#claim=toy/laptop/T1.gap');
    const row = rows(page).filter({ hasText: 'T1.gap' });
    expect(await row.locator('td').allInnerTexts()).toEqual(['2', '7', '±0.5', '✗ not reproduced']);
    expect(await row.locator('dl').innerText()).toMatch(
      /Measured 7, published 2, which is a \/ 2 at a = 4[\s\S]*the paper says so/,
    );
    expect(await row.getByRole('link', { name: 'code' }).getAttribute('href')).toBe(
      '../experiments/toy/src/figure-1.ts',
    );
    expect(await page.evaluate('document.activeElement.id')).toBe('claim/toy/laptop/T1.gap');
    await row.getByRole('link', { name: 'figure-1', exact: true }).click();
    await page.locator('.hf-plot svg').first().waitFor();
  });

  it('draws figures that tell values and can be zoomed', async () => {
    const { page, problems } = await openFile(browser, path, '#results=toy/laptop&at=figure-1');
    const plot = page.locator('.hf-plot').first();
    await plot.locator('svg').first().waitFor();
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.5);
    expect(await page.locator('.hf-tooltip').innerText()).toMatch(/<b>bulk<\/b>[\s\S]*0\.\d/);
    const ticks = async () => (await plot.locator('svg text').allTextContents()).join();
    const before = await ticks();
    await plot.focus();
    await page.keyboard.press('+');
    await expect.poll(ticks).not.toBe(before);
    await page.keyboard.press('0');
    await expect.poll(ticks).toBe(before);
    expect(problems).toEqual([]);
  });

  it('skips to the content by the keyboard and stays in its view', async () => {
    const { page } = await openFile(browser, path, '#results=toy/smoke');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    expect(await page.locator('h1').innerText()).toBe('Toy et al. smoke');
  });

  it('shows all claims where its address names a paper that is not here, and says so of a claim', async () => {
    const { page } = await openFile(browser, path, '#paper=gone&folder=gone');
    await page.getByText('6 claims:').waitFor();
    const lost = await openFile(browser, path, '#claim=toy/laptop/T9.gone');
    await lost.page.getByText('There is no claim T9.gone in toy, laptop.').waitFor();
  });

  it('sorts a table by the numbers of a column, and puts it back', async () => {
    const { page } = await openFile(browser, path, '#results=toy/laptop');
    const column = page.locator('section.table tbody tr td');
    const sort = page.getByRole('button', { name: 'count | all' });
    const orders = [];
    for (let click = 0; click < 4; click++) {
      orders.push(await column.allInnerTexts());
      await sort.click();
    }
    expect(orders).toEqual([
      ['10.3', '9.5', ''],
      ['9.5', '10.3', ''],
      ['10.3', '9.5', ''],
      ['10.3', '9.5', ''],
    ]);
    expect(await page.getByRole('columnheader', { name: 'count | all' }).getAttribute('aria-sort')).toBe('ascending');
  });

  it('tells what a run changed, and what made it', async () => {
    const { page } = await openFile(browser, path, '#results=toy/wide');
    expect(await page.locator('.changed').innerText()).toBe(
      `Not the profile quick as it stands; changed by --set: width = 20, name = ${hostile}.`,
    );
    expect(await page.locator('.run').innerText()).toMatch(/npx hessian-rmt reproduce toy/);
    await page.getByText('Data sets', { exact: true }).click();
    expect(await page.locator('.run').innerText()).toContain('abc');
  });

  it('links to files that are there, and makes no markup of names', async () => {
    const views = ['', `#folder=*&verdict=reproduced,not-reproduced,not-comparable`];
    const folders = ['toy/laptop', 'toy/wide', 'toy/smoke', `${hostileFolder}/quick`];
    for (const results of folders) views.push(`#${new URLSearchParams({ results })}`);
    const links = new Set<string>();
    for (const view of views) {
      const { page, problems } = await openFile(browser, path, view);
      expect(problems, view).toEqual([]);
      expect(await page.locator('main img, main script, [onerror]').count(), view).toBe(0);
      expect(await page.title(), view).not.toBe('1');
      for (const href of await page
        .locator('a[href]:not([href^="#"])')
        .evaluateAll((all) => all.map((a) => a.getAttribute('href')!))) {
        links.add(href);
      }
    }
    expect(links.size).toBeGreaterThan(30);
    const missing = [...links].filter((href) => !existsSync(fileURLToPath(new URL(href, `file://${path}`))));
    expect(missing).toEqual([]);
    expect(dirname(path)).toBe(join(root, 'results'));
  });

  it('shows the file of a figure for which it had no room', async () => {
    const copy = temporaryFolder();
    await writeResultsFixture(copy);
    const page = await updateResultsPage(copy, { assets, largest: 1000 });
    const opened = await openFile(browser, page.path, '#results=toy/laptop&at=figure-1');
    await opened.page.locator('.drawing img').waitFor();
    await opened.page.evaluate("document.querySelector('.drawing img').decode()");
    expect(await opened.page.locator('.drawing').innerText()).toMatch(/no room/);
    expect(opened.problems).toEqual([]);
  });

  it('follows the colours of the system, and the switch', async () => {
    const { page } = await openFile(browser, path, '', { colorScheme: 'dark' });
    const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const dark = await ground();
    await page.getByLabel('Colours').selectOption('light');
    expect(await ground()).not.toBe(dark);
    await page.reload();
    await page.waitForSelector('main h1');
    expect(await ground()).not.toBe(dark);
  });

  it('does not scroll sideways on a phone', async () => {
    for (const view of ['#verdict=not-reproduced&folder=*', '#results=toy/laptop']) {
      const { page } = await openFile(browser, path, view, { viewport: { width: 390, height: 844 } });
      expect(await page.evaluate('document.documentElement.scrollWidth'), view).toBe(390);
    }
  });

  it('without scripts points to the ledgers', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(`file://${path}`);
    expect(await page.locator('noscript a').count()).toBe(4);
  });
});
