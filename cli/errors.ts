import { isExpected, isRequestError } from '#steward/expected-errors.ts';
import { isOfAnotherLedger } from '#steward/refusals.ts';
import { INTERRUPTED, Interruption } from './interruption.ts';

/** Exit statuses. If several apply, undecidable takes precedence over findings. */
export const STATUS = { well: 0, findings: 1, usage: 2, undecidable: 3, ...INTERRUPTED } as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

/** The exit status of a report on an area. */
export function statusOfArea(undecidable: readonly unknown[], hasFindings: boolean): Status {
  if (undecidable.length > 0) {
    return STATUS.undecidable;
  }
  return hasFindings ? STATUS.findings : STATUS.well;
}

/** The arguments or options are wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A person answered no to what a command was about to do. What was ordered is not done, so it has not gone well. */
export class Declined extends Error {
  override readonly name = 'Declined';

  constructor() {
    super('Nothing was deleted or retired. To see what would go, leave out --execute.');
  }
}

/** Its sentence has the command for other locations than those that were typed. */
export class OtherLocationsError extends UsageError {}

export function statusOf(error: unknown): Status {
  if (error instanceof Interruption) {
    return INTERRUPTED[error.signal];
  }
  if (error instanceof Declined) {
    return STATUS.findings;
  }
  if (isOfAnotherLedger(error) || (error instanceof Error && isOfAnotherLedger(error.cause))) {
    return STATUS.undecidable;
  }
  return error instanceof UsageError || isRequestError(error) ? STATUS.usage : STATUS.undecidable;
}

/**
 * The message for a failure. Only an error of an unknown class is called unexpected.
 *
 * @param executing whether the command had `--execute`.
 */
export function sentenceOf(error: unknown, executing = false): string {
  const isOurs = error instanceof UsageError || error instanceof Interruption || error instanceof Declined;
  const isKnown = isOurs || isExpected(error);
  const message = error instanceof Error ? error.message : String(error);
  return isKnown
    ? message
    : `Unexpected failure: ${message}. ${executing ? 'To see what was changed before: steward history' : 'Nothing was changed'}. Run again with --debug and report what it prints.`;
}
