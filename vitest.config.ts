import { defineConfig } from 'vitest/config';
import { HANG, isFast, ordinaryTests, TEST_ENVIRONMENT } from './test/suites.ts';

const tests = ordinaryTests();
/** Those that build and start the bundles of the functions: `npm run test:functions`, on the Node that Lambda has. */
const onlyOnNode24 = process.env.STEWARD_FUNCTIONS_NODE === undefined ? [] : ['test/functions/bundles.test.ts'];

export default defineConfig({
  test: {
    testTimeout: HANG,
    hookTimeout: HANG,
    env: TEST_ENVIRONMENT,
    // Left to itself it uses all processors but one, and on two that is half the speed.
    maxWorkers: '100%',
    projects: [
      // Without a new world for each file, which takes longer than the tests.
      { extends: true, test: { name: 'fast', include: tests.filter(isFast), isolate: false } },
      { extends: true, test: { name: 'rest', include: [...tests.filter((path) => !isFast(path)), ...onlyOnNode24] } },
    ],
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
