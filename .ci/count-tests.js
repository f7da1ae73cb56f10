// Adds up the test results that vitest left in every workspace, and closes with the line that CI reads.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const failedSteps = Number(process.argv[2] ?? 0);
const workspaces = ['packages', 'experiments'].flatMap((folder) =>
  readdirSync(folder).map((name) => path.join(folder, name)),
);
let passed = 0;
let failed = failedSteps;
let skipped = 0;
// The campaign of faults is run apart from the tests and leaves a report of its own.
const reports = [...workspaces, '.'].flatMap((workspace) =>
  ['test-results.json', 'fault-results.json'].map((name) => path.join(workspace, name)),
);
for (const file of reports) {
  if (!existsSync(file)) continue;
  const results = JSON.parse(readFileSync(file, 'utf8'));
  passed += results.numPassedTests;
  failed +=
    results.numFailedTests +
    results.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0).length;
  skipped += results.numPendingTests;
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
