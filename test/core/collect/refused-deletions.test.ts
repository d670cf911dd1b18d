import { describe, expect, it } from 'vitest';
import { sayRefused } from '#core/collect/refused-deletions.ts';

const BUCKET = [{ name: 's3://b/flink', store: 's3://b', prefix: 'flink/' }];
const LONGER = [{ name: 's3://state-eu', store: 's3://state-eu', prefix: '' }];
const FOLDER = [{ name: './copy', store: 'file://', prefix: 'data/copy/' }];

describe('What the store refused to delete', () => {
  it.each([
    [
      1,
      'Access Denied',
      BUCKET,
      '1 object was not deleted, because the store refused: Access Denied. Grant it, unless the policy of the bucket denies it: {"Effect":"Allow","Action":"s3:DeleteObject","Resource":["arn:aws:s3:::b/flink/*"]}',
    ],
    [
      2,
      'AccessDenied (Access Denied because object protected by object lock.)',
      BUCKET,
      '2 objects were not deleted, because the store refused: AccessDenied (Access Denied because object protected by object lock.). Locked objects stay until their lock ends; then a run deletes them.',
    ],
    [
      3,
      'AccessDenied',
      LONGER,
      '3 objects were not deleted, because the store refused: AccessDenied. Grant it, unless the policy of the bucket denies it: {"Effect":"Allow","Action":"s3:DeleteObject","Resource":["arn:aws:s3:::state-eu/*"]}',
    ],
    [
      2,
      'SlowDown.',
      BUCKET,
      '2 objects were not deleted, because the store refused: SlowDown. The next run tries again.',
    ],
    [
      2,
      'access denied',
      FOLDER,
      '2 objects were not deleted, because the store refused: access denied. The next run tries again.',
    ],
  ])('is said with what to do: %i, %s', (refused, why, locations, sentence) => {
    expect(sayRefused(refused, why, locations)).toBe(sentence);
  });
});
