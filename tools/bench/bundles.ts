import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { type Bundle, buildFunctions, bundleOptions } from '#functions/build.ts';
import type { Row } from './performance-page.ts';

/**
 * How large the bundles of the functions are, and how long Node takes to load each of them, the code's part of a cold
 * start, against a bundle of `@aws-sdk/client-s3` alone with the same settings. Each load is a process of its own, they
 * take turns, and the least counts.
 */

const ROUNDS = 15;
const BARE = fileURLToPath(new URL('../../dist/bench/bare', import.meta.url));
/** The client and what it takes to list, read and write. */
const BARE_SOURCE =
  "export { S3Client, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';";

/** Milliseconds. */
interface Load {
  readonly wall: number;
  readonly cpu: number;
}

function loadOnce(file: string): Load {
  const script = `const used = process.cpuUsage(), began = performance.now();
    await import(${JSON.stringify(file)});
    const wall = performance.now() - began, { user, system } = process.cpuUsage(used);
    console.log(JSON.stringify({ wall, cpu: (user + system) / 1000 }));`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { AWS_REGION: 'us-east-1' },
  });
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Load;
}

/** The least of each file, in their order. */
function leastLoads(files: readonly string[]): readonly Load[] {
  const least = files.map((): Load => ({ wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, file] of files.entries()) {
      const { wall, cpu } = loadOnce(file);
      const { wall: leastWall = wall, cpu: leastCpu = cpu } = least[at] ?? {};
      least[at] = { wall: Math.min(wall, leastWall), cpu: Math.min(cpu, leastCpu) };
    }
  }
  return least;
}

async function buildBare(): Promise<string> {
  const { plugins: _, entryPoints: __, ...settings } = bundleOptions(false);
  const stdin = { contents: BARE_SOURCE, resolveDir: import.meta.dirname, sourcefile: 'index.ts' };
  await build({ ...settings, stdin, entryNames: 'index', outdir: BARE, write: true });
  return join(BARE, 'index.mjs');
}

function gzippedBytes({ file, files }: Bundle): number {
  return files.reduce((sum, name) => sum + gzipSync(readFileSync(join(dirname(file), name))).length, 0);
}

/** Prints and gives what it finds. */
export async function benchBundles(): Promise<readonly Row[]> {
  const bundles = await buildFunctions();
  const [bare, ...loads] = leastLoads([await buildBare(), ...bundles.map(({ file }) => file)]);
  console.log(
    `Bundles of the functions, Node ${process.versions.node}, the least of ${ROUNDS} loads in processes of their own; client-s3 alone takes ${bare?.wall.toFixed(1)} ms, and ${bare?.cpu.toFixed(1)} ms of CPU:`,
  );
  const rows = bundles.map((bundle, at) => ({
    function: bundle.name,
    KB: Math.round(bundle.bytes / 1000),
    files: bundle.files.length,
    'KB gzipped': Math.round(gzippedBytes(bundle) / 1000),
    'load, ms': rounded(loads[at]?.wall),
    'CPU, ms': rounded(loads[at]?.cpu),
    'load of client-s3 ×': rounded((loads[at]?.wall ?? 0) / (bare?.wall ?? 0)),
    'its CPU ×': rounded((loads[at]?.cpu ?? 0) / (bare?.cpu ?? 0)),
  }));
  console.table(rows);
  return rows;
}

function rounded(value = Number.NaN): number {
  return Math.round(value * 100) / 100;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await benchBundles();
}
