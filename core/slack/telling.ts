import type { AlarmChange, AlarmState } from './alarm-change.ts';

/**
 * Which of a change people have not heard of yet. Notifications come twice, late and out of order; of an alarm over many
 * jobs each job is told by itself, and the alarm as a whole besides. So what was told is remembered, and each message tells
 * all that is new at that moment, whichever of the notifications came first.
 */

/** What people have heard last, by contributor; the alarm as a whole is {@link WHOLE}. */
export type ToldAlarms = ReadonlyMap<string, Heard>;

/** What people were last told about one series. */
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
  /** Epoch milliseconds; null where it is not told. */
  readonly since: number | null;
}

/** What a message is about, and what people know after it. */
export interface Telling {
  /** Keys of what the message is about, at least one. */
  readonly news: readonly string[];
  /** Keys of the series that are in alarm still. */
  readonly others: readonly string[];
  /** Since when what is over now was in alarm, by key, as far as people have heard of it: epoch milliseconds. */
  readonly began: ReadonlyMap<string, number>;
  /** What people have heard once it is posted. */
  readonly told: ToldAlarms;
}

/** The key of an alarm as a whole. */
export const WHOLE = '';

/** An alarm is evaluated once a minute, and two clocks tell of one change: within that, it is one change. */
const SAME = 60_000;
/** What was over so long ago need not be remembered. */
const FORGET_AFTER = 30 * 86_400_000;
const MOST_REMEMBERED = 1_000;

/**
 * @param active the series in alarm at the moment; null where it is not known, or where the alarm is over one alone.
 * @param now epoch milliseconds.
 * @returns null where people know all of it, or need not.
 */
export function whatToTell(
  change: AlarmChange,
  active: readonly InAlarm[] | null,
  told: ToldAlarms,
  now: number,
): Telling | null {
  const inAlarm = new Map((active ?? []).map((one) => [one.id, one.since ?? told.get(one.id)?.at ?? change.at]));
  const changed = changedBy(change, active === null ? null : inAlarm, told, now);
  if (changed.size === 0) {
    return null;
  }
  return {
    news: [...changed.keys()],
    others: [...inAlarm.keys()].filter((key) => !changed.has(key)),
    began: new Map(
      [...told].filter(([key]) => change.state === 'OK' && changed.has(key)).map(([key, { at }]) => [key, at]),
    ),
    told: remembered(new Map([...told, ...changed]), now),
  };
}

function changedBy(change: AlarmChange, inAlarm: Since | null, told: ToldAlarms, now: number): ToldAlarms {
  const { state, at } = change;
  switch (state) {
    case 'ALARM':
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
  // One that is not in alarm any more was; that it is over is told next. Of the whole, its series tell more.
  const isMissing = own === WHOLE ? inAlarm.size === 0 : !inAlarm.has(own);
  const since = isMissing ? [...inAlarm, [own, change.at] as const] : [...inAlarm];
  return news(new Map(since.map(([key, at]) => [key, { state: 'ALARM', at }])), told);
}

function recovering(change: AlarmChange, inAlarm: Since | null, told: ToldAlarms, now: number): ToldAlarms {
  const own = keyOf(change);
  const over = [...told].filter(([key, { state, at }]) => {
    if (state !== 'ALARM' || change.at < at) return false;
    if (key === own) return true;
    // With the whole, all of it is over. Of other series that is known only where it was asked which are left.
    return key !== WHOLE && (inAlarm === null ? own === WHOLE : !inAlarm.has(key));
  });
  // Who has heard of no alarm need not hear that it is over, except where what was told has been lost.
  const isLost = !told.has(own) && change.before === 'ALARM' && !(own === WHOLE && change.overMany);
  const keys = new Set([...(isLost ? [own] : []), ...over.map(([key]) => key)]);
  return new Map(
    [...keys].map((key) => [key, { state: 'OK', at: key === own ? change.at : Math.max(change.at, now) }]),
  );
}

/** Those that people have not heard. */
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
