import { ALARMS, type AlarmKind, type AlarmThresholds } from './alarms.ts';
import { LEAST_SHARE } from './gauges.ts';
import {
  ALARM_JOB_METRICS,
  type AlarmJobMetric,
  type MetricName,
  SPARING_FLEET_METRICS,
  type SparingFleetMetric,
} from './metrics.ts';
import type { PublishedValue } from './publication.ts';

/**
 * Which values are published of the metrics that are published only while they matter. CloudWatch bills a metric by the
 * hour in which it has a value, and an alarm by the metrics that it finds, so what is well costs nothing.
 *
 * An alarm that finds no value goes on with older ones: it looks back three hours, and takes as many values as it needs
 * from what is there. So a metric that mattered has values for three hours more.
 */

const HOUR = 3_600_000;

/** As long as an alarm over many jobs looks back (CloudWatch user guide, "Metrics Insights quotas"). */
export const LOOKS_BACK = 3 * HOUR;

/** In place of a value that no longer exists, since the job does not grow any more: far beyond each horizon. */
const NEVER = 36_500;

/** When a metric matters, and what stands for it once it has none. */
interface Rule {
  readonly matters: (value: number, thresholds: AlarmThresholds) => boolean;
  readonly well: number;
}

const ABOVE_ZERO: Rule = { matters: (value) => value > 0, well: 0 };

/** Well before their alarm, so that a graph shows how it came; restore points only when there are none, as many jobs keep one. */
const OF_JOBS: Readonly<Record<AlarmJobMetric, Rule>> = {
  JumpRatio: { matters: (value, { jump }) => value > jump / 2, well: 1 },
  DaysToBudget: { matters: (value, { horizon }) => value < 2 * horizon, well: NEVER },
  ReclaimableShare: { matters: (value, { reclaimableShare }) => value > reclaimableShare / 2, well: 0 },
  Lateness: { matters: (value, { lateness }) => value > lateness / 2, well: 0 },
  RestorePoints: { matters: (value) => value < 1, well: 1 },
  DamagedNewest: ABOVE_ZERO,
};

const OF_FLEET: Readonly<Record<SparingFleetMetric, Rule>> = {
  DamagedRoots: ABOVE_ZERO,
  ReclaimableShare: { matters: (value) => value > LEAST_SHARE, well: 0 },
  UndecidableRoots: ABOVE_ZERO,
  HazardousRules: ABOVE_ZERO,
  BytesAtRisk: ABOVE_ZERO,
  GuardBlind: ABOVE_ZERO,
  PausedHours: ABOVE_ZERO,
};

/** When a metric of a job, or of the fleet, last mattered. */
export interface Mattered {
  readonly name: MetricName;
  /** Null for the fleet. */
  readonly job: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What is published, and what is to be remembered until the next publication. */
export interface Sparing {
  readonly values: readonly PublishedValue[];
  readonly mattered: readonly Mattered[];
}

export interface MatterSettings {
  readonly thresholds: AlarmThresholds;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Metrics of jobs that are published whether they matter or not. */
  readonly always: readonly MetricName[];
  /** Whether all of the fleet is known: then whatever mattered and is not among it is well again. */
  readonly complete: boolean;
}

/**
 * Of what is known, what is published.
 *
 * @param before what {@link Sparing.mattered} was.
 */
export function whatMatters(
  known: readonly PublishedValue[],
  before: readonly Mattered[],
  { thresholds, now, always, complete }: MatterSettings,
): Sparing {
  const lately = new Map(before.filter(({ at }) => now - at < LOOKS_BACK).map((one) => [keyOf(one), one]));
  const missing = new Map(lately);
  const mattered = new Map(lately);
  const values: PublishedValue[] = [];
  for (const value of known) {
    const key = keyOf(value);
    missing.delete(key);
    const rule = ruleOf(value);
    if (rule === null || (value.job !== null && always.includes(value.name))) {
      values.push(value);
    } else if (rule.matters(value.value, thresholds)) {
      if (!lately.has(key) && countsAtBest(value)) values.push({ ...value, value: rule.well });
      values.push(value);
      mattered.set(key, { name: value.name, job: value.job, at: now });
    } else if (lately.has(key)) {
      values.push(value);
    }
  }
  for (const { name, job } of complete ? missing.values() : []) {
    const rule = ruleOf({ name, job });
    if (rule !== null) values.push({ name, job, value: rule.well });
  }
  return { values, mattered: [...mattered.values()] };
}

/** Of what two publications remember, the later of each; without what no alarm sees any more. */
export function latestOf(a: readonly Mattered[], b: readonly Mattered[], now: number): readonly Mattered[] {
  const latest = new Map<string, Mattered>();
  for (const one of [...a, ...b]) {
    const known = latest.get(keyOf(one));
    if (now - one.at < LOOKS_BACK && (known === undefined || known.at < one.at)) latest.set(keyOf(one), one);
  }
  return [...latest.values()].toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

type Series = Pick<PublishedValue, 'name' | 'job'>;

function keyOf({ name, job }: Series): string {
  return JSON.stringify([name, job]);
}

/** Null for a metric that is published whether it matters or not. */
function ruleOf({ name, job }: Series): Rule | null {
  const ofJob = ALARM_JOB_METRICS.find((metric) => metric === name);
  const ofFleet = SPARING_FLEET_METRICS.find((metric) => metric === name);
  if (job !== null) return ofJob === undefined ? null : OF_JOBS[ofJob];
  return ofFleet === undefined ? null : OF_FLEET[ofFleet];
}

/**
 * Whether an alarm takes the best value of an hour. It is meant to see whole hours, so the hour in which a metric begins
 * to matter also gets the value that it had while it was well.
 */
function countsAtBest({ name, job }: Series): boolean {
  const kinds: readonly AlarmKind[] = ALARMS;
  return kinds.some(
    ({ source, statistic, comparison }) =>
      source.metric === name &&
      source.of === (job === null ? 'fleet' : 'job') &&
      statistic === (comparison === 'above' ? 'Minimum' : 'Maximum'),
  );
}
