import { StoreError } from '#ports/object-store.ts';
import { FAILURES_OF_S3, THROTTLING } from './answers-of-s3.ts';
import { type Attempt, type FailureFacts, factsOf } from './failure-facts.ts';
import { FAILURES_ON_THE_WAY } from './failures-on-the-way.ts';
import type { Explanation } from './known-failure.ts';

/** The first that fits is told. */
const KNOWN = [...FAILURES_ON_THE_WAY, ...FAILURES_OF_S3];

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
  const { code, why, advice, isRefusal = false, isOfTheWay = false } = known?.say(facts, attempt) ?? unforeseen(facts);
  const lacking = isRefusal ? (attempt.permission.match(/s3:\w+/g) ?? []) : [];
  // Where nothing could be asked, what happened to be asked first matters little.
  const sentence = isOfTheWay
    ? `${why.slice(0, 1).toUpperCase()}${why.slice(1)}: ${attempt.what}, and ${attempt.follows}`
    : `${attempt.what}: ${why}; ${attempt.follows}`;
  return new StoreError(code, `${sentence}. ${advice}`, {
    cause: error,
    advice,
    lacking,
  });
}

function unforeseen({ name, errno, status, message }: FailureFacts): Explanation {
  const answer = [status, errno ?? name].filter((part) => part !== undefined && part !== '' && part !== 'Error');
  return {
    code: 'unavailable',
    why: `${answer.length === 0 ? '' : `${answer.join(' ')}: `}${firstLine(message).replace(/\.$/, '')}`,
    advice:
      (status ?? 0) >= 500
        ? 'Try again.'
        : 'Trying again will hardly help. --debug shows where it comes from, and steward probe what the store honours.',
  };
}

/** The SDK goes on with words for programmers. */
function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
