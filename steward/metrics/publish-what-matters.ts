import { alarmThresholds } from '#config/signals.ts';
import { whatMatters } from '#core/signals/matters.ts';
import type { PublishedValue } from '#core/signals/publication.ts';
import { matteredMetrics, rememberMattered } from '#operations/ledger/mattered-metrics.ts';
import type { MetricValue } from '#ports/metric-sink.ts';
import type { Services } from '#steward/services.ts';
import type { LedgeredSteward } from '#steward/steward.ts';
import { metricSinkOf } from './metric-sink.ts';

/** What is known at one time. */
export interface KnownValues {
  readonly values: readonly PublishedValue[];
  /** Epoch milliseconds. */
  readonly at: number;
  /** Whether it is all of the fleet: then whatever mattered and is not among it is well again. */
  readonly complete: boolean;
  /** Values to publish with them in any case. @default none */
  readonly more?: readonly MetricValue[];
}

/** Publishes of what is known what matters, or is always published. @throws StoreError, LedgerError, MetricError */
export async function publishWhatMatters(
  { values: known, at, complete, more = [] }: KnownValues,
  { config, ledger }: Pick<LedgeredSteward, 'config' | 'ledger'>,
  services: Services,
): Promise<void> {
  const before = await matteredMetrics(ledger);
  const { values, mattered } = whatMatters(known, before, {
    thresholds: alarmThresholds(config),
    now: at,
    always: config.signals.metrics,
    complete,
  });
  // First, because publishing can fail: what is remembered and was not published has a few values too many at worst.
  if (before.length > 0 || mattered.length > 0) {
    await rememberMattered(ledger, mattered, at);
  }
  const published = [...values.map((value) => ({ ...value, at })), ...more];
  if (published.length > 0) await metricSinkOf(services).publish(published);
}
