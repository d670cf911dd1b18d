import { type AlarmKind, type AlarmThresholds, breaches } from '#core/signals/alarms.ts';
import type { PublishedValue } from '#core/signals/publication.ts';

/**
 * What CloudWatch makes of values that are published now and then (its user guide, "Configuring how CloudWatch alarms
 * treat missing data"): it puts the values of each hour together, looks at the last three hours, and takes as many of the
 * newest values as the alarm has periods. Only where there are fewer does the alarm's setting for missing data count.
 */

const HOUR = 3_600_000;
/** CloudWatch user guide, "Metrics Insights quotas". */
const LOOKS_BACK = 3;

/** The values of one metric of one job, or of the fleet, hour by hour. */
export class CloudWatchSeries {
  readonly #hours = new Map<number, number[]>();

  /** @param at epoch milliseconds. */
  put(values: readonly Pick<PublishedValue, 'value'>[], at: number): void {
    const hour = Math.floor(at / HOUR);
    this.#hours.set(hour, [...(this.#hours.get(hour) ?? []), ...values.map(({ value }) => value)]);
  }

  /** For how many hours it has values: what is billed. */
  get billedHours(): number {
    return [...this.#hours.values()].filter((values) => values.length > 0).length;
  }

  /** The hours, as numbers since 1970, at the end of which the alarm is on. */
  hoursInAlarm(kind: AlarmKind, thresholds: AlarmThresholds, from: number, until: number): readonly number[] {
    const hours: number[] = [];
    for (let hour = Math.floor(from / HOUR); hour <= Math.floor(until / HOUR); hour++) {
      if (this.#isOn(kind, thresholds, hour)) hours.push(hour);
    }
    return hours;
  }

  #isOn(kind: AlarmKind, thresholds: AlarmThresholds, hour: number): boolean {
    const seen = Array.from({ length: LOOKS_BACK }, (_, back) => this.#valueOf(kind, hour - back));
    const there = seen.filter((value) => value !== null);
    const taken = there.length >= kind.hours ? there.slice(0, kind.hours) : seen.slice(0, kind.hours);
    return taken.every((value) => breaches(kind, value, thresholds));
  }

  #valueOf({ statistic }: AlarmKind, hour: number): number | null {
    const values = this.#hours.get(hour) ?? [];
    if (values.length === 0) return null;
    if (statistic === 'Sum') return values.reduce((sum, value) => sum + value, 0);
    return statistic === 'Maximum' ? Math.max(...values) : Math.min(...values);
  }
}
