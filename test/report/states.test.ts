import { describe, expect, it } from 'vitest';
import type { StateSize } from '#core/states/grown-states.ts';
import type { RememberedSizes } from '#operations/ledger/remembered-states.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { reportOn } from './reporting.ts';

const NOTHING = { entries: null, deletions: null, rawValueBytes: null };
const NAMES: RememberedSizes['names'] = new Map([
  ['a/payload', { operator: 'dedupe', kind: 'state', state: 'payload', hasTtl: true }],
  ['a//database', { operator: 'dedupe', kind: 'database', state: null, hasTtl: null }],
  ['b/timers', { operator: 'join', kind: 'timers', state: '_timer_state/event_user-timers', hasTtl: null }],
]);

async function statesOf(remembered: RememberedSizes) {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store);
  job.complete(7, [job.upload(1)], NOW - DAY);
  const [found] = (await reportOn(store, { states: new Map([[JOB, remembered]]) })).jobs;
  return found?.states;
}

describe('The states of a job in the report', () => {
  it('are those of the last look, by operator, with what they grow by', async () => {
    const payload = (bytes: number) => ({ bytes, entries: 100, deletions: 10, rawValueBytes: 900 });
    const sizes = [
      { at: NOW - 3 * DAY, states: new Map([['a/payload', payload(600)]]) },
      {
        at: NOW - DAY,
        states: new Map<string, StateSize>([
          ['a/payload', payload(800)],
          ['a//database', { bytes: 50, ...NOTHING }],
          ['b/timers', { bytes: 900, entries: 5, deletions: 5, rawValueBytes: 0 }],
          ['b/gone', { bytes: 0, ...NOTHING }],
        ]),
      },
    ];

    expect(await statesOf({ sizes, names: NAMES })).toEqual({
      at: NOW - DAY,
      bytes: 1_750,
      leftOut: 0,
      operators: [
        {
          name: 'join',
          bytes: 900,
          states: [
            {
              name: 'timers event_user-timers',
              hasTtl: null,
              bytes: 900,
              entries: 5,
              deletions: 5,
              valueBytes: null,
              perDay: null,
            },
          ],
        },
        {
          name: 'dedupe',
          bytes: 850,
          states: [
            { name: 'payload', hasTtl: true, bytes: 800, entries: 100, deletions: 10, valueBytes: 10, perDay: 100 },
            {
              name: 'Files of the database',
              hasTtl: null,
              bytes: 50,
              entries: null,
              deletions: null,
              valueBytes: null,
              perDay: null,
            },
          ],
        },
      ],
    });
  });

  it('are forty, and the number of the others; one without a name is shown by its key', async () => {
    const states = new Map(
      Array.from({ length: 45 }, (_, at) => [`x/${at}`, { bytes: 100 - at, ...NOTHING }] as const),
    );

    const found = await statesOf({ sizes: [{ at: NOW, states }], names: NAMES });

    expect([found?.operators.length, found?.leftOut, found?.operators[0]?.states[0]?.name]).toEqual([40, 5, 'x/0']);
  });

  it('are none where nobody has looked', async () => {
    expect(await statesOf({ sizes: [], names: NAMES })).toBeNull();
  });
});
