import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { clientOf } from '#test/s3-contract/describe-s3.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import type { Place, StoredObject } from './place.ts';

/** What the embedded server believes of anyone. */
const ACCESS_KEY = 'flink';

/** A bucket. */
export class S3Place implements Place {
  readonly url: string;
  readonly location: string;
  readonly flinkOptions;
  readonly stewardFlags: readonly string[];
  readonly environment = { AWS_ACCESS_KEY_ID: ACCESS_KEY, AWS_SECRET_ACCESS_KEY: ACCESS_KEY };
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  /** @param folder of the bucket, with a slash at the end; all of it by default. */
  constructor(s3: EmbeddedS3, bucket: string, folder = '') {
    s3.createBucket(bucket);
    this.#client = clientOf(s3.url);
    this.#bucket = bucket;
    this.#prefix = folder;
    this.url = `s3://${bucket}/${folder}`.slice(0, -1);
    this.location = this.url;
    this.flinkOptions = s3Options(s3);
    this.stewardFlags = ['--endpoint', s3.url, '--region', 'us-east-1', '--path-style'];
  }

  async list(): Promise<readonly StoredObject[]> {
    const objects: StoredObject[] = [];
    for await (const page of paginateListObjectsV2(
      { client: this.#client },
      { Bucket: this.#bucket, Prefix: this.#prefix },
    )) {
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        objects.push({ key: Key.slice(this.#prefix.length), bytes: Size, modified: LastModified?.getTime() ?? 0 });
      }
    }
    return objects;
  }

  async read(key: string): Promise<Uint8Array> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: this.#prefix + key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  async copy(key: string, to: string): Promise<void> {
    const CopySource = `${this.#bucket}/${encodeURIComponent(this.#prefix + key)}`;
    const target = { Bucket: this.#bucket, Key: this.#prefix + to, CopySource };
    await this.#client.send(new CopyObjectCommand(target)).catch((error: Error) => {
      if (error.name !== 'NoSuchKey') throw error;
    });
  }

  async remove(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: this.#prefix + key }));
  }
}

export function s3Options(s3: EmbeddedS3) {
  return {
    's3.endpoint': s3.url,
    // Asked for by the Hadoop plug-in, and by Flink's own file system.
    's3.endpoint.region': 'us-east-1',
    's3.region': 'us-east-1',
    's3.path.style.access': 'true',
    's3.access-key': ACCESS_KEY,
    's3.secret-key': ACCESS_KEY,
  };
}
