import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Figure } from '../../src/index.js';

/** Debian's. */
const executablePath = '/usr/bin/chromium';
export const hasChromium = existsSync(executablePath);
if (!hasChromium) console.warn(`skipped: no ${executablePath} (apt-get install chromium)`);

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser that opens pages with figures from disk, as a reader would. */
export interface FigurePages {
  /** Bytes of the bundle, minified. */
  readonly size: number;
  /** @param context  width, colours, touch */
  open(figure: Figure, context?: BrowserContextOptions & { readonly theme?: string }): Promise<FigurePage>;
  close(): Promise<void>;
}

export interface FigurePage {
  readonly page: Page;
  /** What the page complained of. */
  readonly problems: readonly string[];
}

export async function figurePages(): Promise<FigurePages> {
  const folder = await mkdtemp(join(tmpdir(), 'hessian-rmt-figures-'));
  const bundle = await build({
    stdin: {
      contents: `import { figureStyles, mountFigure } from './src/browser/index.ts';
        const style = document.createElement('style');
        style.textContent = figureStyles;
        document.head.append(style);
        const figure = JSON.parse(document.querySelector('script[type="application/json"]').textContent);
        window.mounted = mountFigure(document.querySelector('main'), figure);`,
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'iife',
    conditions: ['@hessian-rmt/source'],
    outfile: join(folder, 'bundle.js'),
    metafile: true,
  });
  const browser: Browser = await chromium.launch({ executablePath, args: flags });
  let files = 0;
  /** One page for each context: to open one costs more than to load it. */
  const pages = new Map<string, Promise<FigurePage & { readonly problems: string[] }>>();
  const pageOf = async (context: BrowserContextOptions): Promise<FigurePage & { readonly problems: string[] }> => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 800 }, ...context });
    page.setDefaultTimeout(10_000);
    const problems: string[] = [];
    page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => problems.push(String(error.stack)));
    page.on('request', (request) => {
      if (!/^(file|blob):/.test(request.url())) problems.push(request.url());
    });
    return { page, problems };
  };
  return {
    size: Object.values(bundle.metafile.outputs)[0].bytes,
    open: async (figure, { theme, ...context } = {}) => {
      const file = join(folder, `page-${++files}.html`);
      const json = JSON.stringify(figure).replaceAll('<', '\\u003c');
      await writeFile(
        file,
        `<!doctype html><html lang="en"${theme ? ` data-theme="${theme}"` : ''}><meta charset="utf-8">
        <meta name="viewport" content="width=device-width"><title>Figure</title><body><main></main>
        <script type="application/json">${json}</script><script src="bundle.js"></script></body></html>`,
      );
      const key = JSON.stringify(context);
      if (!pages.has(key)) pages.set(key, pageOf(context));
      const { page, problems } = await pages.get(key)!;
      problems.length = 0;
      await page.goto(pathToFileURL(file).href);
      return { page, problems };
    },
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true });
    },
  };
}
