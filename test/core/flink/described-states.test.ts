import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describedStates, LONGEST_DESCRIPTION } from '#core/flink/described-states.ts';

function recorded(name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`../../fixtures/keyed-backends/${name}.bin`, import.meta.url)));
}

const VALUE = { type: 'VALUE', hasTtl: false };
const STATES = [
  { name: 'counter', ...VALUE },
  { name: 'payload', ...VALUE },
  { name: 'entries', type: 'MAP', hasTtl: false },
  { name: 'events', type: 'LIST', hasTtl: true },
  { name: 'session', type: 'VALUE', hasTtl: true },
  { name: 'cleared', ...VALUE },
];
const TIMERS = ['processing', 'event'].map((time) => ({
  name: `_timer_state/${time}_user-timers`,
  type: null,
  hasTtl: false,
}));
const byName = (one: { readonly name: string }, other: { readonly name: string }) => (one.name < other.name ? -1 : 1);

describe('the description of a keyed backend', () => {
  it('names its states, their types, and which of them have a TTL', () => {
    expect(describedStates(recorded('database'))).toEqual([...STATES, ...TIMERS]);
  });

  it('is the same of a heap, in an order of its own', () => {
    expect(describedStates(recorded('heap')).toSorted(byName)).toEqual([...STATES, ...TIMERS].toSorted(byName));
  });

  it('names no state of bytes that are no description', () => {
    expect(describedStates(Buffer.of())).toEqual([]);
    expect(describedStates(Buffer.alloc(5_000, 'MANIFEST'))).toEqual([]);
  });

  it.each([
    ['begins with it', option('KEYED_STATE_TYPE', [0, 0, 0, 1])],
    ['has no room for a name', Buffer.concat([Buffer.alloc(4), option('KEYED_STATE_TYPE', [0, 0, 0, 1])])],
    ['ends behind it', Buffer.concat([named('x'), option('KEYED_STATE_TYPE', [0, 0, 0, 1])])],
    ['ends in its type', Buffer.concat([named('x'), option('KEYED_STATE_TYPE', [0, 0, 0, 1]), Buffer.of(0, 9, 65)])],
    ['has no name before timers', option('VALUE_SERIALIZER', [0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1])],
  ])('names no state where what marks one %s', (_, bytes) => {
    expect(describedStates(bytes)).toEqual([]);
  });

  it('is looked through up to a length, whatever follows', () => {
    const bytes = Buffer.concat([Buffer.alloc(LONGEST_DESCRIPTION), recorded('database')]);

    expect(describedStates(bytes)).toEqual([]);
  });

  it('is looked through to its end where any bytes of it have changed', () => {
    const whole = recorded('database');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255))),
        fc.nat(whole.length),
        (changes, length) => {
          const mutant = Buffer.from(whole.subarray(0, length));
          for (const [at, byte] of changes) mutant[at] = byte;

          return describedStates(mutant).every(({ name }) => name.length > 0 && name.length < 256);
        },
      ),
    );
  });
});

function option(name: string, before: readonly number[]): Buffer {
  return Buffer.from([...before, 0, name.length, ...Buffer.from(name)]);
}

/** A name, and the kind of a keyed state. */
function named(name: string): Buffer {
  return Buffer.from([0, 0, name.length, ...Buffer.from(name), 0, 0, 0, 0]);
}
