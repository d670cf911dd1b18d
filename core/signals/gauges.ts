import { latenessOf } from './cadence.ts';
import type { JobHistory, Measure } from './job-history.ts';
import { growthRatioOf, jumpRatioOf, sizedCheckpoints } from './jump.ts';
import type { FleetGauges, JobGauges } from './metrics.ts';
import { budgetOf, daysToBudgetOf, growthOf, totalsOf } from './trend.ts';

/** What is published of a job, and of all jobs together. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GIB = 1024 ** 3;

/** Longer than garbage waits for its collection: a day of `minAge`, the quarantine, and a day till the next run. */
const GARBAGE_FOR = 3 * DAY;
/** A window counts as covered if there were surveys within this time of both its ends. */
const SLACK = 6 * HOUR;
/** Of a smaller job, garbage costs next to nothing. */
const SMALL_JOB = GIB;
/** Smaller shares are no alarm at any threshold that can be configured. */
export const LEAST_SHARE = 0.25;

/** What the gauges of a job need besides its history. */
export interface GaugeSettings {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Bytes that this job may use; null where none are configured: see {@link budgetFor}. */
  readonly budget: number | null;
}

/**
 * The budget of one job, in bytes, or null.
 *
 * @param budgets `signals.budget`: by label, with `default` for all others.
 */
export function budgetFor(label: string, budgets: Readonly<Record<string, number>>): number | null {
  const own = Object.hasOwn(budgets, label) ? budgets[label] : budgets.default;
  return own ?? null;
}

/** All gauges of one job. Of a job that has ended, those that alarms compare are null. */
export function gaugesOf(history: JobHistory, { now, budget }: GaugeSettings): JobGauges {
  const { ended, measures } = history;
  const checkpoint = sizedCheckpoints(history).at(-1);
  const measure = measures.at(-1);
  return {
    CheckpointBytes: checkpoint?.bytes ?? null,
    IncrementBytes: checkpoint?.incrementBytes ?? null,
    GrowthRatio: ended ? null : growthRatioOf(history),
    LiveBytes: measure?.live ?? null,
    ReclaimableBytes: measure?.reclaimable ?? null,
    TotalBytes: measure?.total ?? null,
    GrowthBytesPerDay: ended ? null : growthOf(totalsOf(history), now),
    DaysToBudget: ended ? null : daysToBudgetOf(history, budgetOf(history, budget, now), now),
    Lateness: ended ? null : latenessOf(history, now),
    RestorePoints: ended ? null : restorePointsOf(history),
    DamagedRoots: measure?.damagedRoots ?? null,
    MonthlyCost: measure?.costPerMonth ?? null,
    JumpRatio: ended ? null : jumpRatioOf(history),
    ReclaimableShare: ended ? null : lastingShareOf(measures, now),
    DamagedNewest: !ended && measure?.newestDamaged === true ? 1 : null,
  };
}

/** Null before the job's first checkpoint: a job that has just been submitted has none to lose. */
function restorePointsOf({ completions, measures }: JobHistory): number | null {
  const measure = measures.at(-1);
  const hadOne = completions.length > 0 || measures.some(({ roots }) => roots > 0);
  return measure === undefined || !hadOne ? null : measure.restorePoints;
}

/** The smallest share of garbage over {@link GARBAGE_FOR}; null if it is small, or not known for that long. */
function lastingShareOf(measures: readonly Measure[], now: number): number | null {
  const [first] = measures;
  const newest = measures.at(-1);
  if (first === undefined || newest === undefined || newest.total < SMALL_JOB) return null;
  if (first.at > now - GARBAGE_FOR + SLACK) return null;
  const recent = measures.filter(({ at }) => at > now - GARBAGE_FOR);
  const share = Math.min(...recent.map(shareOf));
  return recent.length > 0 && share > LEAST_SHARE ? share : null;
}

function shareOf({ reclaimable, total }: Pick<Measure, 'reclaimable' | 'total'>): number {
  return total === 0 ? 0 : reclaimable / total;
}

/** One job, as the fleet's totals see it. */
export interface MeasuredJob {
  readonly history: JobHistory;
  readonly gauges: JobGauges;
}

/** What the fleet's gauges tell that no job's history knows; null where it is not known. */
export type FleetFacts = Pick<
  FleetGauges,
  | 'UndecidableRoots'
  | 'HazardousRules'
  | 'BytesAtRisk'
  | 'LostObjects'
  | 'GuardBlind'
  | 'SweptBytes'
  | 'SweptObjects'
  | 'PausedHours'
>;

/** Added up over all jobs, those that have ended included: what they left behind is paid for, too. */
const SUMMED = [
  'LiveBytes',
  'ReclaimableBytes',
  'TotalBytes',
  'GrowthBytesPerDay',
  'RestorePoints',
  'DamagedRoots',
  'MonthlyCost',
] as const;

/** @param jobs may be a generator: none of them is kept. */
export function fleetGaugesOf(jobs: Iterable<MeasuredJob>, facts: FleetFacts): FleetGauges {
  const sums = new Map<(typeof SUMMED)[number], number>();
  let running = 0;
  for (const { history, gauges } of jobs) {
    running += history.ended ? 0 : 1;
    for (const metric of SUMMED) {
      const value = gauges[metric];
      if (value !== null) sums.set(metric, (sums.get(metric) ?? 0) + value);
    }
  }
  const sum = (metric: (typeof SUMMED)[number]): number | null => sums.get(metric) ?? null;
  const total = sum('TotalBytes');
  const reclaimable = sum('ReclaimableBytes');
  return {
    LiveBytes: sum('LiveBytes'),
    ReclaimableBytes: reclaimable,
    TotalBytes: total,
    GrowthBytesPerDay: sum('GrowthBytesPerDay'),
    RestorePoints: sum('RestorePoints'),
    DamagedRoots: sum('DamagedRoots'),
    MonthlyCost: sum('MonthlyCost'),
    ReclaimableShare: total === null || reclaimable === null ? null : shareOf({ reclaimable, total }),
    Jobs: running,
    Heartbeat: 1,
    ...facts,
  };
}
