import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlarmChange, AlarmState } from '#core/slack/alarm-change.ts';
import { type Heard, type InAlarm, type Telling, type ToldAlarms, WHOLE, whatToTell } from '#core/slack/telling.ts';

const AT = Date.UTC(2026, 10, 22);
const MINUTE = 60_000;
const DAY = 86_400_000;

/** @param contributor its id; null for the alarm as a whole. */
function change(
  state: AlarmState,
  contributor: string | null,
  at = AT,
  changes: Partial<AlarmChange> = {},
): AlarmChange {
  return {
    alarm: 'size-jump',
    kind: 'size-jump',
    state,
    before: state === 'OK' ? 'ALARM' : 'OK',
    at,
    reason: '',
    description: null,
    account: null,
    region: null,
    dimensions: {},
    overMany: contributor !== null,
    contributor: contributor === null ? null : { id: contributor, attributes: { Job: contributor } },
    ...changes,
  };
}

function active(...ids: readonly string[]): readonly InAlarm[] {
  return ids.map((id) => ({ id, attributes: { Job: id }, reason: '', since: AT }));
}

function told(entries: Readonly<Record<string, readonly [AlarmState, number]>> = {}): ToldAlarms {
  return new Map(Object.entries(entries).map(([key, [state, at]]): [string, Heard] => [key, { state, at }]));
}

/** What is told of one change alone. */
function tell(one: AlarmChange, inAlarm: readonly InAlarm[] | null, before: ToldAlarms, now: number): Telling | null {
  return whatToTell([one], inAlarm, before, now);
}

const WHOLE_IN_ALARM = told({ [WHOLE]: ['ALARM', AT] });

describe('Several changes that come together', () => {
  const whole = (state: AlarmState) => change(state, null, AT, { overMany: true });

  it.each([
    ['CloudWatch lists none of them', []],
    ['CloudWatch can not be asked', null],
  ])('are told in one message where %s, and none of them again', (_, inAlarm) => {
    const first = whatToTell([whole('ALARM'), change('ALARM', 'a'), change('ALARM', 'b')], inAlarm, told(), AT);

    expect(first?.news).toEqual(['a', 'b']);
    for (const again of [whole('ALARM'), change('ALARM', 'a'), change('ALARM', 'b')]) {
      // The whole has no list of those that it is about.
      const alone = tell(again, inAlarm, first?.told ?? told(), AT);
      expect(alone?.news ?? []).toEqual(again.contributor === null ? [WHOLE] : []);
    }
  });

  it('are told with those that CloudWatch lists besides', () => {
    const first = whatToTell([change('ALARM', 'b'), change('ALARM', 'c')], active('a', 'b'), told(), AT);

    expect(first).toMatchObject({ news: ['a', 'b', 'c'], others: [] });
  });

  it('name as others only what CloudWatch lists', () => {
    const before = told({ a: ['ALARM', AT], b: ['ALARM', AT] });

    const found = whatToTell([change('ALARM', 'b'), change('ALARM', 'c')], active('a'), before, AT);

    expect(found).toMatchObject({ news: ['c'], others: ['a'] });
  });

  it.each([
    ['CloudWatch lists none of them', []],
    ['CloudWatch can not be asked', null],
  ])('are over in one message where %s', (_, inAlarm) => {
    const before = told({ a: ['ALARM', AT - MINUTE], b: ['ALARM', AT - MINUTE] });

    const over = whatToTell([change('OK', 'a'), change('OK', 'b')], inAlarm, before, AT);

    expect(over?.news).toEqual(['a', 'b']);
    expect(over?.began).toEqual(new Map(['a', 'b'].map((key) => [key, AT - MINUTE])));
    expect(tell(change('OK', 'b'), inAlarm, over?.told ?? told(), AT)).toBeNull();
  });
});

describe('An alarm of one series', () => {
  it('is told once, however often it comes', () => {
    const first = tell(change('ALARM', null), null, told(), AT);
    expect(first).toEqual({ news: [WHOLE], others: [], began: new Map(), told: WHOLE_IN_ALARM });
    expect(tell(change('ALARM', null), null, first?.told ?? told(), AT)).toBeNull();
  });

  it('is told again when it begins anew', () => {
    expect(tell(change('ALARM', null, AT + MINUTE), null, WHOLE_IN_ALARM, AT)).toBeNull();
    expect(tell(change('ALARM', null, AT + MINUTE + 1), null, WHOLE_IN_ALARM, AT)?.news).toEqual([WHOLE]);
    const over = told({ [WHOLE]: ['OK', AT] });
    expect(tell(change('ALARM', null, AT), null, over, AT)).toBeNull();
    expect(tell(change('ALARM', null, AT + 1), null, over, AT)?.news).toEqual([WHOLE]);
  });

  it('is over once, and not before it began', () => {
    const over = tell(change('OK', null, AT + 1), null, WHOLE_IN_ALARM, AT);
    expect(over).toEqual({
      news: [WHOLE],
      others: [],
      began: new Map([[WHOLE, AT]]),
      told: told({ [WHOLE]: ['OK', AT + 1] }),
    });
    expect(tell(change('OK', null, AT + 1), null, over?.told ?? told(), AT)).toBeNull();
    expect(tell(change('OK', null, AT - 1), null, WHOLE_IN_ALARM, AT)).toBeNull();
  });

  it('is over though nobody remembers that it began, but only if it was', () => {
    expect(tell(change('OK', null), null, told(), AT)?.news).toEqual([WHOLE]);
    expect(tell(change('OK', null, AT, { before: 'INSUFFICIENT_DATA' }), null, told(), AT)).toBeNull();
  });

  it('has no data once', () => {
    const first = tell(change('INSUFFICIENT_DATA', null, AT + 1), null, WHOLE_IN_ALARM, AT);
    expect(first?.news).toEqual([WHOLE]);
    expect(tell(change('INSUFFICIENT_DATA', null, AT + 1), null, first?.told ?? told(), AT)).toBeNull();
  });
});

describe('An alarm of many jobs', () => {
  it('is told of all that are in alarm, by whichever comes first, and by no other', () => {
    // Prepare
    const jobs = ['a', 'b', 'c'];

    // Act
    const first = tell(change('ALARM', 'b', AT + 200), active(...jobs), told(), AT);

    // Assess: the clocks of notification and of CloudWatch's list need not agree to the millisecond.
    expect(first?.news).toEqual(jobs);
    for (const one of [...jobs, null]) {
      const again = change('ALARM', one, AT + 500, { overMany: true });
      expect(tell(again, active(...jobs), first?.told ?? told(), AT)).toBeNull();
    }
  });

  it('tells a new one, and names those that are in alarm still', () => {
    const before = told({ a: ['ALARM', AT], b: ['OK', AT - 1] });
    expect(tell(change('ALARM', 'b'), active('a', 'b'), before, AT)).toMatchObject({
      news: ['b'],
      others: ['a'],
    });
  });

  it('is told of the one that it is about where CloudWatch does not say which, or names it no more', () => {
    expect(tell(change('ALARM', 'b'), null, told(), AT)?.news).toEqual(['b']);
    expect(tell(change('ALARM', 'b'), active('a'), told(), AT)?.news).toEqual(['a', 'b']);
  });

  it('is told as a whole where none is named', () => {
    const whole = change('ALARM', null, AT, { overMany: true });
    expect(tell(whole, [], told(), AT)?.news).toEqual([WHOLE]);
    expect(tell(whole, null, told(), AT)?.news).toEqual([WHOLE]);
  });

  it('takes what CloudWatch dates not for what was told before', () => {
    const undated = [{ id: 'a', attributes: {}, reason: '', since: null }];
    expect(tell(change('ALARM', 'a'), undated, told({ a: ['ALARM', AT - DAY] }), AT)).toBeNull();
    expect(tell(change('ALARM', 'a'), undated, told(), AT)?.told).toEqual(told({ a: ['ALARM', AT] }));
  });

  it('is over for all that have recovered, in one message', () => {
    // Prepare
    const before = told({ a: ['ALARM', AT], b: ['ALARM', AT], c: ['ALARM', AT], [WHOLE]: ['ALARM', AT] });

    // Act
    const over = tell(change('OK', 'b', AT + MINUTE), active('c'), before, AT + 2 * MINUTE);

    // Assess
    expect(over).toMatchObject({ news: ['a', 'b'], others: ['c'] });
    expect(over?.told.get('a')).toEqual({ state: 'OK', at: AT + 2 * MINUTE });
    expect(tell(change('OK', 'a', AT + MINUTE), active('c'), over?.told ?? told(), AT + 3 * MINUTE)).toBeNull();
  });

  it('is over for one alone where it is not known which are left', () => {
    const before = told({ a: ['ALARM', AT], b: ['ALARM', AT] });
    expect(tell(change('OK', 'b', AT + 1), null, before, AT)?.news).toEqual(['b']);
  });

  it('is over as a whole for those that were told, and for nobody else', () => {
    const whole = change('OK', null, AT + 1, { overMany: true });
    expect(tell(whole, null, told({ a: ['ALARM', AT], b: ['OK', AT] }), AT)?.news).toEqual(['a']);
    expect(tell(whole, [], told({ a: ['OK', AT] }), AT)).toBeNull();
  });
});

describe('What is remembered', () => {
  it('is not what was over long ago', () => {
    const before = told({ old: ['OK', AT - 30 * DAY], new: ['OK', AT - 30 * DAY + 1], ever: ['ALARM', 0] });
    expect([...(tell(change('ALARM', 'x'), null, before, AT)?.told.keys() ?? [])]).toEqual(['x', 'new', 'ever']);
  });

  it('is the newest thousand', () => {
    const before = new Map(
      Array.from({ length: 1_500 }, (_, at): [string, Heard] => [`${at}`, { state: 'ALARM', at }]),
    );
    const after = tell(change('ALARM', 'x'), null, before, AT)?.told;
    expect(after?.size).toBe(1_000);
    expect([after?.has('x'), after?.has('1499'), after?.has('500')]).toEqual([true, true, false]);
  });

  it('lets nothing be told twice, whatever comes in whatever order', () => {
    const events = fc.array(
      fc.record({
        state: fc.constantFrom<AlarmState>('ALARM', 'OK'),
        one: fc.constantFrom<string | null>('a', 'b', null),
        at: fc.integer({ min: 0, max: 9 }).map((n) => AT + n * 2 * MINUTE),
        active: fc.option(fc.subarray(['a', 'b', 'c'])),
      }),
    );
    fc.assert(
      fc.property(events, (all) => {
        let known: ToldAlarms = told();
        for (const { state, one, at, active: ids } of all) {
          const inAlarm = ids === null ? null : active(...ids);
          const event = change(state, one, at, { overMany: true });
          const now = at + MINUTE;
          const telling = tell(event, inAlarm, known, now);
          if (telling === null) continue;
          expect(telling.news.length).toBeGreaterThan(0);
          known = telling.told;
          expect(tell(event, inAlarm, known, now)).toBeNull();
        }
      }),
      { seed: 4 },
    );
  });
});
