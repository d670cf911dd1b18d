import { beforeEach, describe, expect, it } from 'vitest';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { type Part, readLines } from '#operations/ledger/line-parts.ts';
import { recollect } from '#operations/ledger/run-memory.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import { runOverArea } from '#operations/run/run.ts';
import { shardContext } from '#operations/shards/context.ts';
import { rememberRun } from '#operations/shards/remember-run.ts';
import { rememberShard } from '#operations/shards/remember-shard.ts';
import { runPhases } from '#operations/shards/run-phases.ts';
import { ShardFiles } from '#operations/shards/shard-files.ts';
import { lastWrite, RECORDINGS, recordedBucket, unpack } from '#test/support/corpus.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { decideAtOnce, decideInShards, SURVEYED } from '#test/support/sharded.ts';
import { ALONE } from '#test/support/stewarded.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const SECOND = 1_000;

const makeFolder = useTempDirectories();
let folder: string;
beforeEach(async () => {
  folder = await makeFolder();
});

async function inputOf(name: string, later: () => number): Promise<SurveyInput> {
  const bucket = await recordedBucket(name);
  await unpack(bucket, folder);
  const now = () => lastWrite(bucket) + 60_000 + later();
  return {
    ...SURVEYED,
    locations: [
      {
        area: { name: bucket.bucket, store: `s3://${bucket.bucket}`, prefix: '', hidden: 0 },
        store: new LocalDirectory(folder, { now }),
      },
    ],
    settings: {
      ...DEFAULT_COLLECT_SETTINGS,
      minAge: 4 * SECOND,
      quarantine: 2 * SECOND,
      checkpointTimeout: SECOND,
      taskowned: true,
      taskownedMinAge: 4 * SECOND,
    },
    clock: now,
  };
}

async function runAtOnce(input: SurveyInput, ledger: MemoryLedger, run: string): Promise<void> {
  await runOverArea({
    survey: input,
    writers: [],
    deleters: [],
    ledger,
    newLedgerId: 'ledger',
    run,
    command: 'survey',
    holders: ALONE,
    now: input.clock,
    execute: false,
    accept: new Set(),
    retention: null,
    sweep: null,
    deletesPerSecond: 1_000,
  });
}

async function runInShards(input: SurveyInput, ledger: MemoryLedger, run: string, shards: number): Promise<void> {
  const files = new ShardFiles(ledger, run);
  const context = shardContext({ input, ledger, files, shards, verdicts: false });
  await runPhases(context, { atOnce: 2 });
  const items = Array.from({ length: shards }, (_, shard) => String(shard));
  for (const item of items) await files.write('remember', item, await rememberShard(item, context));
  await files.close('remember', items);
  await rememberRun(context, { run, tripped: false });
}

/** What a ledger remembers, in no order that matters. */
async function memoryOf(ledger: MemoryLedger): Promise<Record<string, unknown>> {
  const { record } = await recollect(ledger);
  if (record === null) throw new Error('It remembers nothing.');
  const { run: _, candidates, named, directories, damaged, known, looked, signs, retiredFiles, ...rest } = record;
  const lists = { candidates, named, directories, damaged, known, looked, signs: signs ?? [], retiredFiles };
  const entries = Object.entries(lists).map(async ([name, parts]) => [name, await linesOf(ledger, parts)]);
  return { ...rest, ...Object.fromEntries(await Promise.all(entries)) };
}

/** A line of an object is told with the directory before it, the roots of a directory by their names. */
async function linesOf(ledger: MemoryLedger, parts: readonly Part[]): Promise<readonly string[]> {
  const lines: string[] = [];
  let directory: unknown = null;
  for await (const line of readLines(ledger, parts)) {
    const { roots } = Object(line) as { roots?: unknown[][] };
    roots?.sort((a, b) => String(a).localeCompare(String(b)));
    const isDirectory = Object.keys(Object(line)).join() === 'store,path';
    if (isDirectory) directory = line;
    else lines.push(JSON.stringify(Array.isArray(line) ? [directory, line] : line));
  }
  return lines.sort();
}

describe('What a run in shards leaves for the next one', () => {
  it.each(RECORDINGS)('is what one process leaves, and serves the quarantine like it: %s', async (name) => {
    // Prepare
    let later = 0;
    const input = await inputOf(name, () => later);
    const atOnce = new MemoryLedger(new LedgerContent(), OPEN);
    const inShards = new MemoryLedger(new LedgerContent(), OPEN);

    for (const run of ['first', 'second']) {
      // Act
      await runAtOnce(input, atOnce, run);
      await runInShards(input, inShards, run, 3);

      // Assess
      expect(await memoryOf(inShards)).toEqual(await memoryOf(atOnce));
      later += 3 * SECOND;
    }
    const expected = await decideAtOnce(input, atOnce);
    expect(await decideInShards(input, { shards: 4, ledger: inShards })).toEqual(expected);
    expect(await decideAtOnce(input, inShards)).toEqual(expected);
  });
});
