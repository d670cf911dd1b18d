import { PutBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, vi } from 'vitest';
import { BUCKET, type ServedS3, type useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { type Ran, steward } from './steward.ts';

/** Of the bucket of these tests: chk-7 of 27 February, with one file of 100 bytes of 24 February. It is 1 March. */
export const ROOT = `flink/${JOB}/chk-7/_metadata`;
export const AREA = `s3://${BUCKET}/flink`;
export const WEEK = { Expiration: { Days: 7 } };

type Serve = ReturnType<typeof useEmbeddedS3>;

/** Credentials, as every S3 client wants them. Call it once, outside the tests. */
export function useCredentials(): void {
  beforeEach(() => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
}

export interface Report {
  readonly judgement: {
    readonly rules: readonly { effect: string; hazards: readonly { rootKey: string; breaksAt: number }[] }[];
  };
  readonly missing: readonly object[];
  readonly replacement: {
    readonly json: { readonly Rules: readonly object[] };
    readonly terraform: string;
    readonly changes: readonly { action: string; rule: string }[];
  };
}

/** What `--json` tells of the one bucket. */
export function bucketOf(ran: Ran): Report {
  const document: { readonly buckets: readonly Report[] } = JSON.parse(ran.out);
  const [only, ...others] = document.buckets;
  if (only === undefined || others.length > 0) throw new Error(`There is not one bucket: ${ran.out}`);
  return only;
}

export function check(s3: EmbeddedS3): Promise<Ran> {
  return steward('/', ['rules', 'check', AREA, ...reach(s3), '--json']);
}

export async function putRules({ client }: ServedS3, rules: readonly object[]): Promise<void> {
  const Rules = rules.map((rule, at) => ({ ID: `rule-${at + 1}`, Status: 'Enabled' as const, ...rule }));
  const dated = JSON.parse(JSON.stringify(Rules), (key, value) => (key === 'Date' ? new Date(value) : value));
  await client.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket: BUCKET, LifecycleConfiguration: { Rules: dated } }),
  );
}

/** A bucket with {@link ROOT}, and a file that is garbage. */
export function serveJob(serve: Serve): Promise<ServedS3> {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store, `flink/${JOB}/`, `s3a://${BUCKET}`);
  job.complete(7, [job.upload(1)], NOW - 2 * DAY);
  job.upload(2);
  return serveFiles(serve, store.files());
}

export async function serveFiles(serve: Serve, files: ReturnType<MovingStore['files']>): Promise<ServedS3> {
  const served = await serve({ clock: () => NOW });
  for (const [key, { content, modified }] of Object.entries(files)) {
    served.s3.put(BUCKET, key, content, { lastModified: modified });
  }
  return served;
}

export function reach(s3: EmbeddedS3): readonly string[] {
  return ['--endpoint', s3.url, '--region', 'eu-west-1', '--path-style'];
}

export function prefixed<T>(folder: string, tree: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(tree).map(([path, file]) => [`${folder}/${path}`, file]));
}
