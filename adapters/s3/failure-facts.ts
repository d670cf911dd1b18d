/** What was tried when a failure came, and what the failure says of itself. */

/** What was tried when a failure came, for the sentence about it. */
export interface Attempt {
  /** The beginning of the sentence: "s3://b can't be listed below 'flink/'". */
  readonly what: string;
  /** What follows from it: "its contents are unknown". */
  readonly follows: string;
  readonly bucket: string;
  readonly key?: string;
  /** The permission that the request needs: `s3:ListBucket`. */
  readonly permission: string;
  /** The account that the request expected to own the bucket. */
  readonly owner?: string;
}

/** The parts of the SDK's errors, of Node's and of S3's answers that tell one failure from another. */
export interface FailureFacts {
  /** S3's error code, or the SDK's name for what failed before S3 was asked. */
  readonly name: string;
  /** Node's name of a network failure, like `ECONNREFUSED`. */
  readonly errno: string | undefined;
  readonly status: number | undefined;
  readonly message: string;
  /** The region of the bucket, if the answer contains it. */
  readonly region: string | undefined;
  readonly storageClass: string | undefined;
  readonly attempts: number | undefined;
}

export function factsOf(error: unknown): FailureFacts {
  const metadata = fieldOf(error, '$metadata');
  return {
    name: textOf(fieldOf(error, 'name')) ?? '',
    errno: textOf(fieldOf(error, 'code')),
    status: numberOf(fieldOf(metadata, 'httpStatusCode')),
    message: error instanceof Error ? error.message : String(error),
    region: textOf(fieldOf(fieldOf(fieldOf(error, '$response'), 'headers'), 'x-amz-bucket-region')),
    storageClass: textOf(fieldOf(error, 'StorageClass')),
    attempts: numberOf(fieldOf(metadata, 'attempts')),
  };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
