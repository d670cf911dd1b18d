import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**', 'test/s3-conformance/**', '**/node_modules/**'],
    testTimeout: 30_000,
    // Left to itself it uses all processors but one, and on two that is half the speed.
    maxWorkers: '100%',
    coverage: {
      provider: 'v8',
      include: ['core/**/*.ts'],
      reporter: ['text-summary', 'text'],
      thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
    },
  },
});
