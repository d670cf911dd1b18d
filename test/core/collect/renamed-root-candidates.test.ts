import { describe, expect, it } from 'vitest';
import { GatheredCandidates, interestOf, renamedRootCandidates } from '#core/collect/renamed-root-candidates.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import { DAY, DIRECTORY, type ObjectSpec, uuid, world } from '#test/support/world.ts';

function candidates(objects: Readonly<Record<string, Partial<ObjectSpec>>>, most = 9): readonly string[] {
  const listed = Object.entries(objects).map(([key, more]) => [key, { age: DAY, bytes: 100, ...more }]);
  const evidence = world({ objects: Object.fromEntries(listed) });
  return renamedRootCandidates(evidence.objects, most).objects.map((object) => evidence.objects.key(object));
}

describe('The candidates for roots under other names', () => {
  it('are no more than a run may look at of each kind, and the others are counted', () => {
    const names = ['_metadata.bak', '_metadata.old', '_metadata.1'].map((name) => `${DIRECTORY}/chk-7/${name}`);
    const { objects } = world({ objects: Object.fromEntries(names.map((key) => [key, { age: DAY, bytes: 100 }])) });

    const { left } = renamedRootCandidates(objects, 1);

    expect(left).toBe(2);
  });

  it('are the likeliest, whatever came before them', () => {
    const gathered = new GatheredCandidates<string>(2);
    for (const one of ['a', 'b', 'c']) gathered.add(one, 'below');
    for (const one of ['d', 'e', 'f']) gathered.add(one, null);
    gathered.add('g', 'named');

    expect(gathered.end()).toEqual({ found: ['g', 'a'], left: 2 });
  });

  it('lie beside files of Flink, and not beside a mark of a folder alone', () => {
    expect(
      candidates({ 'kept/a.bin': {}, [`kept/${uuid(1)}`]: {}, 'notes/': { bytes: 0 }, 'notes/a.bin': {} }),
    ).toEqual(['kept/a.bin']);
  });

  it('are no symbolic links, nothing shorter than a root begins, and not the marker of the steward', () => {
    expect(
      candidates({
        [`${DIRECTORY}/chk-7/a.bin`]: { bytes: 8 },
        [`${DIRECTORY}/chk-7/b.bin`]: { bytes: 7 },
        [`${DIRECTORY}/chk-7/c.bin`]: { special: 'symbolic link' },
        [`${DIRECTORY}/chk-7/.flink-steward.json`]: {},
      }),
    ).toEqual([`${DIRECTORY}/chk-7/a.bin`]);
  });
});

describe('Why an object of unknown name is worth a look', () => {
  it.each([
    [`${DIRECTORY}/chk-7/`, 'metadata.old', false, 'named-beside'],
    ['kept/', 'metadata.old', true, 'named-beside'],
    [`${DIRECTORY}/notes/`, 'metadata.old', false, 'named-beside'],
    ['notes/', 'metadata.old', false, 'named'],
    [`${DIRECTORY}/chk-7/`, 'a.bin', false, 'beside'],
    ['kept/', 'a.bin', true, 'beside'],
    [`${DIRECTORY}/notes/`, 'a.bin', false, 'below'],
    ['chk-7/notes/', 'a.bin', false, 'below'],
    ['savepoint-aaaaaa-000000000001/notes/', 'a.bin', false, 'below'],
    ['notes/', 'a.bin', false, null],
  ])('%s%s, beside files of Flink: %s, is %s', (path, name, holdsFlinkFiles, interest) => {
    expect(interestOf({ path, class: classifyDirectory(path) }, name, holdsFlinkFiles)).toBe(interest);
  });
});
