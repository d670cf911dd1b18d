import { describe, expect, it } from 'vitest';
import { otherNames } from '#core/collect/other-names.ts';
import { DAY, DIRECTORY, HOUR, JOB, OTHER_JOB, uuid, type WorldSpec, world } from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const LATER = `${DIRECTORY}/chk-9`;

function naming(paths: readonly string[], further: WorldSpec = {}): WorldSpec {
  return {
    objects: { [FILE]: 10 * DAY },
    roots: { [LATER]: { age: HOUR, names: paths.map((path) => ({ path })) } },
    ...further,
  };
}

function sentences(spec: WorldSpec): readonly string[] {
  return world(spec).undecidable.map(({ code, sentence }) => `${code}: ${sentence}`);
}

describe('a reference out of the area, of whose name a file lies in it', () => {
  it('is said with the three ways to declare what the place is', () => {
    expect(sentences(naming([`s3a://primary/${FILE}`]))).toEqual([
      `other-name: s3://bucket/${LATER}/_metadata references s3a://primary/${FILE}, which is not in this area, but a file with that name is. So this location has another name, or is a copy. If s3a://primary leads to the same objects (a mount, an access point), write "aliases": {"s3a://primary": "s3://bucket"} in steward.json; if this location is a copy of it (a replica, a backup), write "copies": {"s3a://primary": "s3://bucket"}; for a directory, use --as s3a://primary. Until then nothing in this area is deleted`,
    ]);
  });

  it.each<[string, string, WorldSpec]>([
    [`s3://primary/${FILE}`, '{"s3://primary": "s3://bucket"}', {}],
    [`s3://primary/a/b/${FILE}`, '{"s3://primary/a/b": "s3://bucket"}', {}],
    [`file:/${FILE}`, '{"file:///": "s3://bucket"}', {}],
    [`/mnt/${FILE}`, '{"file:///mnt": "s3://bucket"}', {}],
    [`s3://primary/flink/${JOB}/shared/${uuid(1)}`, '{"s3://primary/flink": "s3://bucket/cp"}', {}],
    [
      `s3://primary/sp/savepoint-aaaaaa-000000000001/${uuid(1)}`,
      '{"s3://primary": "s3://bucket/dr"}',
      { objects: { [`dr/sp/savepoint-aaaaaa-000000000001/${uuid(1)}`]: DAY } },
    ],
    [
      `s3://primary/${FILE}`,
      '{"s3://primary": "file:///mnt/copy"}',
      {
        locations: [{ store: 'file://', prefix: 'mnt/copy/', hidden: 9 }],
        objects: { [`mnt/copy/${FILE}`]: DAY },
        roots: { [`mnt/copy/${LATER}`]: { age: HOUR, names: [{ path: `s3://primary/${FILE}` }] } },
      },
    ],
  ])('tells what the place is called where %s is missed', (path, entry, further) => {
    const spec = naming([path], further);
    const [sentence = ''] = sentences(spec);
    const [key = '', value = ''] = Object.entries(JSON.parse(entry) as Record<string, string>)[0] ?? [];

    expect(sentence).toContain(`write "aliases": ${entry} in steward.json`);
    expect(sentence).toContain(`"copies": ${entry};`);
    expect(sentences({ ...spec, aliases: { [key]: value } })).toEqual([]);
    expect(sentences({ ...spec, copies: { [key]: value } })).toEqual([]);
    expect(sentences({ ...spec, copies: { [key]: value }, outside: [key] })).toEqual([]);
  });

  it('names no --as where the directory is only a part of what has that name', () => {
    const [sentence] = sentences(
      naming([`s3://primary/cp/${JOB}/shared/${uuid(1)}`], {
        locations: [{ store: 'file://', prefix: 'mnt/', hidden: 4 }],
        objects: { [`mnt/copy/${FILE}`]: DAY },
      }),
    );

    expect(sentence).toContain('"copies": {"s3://primary": "file:///mnt/copy"}; for a directory, use --as URL');
  });

  it.each(['s3://ap-x1-s3alias', 's3://arn:aws:s3:eu-central-1:123456789012:accesspoint/ap', 's3://abc123.mrap'])(
    'tells of an access point that it is another name, and no copy: %s',
    (point) => {
      const spec = naming([`${point}/${FILE}`]);
      const [sentence = ''] = sentences(spec);

      expect(sentence).toMatch(
        /That is .*access point.*, so write "aliases": \{".*": "s3:\/\/bucket"\} in steward\.json/,
      );
      expect(sentence).not.toContain('copies');
      expect(sentences({ ...spec, aliases: { [point]: 's3://bucket' } })).toEqual([]);
    },
  );

  it.each([
    ['another job', `s3://primary/cp/${OTHER_JOB}/shared/${uuid(1)}`],
    ['no path at all', `s3://primary/${uuid(1)}`],
  ])('guesses no name from the end of a path alone: %s', (_, path) => {
    expect(sentences(naming([path]))[0]).toContain(
      'So this location has another name, or is a copy. Declare which: if that path leads to the same objects, set aliases in steward.json; if this location is a copy of them, set copies; for a directory, use --as URL. Until',
    );
  });

  it('tells of each root the first name that it finds', () => {
    const told = sentences(naming([`s3://far/${uuid(1)}`, `s3://one/${FILE}`, `s3://two/${FILE}`]));

    expect(told).toEqual([expect.stringContaining(`references s3://one/${FILE}, which`)]);
    expect(told).toEqual([expect.stringContaining('{"s3://one": "s3://bucket"}')]);
  });

  it('guesses no name from a path that Flink can not read', () => {
    const { area, objects, object, root } = world({ objects: { [FILE]: DAY }, roots: { [LATER]: { age: HOUR } } });

    const [told] = otherNames(area, [{ root: root(LATER), resolved: '', object: object(FILE) }], objects);

    expect(told?.sentence).toContain('which is not in this area, but a file with that name is.');
    expect(told?.sentence).toContain('for a directory, use --as URL. Until');
  });
});
