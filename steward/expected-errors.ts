import { SecretError } from '#adapters/aws/secret-error.ts';
import { SlackError } from '#adapters/slack/slack-error.ts';
import { ConfigError } from '#config/config-error.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { BadEventError } from '#functions/shared/bad-event.ts';
import { DeadlineError } from '#functions/shared/deadline.ts';
import { DeploymentError } from '#functions/shared/environment.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { ClockError } from '#operations/look/survey.ts';
import { PlanError } from '#operations/plan/plan-file.ts';
import { MetricError } from '#ports/metric-sink.ts';
import { StoreError } from '#ports/object-store.ts';
import { LocationError } from '#steward/open-area.ts';

const FORESEEN = [
  BadEventError,
  DeploymentError,
  DeadlineError,
  ConfigError,
  LocationError,
  LedgerError,
  PlanError,
  ClockError,
  StoreError,
  MetadataError,
  MetricError,
  SlackError,
  SecretError,
];

/** Whether a failure says in sentences what is the matter, so that nobody needs a stack trace. */
export function isForeseen(error: unknown): error is Error {
  return FORESEEN.some((kind) => error instanceof kind);
}
