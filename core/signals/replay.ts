import { type AlarmThresholds, breaches, JOB_ALARMS, type JobAlarm, thresholdOf } from './alarms.ts';
import { type Cause, causeOfGrowth, type Spread, spreadOf } from './causes.ts';
import { budgetFor, gaugesOf } from './gauges.ts';
import type { Completion, JobHistory, Measure } from './job-history.ts';
import type { JobGauges } from './metrics.ts';
import { emptyHistory, thinned, withCompletions } from './remember.ts';
import { type Budget, budgetOf } from './trend.ts';

/**
 * Which alarms a history would have raised, and when: the same gauges and alarms as in operation, asked at each
 * event and at each full hour. The order of the events does not matter, nor how often one of them arrived.
 */

const HOUR = 3_600_000;

/** So many completions are gathered before old ones are thinned out, as the ledger does after each run. */
const THIN_AFTER = 512;

/** The events of one job. */
export interface JobEvents {
  readonly job: string;
  readonly completions: readonly Completion[];
  /** As surveys saw it; `newestDamaged` is what each of them alone found. */
  readonly measures: readonly Measure[];
  /** When the job was declared dead, or known to have ended: epoch milliseconds. A later checkpoint begins it anew. */
  readonly ends: readonly number[];
}

/** What a replay holds a history against. */
export interface ReplaySettings {
  readonly thresholds: AlarmThresholds;
  /** See {@link budgetFor}. */
  readonly budgets: Readonly<Record<string, number>>;
  /** A job that has done nothing for so long has ended: milliseconds. */
  readonly deadAfter: number;
  /** When the replay ends: epoch milliseconds. What comes later has not happened yet. */
  readonly until: number;
}

/** The stable name of an alarm on jobs. */
export type JobAlarmId = JobAlarm['id'];

/** One alarm on one job, from when it fired. */
export interface Episode {
  readonly alarm: JobAlarmId;
  /** Epoch milliseconds. */
  readonly fired: number;
  /** Epoch milliseconds; null where it still holds. */
  readonly recovered: number | null;
  /** Of the alarm's metric, when it fired. */
  readonly value: number | null;
  readonly threshold: number;
  /** What made the job grow, when it fired; null where it did not, or too little was known. */
  readonly cause: Cause | null;
  /** Null where there was none yet. */
  readonly budget: Budget | null;
}

/** Which alarms the history of one job would have raised. */
export interface JobReplay {
  readonly job: string;
  readonly ended: boolean;
  /** By the time at which they fired. */
  readonly episodes: readonly Episode[];
  /** At the end of the replay. */
  readonly gauges: JobGauges;
}

/** @param events of one job, in any order. */
export function replayJob(events: JobEvents, settings: ReplaySettings): JobReplay {
  const past = new Past(events, settings.until);
  const watch = new Watch(settings);
  for (let now = past.next(null); now !== null; now = past.next(now)) {
    watch.look(past.advance(now, settings.deadAfter), now);
  }
  const history = past.advance(settings.until, settings.deadAfter);
  return {
    job: events.job,
    ended: history.ended,
    episodes: watch.episodes(),
    gauges: gaugesOf(history, { now: settings.until, budget: budgetFor(events.job, settings.budgets) }),
  };
}

/** Of each alarm that fired: whether on one job, on some, or on all at once. */
export function spreadOfAlarms(replays: readonly JobReplay[]): ReadonlyMap<JobAlarmId, Spread> {
  const fired = JOB_ALARMS.map(({ id }): [JobAlarmId, number] => [
    id,
    replays.filter(({ episodes }) => episodes.some(({ alarm }) => alarm === id)).length,
  ]);
  return new Map(fired.filter(([, jobs]) => jobs > 0).map(([id, jobs]) => [id, spreadOf(jobs, replays.length)]));
}

/** The job's history as it was known at one time after another. */
class Past {
  readonly #completions: readonly Completion[];
  readonly #measures: readonly Measure[];
  readonly #ends: readonly number[];
  readonly #times: readonly number[];
  readonly #until: number;
  #history: JobHistory;
  #nextCompletion = 0;
  #nextMeasure = 0;
  #nextTime = 0;
  #completed = Number.NEGATIVE_INFINITY;
  /** When the job was last seen to do something: a checkpoint, or a total that grew. */
  #active = Number.NEGATIVE_INFINITY;

  constructor({ job, completions, measures, ends }: JobEvents, until: number) {
    this.#history = emptyHistory(job);
    this.#until = until;
    this.#completions = withCompletions(this.#history, completions).completions.filter(
      ({ completed }) => completed <= until,
    );
    this.#measures = inTwoRunning(eachOnce(measures)).filter(({ at }) => at <= until);
    this.#ends = ends.filter((at) => at <= until);
    const times = [...this.#completions.map(({ completed }) => completed), ...this.#measures.map(({ at }) => at)];
    this.#times = [...new Set([...times, ...this.#ends, until])].toSorted((a, b) => a - b);
  }

  /** The time of the next event, or the next full hour, if that is earlier and something can happen at it. */
  next(now: number | null): number | null {
    const event = this.#times[this.#nextTime];
    if (event === undefined) return null;
    const hour = now === null ? event : (Math.floor(now / HOUR) + 1) * HOUR;
    // An ended job raises no alarm until it does something again.
    if (hour < event && !this.#history.ended) return hour;
    this.#nextTime++;
    return event;
  }

  /** What is known at `now`, which must not go back. */
  advance(now: number, deadAfter: number): JobHistory {
    const heard = until(this.#completions, this.#nextCompletion, ({ completed }) => completed <= now);
    const seen = until(this.#measures, this.#nextMeasure, ({ at }) => at <= now);
    this.#nextCompletion += heard.length;
    this.#nextMeasure += seen.length;
    this.#completed = heard.at(-1)?.completed ?? this.#completed;
    this.#active = Math.max(this.#active, this.#completed);
    let before = this.#history.measures.at(-1);
    for (const measure of seen) {
      if (before === undefined || measure.total > before.total) this.#active = Math.max(this.#active, measure.at);
      before = measure;
    }
    const said = this.#ends.some((at) => at <= now && at >= this.#completed);
    const { label } = this.#history;
    const history: JobHistory = {
      label,
      completions: heard.length === 0 ? this.#history.completions : [...this.#history.completions, ...heard],
      measures: seen.length === 0 ? this.#history.measures : [...this.#history.measures, ...seen],
      ended: said || now - this.#active > deadAfter,
    };
    const isLong = history.completions.length > THIN_AFTER || history.measures.length > THIN_AFTER;
    this.#history = isLong ? thinned(history, Math.min(now, this.#until)) : history;
    return this.#history;
  }
}

function until<T>(entries: readonly T[], from: number, holds: (entry: T) => boolean): readonly T[] {
  let end = from;
  for (let entry = entries[end]; entry !== undefined && holds(entry); entry = entries[end]) end++;
  return entries.slice(from, end);
}

/** Oldest first; of two surveys of one time, the same one whatever their order. */
function eachOnce(measures: readonly Measure[]): readonly Measure[] {
  const sorted = measures.toSorted((a, b) => a.at - b.at || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return sorted.filter(({ at }, index) => at !== sorted[index + 1]?.at);
}

/** Damage of the newest checkpoint is reported only when a second survey has found it too. */
function inTwoRunning(measures: readonly Measure[]): readonly Measure[] {
  return measures.map((measure, index) => ({
    ...measure,
    newestDamaged: measure.newestDamaged === true && measures[index - 1]?.newestDamaged === true,
  }));
}

/** The alarms on one job. */
class Watch {
  readonly #settings: ReplaySettings;
  /** Since when each of them has been breaching. */
  readonly #since = new Map<JobAlarmId, number>();
  readonly #firing = new Map<JobAlarmId, Episode>();
  readonly #over: Episode[] = [];

  constructor(settings: ReplaySettings) {
    this.#settings = settings;
  }

  look(history: JobHistory, now: number): void {
    const { thresholds, budgets } = this.#settings;
    const budget = budgetFor(history.label, budgets);
    const gauges = gaugesOf(history, { now, budget });
    for (const kind of JOB_ALARMS) {
      const { id, hours } = kind;
      const value = gauges[kind.source.metric];
      if (!breaches(kind, value, thresholds)) {
        this.#recover(id, now);
        continue;
      }
      const since = this.#since.get(id) ?? now;
      this.#since.set(id, since);
      if (now - since >= (hours - 1) * HOUR && !this.#firing.has(id)) {
        this.#firing.set(id, {
          alarm: id,
          fired: now,
          recovered: null,
          value,
          threshold: thresholdOf(kind, thresholds),
          cause: causeOfGrowth(history, now)?.cause ?? null,
          budget: budgetOf(history, budget, now),
        });
      }
    }
  }

  #recover(id: JobAlarmId, now: number): void {
    const episode = this.#firing.get(id);
    if (episode !== undefined) this.#over.push({ ...episode, recovered: now });
    this.#firing.delete(id);
    this.#since.delete(id);
  }

  episodes(): readonly Episode[] {
    return [...this.#over, ...this.#firing.values()].toSorted((a, b) => a.fired - b.fired);
  }
}

/** When the first event was and the last one; null of nothing. Epoch milliseconds. */
export function spanOf(jobs: readonly JobEvents[]): { readonly from: number; readonly until: number } | null {
  let from = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const see = (at: number): void => {
    from = Math.min(from, at);
    last = Math.max(last, at);
  };
  for (const { completions, measures, ends } of jobs) {
    for (const { completed } of completions) see(completed);
    for (const { at } of measures) see(at);
    for (const at of ends) see(at);
  }
  return last < from ? null : { from, until: last };
}
