import { defineConfig } from 'vitest/config';

// Tests run on the sources of all packages (the `@hessian-rmt/source` export condition), so a test sees an edit without a build.
export default defineConfig({
  resolve: { conditions: ['@hessian-rmt/source'] },
  ssr: { resolve: { conditions: ['@hessian-rmt/source', 'node', 'import', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results.json' },
  },
});
