import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { readCounter } from '#test/support/counter-document.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();
const SCRIPT = fileURLToPath(new URL('../../support/count-until-killed.ts', import.meta.url));
const WRITERS_AT_ONCE = 3;
const KILLS = 12;

interface Writer {
  readonly name: string;
  readonly child: ChildProcess;
  /** Counts that it has printed. */
  counted: number;
}

it('loses no count, and shows no half document, where writers are killed at any moment', async () => {
  // Prepare
  const seed = Date.now();
  const [delays = []] = fc.sample(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: KILLS, maxLength: KILLS }), {
    seed,
    numRuns: 1,
  });
  const folder = await makeDirectory();
  const script = join(folder, 'writer.mjs');
  await build({
    entryPoints: [SCRIPT],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const path = join(folder, 'ledger');
  const writers: Writer[] = [];
  const start = () => writers.push(startWriter(script, path, `w${writers.length}`));
  const reading = { isOver: false };

  // Act
  const totals = readAlong(path, reading);
  for (let at = 0; at < WRITERS_AT_ONCE; at++) start();
  for (const [at, delay] of delays.entries()) {
    const doomed = writers[at];
    if (doomed === undefined) throw new Error('A writer for each kill was started.');
    await oneCountOf(doomed);
    await pause(delay);
    await kill(doomed);
    start();
  }
  await Promise.all(writers.slice(KILLS).map(kill));
  reading.isOver = true;

  // Assess
  const { total, by } = await readCounter(new LedgerFolder(path));
  const message = `seed ${seed}`;
  for (const { name, counted } of writers) {
    // The last one may have been written and not printed any more.
    expect([counted, counted + 1], `${message}, ${name}`).toContain(by[name] ?? 0);
  }
  expect(total, message).toBe(Object.values(by).reduce((sum, count) => sum + count, 0));
  expect(total, message).toBeGreaterThanOrEqual(KILLS);
  const seen = await totals;
  expect(seen, message).toEqual([...seen].sort((a, b) => a - b));
});

function startWriter(script: string, path: string, name: string): Writer {
  const child = spawn(process.execPath, [script, path, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const writer = { name, child, counted: 0 };
  child.stdout.on('data', (data: Buffer) => {
    writer.counted += data.length;
  });
  return writer;
}

async function oneCountOf(writer: Writer): Promise<void> {
  if (writer.counted === 0 && writer.child.stdout !== null) await once(writer.child.stdout, 'data');
}

async function kill({ child }: Writer): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

/** Every state that a reader sees meanwhile. */
async function readAlong(path: string, reading: { readonly isOver: boolean }): Promise<readonly number[]> {
  const store = new LedgerFolder(path);
  const totals: number[] = [];
  while (!reading.isOver) {
    totals.push((await readCounter(store)).total);
    await pause(1);
  }
  return totals;
}
