import { shellWord } from '#core/shell-word.ts';
import type { Attempt } from './failure-facts.ts';
import { afterAttempts, type KnownFailure } from './known-failure.ts';

/** What stores answer when they are asked to slow down, beside the statuses 429 and 503. */
export const THROTTLING = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TooManyRequests',
]);

/** Failures that a store tells by its answer. */
export const FAILURES_OF_S3: readonly KnownFailure[] = [
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
    fits: ({ status, name }) => status === 403 || name === 'AccessDenied',
    say: ({ name, message }, attempt) => ({
      code: 'denied',
      why: `access denied (${name}: ${message.replace(/\.$/, '')})`,
      advice: adviceOnRefusal(attempt),
      isRefusal: true,
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

/** Objects in the archive tiers of INTELLIGENT_TIERING go back by themselves, so a number of days is refused there. */
function restoreCommand(bucket: string, key: string, storageClass: string | undefined): string {
  const days = storageClass === 'INTELLIGENT_TIERING' ? '{}' : '{"Days":7}';
  return `aws s3api restore-object --bucket ${shellWord(bucket)} --key ${shellWord(key)} --restore-request '${days}'`;
}
