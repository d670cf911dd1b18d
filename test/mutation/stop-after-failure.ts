import { afterEach } from 'vitest';

/** Set in the process of the tests, which lives as long as one mutant. */
const state: typeof globalThis & { hasFailed?: boolean } = globalThis;

// One failure is enough to notice a mutant, but all files that share a process would be imported.
if (state.hasFailed === true) throw new Error('A test has failed before.');

afterEach(({ task }) => {
  if (task.result?.state === 'fail') state.hasFailed = true;
});
