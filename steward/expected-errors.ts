import { SecretError } from '#adapters/aws/secret-error.ts';
import { SlackError } from '#adapters/slack/slack-error.ts';
import { ConfigError } from '#config/config-error.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { ClockError } from '#operations/look/survey.ts';
import { PlanError } from '#operations/plan/plan-file.ts';
import { UnresolvableError } from '#operations/report/inspect.ts';
import { MetricError } from '#ports/metric-sink.ts';
import { StoreError } from '#ports/object-store.ts';
import { LocationError } from './open-area.ts';
import { RefusedError } from './refusals.ts';

export { LeaseHeldError } from '#operations/ledger/lease.ts';
export { UnresolvableError } from '#operations/report/inspect.ts';

/** Errors about what was asked or configured: trying again changes nothing, another question does. */
const ABOUT_THE_QUESTION = [RefusedError, ConfigError, LocationError, PlanError];
const ABOUT_THE_WORLD = [
  StoreError,
  MetadataError,
  UnresolvableError,
  ClockError,
  LedgerError,
  MetricError,
  SlackError,
  SecretError,
];

/** Whether an error says in sentences what is the matter, so that nobody needs a stack trace. */
export function isExpected(error: unknown): error is Error {
  return [...ABOUT_THE_QUESTION, ...ABOUT_THE_WORLD].some((kind) => error instanceof kind);
}

/** Whether an error is about what was asked or configured, a place that does not exist included. */
export function isAboutTheQuestion(error: unknown): boolean {
  return (
    ABOUT_THE_QUESTION.some((kind) => error instanceof kind) ||
    (error instanceof StoreError && error.code === 'no-such-place')
  );
}
