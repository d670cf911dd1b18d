import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { Lister } from './other-listers.ts';

/** The steward's lister and the SDK's paginator, each as a bundle that runs on Node alone. */
export function ownListers(): readonly Lister[] {
  const script = fileURLToPath(new URL('../../dist/bench/list-once.mjs', import.meta.url));
  buildSync({
    entryPoints: [fileURLToPath(new URL('./list-once.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    platform: 'node',
    mainFields: ['module', 'main'],
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import { createRequire as createRequireOfTheBench } from 'node:module'; const require = createRequireOfTheBench(import.meta.url);",
    },
    logLevel: 'error',
  });
  const lister = (name: string, how: string): Lister => ({
    name,
    command: (url, bucket) => [process.execPath, '--no-warnings', script, how, url, bucket],
    count: Number,
  });
  return [lister('steward', 'steward'), lister('SDK paginator', 'paginator')];
}
