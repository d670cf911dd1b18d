import { tmpdir } from 'node:os';
import { join } from 'node:path';

const group = process.env.STEWARD_MUTATED ?? 'retention';

/**
 * For `npm run test:mutation`, which sets the files and their tests (test/mutation/groups.ts).
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: true },
  coverageAnalysis: 'perTest',
  // A constant of a module is there before any test, so that all tests had to be run anew for each change of it.
  ignoreStatic: true,
  concurrency: 1,
  // Against endless loops alone: a slow machine must not make a mutant look noticed.
  timeoutMS: 60_000,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: `node_modules/.cache/mutation/${group}.json` },
  incremental: true,
  incrementalFile: `node_modules/.cache/mutation/${group}-incremental.json`,
  // Vitest compiles nothing below node_modules.
  tempDirName: join(tmpdir(), `steward-mutants-${group}`),
  // TypeScript 7 has no API by which Stryker could read the real one, and nothing needs it here.
  tsconfigFile: 'none.json',
  ignorePatterns: ['/coverage', '/cdk.out', '/dist'],
};
