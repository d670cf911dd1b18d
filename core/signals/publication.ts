import {
  ALARM_JOB_METRICS,
  type FleetGauges,
  type FleetMetric,
  type JobGauges,
  type JobMetric,
  METRICS_OF_FLEET,
  type MetricName,
  type SelectableMetric,
} from './metrics.ts';

/** Which gauges are published, and under what name: each metric of each job is paid for by the month. */

/** The shared name of all jobs beyond the limit of jobs with a name of their own. */
export const OTHER_JOBS = 'other';

/** A job and its gauges. */
export interface PublishedJob {
  readonly label: string;
  readonly gauges: JobGauges;
}

/** Which metrics of which jobs are published: each series costs money. */
export interface Selection {
  readonly metrics: readonly SelectableMetric[];
  /** Jobs that are published under their own name; what is left of them shares one more. */
  readonly maxJobs: number;
}

/** One value of one metric. */
export interface PublishedValue {
  readonly name: MetricName;
  readonly value: number;
  /** Null for the fleet. */
  readonly job: string | null;
}

const ONLY_ASKED: readonly MetricName[] = METRICS_OF_FLEET.flatMap((metric) =>
  metric.fleet === 'asked' ? [metric.name] : [],
);

/** How the values of several jobs become one: what lies there adds up, and of what alarms compare the worst counts. */
const FOLDS: Readonly<Record<JobMetric, (a: number, b: number) => number>> = {
  CheckpointBytes: add,
  IncrementBytes: add,
  GrowthRatio: Math.max,
  LiveBytes: add,
  ReclaimableBytes: add,
  TotalBytes: add,
  GrowthBytesPerDay: add,
  DaysToBudget: Math.min,
  Lateness: Math.max,
  RestorePoints: Math.min,
  DamagedRoots: add,
  MonthlyCost: add,
  JumpRatio: Math.max,
  ReclaimableShare: Math.max,
  DamagedNewest: Math.max,
};

/**
 * The values of jobs, the largest jobs under their own names.
 *
 * @param jobs those that have not ended.
 * @returns also how many share the name {@link OTHER_JOBS}, 0 where none has to; and the labels of all others.
 */
export function jobValuesOf(
  jobs: readonly PublishedJob[],
  { metrics, maxJobs }: Selection,
): { readonly values: readonly PublishedValue[]; readonly folded: number; readonly labels: readonly string[] } {
  const published = [...new Set<JobMetric>([...metrics, ...ALARM_JOB_METRICS])];
  const bySize = jobs.toSorted(
    (a, b) => (b.gauges.TotalBytes ?? 0) - (a.gauges.TotalBytes ?? 0) || (a.label < b.label ? -1 : 1),
  );
  const others = bySize.slice(maxJobs);
  const named =
    others.length === 0 ? bySize : [...bySize.slice(0, maxJobs), { label: OTHER_JOBS, gauges: folded(others) }];
  return {
    values: named.flatMap(({ label, gauges }) => valuesOf(gauges, published, label)),
    folded: others.length,
    labels: bySize.slice(0, maxJobs).map(({ label }) => label),
  };
}

/** The values of the whole fleet that are known; some of them only where their metric is selected. */
export function fleetValuesOf(gauges: FleetGauges, { metrics }: Pick<Selection, 'metrics'>): readonly PublishedValue[] {
  const names = Object.keys(gauges) as FleetMetric[];
  return valuesOf(
    gauges,
    names.filter((name) => !ONLY_ASKED.includes(name) || metrics.some((metric) => metric === name)),
    null,
  );
}

/** Values that are known. */
export function valuesOf<Name extends MetricName>(
  gauges: Readonly<Record<Name, number | null>>,
  names: readonly Name[],
  job: string | null,
): readonly PublishedValue[] {
  return names.flatMap((name) => {
    const value = gauges[name];
    return value === null ? [] : { name, value, job };
  });
}

function folded(jobs: readonly PublishedJob[]): JobGauges {
  const all = Object.entries(FOLDS) as [JobMetric, (a: number, b: number) => number][];
  const entries = all.map(([name, fold]) => {
    const values = jobs.flatMap(({ gauges }) => gauges[name] ?? []);
    return [name, values.length === 0 ? null : values.reduce((a, b) => fold(a, b))] as const;
  });
  return Object.fromEntries(entries) as JobGauges;
}

function add(a: number, b: number): number {
  return a + b;
}
