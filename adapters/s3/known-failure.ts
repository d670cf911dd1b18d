import type { StoreErrorCode } from '#ports/object-store.ts';
import type { Attempt, FailureFacts } from './failure-facts.ts';

export interface Explanation {
  readonly code: StoreErrorCode;
  readonly why: string;
  readonly advice: string;
  /** Whether the permission of the attempt is what is missing, as far as S3 tells. @default false */
  readonly isRefusal?: boolean;
  /** Whether nothing in the bucket is the cause, but the way to it: credentials, network, the name. @default false */
  readonly isOfTheWay?: boolean;
}

/** A failure that can be told apart. */
export interface KnownFailure {
  readonly fits: (facts: FailureFacts) => boolean;
  readonly say: (facts: FailureFacts, attempt: Attempt) => Explanation;
}

/** How often it was tried, where that was more than once. */
export function afterAttempts(attempts: number | undefined): string {
  return attempts === undefined || attempts < 2 ? '' : ` (${attempts} attempts)`;
}
