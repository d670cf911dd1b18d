import { JOB_DIMENSION, labelOfDimension } from '#core/signals/dimension.ts';
import { type AlarmChange, breachingValue } from './alarm-change.ts';
import type { AlarmSubject } from './alarm-message.ts';
import { ALARM_WORDS } from './alarm-words.ts';
import { type InAlarm, WHOLE } from './telling.ts';

/** What an alarm is about, by the keys of {@link InAlarm} and {@link WHOLE}. */

/** Whether it is about jobs, of which a history may tell more. */
export function isOfJobs({ kind }: AlarmChange): boolean {
  return kind !== null && ALARM_WORDS[kind].trend !== null;
}

/** A job by its label, a function or a queue by its name; null where it is the whole area. */
export function subjectName(key: string, change: AlarmChange, series: readonly InAlarm[]): string | null {
  const { contributor, dimensions } = change;
  const own = contributor?.id === key ? contributor.attributes : null;
  const attributes = series.find(({ id }) => id === key)?.attributes ?? own;
  if (attributes === null) {
    return key === WHOLE ? (dimensions.FunctionName ?? dimensions.QueueName ?? null) : key;
  }
  const job = attributes[JOB_DIMENSION];
  return job === undefined ? (Object.values(attributes)[0] ?? key) : labelOfDimension(job);
}

/**
 * Which of several alarms of one kind it is, by the end of its name: `survey` of `…-failing-survey`. Null where there is
 * one such alarm only.
 */
export function partOf({ alarm, kind }: Pick<AlarmChange, 'alarm' | 'kind'>): string | null {
  return kind === null ? null : (new RegExp(`(?:^|-)${kind}-([\\w-]+)$`).exec(alarm)?.[1] ?? null);
}

/** What the notification and CloudWatch tell of it. */
export function bareSubject(key: string, change: AlarmChange, series: readonly InAlarm[]): AlarmSubject {
  const isOwn = key === (change.contributor?.id ?? WHOLE);
  const reason = series.find(({ id }) => id === key)?.reason ?? (isOwn ? change.reason : '');
  const found = subjectName(key, change, series);
  // A function and a queue are called in AWS by a name that is made up.
  const part = key === WHOLE && found !== null ? partOf(change) : null;
  return {
    name: part ?? found,
    resource: isOfJobs(change) || key !== WHOLE ? null : found,
    value: breachingValue(reason),
    facts: null,
    restorePoint: null,
    why: null,
    growth: null,
    since: null,
  };
}
