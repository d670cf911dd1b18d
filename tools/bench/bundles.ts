import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Bundle, buildFunctions } from '#functions/build.ts';

/** How large the bundles of the functions are, and how long Node takes to load each of them: the code's part of a cold start. */

const RUNS = 5;

function loadingTime({ file }: Bundle): number {
  const script = `const began = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - began);`;
  const times = Array.from({ length: RUNS }, () => {
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: { AWS_REGION: 'us-east-1' },
    });
    return Number(out.trim().split('\n').at(-1));
  });
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
}

function gzippedBytes({ file, files }: Bundle): number {
  return files.reduce((sum, name) => sum + gzipSync(readFileSync(join(dirname(file), name))).length, 0);
}

/** Prints what it finds. */
export async function benchBundles(): Promise<void> {
  console.log(
    `Bundles of the functions, Node ${process.versions.node}, median of ${RUNS} loads in processes of their own:`,
  );
  console.table(
    (await buildFunctions()).map((bundle) => ({
      function: bundle.name,
      KB: Math.round(bundle.bytes / 1000),
      files: bundle.files.length,
      'KB gzipped': Math.round(gzippedBytes(bundle) / 1000),
      'load ms': Math.round(loadingTime(bundle)),
    })),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await benchBundles();
}
