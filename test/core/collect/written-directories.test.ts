import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Writes } from '#core/collect/former-runs.ts';
import { addWritten, writtenDirectories } from '#core/collect/written-directories.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import { DAY, JOB, uuid } from '#test/support/world.ts';

const DIRECTORIES = [`cp/${JOB}/shared`, `cp/${JOB}/chk-7`, `cp/${JOB}`, 'elsewhere'];
const NAMES = [uuid(1), uuid(2), uuid(3), '_metadata', '.flink-steward.json', 'a.txt', ''];
const listings = fc.uniqueArray(
  fc.record({
    directory: fc.constantFrom(...DIRECTORIES),
    name: fc.constantFrom(...NAMES),
    modified: fc.integer({ min: 1, max: 9 }).map((day) => day * DAY),
    isFirst: fc.boolean(),
  }),
  { selector: ({ directory, name }) => `${directory}/${name}` },
);

function tableOf(entries: readonly { directory: string; name: string; modified: number }[]): ObjectTable {
  const objects = new ObjectTable();
  for (const { directory, name, modified } of entries) {
    objects.add({ location: 0, key: `${directory}/${name}`, bytes: name === '' ? 0 : 9, modified, etag: 'e' });
  }
  objects.seal();
  return objects;
}

function factsOf(objects: ObjectTable) {
  return new Map([...writtenDirectories(objects).values()].map((written) => [written.directory.path, written]));
}

describe('what is known of directories', () => {
  it('adds up over the parts of a listing', () => {
    fc.assert(
      fc.property(listings, (entries) => {
        const whole = factsOf(tableOf(entries));
        const first = factsOf(tableOf(entries.filter(({ isFirst }) => isFirst)));
        const second = factsOf(tableOf(entries.filter(({ isFirst }) => !isFirst)));

        const sum = new Map(first);
        for (const [path, written] of second) {
          const known = sum.get(path);
          sum.set(path, known === undefined ? written : addWritten(known, written));
        }

        expect(sum).toEqual(whole);
      }),
    );
  });
});

describe('the times of writes', () => {
  it('tell as much as all writes do', () => {
    const times = fc.array(fc.integer({ min: 0, max: 400 }));
    fc.assert(
      fc.property(times, times, fc.integer({ min: 1, max: 60 }), (here, there, silence) => {
        const whole = new Writes(silence);
        for (const time of [...here, ...there]) whole.add(time);
        const sum = new Writes(silence);
        for (const part of [here, there]) {
          const writes = new Writes(silence);
          for (const time of part) writes.add(time);
          for (const time of writes.times()) sum.add(time);
        }

        expect(sum.silences(silence, [])).toEqual(whole.silences(silence, []));
      }),
    );
  });
});
