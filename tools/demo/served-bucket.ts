import { readFile } from 'node:fs/promises';
import {
  PutBucketLifecycleConfigurationCommand,
  type PutBucketLifecycleConfigurationCommandInput,
} from '@aws-sdk/client-s3';
import { createS3Clients } from '#adapters/s3/s3-client.ts';
import type { RecordedBucket } from '#test/support/corpus.ts';
import { serveRecording } from '#test/support/served-recording.ts';
import { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { stretched } from './stretched-bucket.ts';

/** The embedded S3 accepts every signature, but the SDK can't sign without credentials. */
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'demo', AWS_SECRET_ACCESS_KEY: 'demo' };

/**
 * Serves the stretched recording on the loopback interface, with the lifecycle rules of a file on the bucket.
 *
 * @param rules as `aws s3api get-bucket-lifecycle-configuration` prints them.
 * @param port 0 for any free one.
 */
export async function serveBucket(
  recording: RecordedBucket,
  rules: URL,
  { port, now }: { readonly port: number; readonly now: number },
): Promise<EmbeddedS3> {
  const s3 = await EmbeddedS3.start({ port });
  try {
    await serveRecording(s3, recording, stretched(recording, now));
    await putRules(s3.url, recording.bucket, rules);
    return s3;
  } catch (error) {
    // An open server would keep the process running.
    await s3.close();
    throw error;
  }
}

async function putRules(endpoint: string, bucket: string, rules: URL): Promise<void> {
  const { Rules, TransitionDefaultMinimumObjectSize } = JSON.parse(
    await readFile(rules, 'utf8'),
  ) as PutBucketLifecycleConfigurationCommandInput['LifecycleConfiguration'] &
    Pick<PutBucketLifecycleConfigurationCommandInput, 'TransitionDefaultMinimumObjectSize'>;
  const { client } = await createS3Clients({ endpoint, pathStyle: true });
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

/** The demo asks its own server only: no AWS profile of the user is read or sent anywhere. */
export function useDemoCredentials(): void {
  Object.assign(process.env, CREDENTIALS, {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN']) delete process.env[name];
}
