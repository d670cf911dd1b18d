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
import type { LedgeredSteward } from '#steward/steward.ts';
import type { Surroundings } from '#steward/surroundings.ts';
import { metricSinkOf } from './metric-sink.ts';

/**
 * Publishes what a completed checkpoint tells at once: a jump in size is worth knowing before the next survey. Nobody
 * hears of a job under a name that changes, so nothing is published before a first survey has told how jobs are named.
 */

/** Those that follow from checkpoints alone; what else is known of a job only a survey tells anew. */
const OF_CHECKPOINTS = ['CheckpointBytes', 'GrowthRatio', 'JumpRatio'] as const satisfies readonly JobMetric[];

/** @throws StoreError, LedgerError, MetricError */
export async function publishSizes(
  observations: readonly Observation[],
  area: Area,
  { config, ledger }: Pick<LedgeredSteward, 'config' | 'ledger'>,
  around: Surroundings,
): Promise<void> {
  const { metrics, budget, maxJobs } = config.signals;
  const state = observations.length === 0 ? null : await jobsState(ledger);
  // Of too many jobs the small ones share a name, and only a survey knows which these are.
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
      const gauges = gaugesOf(history, { now: around.clock(), budget: budgetFor(label, budget) });
      const wanted = OF_CHECKPOINTS.filter((name) => name === 'JumpRatio' || metrics.includes(name));
      values.push(...valuesOf(gauges, wanted, label).map((value) => ({ ...value, at: newest.completed })));
    }
  }
  if (values.length > 0) {
    await metricSinkOf(around).publish(values);
  }
}

/** What the ledger knows of a job, and what was heard of it since the last survey. */
async function historyWith(
  label: string,
  heard: readonly Observation[],
  surveyed: number,
  ledger: LedgerStore,
): Promise<JobHistory> {
  const known = (await readHistory(ledger, label)) ?? emptyHistory(label);
  const since: Completion[] = heard.map(completionOf);
  const to = Math.max(...since.map(({ completed }) => completed));
  for (const job of new Set(heard.map((observation) => observation.job))) {
    for await (const observation of readObservations(ledger, { from: surveyed, to, job })) {
      since.push(completionOf(observation));
    }
  }
  return withCompletions(known, since);
}
