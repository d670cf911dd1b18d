import { describe, expect, it } from 'vitest';
import { isDamaged, isRestorePoint, isUsable } from '#core/collect/roots.ts';
import { DAY, DIRECTORY, HOUR, type ObjectSpec, type RootSpec, uuid, world } from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const ROOT = `${DIRECTORY}/chk-9`;

function rootWith(file: Partial<ObjectSpec>, root: Partial<RootSpec> = {}) {
  const evidence = world({
    objects: { [FILE]: { age: DAY, ...file } },
    roots: { [ROOT]: { age: HOUR, names: [FILE], ...root } },
  });
  const found = evidence.root(ROOT);
  const { archived, firstArchived } = found;
  return {
    restorePoint: isRestorePoint(found),
    usable: isUsable(found),
    damaged: isDamaged(found),
    archived,
    first: firstArchived < 0 ? null : evidence.objects.key(firstArchived),
    live: evidence.reachability.isLive(evidence.object(FILE)),
  };
}

const WHOLE = { restorePoint: true, usable: true, damaged: false, archived: 0, first: null, live: true };

describe('A root', () => {
  it('is a restore point where all its files are there, in whatever class that answers at once', () => {
    expect(rootWith({})).toEqual(WHOLE);
    expect(rootWith({ storage: 'tiering' })).toEqual(WHOLE);
    expect(rootWith({}, { storage: 'tiering' })).toEqual(WHOLE);
  });

  it('with an archived file is none, is not damaged, and goes on protecting', () => {
    const none = { ...WHOLE, restorePoint: false, usable: false };

    expect(rootWith({ storage: 'archived' })).toEqual({ ...none, archived: 1, first: FILE });
    expect(rootWith({}, { storage: 'archived' })).toEqual({ ...none, archived: 1, first: `${ROOT}/_metadata` });
    expect(rootWith({ storage: 'archived' }, { storage: 'archived' })).toEqual({ ...none, archived: 2, first: FILE });
  });

  it('whose checkpoint properties Flink can not read is none, is not damaged, and goes on protecting', () => {
    expect(rootWith({}, { propertiesRead: false })).toEqual({ ...WHOLE, restorePoint: false, usable: false });
  });
});
