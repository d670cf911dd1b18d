import { smallJob } from '#test/cli/steward.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, PlayedJob } from '#test/support/played-job.ts';
import type { Tree } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';

/** What a packaged command is given to audit, and what it must say of it. */

/** One job with a restore point, a live file, and garbage. */
export function jobFolder(): Tree {
  return smallJob();
}

/** The same in a bucket, by the clock of the machine, as the command has it. */
export function putJob(s3: EmbeddedS3): void {
  const now = Date.now();
  const store = new MovingStore({ now });
  const job = new PlayedJob(store, `flink/${JOB}/`, `s3a://${BUCKET}`);
  job.complete(7, [job.upload(1, now - 3 * DAY)], now - 2 * DAY);
  job.upload(2);
  for (const [key, { content, modified }] of Object.entries(store.files())) {
    s3.put(BUCKET, key, content, { lastModified: modified });
  }
}

/** Of the document of an audit of either. */
export const AUDITED = { roots: 1, jobs: [{ job: JOB, checkpoints: 1, restorePoints: 1, damaged: [] }], findings: [] };

/** On stderr, where `--html report.html` was asked for. */
export const WRITTEN = 'The report was written to report.html. Open it in a browser.\n';
