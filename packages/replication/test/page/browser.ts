import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** Debian's. */
const executablePath = '/usr/bin/chromium';
export const hasChromium = existsSync(executablePath);
if (!hasChromium) console.warn(`skipped: no ${executablePath} (apt-get install chromium)`);

const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking ' +
  '--disable-component-update --disable-sync';

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args: flags.split(' ') });
}

/** Bundles the page's script and style into a folder, as the build does. */
export function bundleInto(folder: string): void {
  const script = fileURLToPath(new URL('../../bundle.js', import.meta.url));
  execFileSync(process.execPath, [script, folder]);
}

export interface OpenPage {
  readonly page: Page;
  /** What the console and the policy complained of, dialogs that opened, and addresses that were asked for. */
  readonly problems: string[];
}

const contexts = new WeakMap<Browser, Promise<BrowserContext>>();

/** A context takes longer to make than a page. */
function sharedContext(browser: Browser): Promise<BrowserContext> {
  if (!contexts.has(browser)) contexts.set(browser, browser.newContext());
  return contexts.get(browser)!;
}

/** Opens a file as a reader does, from disk, and waits until it shows something. */
export async function openFile(
  browser: Browser,
  file: string,
  hash = '',
  options?: BrowserContextOptions,
): Promise<OpenPage> {
  const page = options ? await browser.newPage(options) : await (await sharedContext(browser)).newPage();
  onTestFinished(() => page.close());
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
      problems.push(`asked for ${request.url()}`);
  });
  await page.goto(`${pathToFileURL(file).href}${hash}`);
  await page.waitForSelector('main h1');
  return { page, problems };
}
