import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interruption } from '#cli/interruption.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { bucketFiles, documentOf, type Ran, runCaptured } from './steward.ts';

const makeDirectory = useTempDirectories();
const job = new PlayedJob(new MovingStore({ now: NOW }));

/** Watches a directory. @param meanwhile what happens in each pause, one after the other; then the user ends it. */
async function watched(
  meanwhile: readonly ((directory: string) => unknown)[],
  ...args: readonly string[]
): Promise<Ran & { readonly pauses: readonly number[] }> {
  const directory = await makeDirectory(
    bucketFiles((store) => {
      const played = new PlayedJob(store);
      played.complete(6, [played.upload(1), played.upload(2)], NOW - 3 * DAY);
      played.complete(7, [played.file(1), played.upload(3)], NOW - 2 * DAY);
      played.upload(9);
    }),
  );
  const pauses: number[] = [];
  const abort = new AbortController();
  const ran = await runCaptured(['watch', directory, '--as', 's3://bucket', ...args], {
    cwd: directory,
    clock: () => NOW,
    columns: 200,
    signal: abort.signal,
    sleep: async (milliseconds) => {
      const next = meanwhile[pauses.push(milliseconds) - 1];
      if (next === undefined) abort.abort(new Interruption('SIGINT'));
      else await next(directory);
    },
  });
  return { ...ran, pauses };
}

const nothing = () => {};
/** However its lines are broken. */
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');
const remove =
  (...keys: readonly string[]) =>
  async (directory: string) => {
    for (const key of keys) await rm(join(directory, key));
  };

describe('watch', () => {
  it('ends with status 1 at the first loss, and says which restore points need the file', async () => {
    const { status, out, pauses } = await watched([nothing, remove(job.file(1)), nothing]);

    expect(status).toBe(1);
    expect(flat(out)).toContain(
      '2027-03-01 00:00:00 UTC: watching 6 objects and 2 restore points, with a look every 1m. Ctrl-C ends it.',
    );
    expect(flat(out)).toContain(
      `2027-03-01 00:00:00 UTC: s3://bucket/${job.file(1)} is gone, and needed to restore s3://bucket/flink/${JOB}/chk-7 of ${JOB}, s3://bucket/flink/${JOB}/chk-6 of ${JOB}.`,
    );
    expect(out).toContain('To see what each job can be restored from:');
    expect(pauses).toEqual([60_000, 60_000, 10_000]);
  });

  it('ends with status 0 where the user ends it, and says that nothing was lost', async () => {
    const { status, out } = await watched([nothing, remove(job.file(9))], '--every', '30s');

    expect(status).toBe(0);
    expect(out).toContain('with a look every 30s.');
    expect(out).toContain('nothing was lost in 3 looks.');
  });

  it.each([
    ['a checkpoint that is discarded, its files first', [remove(job.file(2)), remove(job.root(6))]],
    ['a checkpoint that goes on losing files', [remove(job.file(1)), remove(job.file(2), job.file(3))]],
    [
      'a file that is there again',
      [remove(job.file(1)), (directory: string) => writeFile(join(directory, job.file(1)), 'x'.repeat(100))],
    ],
  ])('takes no loss of %s', async (_, meanwhile) => {
    const { status } = await watched(meanwhile);

    expect(status).toBe(0);
  });

  it('takes what was missing before for no loss, and says that it was', async () => {
    const directory = await makeDirectory(
      bucketFiles((store) => {
        const played = new PlayedJob(store);
        played.complete(7, [played.file(1)], NOW - 2 * DAY);
      }),
    );
    const abort = new AbortController();
    const ran = await runCaptured(['watch', directory, '--as', 's3://bucket'], {
      cwd: directory,
      clock: () => NOW,
      columns: 200,
      signal: abort.signal,
      sleep: async () => abort.abort(new Interruption('SIGTERM')),
    });

    expect(ran.status).toBe(0);
    expect(flat(ran.out)).toContain('1 checkpoint or savepoint lacks files already.');
  });

  it('goes on after a look that failed', async () => {
    const hide = async (directory: string) => await rm(directory, { recursive: true });

    const { status, err } = await watched([hide]);

    expect(status).toBe(0);
    expect(err).toContain('This look failed, and the next one comes in its time:');
  });

  it('ends after so many looks where that is asked for', async () => {
    const { status, out, pauses } = await watched([nothing, nothing, nothing], '--looks', '2');

    expect({ status, pauses }).toEqual({ status: 0, pauses: [60_000] });
    expect(out).toContain('nothing was lost in 2 looks.');
  });

  it.each(['none', '0', '1.5'])('refuses %s looks', async (looks) => {
    const { status, err } = await watched([], '--looks', looks);

    expect(status).toBe(2);
    expect(err).toContain('Write a whole number, 1 or more.');
  });

  it('prints one document for programs', async () => {
    const ran = await watched([remove(job.file(3)), nothing], '--json');

    expect(ran.status).toBe(1);
    expect(documentOf(ran)).toMatchObject({
      looks: 3,
      restorePoints: 2,
      objects: 6,
      damaged: 0,
      losses: [
        {
          url: `s3://bucket/${job.file(3)}`,
          restorePoints: [{ path: `s3://bucket/flink/${JOB}/chk-7`, job: JOB, completed: '2027-02-27T00:00:00.000Z' }],
        },
      ],
    });
  });

  it.each(['soon', '10', '0s'])('refuses to look every %s', async (every) => {
    const { status, err } = await watched([], '--every', every);

    expect(status).toBe(2);
    expect(err).toContain('Write a duration such as 30s, 1m or 10m.');
  });
});
