import { describe, expect, it } from 'vitest';
import {
  DAY,
  DIRECTORY,
  fate,
  HOUR,
  MINUTE,
  NOW,
  type ReferenceSpec,
  type RootSpec,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

/** Two runs of a job under one id, and all that only looks like it. */

const OLD = `${DIRECTORY}/shared/${uuid(11)}`;
const FRESH = `${DIRECTORY}/shared/${uuid(12)}`;
const GARBAGE = `${DIRECTORY}/shared/${uuid(13)}`;
const chk = (number: number, directory = DIRECTORY) => `${directory}/chk-${number}`;
const root = (age: number, ...names: readonly ReferenceSpec[]): RootSpec => ({ age, names });

/** chk-12 to chk-14, the last of them 60 days ago; chk-1 and chk-2 of the last 20 days; garbage of 10 days ago. */
function spec(change: WorldSpec = {}): WorldSpec {
  return {
    ...change,
    objects: { [OLD]: 70 * DAY, [FRESH]: 20 * DAY, [GARBAGE]: 10 * DAY, ...change.objects },
    roots: {
      [chk(12)]: root(62 * DAY, OLD),
      [chk(14)]: root(60 * DAY, OLD),
      [chk(1)]: root(19 * DAY, FRESH),
      [chk(2)]: root(HOUR, FRESH),
      ...change.roots,
    },
  };
}

function runs(change: WorldSpec = {}): unknown {
  const { timesDistrusted, formerRuns } = world(spec(change)).owner(OLD);
  expect(timesDistrusted === null || formerRuns.length === 0).toBe(true);
  return timesDistrusted === null
    ? formerRuns.map((run) => [[...run.roots].map(({ directory }) => directory), NOW - run.newest])
    : 'disorder';
}

const FORMER = [[[`${chk(12)}/`, `${chk(14)}/`], 60 * DAY]];
const GONE = 'delete (garbage)';
const KEPT = 'keep-in-progress (no-later-checkpoint)';

describe('Two runs under one id', () => {
  it('are told apart by a silence of deadAfter, and the later one shows what is garbage', () => {
    expect(runs()).toEqual(FORMER);
    expect(fate(world(spec()), GARBAGE)).toBe(GONE);
    expect(fate(world(spec()), OLD)).toBe('keep-live (named-by-root)');
  });

  it('are none where the numbers never begin again', () => {
    const roots = { [chk(15)]: root(30 * DAY, FRESH), [chk(16)]: root(DAY, FRESH) };
    const evidence = world({ objects: { [FRESH]: 31 * DAY }, roots });

    expect(evidence.owner(FRESH).formerRuns).toEqual([]);
    expect(evidence.owner(FRESH).timesDistrusted).toBe(null);
  });

  it('are silent in between for deadAfter, to the millisecond', () => {
    const between = (age: number) => runs({ objects: { [`${DIRECTORY}/shared/${uuid(14)}`]: age } });

    expect(between(34 * DAY)).toEqual(FORMER);
    expect(runs({ settings: { deadAfter: 40 * DAY } })).toEqual(FORMER);
    expect(runs({ settings: { deadAfter: 40 * DAY + 1 } })).toBe('disorder');
    expect(runs({ settings: { deadAfter: HOUR, minAge: 40 * DAY + 1 } })).toBe('disorder');
  });

  it('are none while anything bridges the silence, referenced or not', () => {
    const bridge = (folder: string) => {
      const at = [50, 40, 30].map((days) => [`${DIRECTORY}/${folder}${days}`, days * DAY]);
      return runs({ objects: Object.fromEntries(at) });
    };

    expect(bridge('shared/')).toBe('disorder');
    expect(bridge('notes')).toBe('disorder');
  });

  it('may leave uploads right after the former run, and before the first checkpoint of the later one', () => {
    const objects = { [`${DIRECTORY}/shared/${uuid(14)}`]: 59 * DAY, [`${DIRECTORY}/shared/${uuid(15)}`]: 21 * DAY };
    const evidence = world(spec({ objects }));

    expect(runs({ objects })).toEqual(FORMER);
    expect(Object.keys(objects).map((key) => fate(evidence, key))).toEqual([GONE, GONE]);
  });

  it('may be three, with a silence after each', () => {
    const third = `${DIRECTORY}/shared/${uuid(14)}`;
    const objects = { [third]: 101 * DAY };

    expect(runs({ objects, roots: { [chk(30)]: root(100 * DAY, third) } })).toEqual([
      [[`${chk(30)}/`], 100 * DAY],
      ...FORMER,
    ]);
  });

  it('keep the checkpoints of each time without silence by themselves, so that retiring one changes no other', () => {
    const third = `${DIRECTORY}/shared/${uuid(14)}`;
    const objects = { [third]: 101 * DAY };

    expect(runs({ objects, roots: { [chk(6)]: root(100 * DAY, third) } })).toEqual([
      [[`${chk(6)}/`], 100 * DAY],
      ...FORMER,
    ]);
  });
});

describe('Checkpoints are in disorder, and not those of two runs,', () => {
  it('where the later run references a file of the former one’s time', () => {
    expect(runs({ roots: { [chk(2)]: root(HOUR, FRESH, OLD) } })).toBe('disorder');
  });

  it('where an old root was copied onto itself, and is young by that', () => {
    const objects = { [FRESH]: 5 * DAY };
    const own = `${DIRECTORY}/shared/${uuid(15)}`;
    const copied = world({
      objects: { ...objects, [own]: 61 * DAY, [OLD]: 62 * DAY },
      roots: { [chk(9)]: root(2 * DAY, own), [chk(10)]: root(60 * DAY, OLD) },
    });

    expect(copied.owner(OLD).timesDistrusted).toContain('chk-10 is older than chk-9');
    expect(fate(copied, FRESH)).toBe(KEPT);
  });

  it('where a root of them references no file: nothing shows when it was written', () => {
    expect(runs({ roots: { [chk(2)]: root(HOUR) } })).toBe('disorder');
    expect(runs({ roots: { [chk(12)]: root(62 * DAY) } })).toBe('disorder');
  });

  it('where a root references a file younger than itself', () => {
    expect(runs({ objects: { [FRESH]: 19 * DAY - MINUTE } })).toBe('disorder');
    expect(runs({ objects: { [FRESH]: 19 * DAY } })).toEqual(FORMER);
  });

  it('where the numbers fall within a time without silence', () => {
    expect(runs({ roots: { [chk(13)]: root(61.5 * DAY, OLD), [chk(11)]: root(61 * DAY, OLD) } })).toBe('disorder');
  });

  it('where a root can’t be read', () => {
    const evidence = world(spec({ roots: { [chk(14)]: { age: 60 * DAY, names: [OLD], outcome: 'unreadable' } } }));

    expect(evidence.owner(OLD).formerRuns).toEqual([]);
    expect(evidence.owner(OLD).timesDistrusted).not.toBe(null);
  });

  it('where the job id is that of zeros: several clusters may have it', () => {
    const zeros = (key: string) => key.replace(/a{32}/, '0'.repeat(32));
    const told = spec();
    const evidence = world({
      objects: Object.fromEntries(Object.entries(told.objects ?? {}).map(([key, age]) => [zeros(key), age])),
      roots: Object.fromEntries(
        Object.entries(told.roots ?? {}).map(([key, { age, names = [] }]) => [
          zeros(key),
          root(age, ...names.map((name) => zeros(`${name}`))),
        ]),
      ),
    });

    expect(evidence.owner(zeros(OLD)).formerRuns).toEqual([]);
    expect(evidence.owner(zeros(OLD)).timesDistrusted).not.toBe(null);
    expect(fate(evidence, zeros(GARBAGE))).toBe(KEPT);
  });

  it('where another directory of the id has checkpoints, or is without', () => {
    const eu = DIRECTORY.replace('cp/', 'eu/');

    expect(runs({ objects: { [`${eu}/shared/${uuid(15)}`]: HOUR } })).toBe('disorder');
    expect(runs({ objects: { [`${eu}/shared/${uuid(15)}`]: 3 * HOUR }, roots: { [chk(7, eu)]: root(HOUR) } })).toBe(
      'disorder',
    );
  });
});
