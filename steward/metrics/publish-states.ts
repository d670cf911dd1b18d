import type { MetricName } from '#core/signals/metrics.ts';
import { nameState } from '#core/states/grown-words.ts';
import { operatorName } from '#core/states/operator-bytes.ts';
import { matteredMetrics } from '#operations/ledger/mattered-metrics.ts';
import type { MetricValue } from '#ports/metric-sink.ts';
import type { Services } from '#steward/services.ts';
import type { JobStatesView, StatesReport } from '#steward/states.ts';
import type { LedgeredSteward } from '#steward/steward.ts';
import { metricSinkOf } from './metric-sink.ts';

/**
 * Publishes the sizes of the largest states of jobs that are near an alarm which a state explains. CloudWatch bills each
 * name by the hours in which it has a value, so their number is bounded.
 */

export const MOST_JOBS = 10;
export const MOST_STATES = 3;

/** What tells that the alarm of a job is near: see `whatMatters`. */
const NEAR: ReadonlySet<MetricName> = new Set(['JumpRatio', 'DaysToBudget']);

/** @returns how many values. @throws StoreError, LedgerError, MetricError */
export async function publishStates(
  { jobs }: Pick<StatesReport, 'jobs'>,
  { ledger }: Pick<LedgeredSteward, 'ledger'>,
  services: Services,
): Promise<number> {
  const mattered = await matteredMetrics(ledger);
  const near = new Set(mattered.flatMap(({ name, job }) => (NEAR.has(name) && job !== null ? [job] : [])));
  const at = services.clock();
  // Of several jobs with one label, the newest.
  const newestFirst = jobs.toSorted((one, other) => (one.root?.ageSeconds ?? 0) - (other.root?.ageSeconds ?? 0));
  const byLabel = new Map(newestFirst.toReversed().map((job) => [job.label, job]));
  const values = [...byLabel.values()]
    .filter(({ label }) => near.has(label))
    .toSorted((one, other) => other.operators.bytes - one.operators.bytes)
    .slice(0, MOST_JOBS)
    .flatMap((job) => valuesOf(job, at));
  if (values.length > 0) await metricSinkOf(services).publish(values);
  return values.length;
}

function valuesOf({ label, operators, states }: JobStatesView, at: number): readonly MetricValue[] {
  const names = new Map(operators.operators.map((operator) => [operator.id, operatorName(operator)]));
  return states
    .toSorted((one, other) => other.bytes - one.bytes)
    .slice(0, MOST_STATES)
    .map((state) => ({
      name: 'StateBytes',
      value: state.bytes,
      job: label,
      state: nameState({ ...state, operator: names.get(state.operator) ?? state.operator }),
      at,
    }));
}
