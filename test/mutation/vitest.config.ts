import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { HANG, isFast, TEST_ENVIRONMENT } from '../suites.ts';
import { groupNamed, judgesOf } from './groups.ts';
import { nearestFirst } from './nearest-first.ts';

const judges = judgesOf(groupNamed(process.env.STEWARD_MUTATED ?? 'retention'));

/** A mutant that a test notices is done with, so those go first that are likely to. */
class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // Stryker asks for the tests that are related to the file of the mutant.
    const mutated = this.ctx.config.related?.[0] ?? '';
    return files.toSorted((a, b) => nearestFirst(mutated, a.moduleId, b.moduleId));
  }
}

export default defineConfig({
  test: {
    env: TEST_ENVIRONMENT,
    include: [...judges],
    // As in the ordinary suite.
    isolate: !judges.every(isFast),
    setupFiles: [fileURLToPath(new URL('stop-after-failure.ts', import.meta.url))],
    sequence: { sequencer: NearestFirst },
    testTimeout: HANG,
    hookTimeout: HANG,
  },
});
