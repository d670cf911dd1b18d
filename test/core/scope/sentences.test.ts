import { describe, expect, it } from 'vitest';
import { outsideDoubts } from '#core/scope/outside-doubts.ts';
import type { OutsideRoot } from '#core/scope/outside-root.ts';
import { cannotList, goesOn, lastSeen, notThrough } from '#core/scope/scope-sentences.ts';

const BUCKET = { store: 's3://b', area: ['flink/checkpoints/'], never: [], namingOnly: false };
const NAMING: OutsideRoot = {
  key: 'flink/savepoints/savepoint-1/_metadata',
  etag: 'e1',
  files: 2,
  first: 's3://b/flink/checkpoints/x',
  failure: null,
};
const BROKEN: OutsideRoot = {
  ...NAMING,
  files: 0,
  first: null,
  failure: { fault: 'contents', sentence: 'it ends early' },
};
const never = (): boolean => false;

describe('Outside roots', () => {
  it('that reference files of the area are doubts, with the prefix to add and the declaration', () => {
    expect(outsideDoubts(BUCKET, [NAMING], never)).toEqual([
      {
        code: 'outside-root',
        object: 's3://b/flink/savepoints/savepoint-1/_metadata',
        sentence:
          's3://b/flink/savepoints/savepoint-1/_metadata is outside the area and references 2 files in it (the first: s3://b/flink/checkpoints/x). There may be more such checkpoints, so nothing in this area is deleted. Add s3://b/flink/savepoints to "area" in steward.json. If nobody will ever restore it, declare it dead instead, with the same locations and the same ledger: steward declare-dead --root s3://b/flink/savepoints/savepoint-1/_metadata --etag e1 --execute',
      },
    ]);
  });

  it('beside a location are brought in by a prefix that takes its place', () => {
    const [doubt] = outsideDoubts(BUCKET, [{ ...NAMING, key: 'flink/savepoint-1/_metadata' }], never);

    expect(doubt?.sentence).toContain(
      'In "area" of steward.json, replace s3://b/flink/checkpoints with s3://b/flink. If nobody',
    );
  });

  it('that can not be read are doubts, with what to do about it', () => {
    const archived = { ...BROKEN, failure: { fault: 'archived', sentence: 'GLACIER' } } as const;

    const sentences = outsideDoubts(BUCKET, [BROKEN, archived], never).map(({ sentence }) => sentence);

    expect(sentences).toEqual([
      expect.stringContaining(
        "can't be read: it ends early. It may reference files in the area, so nothing in this area is deleted. Add s3://b/flink/savepoints",
      ),
      expect.stringContaining('If it is in an archive class, restore it. If nobody will ever restore it'),
    ]);
  });

  it('are none if they are whole and reference nothing here, or are declared dead by their ETag', () => {
    const whole = { ...BROKEN, failure: null };

    expect(outsideDoubts(BUCKET, [whole], never)).toEqual([]);
    expect(outsideDoubts(BUCKET, [NAMING, BROKEN], (url, etag) => url.endsWith('_metadata') && etag === 'e1')).toEqual(
      [],
    );
  });

  it('around a directory count only where they reference its files', () => {
    const around = { ...BUCKET, namingOnly: true };

    expect(outsideDoubts(around, [BROKEN, NAMING], never)).toMatchObject([{ code: 'outside-root' }]);
  });
});

describe('What is said of the rest of a bucket', () => {
  const unseen = { kind: 'bucket', name: 's3://b', completed: null, pass: null } as const;

  it('is how far the first pass is', () => {
    const pass = { began: '2027-03-01T00:00:00.000Z', listed: 3_000, cursor: 'data/x' };

    expect(notThrough(unseen)).toContain('So far nothing has been listed; each survey lists more.');
    expect(notThrough({ ...unseen, pass: { ...pass, cursor: null } })).toContain('So far nothing has been listed');
    expect(notThrough({ ...unseen, pass })).toContain(
      'So far 3,000 objects have been listed, since 2027-03-01 00:00:00 UTC, up to data/x; each survey lists more.',
    );
  });

  it('is what to grant where it may not be listed, of a bucket', () => {
    const denied = cannotList(unseen, 'It is denied.', true);

    expect(denied).toContain('"Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}');
    expect(denied).toContain('"Resource":["arn:aws:s3:::b/_metadata","arn:aws:s3:::b/*/_metadata"]}');
    expect(cannotList(unseen, 'It is slow.', false)).not.toContain('Grant');
    expect(cannotList({ ...unseen, kind: 'directory', name: '/d' }, 'It is denied.', true)).toMatch(
      /^What is in \/d outside the area can't be listed: It is denied\. (?!.*Grant)/,
    );
  });

  it('is when it was last seen', () => {
    expect(lastSeen(unseen)).toContain('has not been listed completely yet');
    expect(lastSeen({ ...unseen, completed: '2027-03-01T00:00:00.000Z' })).toBe(
      'The rest of s3://b, outside the area, was last listed on 2027-03-01 00:00:00 UTC.',
    );
  });

  it('is until when an area goes on that was collected before', () => {
    expect(goesOn('Why not.', '2027-03-15T00:00:00.000Z')).toBe(
      'Why not. Because an earlier version deleted in this area, runs continue without this check until 2027-03-15 00:00:00 UTC.',
    );
  });
});
