import { SecretError } from '#adapters/aws/secret-error.ts';
import { LocationError } from '#adapters/open-area.ts';
import { SlackError } from '#adapters/slack/slack-error.ts';
import { ConfigError } from '#config/config-error.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { PlanError } from '#operations/plan-file.ts';
import { ClockError } from '#operations/survey.ts';
import { MetricError } from '#ports/metric-sink.ts';
import { StoreError } from '#ports/object-store.ts';
import { BadEventError } from './bad-event.ts';
import { DeadlineError } from './deadline.ts';
import { DeploymentError } from './environment.ts';

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
