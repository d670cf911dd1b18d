/**
 * The gauges that the steward publishes: their names are defined here only. The counters of the functions
 * are defined next to the code that counts.
 */

/**
 * What the CloudWatch namespace of a deployment begins with. Each deployment has one of its own, for its gauges and for the
 * counters of its functions, since CloudWatch tells two deployments of one account apart by nothing else.
 */
export const NAMESPACE_ROOT = 'FlinkSteward';

/** The longest name of a namespace (CloudWatch API reference, "PutMetricData"). */
export const LONGEST_NAMESPACE = 255;

/** Units as CloudWatch knows them. */
export type MetricUnit = 'Bytes' | 'Count' | 'None';

/**
 * Whether a metric is published per job: `default` unless the configuration selects others, `asked` only when it
 * names it. Those of `alarm` are compared by an alarm, and published while they matter, so that a job that is well does
 * not pay for them; `asked-or-alarm` always where the configuration names it, and while it matters where it does not.
 */
export type JobSet = 'default' | 'asked' | 'alarm' | 'asked-or-alarm';

/**
 * Whether a metric of the fleet is published each hour, while it matters, only by the run that it tells of, or only when
 * the configuration names it.
 */
export type FleetSet = 'hourly' | 'matters' | 'run' | 'asked';

interface MetricText {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly meaning: string;
}

/** A metric, and for which jobs it is published. */
export type Metric = MetricText &
  (
    | { readonly scope: 'job'; readonly set: JobSet }
    | { readonly scope: 'both'; readonly set: JobSet; readonly fleet: FleetSet }
    | { readonly scope: 'fleet'; readonly fleet: FleetSet }
    | { readonly scope: 'state' }
  );

/**
 * All gauges, in the order in which they are shown. `both` is published per job, and as a total of the fleet; `state` per
 * state of a job.
 */
export const METRICS = [
  {
    name: 'CheckpointBytes',
    unit: 'Bytes',
    scope: 'job',
    set: 'default',
    meaning: 'Full size of the newest checkpoint: what a restore reads.',
  },
  {
    name: 'IncrementBytes',
    unit: 'Bytes',
    scope: 'job',
    set: 'asked',
    meaning: 'What the newest checkpoint added: bytes that no earlier one references.',
  },
  {
    name: 'GrowthRatio',
    unit: 'None',
    scope: 'job',
    set: 'asked',
    meaning: "Full size of the newest checkpoint over the median of the job's 7 days before it.",
  },
  {
    name: 'LiveBytes',
    unit: 'Bytes',
    scope: 'both',
    set: 'asked',
    fleet: 'hourly',
    meaning: 'Bytes that a checkpoint or savepoint references.',
  },
  {
    name: 'ReclaimableBytes',
    unit: 'Bytes',
    scope: 'both',
    set: 'asked',
    fleet: 'hourly',
    meaning: 'Garbage, in quarantine or not: no checkpoint or savepoint can need it.',
  },
  {
    name: 'TotalBytes',
    unit: 'Bytes',
    scope: 'both',
    set: 'default',
    fleet: 'hourly',
    meaning: 'All bytes: state, garbage, and what is kept because it is not understood.',
  },
  {
    name: 'GrowthBytesPerDay',
    unit: 'Bytes',
    scope: 'both',
    set: 'asked',
    fleet: 'asked',
    meaning: 'Growth of the total per day: Theil–Sen slope of its 24-hour minima over 4 days.',
  },
  {
    name: 'DaysToBudget',
    unit: 'None',
    scope: 'job',
    set: 'asked-or-alarm',
    meaning: 'Days until the total reaches the budget at this growth; 0 above it, absent if it does not grow.',
  },
  {
    name: 'Lateness',
    unit: 'None',
    scope: 'job',
    set: 'asked-or-alarm',
    meaning: "Age of the newest checkpoint in multiples of the job's own usual interval.",
  },
  {
    name: 'RestorePoints',
    unit: 'Count',
    scope: 'both',
    set: 'asked-or-alarm',
    fleet: 'hourly',
    meaning: 'Checkpoints and savepoints whose objects all exist.',
  },
  {
    name: 'DamagedRoots',
    unit: 'Count',
    scope: 'both',
    set: 'asked',
    fleet: 'matters',
    meaning: 'Checkpoints and savepoints that reference an object which is missing or has another size.',
  },
  {
    name: 'MonthlyCost',
    unit: 'None',
    scope: 'both',
    set: 'asked',
    fleet: 'hourly',
    meaning: 'Storage costs per month, in the currency of the price table.',
  },
  {
    name: 'JumpRatio',
    unit: 'None',
    scope: 'job',
    set: 'alarm',
    meaning: 'The smaller GrowthRatio of the two newest checkpoints; absent for small states, and at 2 or less.',
  },
  {
    name: 'ReclaimableShare',
    unit: 'None',
    scope: 'both',
    set: 'alarm',
    fleet: 'matters',
    meaning:
      'Share of garbage in the total, from 0 to 1; for a job the minimum of 3 days, absent below 0.25 and for small jobs.',
  },
  {
    name: 'DamagedNewest',
    unit: 'Count',
    scope: 'job',
    set: 'alarm',
    meaning: '1 if the newest checkpoint of a job without successor was damaged in two surveys in a row, else absent.',
  },
  {
    name: 'StateBytes',
    unit: 'Bytes',
    scope: 'state',
    meaning:
      'Size of a state: of the three largest of each job whose size jumps or whose budget will be reached, ten jobs at most.',
  },
  { name: 'Jobs', unit: 'Count', scope: 'fleet', fleet: 'hourly', meaning: 'Jobs that have not ended.' },
  {
    name: 'UndecidableRoots',
    unit: 'Count',
    scope: 'fleet',
    fleet: 'matters',
    meaning: 'Roots that cannot be read or judged. While there is one, nothing in the area is deleted.',
  },
  {
    name: 'HazardousRules',
    unit: 'Count',
    scope: 'fleet',
    fleet: 'matters',
    meaning:
      'Lifecycle rules of the buckets that delete what a checkpoint or savepoint references or may come to reference, or that may do so because they are not understood.',
  },
  {
    name: 'BytesAtRisk',
    unit: 'Bytes',
    scope: 'fleet',
    fleet: 'matters',
    meaning: 'Live bytes that those rules delete.',
  },
  {
    name: 'LostObjects',
    unit: 'Count',
    scope: 'fleet',
    fleet: 'run',
    meaning: 'Live objects that others deleted, as soon as the guard has found out.',
  },
  {
    name: 'GuardBlind',
    unit: 'Count',
    scope: 'fleet',
    fleet: 'matters',
    meaning: '1 if no survey has left what is live for so long that the guard can miss losses.',
  },
  {
    name: 'SweptBytes',
    unit: 'Bytes',
    scope: 'fleet',
    fleet: 'run',
    meaning: 'Bytes that the last collection deleted.',
  },
  {
    name: 'SweptObjects',
    unit: 'Count',
    scope: 'fleet',
    fleet: 'run',
    meaning: 'Objects that the last collection deleted.',
  },
  {
    name: 'PausedHours',
    unit: 'None',
    scope: 'fleet',
    fleet: 'matters',
    meaning: 'How long deleting has been paused; 0 if it is not.',
  },
  { name: 'Heartbeat', unit: 'Count', scope: 'fleet', fleet: 'hourly', meaning: '1 for each hour with a survey.' },
] as const satisfies readonly Metric[];

type Row = (typeof METRICS)[number];
/** The name of a metric in CloudWatch. */
export type MetricName = Row['name'];
/** Those with a value per job. */
export type JobMetric = Extract<Row, { scope: 'job' | 'both' }>['name'];
/** Those with one value for all jobs together. */
export type FleetMetric = Extract<Row, { scope: 'fleet' | 'both' }>['name'];
/** Those that the configuration may select per job. */
export type SelectableMetric = Extract<Row, { set: 'default' | 'asked' | 'asked-or-alarm' }>['name'];
/** Those of jobs that alarms compare. */
export type AlarmJobMetric = Extract<Row, { set: 'alarm' | 'asked-or-alarm' }>['name'];
/** Those of the fleet that are published while they matter. */
export type SparingFleetMetric = Extract<Row, { fleet: 'matters' }>['name'];

/** Those that have a value per job. */
export const METRICS_OF_JOBS = METRICS.filter((metric) => metric.scope === 'job' || metric.scope === 'both');
/** Those that have a value for all jobs together. */
export const METRICS_OF_FLEET = METRICS.filter((metric) => metric.scope === 'fleet' || metric.scope === 'both');

/** What `signals.metrics` may name. */
export const SELECTABLE_METRICS: readonly SelectableMetric[] = METRICS_OF_JOBS.filter(({ set }) => set !== 'alarm').map(
  ({ name }) => name as SelectableMetric,
);

/** What `signals.metrics` is unless configured. */
export const DEFAULT_JOB_METRICS: readonly SelectableMetric[] = METRICS_OF_JOBS.filter(
  ({ set }) => set === 'default',
).map(({ name }) => name as SelectableMetric);

/** Published per job while they matter, even if not selected, because alarms compare them. */
export const ALARM_JOB_METRICS: readonly AlarmJobMetric[] = METRICS_OF_JOBS.filter(
  ({ set }) => set === 'alarm' || set === 'asked-or-alarm',
).map(({ name }) => name as AlarmJobMetric);

/** Published of the fleet while they matter. */
export const SPARING_FLEET_METRICS: readonly SparingFleetMetric[] = METRICS_OF_FLEET.flatMap((metric) =>
  metric.fleet === 'matters' ? [metric.name] : [],
);

/** The metrics of one job; null where a value is not known, or does not exist. */
export type JobGauges = Readonly<Record<JobMetric, number | null>>;

/** The metrics of all jobs together; null where a value is not known. */
export type FleetGauges = Readonly<Record<FleetMetric, number | null>>;
