import {
  CreateBucketCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type NotificationConfiguration,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { contentsOf, type RecordedBucket } from '#test/support/corpus.ts';

/** The buckets of a team, as its jobs and its people use them. */
export class Buckets {
  readonly #client: S3Client;

  constructor(client: S3Client) {
    this.#client = client;
  }

  async create(bucket: string): Promise<void> {
    await this.#client.send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
    );
  }

  /** Writes what Flink wrote, in its order. */
  async fill(bucket: string, recording: RecordedBucket): Promise<void> {
    const contents = await contentsOf(recording);
    const objects = recording.objects.toSorted((a, b) => Date.parse(a.mtime) - Date.parse(b.mtime));
    for (const { key } of objects) await this.put(bucket, key, contents.get(key) ?? '');
  }

  async put(bucket: string, key: string, content: Buffer | string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
  }

  /** All keys, in the order of their bytes. */
  async keys(bucket: string, prefix = ''): Promise<readonly string[]> {
    const keys: string[] = [];
    let after: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: after }),
      );
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      after = page.NextContinuationToken;
    } while (after !== undefined);
    return keys.sort();
  }

  async content(bucket: string, key: string): Promise<Buffer> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  async tellEventBridge(bucket: string): Promise<void> {
    await this.notify(bucket, { EventBridgeConfiguration: {} });
  }

  /** Replaces its notifications. */
  async notify(bucket: string, settings: NotificationConfiguration): Promise<void> {
    const input = { Bucket: bucket, NotificationConfiguration: settings };
    await this.#client.send(new PutBucketNotificationConfigurationCommand(input));
  }

  async encrypt(bucket: string, kmsKey: string): Promise<void> {
    const rule = {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKey },
      BucketKeyEnabled: true,
    } as const;
    const input = { Bucket: bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } };
    await this.#client.send(new PutBucketEncryptionCommand(input));
  }

  async remove(bucket: string, key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }

  /** Gives it a rule that expires whatever is a day old. */
  async expireAll(bucket: string, rule: string): Promise<void> {
    const Rules = [{ ID: rule, Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } } as const];
    const input = { Bucket: bucket, LifecycleConfiguration: { Rules } };
    await this.#client.send(new PutBucketLifecycleConfigurationCommand(input));
  }

  async expireNothing(bucket: string): Promise<void> {
    await this.#client.send(new DeleteBucketLifecycleCommand({ Bucket: bucket }));
  }

  async keepVersions(bucket: string): Promise<void> {
    const input = { Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } } as const;
    await this.#client.send(new PutBucketVersioningCommand(input));
  }
}
