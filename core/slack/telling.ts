import type { AlarmChange, AlarmState } from './alarm-change.ts';

/**
 * Decides what is new in a notification. Notifications arrive twice, late and out of order. An alarm over many jobs
 * sends one for each job, and another one for the alarm as a whole. So the last reported states are stored, and each
 * message reports everything that is new at that moment, whichever notification arrived first.
 */

/** The states that were reported last, by contributor; the alarm as a whole is {@link WHOLE}. */
export type ToldAlarms = ReadonlyMap<string, Heard>;

/** The state of one series that was reported last. */
export interface Heard {
  readonly state: AlarmState;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A series that is in alarm at the moment. */
export interface InAlarm {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly reason: string;
  /** Epoch milliseconds; null where it is not known. */
  readonly since: number | null;
}

/** The contents of a message, and the states that are reported once it is posted. */
export interface Telling {
  /** Keys of the series that the message reports, at least one. */
  readonly news: readonly string[];
  /** Keys of the series that are in alarm still. */
  readonly others: readonly string[];
  /** When the series that have recovered went into alarm, by key, if that was reported: epoch milliseconds. */
  readonly began: ReadonlyMap<string, number>;
  /** The reported states once the message is posted. */
  readonly told: ToldAlarms;
}

/** The key of an alarm as a whole. */
export const WHOLE = '';

/** Alarms are evaluated once a minute, by two clocks. Two changes within this time are one. */
const SAME = 60_000;
/** A recovery is forgotten after this time. */
const FORGET_AFTER = 30 * 86_400_000;
const MOST_REMEMBERED = 1_000;

/** Changes of one alarm to one state, each of another series, or of one series twice. */
export type AlarmChanges = readonly [AlarmChange, ...AlarmChange[]];

/**
 * @param active the series in alarm at the moment; null if they are not known, or if the alarm has one series only.
 * @param now epoch milliseconds.
 * @returns null if there is nothing to report.
 */
export function whatToTell(
  changes: AlarmChanges,
  active: readonly InAlarm[] | null,
  told: ToldAlarms,
  now: number,
): Telling | null {
  const [{ state, at }] = changes;
  const listed: Since = new Map((active ?? []).map((one) => [one.id, one.since ?? told.get(one.id)?.at ?? at]));
  const more = state === 'ALARM' ? seriesOf(changes).filter(([key]) => !listed.has(key)) : [];
  const inAlarm: Since = new Map([...listed, ...more]);
  const changed = new Map<string, Heard>();
  for (const change of changes) {
    const known = new Map([...told, ...changed]);
    for (const [key, heard] of changedBy(change, active === null && state !== 'ALARM' ? null : inAlarm, known, now)) {
      changed.set(key, heard);
    }
  }
  if (changed.size === 0) {
    return null;
  }
  return {
    news: [...changed.keys()],
    others: [...listed.keys()].filter((key) => !changed.has(key)),
    began: new Map([...told].filter(([key]) => state === 'OK' && changed.has(key)).map(([key, { at }]) => [key, at])),
    told: remembered(new Map([...told, ...changed]), now),
  };
}

/** The series that changed, with the times. */
function seriesOf(changes: AlarmChanges): readonly (readonly [string, number])[] {
  return changes.flatMap(({ contributor, at }) => (contributor === null ? [] : [[contributor.id, at] as const]));
}

function changedBy(change: AlarmChange, inAlarm: Since | null, told: ToldAlarms, now: number): ToldAlarms {
  const { state, at } = change;
  switch (state) {
    case 'ALARM':
      /* v8 ignore next -- of an alarm it is always known what is in alarm */
      return alarming(change, inAlarm ?? new Map(), told);
    case 'OK':
      return recovering(change, inAlarm, told, now);
    case 'INSUFFICIENT_DATA':
      return news(new Map([[keyOf(change), { state, at }]]), told);
  }
}

/** By key, epoch milliseconds. */
type Since = ReadonlyMap<string, number>;

function alarming(change: AlarmChange, inAlarm: Since, told: ToldAlarms): ToldAlarms {
  const own = keyOf(change);
  // A series that has recovered meanwhile was in alarm: its recovery is reported next. Of a whole, report its series.
  const isMissing = own === WHOLE ? inAlarm.size === 0 : !inAlarm.has(own);
  const since = isMissing ? [...inAlarm, [own, change.at] as const] : [...inAlarm];
  return news(new Map(since.map(([key, at]) => [key, { state: 'ALARM', at }])), told);
}

function recovering(change: AlarmChange, inAlarm: Since | null, told: ToldAlarms, now: number): ToldAlarms {
  const own = keyOf(change);
  const over = [...told].filter(([key, { state, at }]) => {
    if (state !== 'ALARM' || change.at < at) return false;
    if (key === own) return true;
    // If the whole recovers, all its series have. Otherwise only a list of the series in alarm shows which have.
    return key !== WHOLE && (inAlarm === null ? own === WHOLE : !inAlarm.has(key));
  });
  // A recovery is reported only if the alarm was, or if the record of it may have been lost.
  const isLost = !told.has(own) && change.before === 'ALARM' && !(own === WHOLE && change.overMany);
  const keys = new Set([...(isLost ? [own] : []), ...over.map(([key]) => key)]);
  return new Map(
    [...keys].map((key) => [key, { state: 'OK', at: key === own ? change.at : Math.max(change.at, now) }]),
  );
}

/** The changes that were not reported yet. */
function news(changed: ToldAlarms, told: ToldAlarms): ToldAlarms {
  return new Map(
    [...changed].filter(([key, { state, at }]) => {
      const known = told.get(key);
      return known === undefined || at > known.at + (known.state === state ? SAME : 0);
    }),
  );
}

function keyOf({ contributor }: AlarmChange): string {
  return contributor?.id ?? WHOLE;
}

function remembered(told: ToldAlarms, now: number): ToldAlarms {
  const kept = [...told].filter(([, { state, at }]) => state !== 'OK' || at > now - FORGET_AFTER);
  return new Map(kept.toSorted(([, a], [, b]) => b.at - a.at).slice(0, MOST_REMEMBERED));
}
