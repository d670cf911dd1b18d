import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import type { Tree } from '#test/support/temp-directory.ts';
import { below, bucketFiles, documentOf, type Ran, steward } from './steward.ts';

/** What tests of the acting commands share: a folder `bucket`, with the ledger `.steward` beside it. */

export const AREA = ['bucket', '--as', 's3://bucket'];
const KEY = 'flink/9468946f38e9d60efc7468a374aec04f';

/** A job that runs, with ten live files and two that are garbage; and one that has ended, with two checkpoints. */
export function twoJobs(): Tree {
  return below(
    'bucket',
    bucketFiles((store) => {
      const job = new PlayedJob(store, `${KEY}/`);
      job.complete(
        7,
        Array.from({ length: 10 }, (_, number) => job.upload(number + 1)),
      );
      job.upload(11);
      job.upload(12);
      const ended = new PlayedJob(store, `flink/${OTHER_JOB}/`);
      const first = ended.upload(21, NOW - 50 * DAY);
      ended.complete(3, [first], NOW - 49 * DAY);
      ended.complete(4, [ended.upload(22, NOW - 48 * DAY)], NOW - 47 * DAY);
    }),
  );
}

/** So many days after the time of the tests, as `--now` takes it. */
export function at(days: number): string {
  return new Date(NOW + days * DAY).toISOString();
}

/** Two runs, so that what is garbage has served its quarantine a day after the test's time. */
export async function serveQuarantine(cwd: string, ...more: readonly string[]): Promise<void> {
  const { status } = await steward(cwd, ['collect', ...AREA, '--now', at(0), ...more]);
  if (status !== 0) {
    throw new Error(`The first run ended with ${status}.`);
  }
}

/** Names of runs, of temporary folders and times of this machine are other ones each time. */
export function settled(text: string, cwd: string): string {
  return text.replaceAll(cwd, 'CWD').replace(/\b\d{8}T\d{9}Z-[0-9a-f]{5}\b/g, 'RUN');
}

export function runOf(ran: Ran): string {
  return String(documentOf(ran).run);
}

/** The files below a folder, with their times, in order. */
export async function filesBelow(folder: string): Promise<ReadonlyMap<string, number>> {
  const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const times = await Promise.all(
    files.map(async (file) => [file.slice(folder.length + 1), (await stat(file)).mtimeMs] as const),
  );
  return new Map(times.sort(([a], [b]) => (a < b ? -1 : 1)));
}
