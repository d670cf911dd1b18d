import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { whatIsMissing } from '#test/support/java-tools.ts';
import { buildFlinksReader, firstReads, type Rounds, warmReads } from './flinks-reader.ts';
import { layMetadataSets, type MetadataSet } from './metadata-sets.ts';
import type { Row } from './performance-page.ts';

/**
 * The steward's reader of `_metadata` and Flink's own one, one after the other over the same files, each in processes of
 * its own: warm, and the first time in a new process.
 *
 * usage: tsx tools/bench/compare-readers.ts [--quick] [--each]
 */

const USUAL: Rounds = { warmUps: 8, measurements: 5, seconds: 1 };
const QUICK: Rounds = { warmUps: 2, measurements: 3, seconds: 0.5 };
const FIRST_READS = 5;
const BUILT = fileURLToPath(new URL('../../dist/bench/reader', import.meta.url));

/** Prints and gives what it finds, or says why it can't. @param each whether each vector and each recording is a row */
export async function benchReaders({ quick = false, each = false } = {}): Promise<readonly Row[]> {
  const missing = await whatIsMissing();
  if (missing !== null) {
    console.log(`Flink's own reader is left out, because this machine has no ${missing}.`);
    return [];
  }
  const classpath = buildFlinksReader();
  const rounds = quick ? QUICK : USUAL;
  buildOwn();
  const folder = mkdtempSync(join(tmpdir(), 'flink-steward-readers-'));
  try {
    const sets = await layMetadataSets(folder, each);
    const rows = sets.map((set) => compare(set, classpath, rounds));
    console.table(rows);
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare({ name, folder, files, bytes }: MetadataSet, classpath: string, rounds: Rounds): Row {
  const flink = median(warmReads(classpath, folder, rounds));
  const handedOn = median(timeOwn(folder, 'handed-on', rounds).rounds);
  const collected = median(timeOwn(folder, 'collected', rounds).rounds);
  const flinkFirst = median(firstReads(classpath, folder, FIRST_READS));
  const none: Rounds = { warmUps: 0, measurements: 0, seconds: 0 };
  const first = median(Array.from({ length: FIRST_READS }, () => timeOwn(folder, 'handed-on', none).first));
  return {
    files: name,
    number: files,
    KB: rounded(bytes / 1_000),
    'Flink, µs a file': rounded(flink / files),
    'steward, µs a file': rounded(handedOn / files),
    'Flink, MB/s': rounded(bytes / flink),
    'steward, MB/s': rounded(bytes / handedOn),
    'times as fast': rounded(flink / handedOn),
    'and all collected': rounded(flink / collected),
    'first time, Flink, ms': rounded(flinkFirst / 1_000),
    'first time, steward, ms': rounded(first / 1_000),
  };
}

function buildOwn(): void {
  buildSync({
    entryPoints: [fileURLToPath(new URL('./time-reader.ts', import.meta.url))],
    outdir: BUILT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'error',
  });
}

function timeOwn(folder: string, how: 'handed-on' | 'collected', { warmUps, measurements, seconds }: Rounds): OwnTimes {
  const numbers = [warmUps, measurements, seconds].map(String);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(BUILT, 'time-reader.mjs'), folder, how, ...numbers],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`The steward's reader could not be measured:\n${stderr.slice(-2_000)}`);
  return JSON.parse(stdout) as OwnTimes;
}

/** Microseconds, as `time-reader.ts` prints them. */
interface OwnTimes {
  readonly first: number;
  readonly rounds: readonly number[];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** To three digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, each: { type: 'boolean' } } });
  await benchReaders(values);
}
