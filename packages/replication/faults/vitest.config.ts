import { defineConfig } from 'vitest/config';

// The campaign of faults: long, and not part of `npm test`. One file after the other, since each kills, fills and mounts.
export default defineConfig({
  resolve: { conditions: ['@hessian-rmt/source'] },
  ssr: { resolve: { conditions: ['@hessian-rmt/source', 'node', 'import', 'default'] } },
  test: {
    include: ['faults/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
    reporters: ['default', 'json', './faults/figures-reporter.ts'],
    outputFile: { json: 'fault-results.json' },
  },
});
