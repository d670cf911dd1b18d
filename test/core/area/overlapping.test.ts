import { describe, expect, it } from 'vitest';
import type { AreaLocation } from '#core/area/area.ts';
import { bucketLocation, overlapProblem } from '#core/area/overlapping.ts';
import { parseFlinkPath } from '#core/flink/state-path.ts';

function bucket(url: string): AreaLocation {
  const path = parseFlinkPath(url);
  if (path === null) throw new TypeError(`${url} is no URL.`);
  return bucketLocation(url, path);
}

function mount(name: string, url: string): AreaLocation {
  return { ...bucket(url), name, hidden: bucket(url).prefix.length };
}

describe('bucketLocation', () => {
  it.each([
    ['s3://b', 's3://b', ''],
    ['s3://b/', 's3://b', ''],
    ['s3a://b//flink/./x/', 's3://b', 'flink/x/'],
  ])('reads %s as references do', (url, store, prefix) => {
    expect(bucket(url)).toEqual({ name: url, store, prefix, hidden: 0 });
  });
});

describe('overlapProblem', () => {
  it.each([[['s3://b/a', 's3://b/ab', 's3://c/a']], [['s3://b/a', 's3://b/c/a']]])(
    'finds nothing wrong with %j',
    (urls) => {
      expect(overlapProblem(urls.map(bucket))).toBeNull();
    },
  );

  it.each([
    [['s3://b/a', 's3://b/a/b']],
    [['s3://b/a/b', 's3://b/a']],
    [['s3://c', 's3a://b/a', 's3://b/a/b/']],
    [['s3://b', 's3://b/a/b']],
  ])('refuses that one bucket of %j is within another one', (urls) => {
    // Act
    const found = overlapProblem(urls.map(bucket));

    // Assess
    expect(found).toEqual({
      problem: expect.stringMatching(
        /^s3:\/\/b\/a\/b\/? is inside s3a?:\/\/b(?:\/a)?, so its objects would be judged twice\.$/,
      ),
      advice: 'Give only the outer location.',
    });
  });

  it('refuses the same location twice', () => {
    expect(overlapProblem(['s3://b/a', 's3://b/a/'].map(bucket))).toEqual({
      problem: 's3://b/a and s3://b/a/ are the same location.',
      advice: 'Give it only once.',
    });
  });

  it('tells of "as" where a directory stands for a part of a bucket', () => {
    expect(overlapProblem([bucket('s3://b'), mount('copy', 's3://b/a')])).toEqual({
      problem:
        'The URL of copy (as s3://b/a/) is inside the URL of s3://b (as s3://b/), so a reference could mean a file in either of them.',
      advice: 'Give them different URLs with "as", or give only the outer location.',
    });
  });
});
