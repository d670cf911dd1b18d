import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import type { StoredVersion } from '#tools/embedded-s3/stored-version.ts';
import { DAY, OTHER_JOB, PlayedJob } from './played-job.ts';

export const STATE = 'state';
export const LEDGER = 'ledger';
const BUCKETS = [STATE, LEDGER];

/** As short as can be, and no breaker for how much goes: these buckets are small. */
export const SHORT_CONFIG = JSON.stringify({
  area: [`s3://${STATE}/flink`, `s3://${STATE}/more`],
  collect: { minAge: '4s', quarantine: '2s', checkpointTimeout: '1s', maxDeleteFraction: 1 },
  retain: [{ path: '**', endedJobs: { keepLast: 1 } }],
});

/** How commands reach it. */
export function reach(url: string): readonly string[] {
  return [...['--endpoint', url, '--region', 'us-east-1', '--path-style'], '--ledger', `s3://${LEDGER}/one`];
}

/**
 * A bucket with a job that runs, in two locations, and one that has ended and of which a checkpoint is to be retired;
 * and beside it a ledger in a bucket of its own.
 */
export class ActingBucket {
  readonly s3: EmbeddedS3;
  /** ETags of all that must stay, by key. */
  readonly live: ReadonlyMap<string, string>;
  readonly garbage: readonly string[];
  /** The root to be retired, and the file that only it names. */
  readonly retiring: { readonly root: string; readonly file: string };

  /** @param now epoch milliseconds: ages are as of then. */
  constructor(s3: EmbeddedS3, now: number) {
    this.s3 = s3;
    for (const bucket of BUCKETS) s3.createBucket(bucket);
    const place = {
      put: (key: string, content: string | Uint8Array, modified: number) =>
        s3.put(STATE, key, content, { lastModified: modified }),
      remove: (...keys: readonly string[]) => s3.erase(STATE, ...keys),
    };
    const garbage: string[] = [];
    // Each job has names of its own, as UUIDs have: a garbage file with the name of a live one is kept.
    for (const [directory, first] of [
      ['flink', 0],
      ['more', 100],
    ] as const) {
      const job = new PlayedJob(
        place,
        `${directory}/${directory === 'flink' ? 'a' : 'b'}${'0'.repeat(31)}/`,
        `s3a://${STATE}`,
      );
      const files = Array.from({ length: 5 }, (_, number) => job.upload(first + number + 1, now - 5 * DAY));
      for (let number = 11; number < 31; number++) garbage.push(job.upload(first + number, now - 5 * DAY));
      job.complete(7, files, now - 2 * DAY);
    }
    const ended = new PlayedJob(place, `flink/${OTHER_JOB}/`, `s3a://${STATE}`);
    const file = ended.upload(201, now - 50 * DAY);
    const root = ended.complete(3, [file], now - 49 * DAY);
    ended.complete(4, [ended.upload(202, now - 48 * DAY)], now - 47 * DAY);
    this.garbage = garbage;
    this.retiring = { root, file };
    const mayGo = new Set([...garbage, root, file]);
    this.live = new Map(
      s3
        .keys(STATE)
        .filter((key) => !mayGo.has(key))
        .map((key) => [key, s3.object(STATE, key)?.etag ?? '']),
    );
  }

  /** What is lost, or could not be restored: empty if all is well. */
  harm(): readonly string[] {
    const { root, file } = this.retiring;
    const lost = [...this.live].filter(([key, etag]) => this.s3.object(STATE, key)?.etag !== etag).map(([key]) => key);
    const broken = this.#has(root) && !this.#has(file) ? [root] : [];
    return [...lost, ...broken];
  }

  /** What should have gone and has not. */
  left(): readonly string[] {
    return [...this.garbage, this.retiring.root, this.retiring.file].filter((key) => this.#has(key));
  }

  /** @returns what puts both buckets back to how they are now. */
  snapshot(): () => void {
    const kept = BUCKETS.map((bucket) => ({
      bucket,
      objects: this.s3.keys(bucket).flatMap((key) => this.s3.object(bucket, key) ?? []),
    }));
    return () => {
      for (const { bucket, objects } of kept) {
        this.s3.erase(bucket, ...this.s3.keys(bucket));
        for (const object of objects) this.#put(bucket, object);
      }
    };
  }

  #put(bucket: string, { key, content, modified, etag }: StoredVersion): void {
    const body = typeof content === 'number' ? { size: content } : content;
    this.s3.put(bucket, key, body, { lastModified: modified, etag });
  }

  #has(key: string): boolean {
    return this.s3.object(STATE, key) !== undefined;
  }
}
