import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Area, type AreaLocation, movedBack, overlap } from '#core/area/area.ts';
import { type FlinkPath, type Place, parseFlinkPath, placeOf } from '#core/flink/state-path.ts';

const FLINK: AreaLocation = { name: 's3://b/flink', store: 's3://b', prefix: 'flink/', hidden: 0 };
const WHOLE_BUCKET: AreaLocation = { name: 's3://b', store: 's3://b', prefix: '', hidden: 0 };
const MOUNT: AreaLocation = {
  name: './copy',
  store: 'file://',
  prefix: 'opt/flink/checkpoints/',
  hidden: 'opt/flink/checkpoints/'.length,
};

function bucket(prefix: string, store = 's3://b'): AreaLocation {
  return { name: `${store}/${prefix}`, store, prefix, hidden: 0 };
}

function path(text: string): FlinkPath {
  const parsed = parseFlinkPath(text);
  if (parsed === null) {
    throw new Error(`${text} is no path.`);
  }
  return parsed;
}

function place(text: string): Place {
  return placeOf(path(text));
}

function alias(from: string, to: string): { readonly from: FlinkPath; readonly to: FlinkPath } {
  return { from: path(from), to: path(to) };
}

describe('where a place lies', () => {
  it.each(['s3://b/flink/j/chk-1/x', 's3a://b/flink/j/chk-1/x', 's3p://b//flink/./j/chk-1/x'])(
    'finds %s in its location, whatever the S3 scheme',
    (text) => {
      const area = new Area([bucket('other/'), FLINK]);
      expect(area.locate(place(text))).toEqual({ within: 'area', location: 1, key: 'flink/j/chk-1/x' });
    },
  );

  it.each(['s3://b/flink', 's3://b/flinkx/k', 's3://b/x/flink/k', 's3://c/flink/k', 's3://B/flink/k', 'file:/flink/k'])(
    'finds %s elsewhere',
    (text) => {
      expect(new Area([FLINK]).locate(place(text))).toEqual({ within: 'elsewhere' });
    },
  );

  it('takes flink/check for no part of flink/checkpoints, nor the other way round', () => {
    const both = new Area([bucket('flink/check/'), bucket('flink/checkpoints/')]);
    expect(both.locate(place('s3://b/flink/checkpoints/k'))).toMatchObject({ location: 1 });
    expect(both.locate(place('s3://b/flink/check/k'))).toMatchObject({ location: 0 });
    expect(new Area([bucket('flink/check/')]).locate(place('s3://b/flink/checkpoints/k'))).toEqual({
      within: 'elsewhere',
    });
  });

  it('finds all of a bucket in it', () => {
    expect(new Area([WHOLE_BUCKET]).locate(place('s3://b/k'))).toEqual({ within: 'area', location: 0, key: 'k' });
  });

  it('finds the files of a directory under the name that it stands for', () => {
    const area = new Area([MOUNT]);
    expect(area.locate(place('file:///opt/flink/checkpoints/j/x'))).toEqual({
      within: 'area',
      location: 0,
      key: 'opt/flink/checkpoints/j/x',
    });
    expect(area.locate(place('/opt/flink/checkpoints/j/x'))).toMatchObject({ within: 'area' });
    expect(area.locate(place('file:///opt/flink/j/x'))).toEqual({ within: 'elsewhere' });
  });

  it('knows declared places, to the folder', () => {
    const area = new Area([FLINK], [path('s3a://prod/cp'), path('s3://old')]);
    const within = (text: string) => area.locate(place(text)).within;
    expect(within('s3://prod/cp/k')).toBe('declared');
    expect(within('s3n://prod/cp')).toBe('declared');
    expect(within('s3://prod/cp2/k')).toBe('elsewhere');
    expect(within('s3://old/anything')).toBe('declared');
    expect(within('s3://older/anything')).toBe('elsewhere');
  });

  it('knows a declared place that ends in a slash', () => {
    const area = new Area([FLINK], [path('s3://prod/cp/.')]);
    expect(area.locate(place('s3://prod/cp/k'))).toEqual({ within: 'declared' });
    expect(area.locate(place('s3://prod/cpx'))).toEqual({ within: 'elsewhere' });
  });

  it('holds what lies in the area for its own, though a declaration covers it', () => {
    const area = new Area([FLINK], [path('s3://b')]);
    expect(area.locate(place('s3://b/flink/k'))).toMatchObject({ within: 'area' });
    expect(area.locate(place('s3://b/k'))).toEqual({ within: 'declared' });
  });
});

describe('other names of places', () => {
  it('brings a place under its own name before looking for it', () => {
    const area = new Area(
      [FLINK],
      [path('s3://prod')],
      [alias('s3://access-point-s3alias', 's3://b'), alias('s3://replica/copy', 's3://prod/cp')],
    );
    expect(area.locate(place('s3a://access-point-s3alias/flink/k'))).toEqual({
      within: 'area',
      location: 0,
      key: 'flink/k',
    });
    expect(area.locate(place('s3://access-point-s3alias/k'))).toEqual({ within: 'elsewhere' });
    expect(area.locate(place('s3://replica/copy/k'))).toEqual({ within: 'declared' });
    expect(area.locate(place('s3://replica/copyx/k'))).toEqual({ within: 'elsewhere' });
  });

  it.each([
    ['of a bucket for a bucket', 's3://a', 's3://b', 's3://a/x/k', 'x/k'],
    ['of a bucket for a folder', 's3://a', 's3://b/flink/old', 's3://a/x/k', 'flink/old/x/k'],
    ['of a folder for a bucket', 's3://a/x', 's3://b', 's3://a/x/y/k', 'y/k'],
    ['of a folder for a folder', 's3://a/x', 's3://b/y', 's3://a/x/k', 'y/k'],
    ['of a mount', 'file:///opt/cp', 's3://b/flink', '/opt/cp/k', 'flink/k'],
    ['that ends in a slash', 's3://a/x/.', 's3://b/y/.', 's3://a/x/k', 'y/k'],
    ['of one object', 's3://a/x/k', 's3://b/y/l', 's3://a/x/k', 'y/l'],
    ['of a whole bucket by itself', 's3://a', 's3://b', 's3://a', ''],
  ])('follows an alias %s', (_what, from, to, reference, key) => {
    expect(new Area([], [], [alias(from, to)]).canonical(place(reference))).toEqual({ store: 's3://b', key });
  });

  it('never lead out of the area, not even to a place that is declared foreign', () => {
    const area = new Area([FLINK], [path('s3://prod')], [alias('s3://b', 's3://prod'), alias('s3://prod', 's3://b')]);
    expect(area.locate(place('s3a://b/flink/k'))).toEqual({ within: 'area', location: 0, key: 'flink/k' });
    expect(area.locate(place('s3://prod/flink/k'))).toEqual({ within: 'area', location: 0, key: 'flink/k' });
    expect(area.locate(place('s3://b/k'))).toEqual({ within: 'declared' });
  });

  it('prefers the longest alias, in whatever order they are given', () => {
    const aliases = [
      alias('s3://a', 's3://whole'),
      alias('s3://a/x/y', 's3://longest'),
      alias('s3://a/x', 's3://folder'),
    ];
    for (const given of [aliases, aliases.toReversed()]) {
      const area = new Area([], [], given);
      const canonical = (text: string) => area.canonical(place(text));
      expect(canonical('s3://a/x/y/k')).toEqual({ store: 's3://longest', key: 'k' });
      expect(canonical('s3://a/x/k')).toEqual({ store: 's3://folder', key: 'k' });
      expect(canonical('s3://a/xy/k')).toEqual({ store: 's3://whole', key: 'xy/k' });
    }
  });

  it('leaves a place without an alias as it is, and follows one alias only', () => {
    const area = new Area([], [], [alias('s3://a', 's3://b'), alias('s3://b', 's3://a')]);
    expect(area.canonical(place('s3://c/k'))).toEqual({ store: 's3://c', key: 'k' });
    expect(area.canonical(place('s3://a/k'))).toEqual({ store: 's3://b', key: 'k' });
    expect(area.canonical(place('s3://b/k'))).toEqual({ store: 's3://a', key: 'k' });
  });
});

describe('keys as a store knows them', () => {
  it('hides from a directory what it stands for, and nothing from a bucket', () => {
    const area = new Area([FLINK, MOUNT]);
    expect(area.storeKey(0, 'flink/j/x')).toBe('flink/j/x');
    expect(area.wholeKey(0, 'flink/j/x')).toBe('flink/j/x');
    expect(area.storeKey(1, 'opt/flink/checkpoints/j/x')).toBe('j/x');
    expect(area.wholeKey(1, 'j/x')).toBe('opt/flink/checkpoints/j/x');
    expect(area.storeKey(1, MOUNT.prefix)).toBe('');
    expect(area.wholeKey(1, '')).toBe(MOUNT.prefix);
  });

  it('hides a part of the prefix where the directory stands for a bucket', () => {
    const area = new Area([{ name: './copy', store: 's3://b', prefix: 'a/b/', hidden: 2 }]);
    expect(area.storeKey(0, 'a/b/k')).toBe('b/k');
    expect(area.wholeKey(0, 'b/k')).toBe('a/b/k');
  });

  it('goes there and back without loss', () => {
    const locations = fc
      .array(fc.string({ unit: 'grapheme', maxLength: 4 }), { maxLength: 4 })
      .map((segments) => segments.map((segment) => `${segment}/`).join(''))
      .chain((prefix) => fc.constantFrom(0, prefix.length).map((hidden) => ({ ...FLINK, prefix, hidden })));
    fc.assert(
      fc.property(locations, fc.string({ unit: 'binary' }), (location, rest) => {
        const area = new Area([bucket('first/'), location]);
        const key = location.prefix + rest;
        const storeKey = area.storeKey(1, key);
        expect(area.wholeKey(1, storeKey)).toBe(key);
        expect(area.storeKey(1, area.wholeKey(1, storeKey))).toBe(storeKey);
        expect(storeKey).toBe(location.hidden === 0 ? key : rest);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('prints the URL of a key', () => {
    const area = new Area([FLINK, MOUNT]);
    expect(area.url(0, 'flink/a b/%41')).toBe('s3://b/flink/a b/%41');
    expect(area.url(1, 'opt/flink/checkpoints/k')).toBe('file:///opt/flink/checkpoints/k');
  });

  it('refuses a location that it does not have', () => {
    const area = new Area([FLINK]);
    expect(() => area.storeKey(1, 'k')).toThrow(new RangeError('No location 1 in an area of 1.'));
    expect(() => area.wholeKey(-1, 'k')).toThrow(new RangeError('No location -1 in an area of 1.'));
    expect(() => area.url(2, 'k')).toThrow(new RangeError('No location 2 in an area of 1.'));
  });
});

describe('locations within one another', () => {
  it.each<readonly [string, AreaLocation, AreaLocation]>([
    ['a bucket and a folder of it', WHOLE_BUCKET, FLINK],
    ['a folder and one below it', FLINK, bucket('flink/checkpoints/')],
    ['the same place twice', FLINK, { ...FLINK, name: 's3a://b/flink' }],
    ['a directory and a bucket that it stands for', WHOLE_BUCKET, { ...MOUNT, store: 's3://b' }],
  ])('finds %s', (_what, outer, inner) => {
    const apart = bucket('apart/', 's3://c');
    expect(overlap([apart, outer, inner])).toEqual([outer, inner]);
  });

  it('finds the outer one though it comes later', () => {
    expect(overlap([FLINK, WHOLE_BUCKET])).toEqual([WHOLE_BUCKET, FLINK]);
  });

  it('lets neighbours be', () => {
    expect(
      overlap([bucket('flink/check/'), bucket('flink/checkpoints/'), bucket('flink/check/', 's3://c'), MOUNT]),
    ).toBeNull();
    expect(overlap([])).toBeNull();
    expect(overlap([WHOLE_BUCKET])).toBeNull();
  });

  it.each<readonly [string, string, AreaLocation, AreaLocation, boolean]>([
    ['s3://ap-s3alias', 's3://b', FLINK, bucket('flink/teamB/', 's3://ap-s3alias'), true],
    ['s3://ap-s3alias', 's3://b', WHOLE_BUCKET, bucket('', 's3://ap-s3alias'), true],
    ['s3://ap-s3alias/x', 's3://b/flink', FLINK, bucket('x/', 's3://ap-s3alias'), true],
    ['s3://ap-s3alias', 's3://b', FLINK, bucket('other/', 's3://ap-s3alias'), false],
    ['s3://ap-s3alias', 's3://c', FLINK, bucket('flink/', 's3://ap-s3alias'), false],
    ['s3://b', 's3://fuse', FLINK, { ...MOUNT, store: 's3://fuse', prefix: 'flink/eu/' }, true],
  ])('by the alias %s of %s: whether %o holds %o', (from, to, outer, inner, expected) => {
    const area = new Area([], [], [alias(from, to)]);

    expect(overlap([outer, inner], (place) => area.canonical(place))).toEqual(expected ? [outer, inner] : null);
  });
});

describe('a declared copy', () => {
  const REPLICA = bucket('dr/', 's3://replica');
  const DECLARED = [alias('s3a://b/flink', 's3://replica/dr')];
  const inReplica = { location: 0, key: 'dr/j/chk-1/_metadata' };

  it('keeps what lies at a place of its original, for whoever lies in that copy', () => {
    const area = new Area([REPLICA, bucket('', 's3://other')], [], [], DECLARED);

    expect(area.ownCopyOf(place('s3://b/flink/j/shared/x'), inReplica)).toMatchObject({
      location: 0,
      key: 'dr/j/shared/x',
    });
    expect(area.ownCopyOf(place('s3://b/flinks/j/shared/x'), inReplica)).toBeNull();
    expect(area.ownCopyOf(place('s3://b/flink/j/shared/x'), { location: 1, key: 'dr/j/chk-1/_metadata' })).toBeNull();
    expect(new Area([REPLICA]).ownCopyOf(place('s3://b/flink/j/shared/x'), inReplica)).toBeNull();
  });

  it('may lie nowhere in the area, and then keeps nothing here', () => {
    const area = new Area([bucket('dr/x/', 's3://replica')], [], [], DECLARED);

    expect(area.ownCopyOf(place('s3://b/flink/j/shared/x'), { location: 0, key: 'dr/x/_metadata' })).toBeNull();
  });

  it('goes by the one name of a place, as its original does', () => {
    const aliases = [alias('s3://ap-s3alias', 's3://b'), alias('s3://rp-s3alias', 's3://replica')];
    const area = new Area([REPLICA], [], aliases, [alias('s3://ap-s3alias/flink', 's3://rp-s3alias/dr')]);

    for (const original of ['s3://b/flink/j/x', 's3://ap-s3alias/flink/j/x']) {
      expect(area.ownCopyOf(place(original), inReplica)).toMatchObject({ location: 0, key: 'dr/j/x' });
      expect(area.locate(place(original))).toEqual({ within: 'declared' });
    }
  });

  it('makes its original a known place, declared as foreign or not; one in the area stays there', () => {
    const outside = [path('s3://b/flink')];

    expect(new Area([REPLICA], [], [], DECLARED).locate(place('s3://b/flink/x'))).toEqual({ within: 'declared' });
    expect(new Area([REPLICA], outside, [], DECLARED).ownCopyOf(place('s3://b/flink/j/x'), inReplica)).toMatchObject({
      location: 0,
      key: 'dr/j/x',
    });
    expect(new Area([FLINK], [], [], DECLARED).locate(place('s3://b/flink/x'))).toMatchObject({ within: 'area' });
    expect(new Area([REPLICA], [], [], DECLARED).locate(place('s3://b/x'))).toEqual({ within: 'elsewhere' });
  });
});

describe('a place outside of all copies', () => {
  it('lies in none, and is moved back from none', () => {
    const copied = { from: { store: 's3://b', key: 'flink' }, to: { store: 's3://b', key: 'copy' } };

    expect(new Area([WHOLE_BUCKET], [], []).copyAt({ location: 0, key: 'flink/x' })).toBeNull();
    expect(movedBack({ store: 's3://b', key: 'flink/x' }, copied)).toBeNull();
    expect(movedBack({ store: 's3://b', key: 'copy/x' }, copied)).toEqual({ store: 's3://b', key: 'flink/x' });
  });
});

describe('the place of a URL', () => {
  const area = new Area([bucket('flink/'), bucket('', 's3://c'), MOUNT]);

  it('is where the area’s own URLs lead, whatever is in the key', () => {
    const keys = ['flink/a b/%2F/_metadata', 'flink//x', 'flink/#?', 'flink/'];
    for (const key of keys) {
      expect(area.placeOfUrl(area.url(0, key))).toEqual({ location: 0, key });
    }
    const inMount = { location: 2, key: 'opt/flink/checkpoints/j/x' };
    expect(area.placeOfUrl(area.url(inMount.location, inMount.key))).toEqual(inMount);
    expect(area.placeOfUrl('s3://c/k')).toEqual({ location: 1, key: 'k' });
  });

  it('is the same under another name that an alias tells', () => {
    const aliases = [alias('s3://old/root', 's3://b/flink')];
    const renamed = new Area([bucket('flink/')], [], aliases);

    expect(renamed.placeOfUrl('s3://old/root/j/a b//x')).toEqual({ location: 0, key: 'flink/j/a b//x' });
    expect(renamed.ownUrl('s3://old/root/j/_metadata')).toBe('s3://b/flink/j/_metadata');
    expect(renamed.ownUrl('s3://b/flink/j/_metadata')).toBe('s3://b/flink/j/_metadata');
    expect(renamed.placeOfUrl('s3://old/rooted/j')).toBeNull();
    expect(renamed.ownUrl('s3://old/rooted/j')).toBe('s3://old/rooted/j');
  });

  it('that an alias leads out of the area stays in it', () => {
    const aliases = [alias('s3://b/flink', 's3://elsewhere')];

    expect(new Area([bucket('flink/')], [], aliases).ownUrl('s3://b/flink/k')).toBe('s3://b/flink/k');
  });

  it.each(['s3://b/other/k', 's3://b/flink', 's3a://b/flink/k', 's3://cc/k', 'file:///opt/flink/k', 'flink/k', ''])(
    'is none in the area for %j',
    (url) => {
      expect(area.placeOfUrl(url)).toBeNull();
    },
  );
});
