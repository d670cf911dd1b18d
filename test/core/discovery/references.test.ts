import { describe, expect, it } from 'vitest';
import { referencedElsewhere } from '#core/discovery/elsewhere.ts';
import { possibleNames } from '#core/discovery/other-names.ts';
import { ReferenceSample, type SampledRoot } from '#core/discovery/sampled-root.ts';
import type { Place } from '#core/flink/state-path.ts';
import { J1, J2 } from './looks.ts';

function s3(url: string): Place {
  const [, store = '', key = ''] = /^(s3:\/\/[^/]+)\/?(.*)$/.exec(url) ?? [];
  return { store, key };
}

function root(url: string, ...references: readonly string[]): SampledRoot {
  const sample = new ReferenceSample(s3(url));
  for (const path of references) sample.reference({ path, relative: false, bytes: 1n, segment: false });
  return sample.end(true);
}

describe('A sample of references', () => {
  it('counts files by folder, and passes over what is beside the root and what is no path', () => {
    const sample = new ReferenceSample(s3(`s3://b/x/${J1}/chk-1/_metadata`));
    for (const [path, relative] of [
      ['s3a://b/x/shared/1', false],
      ['s3://b/x/shared/2', false],
      ['3', true],
      ['', false],
    ] as const) {
      sample.reference({ path, relative, bytes: 1n, segment: false });
    }

    expect(sample.end(false)).toEqual({
      root: s3(`s3://b/x/${J1}/chk-1/_metadata`),
      folders: [
        { folder: { store: 's3://b', key: 'x/shared/' }, files: 2, example: { store: 's3://b', key: 'x/shared/1' } },
      ],
      isWhole: false,
    });
  });

  it('holds no more than five thousand folders', () => {
    const references = Array.from({ length: 5_001 }, (_, at) => `s3://b/${at}/f`);

    expect(root('s3://b/x/_metadata', ...references).folders).toHaveLength(5_000);
  });
});

describe('Other names', () => {
  it('are told by what differs at the beginning, with files that prove it', () => {
    const roots = [root(`s3://replica/backup/c/${J1}/chk-1/_metadata`, `s3://prod/c/${J1}/shared/1`)];

    expect(possibleNames(roots, [s3(`s3://replica/backup/c/${J1}/`)])).toMatchObject([
      {
        mapping: { from: s3('s3://prod'), to: s3('s3://replica/backup') },
        proofs: [s3(`s3://replica/backup/c/${J1}/shared/1`)],
      },
    ]);
  });

  it('take the directory that is most alike, as with random names', () => {
    const roots = [root(`s3://copy/c/${J1}/chk-1/_metadata`, `s3://prod/17Sr/c/${J1}/shared/1`)];
    const directories = [`s3://copy/c/${J1}/`, `s3://copy/17Sr/c/${J1}/`].map(s3);

    expect(possibleNames(roots, directories)[0]?.mapping).toEqual({ from: s3('s3://prod'), to: s3('s3://copy') });
  });

  it('are ordered by how many files they have', () => {
    const roots = [
      root(
        `s3://copy/c/${J1}/chk-1/_metadata`,
        `s3://one/c/${J1}/shared/1`,
        `s3://two/c/${J1}/shared/2`,
        `s3://two/c/${J1}/shared/3`,
      ),
    ];

    expect(possibleNames(roots, [s3(`s3://copy/c/${J1}/`)]).map(({ mapping }) => mapping.from.store)).toEqual([
      's3://two',
      's3://one',
    ]);
  });

  it('are none of a root beside its files, of another job, or of a job that is not here', () => {
    const roots = [
      root(`s3://b/c/${J1}/chk-1/_metadata`, `s3://b/c/${J1}/shared/1`, `s3://b/c/${J2}/shared/2`, 's3://prod/plain/3'),
      root(`s3://b/c/${J1}/chk-2/_metadata`, `s3://prod/c/${J2}/shared/4`),
    ];

    const copied = root(`s3://b/d/${J1}/chk-1/_metadata`, `s3://b/c/${J1}/shared/1`);

    expect(possibleNames(roots, [s3(`s3://b/c/${J1}/`), s3('s3://b/plain/')])).toEqual([]);
    expect(possibleNames([copied], [])).toMatchObject([{ mapping: { from: s3('s3://b/c'), to: s3('s3://b/d') } }]);
  });

  it('keep no more than six files as proofs', () => {
    const files = Array.from({ length: 9 }, (_, at) => `s3://prod/c/${J1}/chk-${at}/1`);

    expect(
      possibleNames([root(`s3://copy/c/${J1}/chk-9/_metadata`, ...files)], [s3(`s3://copy/c/${J1}/`)])[0]?.proofs,
    ).toHaveLength(6);
  });
});

describe('What is referenced elsewhere', () => {
  const at = `s3://b/c/${J1}/chk-1/_metadata`;
  const inC = ({ store, key }: Place): boolean => store === 's3://b' && key.startsWith('c/');
  const urls = (...references: readonly string[]): readonly string[] =>
    referencedElsewhere([root(at, ...references)], [], inC).map(
      ({ folder: { store, key }, files }) => `${store}/${key} ${files}`,
    );

  it.each([
    ['a job', `s3://old/x/${J2}/shared/1`, 's3://old/x 1'],
    ['a job at the top', `s3://old/${J2}/shared/1`, 's3://old/ 1'],
    ['a savepoint', 's3://old/s/savepoint-aaaaaa-0123456789ab/1', 's3://old/s 1'],
    ['a savepoint at the top', 's3://old/savepoint-aaaaaa-0123456789ab/1', 's3://old/savepoint-aaaaaa-0123456789ab 1'],
    ['any folder', 's3://old/odd/place/1', 's3://old/odd/place 1'],
  ])('is the folder for the area of %s', (_, reference, expected) => {
    expect(urls(reference)).toEqual([expected]);
  });

  it('is nothing that is here, under whatever name', () => {
    const names = [{ from: s3('s3://prod'), to: s3('s3://b') }];

    expect(urls(`s3://b/c/${J1}/shared/1`)).toEqual([]);
    expect(referencedElsewhere([root(at, `s3://prod/c/${J1}/shared/1`)], names, inC)).toEqual([]);
  });

  it('is no folder below another one', () => {
    expect(urls('s3://old/x/y/1', 's3://old/x/2', 's3://old/x/3')).toEqual(['s3://old/x 2']);
  });

  it('is one folder above many', () => {
    const many = Array.from({ length: 7 }, (_, index) => `s3://old/flink/r${index}/c/1`);

    expect(urls(...many)).toEqual(['s3://old/flink 7']);
    expect(urls(...many.slice(1))).toHaveLength(6);
    expect(urls(...many, 's3://other/x/1')).toEqual(['s3://old/flink 7', 's3://other/x 1']);
  });
});
