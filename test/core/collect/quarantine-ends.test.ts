import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { quarantineEnd, quarantineEnds } from '#core/collect/quarantine-ends.ts';
import { DAY, DIRECTORY, HOUR, NOW, uuid, type World, type WorldSpec, world } from '#test/support/world.ts';

const [FIRST, SECOND, NEW, LIVE] = [1, 2, 3, 4].map((number) => `${DIRECTORY}/shared/${uuid(number)}`) as [
  string,
  string,
  string,
  string,
];
const since = (age: number, etag = 'e1') => ({ since: NOW - age, runs: 3, etag });
const SPEC: WorldSpec = {
  settings: { quarantine: 5 * DAY },
  objects: { [FIRST]: 40 * DAY, [SECOND]: 40 * DAY, [NEW]: 40 * DAY, [LIVE]: 40 * DAY },
  roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR, names: [LIVE] } },
  candidacies: { [FIRST]: since(3 * DAY), [SECOND]: since(DAY), [NEW]: null, [LIVE]: since(4 * DAY) },
};

function endsOf(evidence: World, begins: number | null, isMeant?: (object: number) => boolean) {
  return quarantineEnds(evidence, judgeAll(evidence), begins, isMeant);
}

describe('The end of the quarantine of an object', () => {
  it('is its time after the first run that saw it as garbage', () => {
    const evidence = world(SPEC);

    expect(quarantineEnd(evidence.object(FIRST), evidence, NOW)).toBe(NOW + 2 * DAY);
    expect(quarantineEnd(evidence.object(FIRST), evidence, null)).toBe(NOW + 2 * DAY);
  });

  it('is counted from now where no run has recorded it, or has recorded other bytes, and not at all where none does', () => {
    const evidence = world({ ...SPEC, candidacies: { ...SPEC.candidacies, [SECOND]: since(DAY, 'e0') } });

    for (const key of [NEW, SECOND]) {
      expect(quarantineEnd(evidence.object(key), evidence, NOW)).toBe(NOW + 5 * DAY);
      expect(quarantineEnd(evidence.object(key), evidence, null)).toBeNull();
    }
  });

  it('is never before a checkpoint can have timed out twice', () => {
    const evidence = world({ ...SPEC, settings: { quarantine: HOUR, checkpointTimeout: 2 * HOUR } });

    expect(quarantineEnd(evidence.object(NEW), evidence, NOW)).toBe(NOW + 4 * HOUR);
  });
});

describe('The ends of all quarantines', () => {
  it('are the first and the last one, of garbage alone', () => {
    expect(endsOf(world(SPEC), NOW)).toEqual({ first: NOW + 2 * DAY, last: NOW + 5 * DAY, unremembered: 1 });
    expect(endsOf(world(SPEC), null)).toEqual({ first: NOW + 2 * DAY, last: NOW + 4 * DAY, unremembered: 1 });
  });

  it('are the first and the last one in whatever order the objects are', () => {
    const candidacies = { [FIRST]: since(DAY), [SECOND]: since(3 * DAY), [NEW]: since(2 * DAY) };

    expect(endsOf(world({ ...SPEC, candidacies }), null)).toEqual({
      first: NOW + 2 * DAY,
      last: NOW + 4 * DAY,
      unremembered: 0,
    });
  });

  it('are those of the objects that are meant', () => {
    const evidence = world(SPEC);
    const second = evidence.object(SECOND);

    expect(endsOf(evidence, NOW, (object) => object === second)).toEqual({
      first: NOW + 4 * DAY,
      last: NOW + 4 * DAY,
      unremembered: 0,
    });
  });

  it('are none where nothing waits, and where it waits from no known time on', () => {
    expect(endsOf(world({ ...SPEC, candidacies: {} }), NOW)).toEqual({ first: null, last: null, unremembered: 0 });
    expect(endsOf(world({ ...SPEC, candidacies: { [NEW]: null } }), null)).toEqual({
      first: null,
      last: null,
      unremembered: 1,
    });
  });
});
