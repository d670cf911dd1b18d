import { ConfigError } from '#config/config-error.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { ClockError } from '#operations/look/survey.ts';
import { PlanError } from '#operations/plan/plan-file.ts';
import { UnresolvableError } from '#operations/report/inspect.ts';
import { StoreError } from '#ports/object-store.ts';
import { LocationError } from '#steward/open-area.ts';
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
  if ([UsageError, ConfigError, LocationError, PlanError].some((kind) => error instanceof kind)) {
    return STATUS.usage;
  }
  return error instanceof StoreError && error.code === 'no-such-place' ? STATUS.usage : STATUS.undecidable;
}

/**
 * The failure as sentences for people. Only what nobody foresaw is called unexpected.
 *
 * @param executing whether the command was told to change something.
 */
export function sentenceOf(error: unknown, executing = false): string {
  const foreseen =
    statusOf(error) === STATUS.usage ||
    [StoreError, MetadataError, UnresolvableError, ClockError, Interruption, LedgerError].some(
      (kind) => error instanceof kind,
    );
  const message = error instanceof Error ? error.message : String(error);
  return foreseen
    ? message
    : `Unexpected failure: ${message}. ${executing ? 'What was changed before it is on record: steward history' : 'Nothing was changed'}. Run again with --debug and report what it prints.`;
}
