import type { RowKind } from './state-table.ts';

/** Which states of a job have grown, from what was remembered of earlier looks at them. */

/** How large a state was. Null where its files do not tell. */
export interface StateSize {
  readonly bytes: number;
  readonly entries: number | null;
  /** Tombstones among the entries. */
  readonly deletions: number | null;
  readonly rawValueBytes: number | null;
}

/** Sizes of the states of a job at one time. */
export interface SizesAt {
  /** Epoch milliseconds: when the root that they are of was complete. */
  readonly at: number;
  /** By what tells a state of the job from any other. */
  readonly states: ReadonlyMap<string, StateSize>;
}

/** What people call a state. */
export interface StateName {
  /** Name, uid or id. */
  readonly operator: string;
  readonly kind: RowKind;
  readonly state: string | null;
  readonly hasTtl: boolean | null;
}

/** A state, and what has become of it. */
export interface GrownState extends StateName {
  readonly bytes: number;
  /** Of the job's state. */
  readonly share: number;
  /** Bytes that it was smaller before; null where no earlier look is known. */
  readonly more: number | null;
  /** Its entries and the mean size of its values, each now over before; null where one of them is not known, or was 0. */
  readonly entries: number | null;
  readonly valueBytes: number | null;
}

/** What has grown between two looks. */
export interface Growth {
  /** The newest look, epoch milliseconds. */
  readonly at: number;
  /** The look that it is held against; null where there is none, and the states are the largest. */
  readonly since: number | null;
  /** Of all states, at the newest look. */
  readonly bytes: number;
  /** Those that have grown most first, or the largest; empty where none has grown. */
  readonly states: readonly GrownState[];
}

const DAY = 86_400_000;
/** As long as the growth of a job is reckoned with. */
const LOOKED_BACK = 4 * DAY;
/** Earlier looks tell of another time. */
const OLDEST = 14 * DAY;
/** A state with less of the whole growth explains nothing. */
const LEAST_PART = 0.1;

/**
 * What has grown most since the oldest look of the last four days, or the newest before that.
 *
 * @param sizes oldest first.
 * @returns null where nobody has looked.
 */
export function whatGrew(
  sizes: readonly SizesAt[],
  names: ReadonlyMap<string, StateName>,
  most: number,
): Growth | null {
  const now = sizes.at(-1);
  if (now === undefined) return null;
  const earlier = sizes.slice(0, -1).filter(({ at }) => now.at - at <= OLDEST);
  const before = earlier.find(({ at }) => now.at - at <= LOOKED_BACK) ?? earlier.at(-1) ?? null;
  const all = [...now.states.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const states = [...now.states].flatMap(([key, size]) => {
    const name = names.get(key);
    return name === undefined
      ? []
      : [
          {
            ...name,
            ...become(size, before?.states.get(key) ?? NONE, before !== null),
            share: all === 0 ? 0 : size.bytes / all,
          },
        ];
  });
  const by = ({ more, bytes }: GrownState): number => more ?? bytes;
  const whole = states.reduce((sum, state) => sum + Math.max(0, by(state)), 0);
  return {
    at: now.at,
    since: before?.at ?? null,
    bytes: all,
    states: states
      .filter((state) => by(state) > 0 && by(state) >= whole * LEAST_PART)
      .toSorted((one, other) => by(other) - by(one))
      .slice(0, most),
  };
}

const NONE: StateSize = { bytes: 0, entries: 0, deletions: 0, rawValueBytes: 0 };

function become(
  now: StateSize,
  before: StateSize,
  isKnown: boolean,
): Pick<GrownState, 'bytes' | 'more' | 'entries' | 'valueBytes'> {
  return {
    bytes: now.bytes,
    more: isKnown ? now.bytes - before.bytes : null,
    entries: ratio(now.entries, before.entries),
    valueBytes: ratio(meanValue(now), meanValue(before)),
  };
}

function meanValue({ entries, deletions, rawValueBytes }: StateSize): number | null {
  const values = (entries ?? 0) - (deletions ?? 0);
  return rawValueBytes === null || values <= 0 ? null : rawValueBytes / values;
}

function ratio(now: number | null, before: number | null): number | null {
  return now === null || before === null || before === 0 ? null : now / before;
}
