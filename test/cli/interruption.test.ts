import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { Interruption, interruptionOf, onInterruption } from '#cli/interruption.ts';
import { run } from '#cli/program.ts';
import { writeLines } from '#cli/write-lines.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { NOW } from '#test/support/played-job.ts';
import { JOB_PREFIX, serveJob } from '#test/support/served-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { Operation } from '#tools/embedded-s3/operation.ts';
import { smallJob } from './steward.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const BUCKET = 'state';
const serve = useEmbeddedS3();
const makeDirectory = useTempDirectories();

describe('An interruption', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s aborts at first, and leaves at once the second time', (name, status) => {
    const source = new EventEmitter();
    const left: number[] = [];

    const signal = onInterruption(source, (code) => left.push(code));
    expect(signal.aborted).toBe(false);
    source.emit(name);

    expect([signal.reason.message, signal.reason.signal, left]).toEqual([
      'Interrupted: nothing was changed.',
      name,
      [],
    ]);
    source.emit(name);
    expect(left).toEqual([status]);
  });

  it('says what the command knows that came of it', () => {
    const aborted = AbortSignal.abort(new Interruption('SIGTERM'));

    expect(interruptionOf(aborted, '3 objects were deleted')).toMatchObject({
      message: 'Interrupted: 3 objects were deleted.',
      signal: 'SIGTERM',
    });
    expect(interruptionOf(AbortSignal.abort(), 'x')).toBeUndefined();
    expect(interruptionOf(undefined, 'x')).toBeUndefined();
  });

  it.each(['audit', 'plan', 'restore-points'])(
    'ends %s with one sentence, as a document with --json',
    async (command) => {
      // Prepare
      const cwd = await makeDirectory(smallJob());
      const told = { out: '', err: '' };
      const io = {
        cwd,
        clock: () => NOW,
        columns: 80,
        colors: pc.createColors(false),
        signal: AbortSignal.abort(new Interruption('SIGINT')),
        out: (text: string) => {
          told.out += text;
        },
        err: (text: string) => {
          told.err += text;
        },
      };

      // Act
      const status = await run([command, '.', '--as', 's3://bucket', '--json'], io);

      // Assess
      expect({ status, err: told.err }).toEqual({ status: 130, err: 'Interrupted: nothing was changed.\n' });
      expect(JSON.parse(told.out)).toEqual({ error: { message: 'Interrupted: nothing was changed.', status: 130 } });
    },
  );

  it('that comes while objects are judged is heard before anything is written', async () => {
    // Prepare
    const cwd = await makeDirectory({ ...smallJob(), 'steward.json': '{"protect": ["nomatch/**"]}' });
    const abort = new AbortController();
    const told = { out: '', err: '' };
    const io = {
      cwd,
      clock: () => NOW,
      columns: 80,
      colors: pc.createColors(false),
      signal: abort.signal,
      out: (text: string) => {
        told.out += text;
      },
      err: (text: string) => {
        // The note on that pattern is the first that is written after judging.
        told.err += text;
        abort.abort(new Interruption('SIGTERM'));
      },
    };

    // Act
    const status = await run(['restore-points', '.', '--as', 's3://bucket'], io);

    // Assess
    expect({ status, out: told.out }).toEqual({ status: 143, out: '' });
    expect(told.err).toMatch(/^Note: protect: .*\nInterrupted: nothing was changed\.\n$/);
  });

  it('of a file that is being written says that it is not whole', async () => {
    const file = join(await makeDirectory({ other: '' }), 'verdicts.ndjson');
    const abort = new AbortController();
    function* lines(): Generator<string> {
      for (let line = 0; line < 100_000; line++) {
        if (line === 50_000) abort.abort(new Interruption('SIGINT'));
        yield `${line}\n`;
      }
    }

    const failure = await failureOf(() => writeLines(file, lines(), abort.signal));

    expect(failure).toMatchObject({
      name: 'Interruption',
      message: `Interrupted: ${file} is incomplete; nothing else was changed.`,
    });
    expect((await readFile(file, 'utf8')).split('\n').length).toBeLessThan(60_000);
  });
});

describe('The built command', () => {
  it('ends at a signal with one sentence, while the bucket does not answer', async () => {
    // Prepare
    const command = join(await makeDirectory({ 'steward.json': '{}' }), 'steward.mjs');
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'cli/build.ts', command], { cwd: TOP });
    const listing = ['ListObjectsV2', 2] as const;

    // Act
    const ended = [
      await interrupt(command, 'audit', 'SIGINT', ...listing),
      await interrupt(command, 'plan', 'SIGTERM', ...listing),
      await interrupt(command, 'audit', 'SIGINT', 'ListObjectsV2', 1),
      await interrupt(command, 'restore-points', 'SIGINT', 'GetObject', 1),
      await interrupt(command, 'inspect', 'SIGTERM', 'GetObject', 1),
    ];

    // Assess
    const err = 'Interrupted: nothing was changed.\n';
    expect(ended).toEqual([
      { status: 130, out: '', err },
      { status: 143, out: '', err },
      { status: 130, out: '', err },
      { status: 130, out: '', err },
      { status: 143, out: '', err },
    ]);
  });
});

interface Ended {
  /** Null where the signal itself ended it. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command on a bucket of which one request is never answered, and sends the signal once that has come in. */
async function interrupt(
  file: string,
  command: string,
  signal: NodeJS.Signals,
  operation: Operation,
  nth: number,
): Promise<Ended> {
  const { s3 } = await serve({ clock: Date.now, buckets: [BUCKET] });
  serveJob(s3, BUCKET);
  const asked = new Promise<void>((resolve) => {
    s3.faults.add({
      match: { operation, nth: (number) => number >= nth },
      do: [{ kind: 'run', callback: () => resolve() }, { kind: 'hang' }],
    });
  });
  const place = `s3://${BUCKET}/${command === 'inspect' ? `${JOB_PREFIX}chk-7/_metadata` : 'flink'}`;
  const args = [file, command, place, '--endpoint', s3.url, '--region', 'us-east-1', '--path-style'];
  const child = spawn(process.execPath, args, { env: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' } });
  const ended = endOf(child);
  await Promise.race([asked, ended]);
  child.kill(signal);
  return await ended;
}

async function endOf(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (text) => {
    out += text;
  });
  child.stderr?.on('data', (text) => {
    err += text;
  });
  const [status] = await once(child, 'close');
  return { status, out, err };
}
