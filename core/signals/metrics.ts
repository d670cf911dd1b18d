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
 * names it, `alarm` always, since an alarm compares it. Those of `alarm` are null for a job that is well, so hardly
 * any of them is ever billed.
 */
export type JobSet = 'default' | 'asked' | 'alarm';

interface MetricText {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly meaning: string;
}

/** A metric, and for which jobs it is published. */
export type Metric = MetricText &
  (
    | { readonly scope: 'job' | 'both'; readonly set: JobSet }
    /** All of the fleet are always published. */
    | { readonly scope: 'fleet' }
  );

/** All gauges, in the order in which they are shown. `both` is published per job, and as a total of the fleet. */
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
    set: 'default',
    meaning: "Full size of the newest checkpoint over the median of the job's 7 days before it.",
  },
  {
    name: 'LiveBytes',
    unit: 'Bytes',
    scope: 'both',
    set: 'default',
    meaning: 'Bytes that a checkpoint or savepoint references.',
  },
  {
    name: 'ReclaimableBytes',
    unit: 'Bytes',
    scope: 'both',
    set: 'default',
    meaning: 'Garbage, in quarantine or not: no checkpoint or savepoint can need it.',
  },
  {
    name: 'TotalBytes',
    unit: 'Bytes',
    scope: 'both',
    set: 'asked',
    meaning: 'All bytes: state, garbage, and what is kept because it is not understood.',
  },
  {
    name: 'GrowthBytesPerDay',
    unit: 'Bytes',
    scope: 'both',
    set: 'asked',
    meaning: 'Growth of the total per day: Theil–Sen slope of its 24-hour minima over 4 days.',
  },
  {
    name: 'DaysToBudget',
    unit: 'None',
    scope: 'job',
    set: 'default',
    meaning: 'Days until the total reaches the budget at this growth; 0 above it, absent if it does not grow.',
  },
  {
    name: 'Lateness',
    unit: 'None',
    scope: 'job',
    set: 'default',
    meaning: "Age of the newest checkpoint in multiples of the job's own usual interval.",
  },
  {
    name: 'RestorePoints',
    unit: 'Count',
    scope: 'both',
    set: 'default',
    meaning: 'Checkpoints and savepoints whose objects all exist.',
  },
  {
    name: 'DamagedRoots',
    unit: 'Count',
    scope: 'both',
    set: 'asked',
    meaning: 'Checkpoints and savepoints that reference an object which is missing or has another size.',
  },
  {
    name: 'MonthlyCost',
    unit: 'None',
    scope: 'both',
    set: 'asked',
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
  { name: 'Jobs', unit: 'Count', scope: 'fleet', meaning: 'Jobs that have not ended.' },
  {
    name: 'UndecidableRoots',
    unit: 'Count',
    scope: 'fleet',
    meaning: 'Roots that cannot be read or judged. While there is one, nothing in the area is deleted.',
  },
  {
    name: 'HazardousRules',
    unit: 'Count',
    scope: 'fleet',
    meaning:
      'Lifecycle rules of the buckets that delete what a checkpoint or savepoint references or may come to reference, or that may do so because they are not understood.',
  },
  { name: 'BytesAtRisk', unit: 'Bytes', scope: 'fleet', meaning: 'Live bytes that those rules delete.' },
  { name: 'SweptBytes', unit: 'Bytes', scope: 'fleet', meaning: 'Bytes that the last collection deleted.' },
  { name: 'SweptObjects', unit: 'Count', scope: 'fleet', meaning: 'Objects that the last collection deleted.' },
  {
    name: 'PausedHours',
    unit: 'None',
    scope: 'fleet',
    meaning: 'How long deleting has been paused; 0 if it is not.',
  },
  { name: 'Heartbeat', unit: 'Count', scope: 'fleet', meaning: '1 for each hour with a survey.' },
] as const satisfies readonly Metric[];

type Row = (typeof METRICS)[number];
/** The name of a metric in CloudWatch. */
export type MetricName = Row['name'];
/** Those with a value per job. */
export type JobMetric = Extract<Row, { scope: 'job' | 'both' }>['name'];
/** Those with one value for all jobs together. */
export type FleetMetric = Extract<Row, { scope: 'fleet' | 'both' }>['name'];
/** Those that the configuration may select per job. */
export type SelectableMetric = Extract<Row, { set: 'default' | 'asked' }>['name'];

const OF_JOBS = METRICS.filter((metric) => metric.scope !== 'fleet');

/** What `signals.metrics` may name. */
export const SELECTABLE_METRICS: readonly SelectableMetric[] = OF_JOBS.filter(({ set }) => set !== 'alarm').map(
  ({ name }) => name as SelectableMetric,
);

/** What `signals.metrics` is unless configured. */
export const DEFAULT_JOB_METRICS: readonly SelectableMetric[] = OF_JOBS.filter(({ set }) => set === 'default').map(
  ({ name }) => name as SelectableMetric,
);

/** Published per job even if not selected, because alarms compare them. */
export const ALARM_JOB_METRICS: readonly JobMetric[] = OF_JOBS.filter(({ set }) => set === 'alarm').map(
  ({ name }) => name,
);

/** The metrics of one job; null where a value is not known, or does not exist. */
export type JobGauges = Readonly<Record<JobMetric, number | null>>;

/** The metrics of all jobs together; null where a value is not known. */
export type FleetGauges = Readonly<Record<FleetMetric, number | null>>;
