import { withPublished } from '#core/guard/incident.ts';
import { lastIncident, updateIncident } from '#operations/ledger/incidents.ts';
import { MetricError } from '#ports/metric-sink.ts';
import type { Services } from '#steward/services.ts';
import type { LedgeredSteward } from '#steward/steward.ts';
import { metricSinkOf } from './metric-sink.ts';

/** What the guard publishes. */

/**
 * Publishes losses, of this batch and of one before that could not.
 *
 * @returns why it failed; null where it did not.
 * @throws StoreError, LedgerError
 */
export async function publishLosses(
  { ledger }: Pick<LedgeredSteward, 'ledger'>,
  services: Services,
): Promise<MetricError | null> {
  const value = (await lastIncident(ledger))?.unpublished ?? 0;
  if (value === 0) return null;
  const failure = await published({ name: 'LostObjects', value }, services);
  if (failure === null) await updateIncident(ledger, (known) => known && withPublished(known, value));
  return failure;
}

/** It only says how far the guard can be trusted, and each survey tells it too: a failure keeps nothing back. */
export async function publishBlindness(services: Services): Promise<void> {
  const failure = await published({ name: 'GuardBlind', value: 1 }, services);
  if (failure !== null) services.log('warn', failure.message);
}

async function published(
  metric: { readonly name: 'LostObjects' | 'GuardBlind'; readonly value: number },
  services: Services,
): Promise<MetricError | null> {
  try {
    await metricSinkOf(services).publish([{ ...metric, job: null, at: services.clock() }]);
    return null;
  } catch (error) {
    if (!(error instanceof MetricError)) throw error;
    return error;
  }
}
