import type { Reporter, TestModule } from 'vitest/node';
import { textTable } from '../src/text-table.js';
import type { Figure } from './figures.js';

/** Prints what the tests told, as one table, when all of them are over. */
export default class FiguresReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const figures = tests.flatMap((test): readonly Figure[] => test.meta().figures ?? []);
    if (figures.length === 0) return;
    console.log(`\n${textTable(figures.map(({ fault, reached }) => [fault, reached])).join('\n')}\n`);
  }
}
