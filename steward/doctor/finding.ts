import { StoreError } from '#ports/object-store.ts';

/** What a check of the doctor finds. */

/** The checks, in the order in which they are shown. Names that people and scripts know. */
export const CHECKS = [
  'configuration',
  'credentials',
  'ledger',
  'pause',
  'lease',
  'ledger-writing',
  'flink-rest',
  'scope',
  'reach',
  'listing',
  'reading',
  'clock',
  'versioning',
  'lifecycle-rules',
  'guard',
  'marker',
  'store',
  'writing',
  'deleting',
  'other-checks',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** `wrong`: runs would fail, be refused or harm something. `not-checked`: it is unknown how it is. */
export const CHECK_STATES = ['ok', 'warning', 'wrong', 'not-checked'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

/** A statement of an IAM policy. */
export interface GrantStatement {
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** A command of the steward to type next, on the same area: its words, and options of its own. */
export interface NextStep {
  readonly words: readonly string[];
  readonly last?: readonly string[];
  /** The ledger to give in place of the one that is used. @default that one */
  readonly ledger?: string;
}

/** One row of what the doctor says. */
export interface Finding {
  readonly check: CheckName;
  /** The location that it is about, as people know it; null for what holds for all of them. */
  readonly location: string | null;
  readonly state: CheckState;
  /** What was found, in sentences. */
  readonly found: string;
  /** What to do, in sentences; null where nothing is. */
  readonly advice: string | null;
  readonly command: NextStep | null;
  /** The rights that are missing, as statements to grant. */
  readonly grant: readonly GrantStatement[];
}

/** What a finding may have beside what was found. */
export type Remedy = Partial<Pick<Finding, 'advice' | 'command' | 'grant'>>;

/** A finding, with nothing to do unless a remedy says it. */
export function finding(
  check: CheckName,
  location: string | null,
  state: CheckState,
  found: string,
  { advice = null, command = null, grant = [] }: Remedy = {},
): Finding {
  return { check, location, state, found, advice, command, grant };
}

/**
 * A failure of the store as a finding: a missing right is `state`, and anything else that leaves the answer unknown is
 * `not-checked`.
 *
 * @param arn what `s3:GetObject` and the like are to be granted on; null where it is no bucket.
 */
export function failureFinding(
  check: CheckName,
  location: string | null,
  error: StoreError,
  arn: string | null,
  state: CheckState = 'wrong',
): Finding {
  const { found, advice } = partsOf(error);
  const isKnown = error.code === 'denied' || error.code === 'no-such-place';
  return finding(check, location, isKnown ? state : 'not-checked', found, { advice, grant: grantFor(error, arn) });
}

/** The sentence of a failure in two: what happened, and what to do. */
export function partsOf({ message, advice }: StoreError): { readonly found: string; readonly advice: string | null } {
  const found = advice === null ? message : message.slice(0, message.length - advice.length).trimEnd();
  return { found, advice };
}

/** Rights on a bucket as a whole; all others are on its objects. */
const OF_BUCKETS = /^s3:(?:List|GetBucket|GetLifecycle)/;

/** @param arn of the objects, as `arn:aws:s3:::bucket/prefix*`. */
export function grantFor({ lacking }: Pick<StoreError, 'lacking'>, arn: string | null): readonly GrantStatement[] {
  if (arn === null) return [];
  const bucket = arn.replace(/\/.*$/s, '');
  const groups = [
    { actions: lacking.filter((action) => OF_BUCKETS.test(action)), resource: bucket },
    { actions: lacking.filter((action) => !OF_BUCKETS.test(action)), resource: arn },
  ];
  return groups.flatMap(({ actions, resource }) => {
    const [only] = actions;
    if (only === undefined) return [];
    return [{ Effect: 'Allow' as const, Action: actions.length === 1 ? only : actions, Resource: resource }];
  });
}

/** The error, if it is a failure of the store; anything else is thrown again, and so is an interruption. */
export function asStoreError(error: unknown, signal: AbortSignal | undefined): StoreError {
  signal?.throwIfAborted();
  if (!(error instanceof StoreError)) throw error;
  return error;
}
