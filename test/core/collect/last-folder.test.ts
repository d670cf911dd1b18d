import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DAY,
  DIRECTORY,
  HOUR,
  OTHER_DIRECTORY,
  type RootSpec,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const OBJECTS = Object.fromEntries(
  [DIRECTORY, `${DIRECTORY}/shared`, `${OTHER_DIRECTORY}/shared`, 'a:b'].flatMap((folder) =>
    [uuid(1), uuid(2), uuid(3), 'c:d', '\\'].map((name) => [`${folder}/${name}`, DAY] as const),
  ),
);
const CHECKPOINT = `${DIRECTORY}/chk-9`;

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
