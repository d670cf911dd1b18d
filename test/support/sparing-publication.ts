import { DEFAULT_THRESHOLDS, JOB_ALARMS } from '#core/signals/alarms.ts';
import { gaugesOf } from '#core/signals/gauges.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import { type Mattered, whatMatters } from '#core/signals/matters.ts';
import { ALARM_JOB_METRICS, type AlarmJobMetric } from '#core/signals/metrics.ts';
import { valuesOf } from '#core/signals/publication.ts';
import { CloudWatchSeries } from './cloudwatch-alarms.ts';
import { BEGINNING, DAY, HOUR, LENGTH } from './growth-series.ts';

/** A history as a deployment publishes it, hour by hour, and what CloudWatch's alarms make of that. */

const DEAD_AFTER = 14 * DAY;
const END = BEGINNING + LENGTH * DAY;

/** What CloudWatch has of one job. */
export interface Publication {
  /** For each alarm the hours, as numbers since 1970, in which it is on. */
  readonly inAlarm: Readonly<Record<string, readonly number[]>>;
  /** Hours for which a metric that an alarm compares is billed. */
  readonly billedHours: number;
}

/** @returns what there is where all is published, and where only what matters is. */
export function publishSeries(history: JobHistory): { readonly all: Publication; readonly sparing: Publication } {
  const all = new Metrics();
  const sparing = new Metrics();
  const unknown = ALARM_JOB_METRICS.map((name): Mattered => ({ name, job: history.label, at: 0 }));
  const settings = { thresholds: DEFAULT_THRESHOLDS, always: [], complete: true };
  let before: readonly Mattered[] = [];
  for (let now = BEGINNING + HOUR; now <= END; now += HOUR) {
    const known = valuesOf(gaugesOf(until(history, now), { now, budget: null }), ALARM_JOB_METRICS, history.label);
    // Where there is no value, all is well: that is what a value in its place says.
    const filled = whatMatters(known, unknown, { ...settings, now: 0 }).values;
    const { values, mattered } = whatMatters(known, before, { ...settings, now });
    before = mattered;
    for (const name of ALARM_JOB_METRICS) {
      // The hour that is over: what is published at the full hour falls into the next one.
      all.of(name).put(
        filled.filter((value) => value.name === name),
        now - 1,
      );
      sparing.of(name).put(
        values.filter((value) => value.name === name),
        now - 1,
      );
    }
  }
  return { all: all.publication(), sparing: sparing.publication() };
}

class Metrics {
  readonly #series = new Map<AlarmJobMetric, CloudWatchSeries>();

  of(name: AlarmJobMetric): CloudWatchSeries {
    const series = this.#series.get(name) ?? new CloudWatchSeries();
    this.#series.set(name, series);
    return series;
  }

  publication(): Publication {
    return {
      inAlarm: Object.fromEntries(
        JOB_ALARMS.map((kind) => [
          kind.id,
          this.of(kind.source.metric).hoursInAlarm(kind, DEFAULT_THRESHOLDS, BEGINNING, END),
        ]),
      ),
      billedHours: [...this.#series.values()].reduce((sum, { billedHours }) => sum + billedHours, 0),
    };
  }
}

/** What was known of it at a time. */
function until({ label, completions, measures }: JobHistory, now: number): JobHistory {
  const heard = completions.filter(({ completed }) => completed <= now);
  const active = heard.at(-1)?.completed ?? BEGINNING;
  return {
    label,
    completions: heard,
    measures: measures.filter(({ at }) => at <= now),
    ended: now - active > DEAD_AFTER,
  };
}
