import { isAboutTheQuestion, isExpected } from '#steward/expected-errors.ts';
import { INTERRUPTED, Interruption } from './interruption.ts';

/** Exit statuses. Where several hold, undecidable beats findings. */
export const STATUS = { well: 0, findings: 1, usage: 2, undecidable: 3, ...INTERRUPTED } as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

/** Of a report on an area. */
export function statusOfArea(undecidable: readonly unknown[], hasFindings: boolean): Status {
  if (undecidable.length > 0) {
    return STATUS.undecidable;
  }
  return hasFindings ? STATUS.findings : STATUS.well;
}

/** Something wrong with what the user typed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function statusOf(error: unknown): Status {
  if (error instanceof Interruption) {
    return INTERRUPTED[error.signal];
  }
  return error instanceof UsageError || isAboutTheQuestion(error) ? STATUS.usage : STATUS.undecidable;
}

/**
 * The failure as sentences for people. Only what nobody foresaw is called unexpected.
 *
 * @param executing whether the command was told to change something.
 */
export function sentenceOf(error: unknown, executing = false): string {
  const isKnown = error instanceof UsageError || error instanceof Interruption || isExpected(error);
  const message = error instanceof Error ? error.message : String(error);
  return isKnown
    ? message
    : `Unexpected failure: ${message}. ${executing ? 'What was changed before it is on record: steward history' : 'Nothing was changed'}. Run again with --debug and report what it prints.`;
}
