import { describe, expect, it } from 'vitest';
import { type SizesAt, type StateName, type StateSize, whatGrew } from '#core/states/grown-states.ts';
import { nameState, sayGrowth } from '#core/states/grown-words.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2027, 2, 1);
const GB = 1e9;

function size(bytes: number, entries: number | null = null, valueBytes = 0, deletions = 0): StateSize {
  return {
    bytes,
    entries,
    deletions: entries === null ? null : deletions,
    rawValueBytes: entries === null ? null : (entries - deletions) * valueBytes,
  };
}

function look(daysAgo: number, states: Readonly<Record<string, StateSize>>): SizesAt {
  return { at: NOW - daysAgo * DAY, states: new Map(Object.entries(states)) };
}

const NAMES = new Map<string, StateName>([
  ['payload', { operator: 'dedupe', kind: 'state', state: 'payload', hasTtl: false }],
  ['session', { operator: 'dedupe', kind: 'state', state: 'session', hasTtl: true }],
  ['timers', { operator: 'dedupe', kind: 'timers', state: '_timer_state/event_user-timers', hasTtl: null }],
  ['list', { operator: 'source', kind: 'operator', state: null, hasTtl: null }],
]);

describe('what has grown in a job', () => {
  it('is named with what it holds, for somebody who knows the job from nothing else', () => {
    // Prepare
    const looks = [
      look(3, { payload: size(38 * GB, 1_000, 300), session: size(15 * GB, 100, 10), list: size(GB) }),
      look(0, { payload: size(80 * GB, 1_000, 900), session: size(31 * GB, 150, 10), list: size(1.5 * GB) }),
    ];

    // Act
    const growth = whatGrew(looks, NAMES, 3);
    const said = growth && sayGrowth(growth, NOW + 5 * HOUR, null);

    // Assess
    expect(said).toEqual({
      heading: 'States that grew most, as of 5 h ago',
      lines: [
        "payload of dedupe: +42.0 GB in 3 d, now 80.0 GB, 71 % of the job's state; no TTL; entries +0 %, value size ×3.0",
        "session of dedupe: +16.0 GB in 3 d, now 31.0 GB, 28 % of the job's state; has a TTL; entries +50 %, value size unchanged",
      ],
    });
  });

  it('is the largest where nobody has looked before', () => {
    const growth = whatGrew([look(0, { timers: size(9 * GB, 5, 0), list: size(2 * GB) })], NAMES, 3);

    expect(growth && sayGrowth(growth, NOW + HOUR, null)).toEqual({
      heading: 'Largest states, as of 1 h ago',
      lines: [
        "timers event_user-timers of dedupe: 9.0 GB, 82 % of the job's state",
        "Operator state of source: 2.0 GB, 18 % of the job's state",
      ],
    });
  });

  it('is held against the oldest look of four days, or the newest before that, and none of another time', () => {
    const at = (...days: readonly number[]) =>
      whatGrew(
        days.map((day) => look(day, { payload: size(day) })),
        NAMES,
        1,
      )?.since;

    expect([at(9, 4, 2, 0), at(13, 9, 0), at(15, 0)]).toEqual([NOW - 4 * DAY, NOW - 9 * DAY, null]);
  });

  it('is a state that was not there before, and none that shrank, that grew little or that has no name', () => {
    const before = look(1, { session: size(5 * GB), list: size(GB), unknown: size(GB) });
    const now = look(0, { session: size(4 * GB), list: size(1.01 * GB), payload: size(3 * GB), unknown: size(9 * GB) });

    expect(whatGrew([before, now], NAMES, 3)?.states.map(({ state, more }) => [state, more])).toEqual([
      ['payload', 3 * GB],
    ]);
  });

  it('tells fewer entries, and nothing of values where all are deletions', () => {
    const looks = [look(1, { payload: size(GB, 100, 9) }), look(0, { payload: size(2 * GB, 90, 9, 90) })];

    const growth = whatGrew(looks, NAMES, 1);

    expect(growth && sayGrowth(growth, NOW, null)?.lines).toEqual([
      "payload of dedupe: +1.0 GB in 1 d, now 2.0 GB, 100 % of the job's state; no TTL; entries -10 %",
    ]);
  });

  it('is nothing where nobody has looked, and no sentence where nothing grew', () => {
    const same = whatGrew([look(1, { payload: size(0) }), look(0, { payload: size(0) })], NAMES, 3);

    expect(whatGrew([], NAMES, 3)).toBeNull();
    expect(same?.states).toEqual([]);
    expect(same && sayGrowth(same, NOW, null)).toBeNull();
  });

  it('says so where the newest checkpoint is much larger than the look', () => {
    const growth = whatGrew([look(0, { payload: size(10 * GB) })], NAMES, 3);
    const linesAt = (completed: number, bytes: number) =>
      (growth && sayGrowth(growth, NOW + DAY, { completed, bytes }))?.lines.slice(1);

    expect(linesAt(NOW + HOUR, 30 * GB)).toEqual([
      'The newest checkpoint has 30.0 GB, and had 10.0 GB then: what grew since is not in this.',
    ]);
    expect([linesAt(NOW + HOUR, 11 * GB), linesAt(NOW, 30 * GB)]).toEqual([[], []]);
  });

  it('is called by its operator where its name was lost', () => {
    const lost = (['state', 'timers'] as const).map((kind) => nameState({ operator: 'join', kind, state: null }));

    expect(lost).toEqual([' of join', 'timers  of join']);
  });

  it('has a name for what has none of its own', () => {
    const kinds = ['database', 'undivided', 'unread', 'channel', 'heap-timers', 'changelog', 'coordinator'] as const;

    expect(kinds.map((kind) => nameState({ operator: 'join', kind, state: null }))).toEqual([
      'Files of the database of join',
      'Keyed state (which states is not known) of join',
      'Keyed state (files not read) of join',
      'In-flight data of join',
      'Timers on the heap of join',
      'Changelog of join',
      'Coordinator state of join',
    ]);
  });
});
