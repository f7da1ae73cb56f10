import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { projectRoot } from '../src/find-experiments.js';
import { updateResultsPage } from '../src/page/results-page.js';
import { reportFiles } from '../src/report/written-report.js';
import { bundleInto, hasChromium, launch, openFile } from '../test/page/browser.js';
import { sized, tell } from './figures.js';
import { folderName, hostileNames, writeHostileResults } from './hostile-results.js';

const names = hostileNames.filter((_, i) => sized({ long: true, short: i % 3 === 1 }));

let folder: string;
let root: string;
let page: string;
const experiments: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hessian-rmt-names-'));
  root = join(folder, 'root');
  for (const [order, name] of names.entries()) experiments.push(await writeHostileResults(root, name, order));
  bundleInto(join(folder, 'assets'));
  ({ path: page } = await updateResultsPage(root, { assets: join(folder, 'assets') }));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesUnder = (directory: string, ending: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();

/** Whatever in a document could do something, or came from a name. Runs in the browser. */
const inspection = `(() => {
  const found = window.pwned === undefined ? [] : ['a script of a name ran'];
  const elements = [...document.querySelectorAll('*')];
  for (const element of elements) {
    const tag = element.tagName.toLowerCase();
    const isData = element.getAttribute('type') === 'application/octet-stream' || element.parentElement === document.body;
    if (tag === 'script' && !isData) found.push('script');
    if (['iframe', 'object', 'embed', 'base', 'foreignobject', 'animate', 'set', 'use', 'handler', 'image', 'b'].includes(tag)) found.push(tag);
    if (tag === 'a' && element.namespaceURI.endsWith('svg')) found.push('link in a drawing');
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on') || name === 'srcdoc' || name === 'formaction') found.push(name);
      if (/^(xlink:)?(href|src|action)$/.test(name)) {
        const { protocol } = new URL(value, document.baseURI);
        if (!['file:', 'data:', 'blob:'].includes(protocol)) found.push(name + ' to ' + protocol);
      }
    }
  }
  return found;
})()`;

describe.runIf(hasChromium)('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  /** The text of the page, as a reader can copy it. */
  const textOf = (opened: Page) => opened.evaluate('document.body.textContent') as Promise<string>;

  test('names from everywhere are texts on the results page: nothing of them runs, loads or becomes markup', async () => {
    const views = ['', '#folder=*&verdict=reproduced,not-reproduced'];
    for (const [i, experiment] of experiments.entries()) {
      const folders = [folderName(names[i]), ...sized({ long: ['laptop'], short: [] })];
      for (const results of folders.map((name) => `${experiment}/${name}`)) {
        views.push(`#${new URLSearchParams({ results })}`);
      }
    }
    for (const name of names) views.push(`#${new URLSearchParams({ text: name, claim: name, paper: name, at: name })}`);
    const complaints: string[] = [];
    let shown = 0;
    for (const view of views) {
      const { page: opened, problems } = await openFile(browser, page, view);
      for (const details of await opened.locator('details').all())
        await details.evaluate('(element) => { element.open = true }');
      for (const section of await opened.locator('.hf-plot').all()) await section.scrollIntoViewIfNeeded();
      const found = (await opened.evaluate(inspection)) as string[];
      complaints.push(...[...problems, ...found].map((what) => `${view}: ${what}`));
      const text = await textOf(opened);
      shown += names.filter((name) => text.includes(name)).length;
      await opened.close();
    }
    tell(
      'names full of markup',
      `${names.length} names in every text of results, ${views.length} views of the page: ${complaints.length} did something, ${shown} times shown as text`,
    );
    expect(complaints).toEqual([]);
    // They are on the page at all.
    expect(shown).toBeGreaterThan(names.length);
  });

  test('the policy of the page lets nothing in that got into its markup', async () => {
    let calls = 0;
    const server = createServer((_, response) => {
      calls++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const attacks = [
      `document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.pwned=1">')`,
      `(() => { const s = document.createElement('script'); s.textContent = 'window.pwned=1'; document.body.append(s); })()`,
      `(() => { const s = document.createElement('script'); s.src = '${elsewhere}/x.js'; document.body.append(s); })()`,
      `(() => { const s = document.createElement('script'); s.src = 'data:text/javascript,window.pwned=1'; document.body.append(s); })()`,
      `(() => { const f = document.createElement('iframe'); f.srcdoc = '<script>parent.pwned=1</' + 'script>'; document.body.append(f); })()`,
      `(() => { const a = document.createElement('a'); a.href = 'javascript:window.pwned=1'; document.body.append(a); a.click(); })()`,
      `(() => { const i = document.createElement('img'); i.src = '${elsewhere}/pixel.png'; document.body.append(i); })()`,
      `(() => { const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = '${elsewhere}/x.css'; document.head.append(l); })()`,
      `void fetch('${elsewhere}/').catch(() => {})`,
    ];
    let refused = 0;
    for (const attack of attacks) {
      const { page: opened, problems } = await openFile(browser, page);
      await opened.evaluate(attack);
      await expect
        .poll(() => problems.filter((problem) => /Content Security Policy/.test(problem)).length)
        .toBeGreaterThan(0);
      refused += Number((await opened.evaluate('window.pwned === undefined')) as boolean);
    }
    tell(
      'names full of markup',
      `the policy of the page refused ${refused} of ${attacks.length} scripts, styles, images and calls put into it`,
    );
    expect([refused, calls]).toEqual([attacks.length, 0]);
  });

  test('a drawing opened by itself is XML and holds names as texts', async () => {
    const drawings = experiments.map((experiment) =>
      join(root, 'results', experiment, 'laptop', 'figures', 'figure-1.svg'),
    );
    const complaints: string[] = [];
    for (const drawing of drawings) {
      const opened = await browser.newPage();
      opened.on('dialog', (dialog) => void dialog.dismiss());
      // From disk, with the type that its ending gives it.
      await opened.goto(`file://${drawing.split('/').map(encodeURIComponent).join('/')}`);
      const found = (await opened.evaluate(inspection)) as string[];
      const root = await opened.evaluate(
        'document.documentElement.tagName + (document.querySelector("parsererror") ? " with errors" : "")',
      );
      complaints.push(...found, ...(root === 'svg' ? [] : [String(root)]));
      await opened.close();
    }
    tell(
      'names full of markup',
      `${drawings.length} SVG files opened in Chromium: ${complaints.length} did something or were no XML`,
    );
    expect(complaints).toEqual([]);
  });
});

test('the markup of the page is that of a page without results: names stand in packed blocks only', () => {
  const html = readFileSync(page, 'utf8');
  expect(html.match(/<script(?! type="application\/octet-stream")/g)).toHaveLength(1);
  const links = html.match(/<a href="[^"]*">[^<]*<\/a>/g)!;
  expect(links.length).toBeGreaterThan(2 * names.length);
  for (const link of links) expect(link).toMatch(/^<a href="(#content|(\.|&#46;)[^"]*)">/);
  const outside = html.replaceAll(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '');
  const tags = new Set([...outside.matchAll(/<\/?([^\s>]+)/g)].map(([, tag]) => tag));
  const own = '!doctype html head meta title body a header main p footer template ul li noscript';
  expect([...tags].sort()).toEqual(own.split(' ').sort());
});

test('committed drawings hold no script, no link and nothing from elsewhere', () => {
  const drawings = ['results', 'docs', 'packages', 'experiments']
    .flatMap((place) => filesUnder(join(projectRoot(), place), '.svg'))
    .filter((file) => !file.includes('node_modules'));
  const active =
    /<(script|foreignObject|a|iframe|image|use|animate|set|style)\b|\son\w+\s*=|href\s*=|<!|url\((?!#)|javascript:/i;
  const bad = drawings.filter((file) => active.test(readFileSync(file, 'utf8')));
  tell('names full of markup', `${drawings.length} committed SVG files: ${bad.length} with anything active`);
  expect(bad).toEqual([]);
  expect(drawings.length).toBeGreaterThan(10);
});

test('in Markdown names are no markup: neither in ledgers and tables, nor in the report and the README', async () => {
  const report = join(folder, 'report.md');
  const readme = join(folder, 'README.md');
  writeFileSync(readme, '<!-- claims -->\n<!-- /claims -->\n');
  const made = await reportFiles(root, 'laptop', { markdown: report, readme });
  const texts = new Map(made.map(({ path, text }) => [path, text]));
  for (const file of filesUnder(join(root, 'results'), '.md')) texts.set(file, readFileSync(file, 'utf8'));
  const complaints: string[] = [];
  for (const [file, text] of texts) {
    // What is left when every escaped sign is taken out could mean something.
    const bare = text.replaceAll(/\\[!-/:-@[-`{-~]/g, '').replaceAll(/<!-- \/?claims -->|<br>/g, '');
    for (const sign of bare.match(/<[a-z/!?]|`[^`\n]*[<[][^`\n]*`|^\s*\[[^\]]*\]:/gim) ?? [])
      complaints.push(`${file}: ${sign}`);
    for (const [, address] of bare.matchAll(/\]\(([^)\n]*)\)?/g)) {
      if (!/^(#[^\s<>]*|(\.\.?\/|figures\/|results\/|root\/|[^\s<>:]*$)[^\s<>:]*)$/u.test(address))
        complaints.push(`${file}: link to ${address}`);
    }
    const rows = bare.split('\n').filter((line) => line.startsWith('|'));
    const cells = rows.map((row) => row.split('|').length);
    for (let i = 1; i < rows.length; i++) {
      const starts = /^\| (-{3}|-+:?)/.test(rows[i + 1] ?? '');
      if (!starts && cells[i] !== cells[i - 1]) complaints.push(`${file}: ${cells[i]} cells after ${cells[i - 1]}`);
    }
  }
  tell(
    'names full of markup',
    `${texts.size} Markdown files: ${complaints.length} marks, links or cells made of names`,
  );
  expect(complaints.slice(0, 10)).toEqual([]);
  expect(texts.size).toBeGreaterThan(4 * names.length);
});
