import type { TestProject } from 'vitest/node';
import { Checkout } from './deployment.ts';
import { GAPS } from './gaps.ts';
import { startMiniStack } from './ministack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the suite keeps its files. */
    cloud: string;
    /** What clients of MiniStack need. */
    environment: Readonly<Record<string, string>>;
  }
}

/** One MiniStack for all stories. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { STEWARD_CLOUD: folder } = process.env;
  if (folder === undefined) throw new Error('Run it by "npm run test:cloud".');
  console.log('What MiniStack lacks of AWS:');
  for (const { lacks, instead } of GAPS) console.log(`- ${lacks}; ${instead}.`);
  const miniStack = await startMiniStack(folder);
  try {
    await new Checkout(`${folder}/bootstrap`, miniStack.environment).bootstrap();
  } catch (error) {
    await miniStack.stop();
    throw error;
  }
  project.provide('cloud', folder);
  project.provide('environment', miniStack.environment);
  return async () => await miniStack.stop();
}
