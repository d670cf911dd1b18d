import type { Area } from '#core/area/area.ts';
import { budgetFor, gaugesOf } from '#core/signals/gauges.ts';
import type { Completion, JobHistory } from '#core/signals/job-history.ts';
import type { JobMetric } from '#core/signals/metrics.ts';
import { valuesOf } from '#core/signals/publication.ts';
import { emptyHistory, withCompletions } from '#core/signals/remember.ts';
import { completionOf, jobsState, labelOfObservation } from '#operations/jobs/remember-jobs.ts';
import { readHistory } from '#operations/ledger/job-histories.ts';
import { type Observation, readObservations } from '#operations/ledger/observations.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { MetricValue } from '#ports/metric-sink.ts';
import type { Services } from '#steward/services.ts';
import type { LedgeredSteward } from '#steward/steward.ts';
import { metricSinkOf } from './metric-sink.ts';

/**
 * Publishes the size of a completed checkpoint at once, so that a jump in size is known before the next survey. The name of
 * a job must not change later, so nothing is published before the first survey has determined the names of the jobs.
 */

/** The metrics that depend on checkpoints alone. The others change only with a survey. */
const OF_CHECKPOINTS = ['CheckpointBytes', 'GrowthRatio', 'JumpRatio'] as const satisfies readonly JobMetric[];

/** @throws StoreError, LedgerError, MetricError */
export async function publishSizes(
  observations: readonly Observation[],
  area: Area,
  { config, ledger }: Pick<LedgeredSteward, 'config' | 'ledger'>,
  services: Services,
): Promise<void> {
  const { metrics, budget, maxJobs } = config.signals;
  const state = observations.length === 0 ? null : await jobsState(ledger);
  // If there are too many jobs, the small ones share a name, and only a survey knows which ones are small.
  if (state === null || state.jobs > maxJobs) {
    return;
  }
  const named = new Map<string, Observation[]>();
  for (const observation of observations) {
    const label = labelOfObservation(observation, area, config.labels, state.severalFolders);
    if (label !== null) {
      named.set(label, [...(named.get(label) ?? []), observation]);
    }
  }
  const values: MetricValue[] = [];
  for (const [label, ofJob] of named) {
    const history = await historyWith(label, ofJob, Date.parse(state.surveyed), ledger);
    const newest = history.completions.findLast(({ savepoint, bytes }) => !savepoint && bytes !== null);
    if (newest !== undefined) {
      const gauges = gaugesOf(history, { now: services.clock(), budget: budgetFor(label, budget) });
      const wanted = OF_CHECKPOINTS.filter((name) => name === 'JumpRatio' || metrics.includes(name));
      values.push(...valuesOf(gauges, wanted, label).map((value) => ({ ...value, at: newest.completed })));
    }
  }
  if (values.length > 0) {
    await metricSinkOf(services).publish(values);
  }
}

/** The history of a job in the ledger, with the observations since the last survey. */
async function historyWith(
  label: string,
  observed: readonly Observation[],
  surveyed: number,
  ledger: LedgerStore,
): Promise<JobHistory> {
  const known = (await readHistory(ledger, label)) ?? emptyHistory(label);
  const since: Completion[] = observed.map(completionOf);
  const to = Math.max(...since.map(({ completed }) => completed));
  for (const job of new Set(observed.map((observation) => observation.job))) {
    for await (const observation of readObservations(ledger, { from: surveyed, to, job })) {
      since.push(completionOf(observation));
    }
  }
  return withCompletions(known, since);
}
