/**
 * The gauges that the steward publishes: the only place where their names stand. The counters of the functions
 * themselves stand beside what counts them.
 */

/** The CloudWatch namespace of all gauges, and of the functions' own counters. */
export const METRIC_NAMESPACE = 'FlinkSteward';

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
    meaning: 'What the newest checkpoint added: bytes that no earlier one named.',
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
    meaning: 'Objects that a checkpoint or savepoint names.',
  },
  {
    name: 'ReclaimableBytes',
    unit: 'Bytes',
    scope: 'both',
    set: 'default',
    meaning: 'Garbage: no checkpoint or savepoint can need it, whether it has served its quarantine or not.',
  },
  {
    name: 'TotalBytes',
    unit: 'Bytes',
    scope: 'both',
    set: 'asked',
    meaning: 'All that lies there: state, garbage, and what is kept because nobody can say.',
  },
  {
    name: 'GrowthBytesPerDay',
    unit: 'Bytes',
    scope: 'both',
    set: 'asked',
    meaning: 'By how much the total grows a day: Theil–Sen slope of its 24-hour floors over 4 days.',
  },
  {
    name: 'DaysToBudget',
    unit: 'None',
    scope: 'job',
    set: 'default',
    meaning: 'Days until the total reaches the budget at this growth; 0 above it, absent where it does not grow.',
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
    meaning: 'Checkpoints and savepoints of which every object is there.',
  },
  {
    name: 'DamagedRoots',
    unit: 'Count',
    scope: 'both',
    set: 'asked',
    meaning: 'Checkpoints and savepoints that name an object which is missing or has another size.',
  },
  {
    name: 'MonthlyCost',
    unit: 'None',
    scope: 'both',
    set: 'asked',
    meaning: 'What storing it costs a month, in the currency of the price table.',
  },
  {
    name: 'JumpRatio',
    unit: 'None',
    scope: 'job',
    set: 'alarm',
    meaning:
      'The smaller GrowthRatio of the two newest checkpoints; absent for small states, and where it is 2 or less.',
  },
  {
    name: 'ReclaimableShare',
    unit: 'None',
    scope: 'both',
    set: 'alarm',
    meaning:
      'Share of garbage in the total, from 0 to 1; of a job the smallest of 3 days, absent below 0.25 and where it is small.',
  },
  {
    name: 'DamagedNewest',
    unit: 'Count',
    scope: 'job',
    set: 'alarm',
    meaning:
      '1 where the newest checkpoint of a job without successor was damaged in two surveys running, else absent.',
  },
  { name: 'Jobs', unit: 'Count', scope: 'fleet', meaning: 'Jobs that have not ended.' },
  {
    name: 'UndecidableRoots',
    unit: 'Count',
    scope: 'fleet',
    meaning: 'Roots that cannot be read or judged. While there is one, nothing in its area is deleted.',
  },
  {
    name: 'HazardousRules',
    unit: 'Count',
    scope: 'fleet',
    meaning: 'Lifecycle rules of the bucket that delete, or will delete, what a checkpoint or savepoint names.',
  },
  { name: 'BytesAtRisk', unit: 'Bytes', scope: 'fleet', meaning: 'Live objects that those rules reach.' },
  { name: 'SweptBytes', unit: 'Bytes', scope: 'fleet', meaning: 'What the last collection deleted.' },
  { name: 'SweptObjects', unit: 'Count', scope: 'fleet', meaning: 'Objects that the last collection deleted.' },
  {
    name: 'PausedHours',
    unit: 'None',
    scope: 'fleet',
    meaning: 'For how long deleting has been paused; 0 where it is not.',
  },
  { name: 'Heartbeat', unit: 'Count', scope: 'fleet', meaning: '1, each hour that the steward looks.' },
] as const satisfies readonly Metric[];

type Row = (typeof METRICS)[number];
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

/** What is published per job whatever is selected: alarms compare them. */
export const ALARM_JOB_METRICS: readonly JobMetric[] = OF_JOBS.filter(({ set }) => set === 'alarm').map(
  ({ name }) => name,
);

/** The metrics of one job; null where a value is not known, or does not exist. */
export type JobGauges = Readonly<Record<JobMetric, number | null>>;

/** The metrics of all jobs together; null where a value is not known. */
export type FleetGauges = Readonly<Record<FleetMetric, number | null>>;
