import type { FleetMetric, JobMetric } from './metrics.ts';

/**
 * The alarms as data. The deployment and the replay of a history both create their alarms from this table, so that the
 * two agree.
 */

/** What the alarms compare with, in the units of their metrics. */
export interface AlarmThresholds {
  /** `JumpRatio` above this. */
  readonly jump: number;
  /** `DaysToBudget` below this: days. */
  readonly horizon: number;
  /** `ReclaimableShare` above this: from 0 to 1. */
  readonly reclaimableShare: number;
  /** `Lateness` above this: multiples of the job's own interval. */
  readonly lateness: number;
  /** `PausedHours` above this: hours. */
  readonly paused: number;
}

/** What holds where `steward.json` sets nothing. */
export const DEFAULT_THRESHOLDS: AlarmThresholds = {
  jump: 3,
  horizon: 14,
  reclaimableShare: 0.5,
  lateness: 3,
  paused: 24,
};

/** Where the number comes from that an alarm compares. */
export type AlarmSource =
  /** A gauge of each job, with the job's label as dimension: one alarm with a contributor per job. */
  | { readonly of: 'job'; readonly metric: JobMetric }
  /** A gauge of all jobs together. */
  | { readonly of: 'fleet'; readonly metric: FleetMetric }
  /** A counter of the functions themselves. */
  | { readonly of: 'functions'; readonly metric: 'StoppedRuns' | 'RefusedDeletions' | 'RunsNotProven' }
  /** AWS's own metric, summed over the functions that scan and collect. */
  | { readonly of: 'AWS/Lambda'; readonly metric: 'Errors' }
  /** AWS's own, of the state machine that runs collections: executions that failed, and those whose time ran out. */
  | { readonly of: 'AWS/States'; readonly metric: 'ExecutionsFailed' }
  /** AWS's own, of each dead-letter queue. */
  | { readonly of: 'AWS/SQS'; readonly metric: 'ApproximateNumberOfMessagesVisible' }
  /** AWS's own, of the queue of checkpoint events: seconds. */
  | { readonly of: 'AWS/SQS'; readonly metric: 'ApproximateAgeOfOldestMessage' };

/** Whether somebody is woken up (a job may not come back, or live state is being lost), or it waits for the morning. */
export type Severity = 'page' | 'ticket';

/** An alarm: what it compares, and with what. */
export interface AlarmKind {
  /** Part of the alarm's name in AWS, and what the replay calls it. Never renamed. */
  readonly id: string;
  /** What is wrong, without the job: "Checkpoint size jumped". */
  readonly title: string;
  readonly severity: Severity;
  readonly source: AlarmSource;
  readonly statistic: 'Maximum' | 'Minimum' | 'Sum';
  readonly comparison: 'above' | 'below';
  /** A number, or which setting holds it. Ask {@link thresholdOf}. */
  readonly threshold: number | keyof AlarmThresholds;
  /** For how many hours running: periods of {@link ALARM_PERIOD}, all of which must breach. */
  readonly hours: number;
  /**
   * Seconds of a shorter period, where the alarm is not to wait for the end of an hour: one period that breaches is enough,
   * and the alarm lasts for the hours after it. @default ALARM_PERIOD
   */
  readonly period?: number;
  /** What an hour without any value counts as, in CloudWatch's words. */
  readonly missing: 'notBreaching' | 'breaching';
  /** Section of `docs/runbook.md`: what it means, what to check, what to run. */
  readonly runbook: string;
}

/** Seconds. Gauges are published hourly; CloudWatch's queries over many jobs look back three hours at most. */
export const ALARM_PERIOD = 3_600;

/** The page that {@link AlarmKind.runbook} is a section of. */
export const RUNBOOK = 'docs/runbook.md';

/** Every alarm. The deployment, the replay of a history, Slack and the documentation all come from this table. */
export const ALARMS = [
  {
    id: 'size-jump',
    title: 'Checkpoint size jumped',
    severity: 'ticket',
    source: { of: 'job', metric: 'JumpRatio' },
    statistic: 'Maximum',
    comparison: 'above',
    threshold: 'jump',
    hours: 1,
    missing: 'notBreaching',
    runbook: 'size-jump',
  },
  {
    id: 'budget',
    title: 'Storage budget will be reached',
    severity: 'ticket',
    source: { of: 'job', metric: 'DaysToBudget' },
    statistic: 'Minimum',
    comparison: 'below',
    threshold: 'horizon',
    hours: 2,
    missing: 'notBreaching',
    runbook: 'budget',
  },
  {
    id: 'reclaimable-share',
    title: 'Garbage piles up',
    severity: 'ticket',
    source: { of: 'job', metric: 'ReclaimableShare' },
    statistic: 'Maximum',
    comparison: 'above',
    threshold: 'reclaimableShare',
    hours: 1,
    missing: 'notBreaching',
    runbook: 'reclaimable-share',
  },
  {
    id: 'late-checkpoint',
    title: 'Checkpoint late',
    severity: 'page',
    source: { of: 'job', metric: 'Lateness' },
    statistic: 'Maximum',
    comparison: 'above',
    threshold: 'lateness',
    hours: 1,
    missing: 'notBreaching',
    runbook: 'late-checkpoint',
  },
  {
    id: 'no-restore-point',
    title: 'No restore point',
    severity: 'page',
    source: { of: 'job', metric: 'RestorePoints' },
    statistic: 'Maximum',
    comparison: 'below',
    threshold: 1,
    hours: 2,
    missing: 'notBreaching',
    runbook: 'no-restore-point',
  },
  {
    id: 'damaged-newest',
    title: 'Newest checkpoint damaged',
    severity: 'page',
    source: { of: 'job', metric: 'DamagedNewest' },
    statistic: 'Maximum',
    comparison: 'above',
    threshold: 0,
    hours: 1,
    missing: 'notBreaching',
    runbook: 'damaged-newest',
  },
  {
    id: 'hazardous-rule',
    title: 'A lifecycle rule deletes live state',
    severity: 'page',
    source: { of: 'fleet', metric: 'HazardousRules' },
    statistic: 'Maximum',
    comparison: 'above',
    threshold: 0,
    hours: 1,
    missing: 'notBreaching',
    runbook: 'hazardous-rule',
  },
  {
    id: 'lost-state',
    title: 'Live state was deleted',
    severity: 'page',
    source: { of: 'fleet', metric: 'LostObjects' },
    statistic: 'Sum',
    comparison: 'above',
    threshold: 0,
    hours: 1,
    period: 10,
    missing: 'notBreaching',
    runbook: 'lost-state',
  },
  {
    id: 'guard-blind',
    title: 'The guard is blind',
    severity: 'ticket',
    source: { of: 'fleet', metric: 'GuardBlind' },
    statistic: 'Maximum',
    comparison: 'above',
    threshold: 0,
    hours: 1,
    missing: 'notBreaching',
    runbook: 'guard-blind',
  },
  {
    id: 'undecidable-root',
    title: 'A checkpoint cannot be read',
    severity: 'ticket',
    source: { of: 'fleet', metric: 'UndecidableRoots' },
    statistic: 'Minimum',
    comparison: 'above',
    threshold: 0,
    hours: 2,
    missing: 'notBreaching',
    runbook: 'undecidable-root',
  },
  {
    id: 'failing',
    title: 'The steward fails',
    severity: 'ticket',
    source: { of: 'AWS/Lambda', metric: 'Errors' },
    statistic: 'Sum',
    comparison: 'above',
    threshold: 0,
    hours: 1,
    missing: 'notBreaching',
    runbook: 'failing',
  },
  {
    id: 'collection-failed',
    title: 'A collection failed',
    severity: 'ticket',
    source: { of: 'AWS/States', metric: 'ExecutionsFailed' },
    statistic: 'Sum',
    comparison: 'above',
    threshold: 0,
    hours: 1,
    missing: 'notBreaching',
    runbook: 'collection-failed',
  },
  {
    id: 'stopped',
    title: 'A breaker stopped a collection',
    severity: 'ticket',
    source: { of: 'functions', metric: 'StoppedRuns' },
    statistic: 'Sum',
    comparison: 'above',
    threshold: 0,
    hours: 1,
    missing: 'notBreaching',
    runbook: 'stopped',
  },
  {
    id: 'refused-deletions',
    title: 'The store refuses deletions',
    severity: 'ticket',
    source: { of: 'functions', metric: 'RefusedDeletions' },
    statistic: 'Sum',
    comparison: 'above',
    threshold: 0,
    hours: 1,
    missing: 'notBreaching',
    runbook: 'refused-deletions',
  },
  {
    id: 'run-not-proven',
    title: 'A run is not proven',
    severity: 'page',
    source: { of: 'functions', metric: 'RunsNotProven' },
    statistic: 'Sum',
    comparison: 'above',
    threshold: 0,
    hours: 1,
    missing: 'notBreaching',
    runbook: 'run-not-proven',
  },
  {
    id: 'paused',
    title: 'Deleting has been paused for long',
    severity: 'ticket',
    source: { of: 'fleet', metric: 'PausedHours' },
    statistic: 'Maximum',
    comparison: 'above',
    threshold: 'paused',
    hours: 1,
    missing: 'notBreaching',
    runbook: 'paused',
  },
  {
    id: 'silent',
    title: 'The steward is silent',
    severity: 'ticket',
    source: { of: 'fleet', metric: 'Heartbeat' },
    statistic: 'Sum',
    comparison: 'below',
    threshold: 1,
    hours: 3,
    missing: 'breaching',
    runbook: 'silent',
  },
  {
    id: 'dead-letters',
    title: 'Events could not be processed',
    severity: 'ticket',
    source: { of: 'AWS/SQS', metric: 'ApproximateNumberOfMessagesVisible' },
    statistic: 'Maximum',
    comparison: 'above',
    threshold: 0,
    hours: 1,
    missing: 'notBreaching',
    runbook: 'dead-letters',
  },
  {
    id: 'late-events',
    title: 'Checkpoint events are late',
    severity: 'ticket',
    source: { of: 'AWS/SQS', metric: 'ApproximateAgeOfOldestMessage' },
    statistic: 'Maximum',
    comparison: 'above',
    // A batch that fails once is delivered again after 12 minutes, which needs nobody.
    threshold: 1_800,
    hours: 1,
    missing: 'notBreaching',
    runbook: 'late-events',
  },
] as const satisfies readonly AlarmKind[];

/** The stable name of an alarm. */
export type AlarmId = (typeof ALARMS)[number]['id'];

/** An alarm on a gauge of each job. */
export type JobAlarm = Extract<(typeof ALARMS)[number], { source: { of: 'job' } }>;

/** The alarms on single jobs: a history of a job can be replayed against them. */
export const JOB_ALARMS: readonly JobAlarm[] = ALARMS.filter((alarm): alarm is JobAlarm => alarm.source.of === 'job');

/** The number that an alarm compares with. */
export function thresholdOf({ threshold }: Pick<AlarmKind, 'threshold'>, thresholds: AlarmThresholds): number {
  return typeof threshold === 'number' ? threshold : thresholds[threshold];
}

/** Whether a value, or its absence, is what the alarm is about. */
export function breaches(
  kind: Pick<AlarmKind, 'comparison' | 'threshold' | 'missing'>,
  value: number | null,
  thresholds: AlarmThresholds,
): boolean {
  if (value === null) return kind.missing === 'breaching';
  const threshold = thresholdOf(kind, thresholds);
  return kind.comparison === 'above' ? value > threshold : value < threshold;
}
