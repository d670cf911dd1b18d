import { SecretError } from '#adapters/aws/secret-error.ts';
import { StackError } from '#adapters/aws/stack-error.ts';
import { SlackError } from '#adapters/slack/slack-error.ts';
import { ConfigError } from '#config/config-error.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { LostPartError } from '#operations/ledger/line-parts.ts';
import { ClockError } from '#operations/look/survey.ts';
import { PlanError } from '#operations/plan/plan-file.ts';
import { UnresolvableError } from '#operations/report/inspect.ts';
import { MetricError } from '#ports/metric-sink.ts';
import { StoreError } from '#ports/object-store.ts';
import { LocationError } from './open-area.ts';
import { RefusedError } from './refusals.ts';

export { LeaseHeldError } from '#operations/ledger/lease.ts';
export { UnresolvableError } from '#operations/report/inspect.ts';

/** Errors in the request or the configuration: a retry can't succeed. */
const REQUEST_ERRORS = [RefusedError, ConfigError, LocationError, PlanError];
const STORE_ERRORS = [
  StoreError,
  MetadataError,
  UnresolvableError,
  ClockError,
  LedgerError,
  LostPartError,
  MetricError,
  SlackError,
  SecretError,
  StackError,
];

/** Whether the message of an error is a sentence for people, who then need no stack trace. */
export function isExpected(error: unknown): error is Error {
  return [...REQUEST_ERRORS, ...STORE_ERRORS].some((kind) => error instanceof kind);
}

/** Whether an error is in the request or the configuration. A bucket or directory that does not exist counts too. */
export function isRequestError(error: unknown): boolean {
  return (
    REQUEST_ERRORS.some((kind) => error instanceof kind) ||
    (error instanceof StoreError && error.code === 'no-such-place') ||
    (error instanceof StackError && error.isRequest)
  );
}
