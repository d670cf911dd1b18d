import {
  type BucketLifecycleConfiguration,
  PutBucketLifecycleConfigurationCommand,
  type PutBucketLifecycleConfigurationCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { isRecord, type LifecycleJson } from '#core/lifecycle/document.ts';
import type { AskOptions } from '#ports/bucket-facts.ts';
import type { LifecycleWriter } from '#ports/lifecycle-writer.ts';
import { BucketClient } from './bucket-client.ts';
import { storeErrorOf } from './s3-failures.ts';
import { sendOptions } from './send-options.ts';

export interface S3LifecycleWriterOptions {
  readonly bucket: string;
  readonly client: S3Client;
  readonly clientFor?: (region: string) => S3Client;
  /** The account that must own the bucket; any other one's is refused by S3. */
  readonly expectedBucketOwner?: string;
}

/**
 * Writes a bucket's lifecycle configuration with the SDK, which leaves out what its version does not know. So it must
 * only be given documents of which everything is understood.
 */
export class S3LifecycleWriter implements LifecycleWriter {
  readonly #bucket: string;
  readonly #client: BucketClient;
  readonly #owner: { readonly ExpectedBucketOwner?: string };

  constructor(options: S3LifecycleWriterOptions) {
    this.#bucket = options.bucket;
    this.#client = new BucketClient(options);
    const { expectedBucketOwner: owner } = options;
    this.#owner = owner === undefined ? {} : { ExpectedBucketOwner: owner };
  }

  async replace({ Rules, TransitionDefaultMinimumObjectSize: minimum }: LifecycleJson, { signal }: AskOptions = {}) {
    const input = {
      Bucket: this.#bucket,
      ...this.#owner,
      LifecycleConfiguration: { Rules: withDates(Rules) } as BucketLifecycleConfiguration,
      // Left out, S3 would set it to its default.
      ...(minimum === undefined ? {} : { TransitionDefaultMinimumObjectSize: minimum }),
    } as PutBucketLifecycleConfigurationCommandInput;
    try {
      await this.#client.call((client) =>
        client.send(new PutBucketLifecycleConfigurationCommand(input), sendOptions(signal)),
      );
    } catch (error) {
      throw storeErrorOf(error, {
        what: `The lifecycle configuration of s3://${this.#bucket} can't be written`,
        follows: 'the next run compares it again',
        bucket: this.#bucket,
        permission: 's3:PutLifecycleConfiguration',
      });
    }
  }
}

/** The SDK wants dates as such. */
function withDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDates);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [
      key,
      key === 'Date' && typeof held === 'string' ? new Date(held) : withDates(held),
    ]),
  );
}
