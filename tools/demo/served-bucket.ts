import { readFile } from 'node:fs/promises';
import {
  PutBucketLifecycleConfigurationCommand,
  type PutBucketLifecycleConfigurationCommandInput,
} from '@aws-sdk/client-s3';
import { createS3Clients } from '#adapters/s3/s3-client.ts';
import { VARIABLES } from '#cli/variables.ts';
import { contentsOf, type RecordedBucket } from '#test/support/corpus.ts';
import { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { SCALE, scaledMetadata } from './scaled-sizes.ts';
import { stretched } from './stretched-bucket.ts';

/** Where the ledger of the demo is, as its steward.json says. */
export const LEDGER_BUCKET = 'fc-seed-ledger';

/** Lifecycle rules as `aws s3api get-bucket-lifecycle-configuration` prints them. */
const RULES = new URL('expire-after-a-week.json', import.meta.url);

/** What the commands need in their environment to find the bucket, whatever AWS profile a user has. */
export function environmentFor(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    // The embedded S3 accepts every signature, but the SDK can't sign without credentials.
    AWS_ACCESS_KEY_ID: 'demo',
    AWS_SECRET_ACCESS_KEY: 'demo',
  };
}

/** What would lead the commands elsewhere. */
export const NOT_IN_ENVIRONMENT = [
  'AWS_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL_S3',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'STEWARD_STACK',
  ...Object.values(VARIABLES),
];

/** The demo asks its own server only: no AWS profile of the user is read or sent anywhere. */
export function useEnvironmentFor(endpoint: string): void {
  Object.assign(process.env, environmentFor(endpoint), {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  for (const name of NOT_IN_ENVIRONMENT) delete process.env[name];
}

/**
 * Serves the recording on the loopback interface, stretched and scaled, as a bucket that keeps versions and has a
 * lifecycle rule. A bucket for the ledger is beside it.
 *
 * @param port 0 for any free one.
 */
export async function serveBucket(recording: RecordedBucket, port: number): Promise<EmbeddedS3> {
  // Not Date.now itself, because the demo replaces that to move the clock.
  const s3 = await EmbeddedS3.start({ port, clock: () => Date.now(), buckets: [LEDGER_BUCKET] });
  try {
    useEnvironmentFor(s3.url);
    await putScaled(s3, recording, stretched(recording, Date.now()));
    await putRules(recording.bucket);
    return s3;
  } catch (error) {
    // An open server would keep the process running.
    await s3.close();
    throw error;
  }
}

/** Only `_metadata` has content, which is all that the steward reads. Other objects have a size. */
export async function putScaled(
  s3: EmbeddedS3,
  recording: RecordedBucket,
  timeOf: (recorded: number) => number,
): Promise<void> {
  const contents = await contentsOf(recording);
  const roots = new Set(recording.roots.map(({ metadata }) => metadata));
  s3.createBucket(recording.bucket, { versioning: 'Enabled' });
  for (const { key, size, mtime, etag } of recording.objects) {
    const lastModified = timeOf(Date.parse(mtime));
    if (roots.has(key)) {
      s3.put(recording.bucket, key, scaledMetadata(contents.get(key) ?? new Uint8Array()), { lastModified });
    } else {
      s3.put(recording.bucket, key, { size: size * SCALE }, { lastModified, etag });
    }
  }
}

async function putRules(bucket: string): Promise<void> {
  const { Rules, TransitionDefaultMinimumObjectSize } = JSON.parse(
    await readFile(RULES, 'utf8'),
  ) as PutBucketLifecycleConfigurationCommandInput['LifecycleConfiguration'] &
    Pick<PutBucketLifecycleConfigurationCommandInput, 'TransitionDefaultMinimumObjectSize'>;
  const { client } = await createS3Clients();
  try {
    await client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: bucket,
        LifecycleConfiguration: { Rules },
        TransitionDefaultMinimumObjectSize,
      }),
    );
  } finally {
    client.destroy();
  }
}
