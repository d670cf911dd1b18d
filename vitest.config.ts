import { defineConfig } from 'vitest/config';

/** Those that build and start the bundles of the functions: `npm run test:functions`, on the Node that Lambda has. */
const onlyOnNode24 = process.env.STEWARD_FUNCTIONS_NODE === undefined ? ['test/functions/bundles.test.ts'] : [];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**', 'test/s3-conformance/**', ...onlyOnNode24, '**/node_modules/**'],
    testTimeout: 30_000,
    // Left to itself it uses all processors but one, and on two that is half the speed.
    maxWorkers: '100%',
    coverage: {
      provider: 'v8',
      include: ['core/**/*.ts'],
      // Else helpers of tests count that lie in a folder of this name.
      exclude: ['test/**'],
      reporter: ['text-summary', 'text'],
      thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
    },
  },
});
