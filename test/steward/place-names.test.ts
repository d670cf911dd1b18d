import { describe, expect, it } from 'vitest';
import { parseConfig } from '#config/steward-config.ts';
import type { AreaLocation, PlaceMapping } from '#core/area/area.ts';
import { parseFlinkPath } from '#core/flink/state-path.ts';
import { checkPlaceNames } from '#steward/place-names.ts';
import { openSteward } from '#steward/steward.ts';

function bucket(url: string): { readonly area: AreaLocation } {
  const [, store = '', key = ''] = /^(s3:\/\/[^/]+)\/?(.*)$/.exec(url) ?? [];
  return { area: { name: url, store, prefix: key === '' ? '' : `${key}/`, hidden: 0 } };
}

function mappings(written: Readonly<Record<string, string>> = {}): readonly PlaceMapping[] {
  const path = (text: string) => parseFlinkPath(text) ?? { scheme: null, authority: null, path: text };
  return Object.entries(written).map(([from, to]) => ({ from: path(from), to: path(to) }));
}

function check(
  urls: readonly string[],
  { aliases, copies }: { aliases?: Record<string, string>; copies?: Record<string, string> } = {},
): readonly string[] {
  return checkPlaceNames({ locations: urls.map(bucket), aliases: mappings(aliases), copies: mappings(copies) });
}

describe('Locations that are one place by an alias', () => {
  it('are refused, whichever of them is named first', () => {
    const aliases = { 's3://ap-s3alias': 's3://mybucket' };
    const twins = ['s3://mybucket', 's3://ap-s3alias/team-a'];

    for (const urls of [twins, twins.toReversed()]) {
      expect(() => check(urls, { aliases })).toThrow(
        'By "aliases" s3://ap-s3alias/team-a is a part of s3://mybucket, so its objects would be judged twice, and would be garbage under one of the two names. Nothing was done. Give only s3://mybucket; the alias resolves references to the other name.',
      );
    }
    expect(() => check(['s3://mybucket/x', 's3://ap-s3alias/x'], { aliases })).toThrow('is the same location as');
  });

  it('are none where the alias is of another place', () => {
    const aliases = { 's3://ap-s3alias': 's3://mybucket' };

    expect(check(['s3://mybucket/flink', 's3://ap-s3alias/other'], { aliases })).toEqual([]);
    expect(check(['s3://mybucket'], { aliases })).toEqual([]);
  });
});

describe('An access point alias as a location', () => {
  it('is told of, until an alias says what it is', () => {
    expect(check(['s3://ap-s3alias/x'])).toEqual([
      's3://ap-s3alias/x is an access point alias, which is another name of a bucket. If jobs write the name of the bucket into their checkpoints, add "aliases": {"s3://BUCKET": "s3://ap-s3alias"} to steward.json, and list no part of that bucket as a location.',
    ]);
    expect(check(['s3://ap-s3alias/x'], { aliases: { 's3a://mybucket': 's3://ap-s3alias' } })).toEqual([]);
    expect(check(['s3://mybucket'])).toEqual([]);
  });
});

describe('A declared copy', () => {
  it('is another place than its original', () => {
    expect(() => check(['s3://a'], { copies: { 's3a://a': 's3://a' } })).toThrow(
      '"copies" declares s3://a as a copy of s3a://a, but both are the same location. A copy has its own objects. Nothing was done. Remove this entry.',
    );
    expect(() => check(['s3://a'], { copies: { 's3://a': 's3://a' } })).toThrow(
      'but both are the same location. A copy',
    );
    expect(() => check(['s3://a'], { copies: { 's3://b': 's3://a' }, aliases: { 's3://b': 's3://a' } })).toThrow(
      'the same location',
    );
  });

  it.each<[boolean, string, string]>([
    [true, 's3://a', 's3://a'],
    [true, 's3://a/dr', 's3://a'],
    [true, 's3://a', 's3://a/dr'],
    [true, 's3://ap-s3alias', 's3://a'],
    [false, 's3://b', 's3://a'],
    [false, 's3://a/dr', 's3://a/drs'],
  ])('is seen or not: %s for %s in %s', (isSeen, copy, location) => {
    const notes = check([location], { copies: { 's3://primary': copy }, aliases: { 's3://ap-s3alias': 's3://a' } });

    expect(notes).toEqual(
      isSeen
        ? []
        : [`"copies" declares ${copy} as a copy of s3://primary, but it is not in this area, so it is not scanned.`],
    );
  });
});

describe('An area', () => {
  it('is not opened under two names of one place', async () => {
    const config = parseConfig(
      JSON.stringify({
        area: ['s3://mybucket', 's3://ap-s3alias/team-a'],
        aliases: { 's3://ap-s3alias': 's3://mybucket' },
      }),
      'steward.json',
    );

    await expect(openSteward({ config, entries: config.area, ledger: null, cwd: '/', clock: () => 0 })).rejects.toThrow(
      'By "aliases" s3://ap-s3alias/team-a is a part of s3://mybucket',
    );
  });
});
