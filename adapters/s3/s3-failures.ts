import { shellWord } from '#core/shell-word.ts';
import { StoreError } from '#ports/object-store.ts';

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

/**
 * Whether S3 says for sure that there is no such object. A bare 404 does not: it may come from a proxy, or mean the
 * bucket.
 */
export function saysNoSuchKey(error: unknown): boolean {
  const { name, status } = factsOf(error);
  return name === 'NoSuchKey' && status === 404;
}

/** Whether the store asked to slow down. */
export function isThrottling(error: unknown): boolean {
  const { name, status } = factsOf(error);
  return THROTTLING.has(name) || status === 429 || status === 503;
}

/** Whether the requested range is beyond the object's end. */
export function isBeyondEnd(error: unknown): boolean {
  return factsOf(error).status === 416;
}

/** A failure of S3, or on the way there, as a sentence. */
export function storeErrorOf(error: unknown, attempt: Attempt): StoreError {
  if (error instanceof StoreError) return error;
  const facts = factsOf(error);
  const known = KNOWN.find(({ fits }) => fits(facts));
  const { code, why, advice, isRefusal = false } = known?.say(facts, attempt) ?? unforeseen(facts);
  const lacking = isRefusal ? (attempt.permission.match(/s3:\w+/g) ?? []) : [];
  return new StoreError(code, `${attempt.what}: ${why}; ${attempt.follows}. ${advice}`, {
    cause: error,
    advice,
    lacking,
  });
}

interface Explanation {
  readonly code: StoreError['code'];
  readonly why: string;
  readonly advice: string;
  /** Whether the permission of the attempt is what is missing, as far as S3 tells. @default false */
  readonly isRefusal?: boolean;
}

interface KnownFailure {
  readonly fits: (facts: FailureFacts) => boolean;
  readonly say: (facts: FailureFacts, attempt: Attempt) => Explanation;
}

const THROTTLING = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TooManyRequests',
]);
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'RequestExpired']);
const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);
const REFUSED_CREDENTIALS = new Set(['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidToken', 'NotSignedUp']);
const UNREACHABLE = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);
const TIMEOUTS = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException']);

/** The first that fits is told. */
const KNOWN: readonly KnownFailure[] = [
  {
    fits: ({ name }) => name === 'NoSuchBucket',
    say: (_facts, { bucket }) => ({
      code: 'no-such-place',
      why: `there is no bucket ${bucket}`,
      advice: 'Check its name, and whether --endpoint and the credentials belong to the right store.',
    }),
  },
  {
    fits: ({ name }) => name === 'InvalidObjectState',
    say: ({ storageClass }, { bucket, key }) => ({
      code: 'archived',
      why: `it is in an archive storage class${storageClass === undefined ? '' : ` (${storageClass})`} and must be restored before it can be read`,
      advice: `Restore it with: ${restoreCommand(bucket, key ?? '', storageClass)} (takes hours), then run again.`,
    }),
  },
  {
    fits: ({ name, message }) => name.startsWith('KMS.') || /\bkms:/.test(message),
    say: ({ message }) => ({
      code: 'denied',
      why: `the KMS key that encrypts it can't be used (${message.replace(/\.$/, '')})`,
      advice: 'Grant kms:Decrypt on that key to these credentials, and check that the key is enabled.',
    }),
  },
  {
    fits: ({ message }) => /requester.?pays/i.test(message),
    say: () => ({
      code: 'denied',
      why: 'the bucket charges the reader (requester pays), and these credentials do not belong to its owner',
      advice: `To accept the charges, add --requester-pays, or "requesterPays": true to the bucket in steward.json. Otherwise run with credentials of the owner's account.`,
    }),
  },
  {
    fits: ({ name }) => EXPIRED.has(name),
    say: () => ({
      code: 'denied',
      why: 'the credentials have expired',
      advice: 'Renew them (aws sso login, or a new session token), then run again.',
    }),
  },
  {
    fits: ({ name }) => NO_CREDENTIALS.has(name),
    say: ({ message }) => ({
      code: 'denied',
      why: `no credentials were found (${message.replace(/\.$/, '')})`,
      advice: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then run again.',
    }),
  },
  {
    fits: ({ name }) => REFUSED_CREDENTIALS.has(name),
    say: ({ name }) => ({
      code: 'denied',
      why: `the store does not accept these credentials (${name})`,
      advice: 'Check AWS_PROFILE and the AWS_ variables, and whether --endpoint is the store that they belong to.',
    }),
  },
  {
    fits: ({ name }) => name === 'RequestTimeTooSkewed',
    say: () => ({
      code: 'unavailable',
      why: "this machine's clock differs too much from the store's",
      advice: 'Set the clock right, then run again.',
    }),
  },
  {
    fits: ({ status, name, region }) =>
      name === 'PermanentRedirect' ||
      name === 'AuthorizationHeaderMalformed' ||
      (status === 301 && region !== undefined),
    say: ({ region }) => ({
      code: 'unavailable',
      why: `the bucket is in ${region === undefined ? 'another region' : `the region ${region}`}`,
      advice: `Set it with --region${region === undefined ? '' : ` ${region}`}.`,
    }),
  },
  {
    fits: ({ status, name }) => status === 403 || name === 'AccessDenied',
    say: ({ name, message }, attempt) => ({
      code: 'denied',
      why: `access denied (${name}: ${message.replace(/\.$/, '')})`,
      advice: adviceOnRefusal(attempt),
      isRefusal: true,
    }),
  },
  {
    fits: (facts) => UNREACHABLE.has(facts.errno ?? ''),
    say: ({ message }) => ({
      code: 'unavailable',
      why: `the store can't be reached (${message})`,
      advice: 'Check --endpoint, --region and the network.',
    }),
  },
  {
    fits: ({ name, errno }) => TIMEOUTS.has(name) || errno === 'ETIMEDOUT',
    say: ({ attempts }) => ({
      code: 'unavailable',
      why: `the store did not answer in time${afterAttempts(attempts)}`,
      advice: 'Check the network, then try again.',
    }),
  },
  {
    fits: ({ name, status }) => THROTTLING.has(name) || status === 429 || status === 503,
    say: ({ attempts }) => ({
      code: 'unavailable',
      why: `the store keeps asking to slow down${afterAttempts(attempts)}`,
      advice: 'Other clients put load on the same bucket; try again later.',
    }),
  },
  {
    fits: ({ status }) => status === 404,
    say: ({ name }) => ({
      code: 'unavailable',
      why: `the answer was 404 (${name}) without saying what does not exist`,
      advice: 'Check --endpoint: this is not how S3 answers for an object that does not exist.',
    }),
  },
];

/** S3 does not say why it refuses: a missing right, a wrong owner and a bill that nobody accepted look alike. */
function adviceOnRefusal({ permission, bucket, key, owner }: Attempt): string {
  const grant = `Grant ${permission} on arn:aws:s3:::${bucket}${key === undefined ? '' : `/${key}`} to these credentials.`;
  if (owner !== undefined) {
    return `"owner" in steward.json expects the bucket to belong to account ${owner}, and it may belong to another one. Find out who owns the bucket before you continue. If it is the right account: ${grant}`;
  }
  switch (permission) {
    case 's3:GetObject':
      return `${grant} (Without s3:ListBucket on the bucket, S3 gives the same answer for an object that does not exist.)`;
    case 's3:ListBucket':
      return `${grant} (A requester-pays bucket gives the same answer; --requester-pays accepts the charges.)`;
    default:
      return grant;
  }
}

function unforeseen({ name, errno, status, message }: FailureFacts): Explanation {
  const answer = [status, errno ?? name].filter((part) => part !== undefined && part !== '' && part !== 'Error');
  return {
    code: 'unavailable',
    why: `${answer.length === 0 ? '' : `${answer.join(' ')}: `}${message.replace(/\.$/, '')}`,
    advice: 'Try again.',
  };
}

function afterAttempts(attempts: number | undefined): string {
  return attempts === undefined || attempts < 2 ? '' : ` (${attempts} attempts)`;
}

/** Objects in the archive tiers of INTELLIGENT_TIERING go back by themselves, so a number of days is refused there. */
function restoreCommand(bucket: string, key: string, storageClass: string | undefined): string {
  const days = storageClass === 'INTELLIGENT_TIERING' ? '{}' : '{"Days":7}';
  return `aws s3api restore-object --bucket ${shellWord(bucket)} --key ${shellWord(key)} --restore-request '${days}'`;
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
