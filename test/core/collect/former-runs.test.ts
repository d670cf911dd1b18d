import { describe, expect, it } from 'vitest';
import { formerRuns, Writes } from '#core/collect/former-runs.ts';
import type { Root } from '#core/collect/roots.ts';
import {
  DAY,
  DIRECTORY,
  fate,
  HOUR,
  JOB,
  MINUTE,
  NOW,
  type ReferenceSpec,
  type RootSpec,
  uuid,
  type World,
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

  it('are silent from the last write of the one to the first of the other, however many there are', () => {
    const upload = (age: number, deadAfter: number) =>
      runs({ objects: { [`${DIRECTORY}/shared/${uuid(14)}`]: age }, settings: { deadAfter } });

    expect(upload(60 * DAY - HOUR, 40 * DAY - HOUR)).toEqual(FORMER);
    expect(upload(60 * DAY - HOUR, 40 * DAY - HOUR + 1)).toBe('disorder');
    expect(upload(20 * DAY + HOUR, 40 * DAY - HOUR)).toEqual(FORMER);
    expect(upload(20 * DAY + HOUR, 40 * DAY - HOUR + 1)).toBe('disorder');
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

  it('may be silent in themselves, and reference what they wrote before', () => {
    const objects = { [OLD]: 100 * DAY, [FRESH]: 60 * DAY };
    const roots = {
      [chk(12)]: root(92 * DAY, OLD),
      [chk(14)]: root(90 * DAY, OLD),
      [chk(1)]: root(59 * DAY, FRESH),
      [chk(2)]: root(HOUR, FRESH),
    };
    const { timesDistrusted, formerRuns: former } = world({ objects, roots }).owner(OLD);

    expect(timesDistrusted).toBe(null);
    expect(former.map(({ newest }) => NOW - newest)).toEqual([90 * DAY]);
  });

  it('may reference merged files that were closed after the checkpoint', () => {
    const merged = `${DIRECTORY}/taskowned/job_${'c'.repeat(32)}_tm_one/${uuid(14)}`;

    expect(runs({ objects: { [merged]: 18 * DAY }, roots: { [chk(1)]: root(19 * DAY, FRESH, merged) } })).toEqual(
      FORMER,
    );
  });

  it('may write a changelog', () => {
    const log = `${DIRECTORY}/dstl/${uuid(14)}`;

    expect(runs({ objects: { [log]: 19.5 * DAY }, roots: { [chk(1)]: root(19 * DAY, FRESH, log) } })).toEqual(FORMER);
  });

  it('may have lost a checkpoint while the area was read', () => {
    const gone = { age: 61 * DAY, outcome: 'vanished' as const };

    expect(runs({ roots: { [chk(13)]: gone } })).toEqual([[[`${chk(12)}/`, `${chk(13)}/`, `${chk(14)}/`], 60 * DAY]]);
  });

  it('may have overwritten a checkpoint while it was read', () => {
    const evidence = world(spec());
    const overwritten = { ...evidence.root(chk(2)), etag: 'm2', completed: NOW };

    expect(found(evidence, [...evidence.reachability.roots, overwritten])).toHaveLength(1);
  });

  it('are none where there is one run alone', () => {
    const evidence = world(spec());

    expect(found(evidence, [evidence.root(chk(12)), evidence.root(chk(14))])).toBe(null);
  });

  function found({ objects, settings }: World, roots: readonly Root[]) {
    const writes = new Writes(settings.deadAfter);
    for (let object = 0; object < objects.size; object++) writes.add(objects.modified(object));
    return formerRuns({ job: JOB, roots, objects, writes, settings });
  }

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

  it.each([
    ['cp/'.concat('0'.repeat(32)), 'the job id is that of zeros: several clusters may have it'],
    ['flat', 'no path tells the job: several may share the directory'],
  ])('in %s, where %s', (directory) => {
    const moved = (key: string) => key.replace(DIRECTORY, directory);
    const told = spec();
    const evidence = world({
      objects: Object.fromEntries(Object.entries(told.objects ?? {}).map(([key, age]) => [moved(key), age])),
      roots: Object.fromEntries(
        Object.entries(told.roots ?? {}).map(([key, { age, names = [] }]) => [
          moved(key),
          root(age, ...names.map((name) => moved(`${name}`))),
        ]),
      ),
    });

    expect(evidence.owner(moved(OLD)).formerRuns).toEqual([]);
    expect(evidence.owner(moved(OLD)).timesDistrusted).not.toBe(null);
    expect(fate(evidence, moved(GARBAGE))).toBe(KEPT);
  });

  it('where a savepoint lies in the directory: it has no number', () => {
    expect(runs({ roots: { [DIRECTORY]: { ...root(19.5 * DAY, FRESH), kind: 'savepoint-native' } } })).toBe('disorder');
  });

  it('where a changelog lies in the directory that no root references: it may be another cluster’s', () => {
    expect(runs({ objects: { [`${DIRECTORY}/dstl/${uuid(14)}`]: 3 * HOUR } })).toBe('disorder');
  });

  it('where another directory of the id has checkpoints that are whole in themselves', () => {
    const eu = DIRECTORY.replace('cp/', 'eu/');
    const file = `${eu}/shared/${uuid(15)}`;

    expect(runs({ objects: { [file]: 3 * HOUR }, roots: { [chk(7, eu)]: root(HOUR / 2, file) } })).toBe('disorder');
  });

  it('where another directory of the id has checkpoints, or is without', () => {
    const eu = DIRECTORY.replace('cp/', 'eu/');

    expect(runs({ objects: { [`${eu}/shared/${uuid(15)}`]: HOUR } })).toBe('disorder');
    expect(runs({ objects: { [`${eu}/shared/${uuid(15)}`]: 3 * HOUR }, roots: { [chk(7, eu)]: root(HOUR) } })).toBe(
      'disorder',
    );
  });
});
