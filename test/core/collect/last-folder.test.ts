import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Reachability } from '#core/collect/reachability.ts';
import { RootReading } from '#core/collect/root-reading.ts';
import { unreadRoot } from '#core/collect/roots.ts';
import { MetadataParser } from '#core/flink/metadata/metadata-parser.ts';
import type { FileReference } from '#core/flink/metadata/model.ts';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';
import {
  DAY,
  DIRECTORY,
  HOUR,
  JOB,
  OTHER_DIRECTORY,
  type RootSpec,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const OLD_UUID = '00000000-0000-1000-8000-000000000001';
const OBJECTS = Object.fromEntries(
  [DIRECTORY, `${DIRECTORY}/shared`, `${OTHER_DIRECTORY}/shared`, 'a:b'].flatMap((folder) =>
    [uuid(1), uuid(2), uuid(3), 'c:d', '\\'].map((name) => [`${folder}/${name}`, DAY] as const),
  ),
);
/** In the same folder: what takes more than its name and its size to judge, and names that are no random UUIDs. */
const ODD_OBJECTS = {
  [`${DIRECTORY}/shared/${uuid(4)}`]: { age: DAY, bytes: 100, special: 'a symbolic link' },
  [`${DIRECTORY}/shared/${OLD_UUID}`]: { age: DAY, bytes: 100 },
  [`${DIRECTORY}/shared/${uuid(10).toUpperCase()}`]: { age: DAY, bytes: 100 },
  [`changelog/${JOB}/dstl/${uuid(1)}`]: { age: DAY, bytes: 100 },
};
const CHECKPOINT = `${DIRECTORY}/chk-9`;

/** What a root says that was read: from its bytes, from the references in them, or without remembering a folder. */
function readContent(content: Buffer, how: 'bytes' | 'references' | 'without') {
  // Where a place has another name, no folder is remembered.
  const aliases = how === 'without' ? { 's3://another-name': 's3://bucket/another-name' } : {};
  const { area, objects } = world({ objects: { ...OBJECTS, ...ODD_OBJECTS }, aliases });
  const key = `${CHECKPOINT}/_metadata`;
  const listed = { location: 0, key, etag: '', bytes: content.length, completed: 0, object: -1 };
  const root = unreadRoot({ ...listed, late: false, writtenOff: false });
  const reading = new Reachability(area, objects).begin(root);
  const visitor = how === 'bytes' ? reading : { reference: (each: FileReference) => reading.reference(each) };
  const parser = new MetadataParser(visitor);
  parser.write(content);
  reading.complete(parser.end());
  return { ...root, objects: [...root.objects].map((object) => objects.key(object)) };
}

function read(names: RootSpec['names'], more: Partial<WorldSpec> = {}) {
  const { root, objects } = world({
    objects: OBJECTS,
    roots: { [CHECKPOINT]: { age: HOUR, names: names ?? [] } },
    ...more,
  });
  const { objects: named, inArea, outside, missing } = root(CHECKPOINT);
  return { named: [...named].map((object) => objects.key(object)), inArea, outside, missing };
}

describe('The folder of the reference before', () => {
  const scheme = fc.constantFrom('s3://bucket/', 's3a://bucket/', 's3://bucket//', 's3://other/', '/', '');
  const folder = fc.constantFrom(
    `${DIRECTORY}/`,
    `${DIRECTORY}/shared/`,
    `${DIRECTORY}//shared/`,
    `${DIRECTORY}/x/../shared/`,
    `${OTHER_DIRECTORY}/shared/`,
    'a:b/',
    '',
  );
  const name = fc.constantFrom(uuid(1), uuid(2), uuid(3), uuid(9), '.', '..', '', 'c:d', '\\', `..\\${uuid(1)}`);
  const reference = fc.record({
    path: fc.tuple(scheme, folder, name).map((parts) => parts.join('')),
    bytes: fc.constantFrom(100n, 99n),
  });

  it('changes nothing of what any reference means', () => {
    fc.assert(
      fc.property(fc.array(reference, { minLength: 1, maxLength: 8 }), (references) => {
        const together = read(references);
        const alone = references.map((each) => read([each]));

        expect(new Set(together.named)).toEqual(new Set(alone.flatMap(({ named }) => named)));
        expect(together.inArea).toBe(alone.reduce((sum, { inArea }) => sum + inArea, 0));
        expect(together.outside).toBe(alone.reduce((sum, { outside }) => sum + outside, 0));
        expect(new Set(together.missing.map(({ resolved }) => resolved))).toEqual(
          new Set(alone.flatMap(({ missing }) => missing.map(({ resolved }) => resolved))),
        );
      }),
      { numRuns: 300, seed: 20_261_130 },
    );
  });

  it('changes nothing of what a root means, whether it is read from bytes or told reference by reference', () => {
    const folders = [`${DIRECTORY}/shared/`, `${DIRECTORY}/sharee/`, `changelog/${JOB}/dstl/`, 'a:b/', 'ü/', ''];
    const names = [...[1, 2, 4, 9].map(uuid), OLD_UUID, uuid(10).toUpperCase(), 'c:d', '..', 'x'];
    const start = fc.constantFrom('s3://bucket/', 's3a://bucket/', 's3://bucket//', 's3://other/', '/');
    const file = fc.record({
      path: fc.tuple(start, fc.constantFrom(...folders), fc.constantFrom(...names)).map((parts) => parts.join('')),
      bytes: fc.constantFrom(100, 99, 101, -1, 2 ** 60),
    });
    // Most often in one folder.
    const usual = fc.record({
      path: fc.constantFrom(...names).map((name) => `s3://bucket/${DIRECTORY}/shared/${name}`),
      bytes: fc.constantFrom(100, 99),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(usual, file), { maxLength: 12 }), (shared) => {
        const content = incrementalCheckpoint({ id: 1, shared });

        const expected = readContent(content, 'without');
        expect(readContent(content, 'references')).toEqual(expected);
        expect(readContent(content, 'bytes')).toEqual(expected);
      }),
      { numRuns: 200, seed: 20_261_201 },
    );
  });

  it('spares the text of a path that leads to a file in it', () => {
    // Prepare
    const shared = [1, 2, 3].map((number) => ({ path: `s3://bucket/${DIRECTORY}/shared/${uuid(number)}`, bytes: 100 }));
    const content = incrementalCheckpoint({ id: 1, shared });
    const told = vi.spyOn(RootReading.prototype, 'reference');

    // Act
    const { inArea } = readContent(content, 'bytes');

    // Assess
    expect(inArea).toBe(3);
    expect(told).toHaveBeenCalledTimes(1);
    told.mockRestore();
  });

  it('is not gone by where a folder has another name', () => {
    const shared = `${OTHER_DIRECTORY}/shared/`;
    const file = { path: `s3://bucket/${DIRECTORY}/shared/${uuid(1)}`, bytes: 100n };

    const { named } = read([`${shared}${uuid(1)}`, file, `${shared}${uuid(2)}`, file]);

    expect(new Set(named)).toEqual(
      new Set([`${shared}${uuid(1)}`, `${shared}${uuid(2)}`, `${DIRECTORY}/shared/${uuid(1)}`]),
    );
  });

  it.each(['', '.', '..'])('is not gone by where a path ends in %j, whatever is listed under that name', (name) => {
    const [folder, file] = [`${DIRECTORY}/shared/`, `${DIRECTORY}/shared/${uuid(1)}`];

    const { named } = read([file, { path: `s3://bucket/${folder}${name}`, bytes: 100n }, file], {
      objects: { ...OBJECTS, [`${folder}${name}`]: { age: DAY, bytes: 100 } },
    });

    expect(named).toEqual([file]);
  });

  it('is not taken from a path that ends in the name of a bucket', () => {
    const { named, outside } = read(
      [
        { path: 's3://bucket', bytes: 1n },
        { path: 's3://at-the-top', bytes: 100n },
      ],
      {
        objects: { ...OBJECTS, 'at-the-top': DAY },
      },
    );

    expect(named).toEqual([]);
    expect(outside).toBe(1);
  });

  it('is not gone by for a name that Flink writes otherwise', () => {
    const { named } = read(
      ['./top', './c:d'].map((path) => ({ path, bytes: 100n })),
      { locations: [{ store: 'file://' }], objects: { ...OBJECTS, top: DAY, 'c:d': DAY } },
    );

    expect(named).toEqual(['top']);
  });
});
