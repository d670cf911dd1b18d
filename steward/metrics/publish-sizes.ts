import { alarmThresholds } from '#config/signals.ts';
import type { Area } from '#core/area/area.ts';
import { budgetFor, gaugesOf } from '#core/signals/gauges.ts';
import type { Completion } from '#core/signals/job-history.ts';
import { type Mattered, whatMatters } from '#core/signals/matters.ts';
import type { JobMetric } from '#core/signals/metrics.ts';
import { valuesOf } from '#core/signals/publication.ts';
import { withCompletions } from '#core/signals/remember.ts';
import { completionOf, labelOfObservation } from '#operations/jobs/remember-jobs.ts';
import { readHistoriesOf } from '#operations/ledger/job-histories.ts';
import { type JobsState, jobsState, namesIn } from '#operations/ledger/jobs-document.ts';
import { rememberMattered } from '#operations/ledger/mattered-metrics.ts';
import { type Observation, type ReadObservations, readObservations } from '#operations/ledger/observations.ts';
import { publishedNames } from '#operations/ledger/published-names.ts';
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
type OfCheckpoints = (typeof OF_CHECKPOINTS)[number];

/** What publishing takes, and what this process has read of the ledger before. */
interface SizeServices extends Services {
  readonly read?: ReadObservations;
}

/** @throws StoreError, LedgerError, MetricError */
export async function publishSizes(
  observations: readonly Observation[],
  area: Area,
  { config, ledger }: Pick<LedgeredSteward, 'config' | 'ledger'>,
  services: SizeServices,
): Promise<void> {
  const { metrics, budget, maxJobs } = config.signals;
  const thresholds = alarmThresholds(config);
  const state = observations.length === 0 ? null : await jobsState(ledger);
  if (state === null) return;
  const names = namesIn(state);
  const isNamed = await jobsWithNames(ledger, state, maxJobs);
  const labelOf = (observation: Observation): string | null => {
    const label = labelOfObservation(observation, area, config.labels, state.severalFolders, names);
    return label !== null && isNamed(label) ? label : null;
  };
  const heard = byLabel(observations, labelOf);
  if (heard.size === 0) return;
  const from = Date.parse(state.surveyed);
  const to = Math.max(...observations.map(({ completed }) => Date.parse(completed)));
  for await (const observation of readObservations(ledger, { from, to }, services.read)) {
    const label = labelOf(observation);
    if (label !== null) heard.get(label)?.push(completionOf(observation));
  }
  const now = services.clock();
  const values: MetricValue[] = [];
  const jumps: Mattered[] = [];
  for (const known of await readHistoriesOf(ledger, heard.keys())) {
    const history = withCompletions(known, heard.get(known.label) ?? []);
    const newest = history.completions.findLast(({ savepoint, bytes }) => !savepoint && bytes !== null);
    if (newest !== undefined) {
      const gauges = gaugesOf(history, { now, budget: budgetFor(known.label, budget) });
      const wanted = OF_CHECKPOINTS.filter((name) => name === 'JumpRatio' || metrics.includes(name));
      const knownValues = valuesOf<OfCheckpoints>(gauges, wanted, known.label);
      const matter = whatMatters(knownValues, [], { thresholds, now, always: metrics, complete: false });
      values.push(...matter.values.map((value) => ({ ...value, at: newest.completed })));
      jumps.push(...matter.mattered);
    }
  }
  // The surveys of the next hours publish that it is well again.
  if (jumps.length > 0) await rememberMattered(ledger, jumps, now);
  if (values.length > 0) {
    await metricSinkOf(services).publish(values);
  }
}

/**
 * If there are too many jobs, the small ones share a name, and only a survey knows which ones are small: it leaves the
 * names that it has published.
 */
async function jobsWithNames(
  ledger: LedgerStore,
  { jobs }: JobsState,
  maxJobs: number,
): Promise<(label: string) => boolean> {
  const names = await publishedNames(ledger);
  // A survey of version 0.1.0 left none.
  if (names === null) return () => jobs <= maxJobs;
  return names.all ? () => true : (label) => names.labels.has(label);
}

function byLabel(
  observations: readonly Observation[],
  labelOf: (observation: Observation) => string | null,
): ReadonlyMap<string, Completion[]> {
  const heard = new Map<string, Completion[]>();
  for (const observation of observations) {
    const label = labelOf(observation);
    if (label !== null) {
      heard.set(label, [...(heard.get(label) ?? []), completionOf(observation)]);
    }
  }
  return heard;
}
