import { relative } from 'node:path';
import { printAside, printableMessage } from '../terminal.js';
import { updateResultsPage } from './results-page.js';

/**
 * The last thing that a command does with results: the page is brought up to date and named. A page that cannot be
 * written is told on standard error and fails no run, since the results themselves are whole.
 */
export async function tellResultsPage(root: string, print: (line: string) => void): Promise<void> {
  try {
    const { path } = await updateResultsPage(root);
    print(`${relative(root, path)} shows all results.`);
  } catch (error) {
    printAside(`hessian-rmt: results/index.html is not up to date: ${printableMessage((error as Error).message)}`);
  }
}
