import { describe, expect, it } from 'vitest';
import { tidyingPolicy } from '#config/lifecycle-policy.ts';
import { parseConfig } from '#config/steward-config.ts';

describe('tidyingPolicy', () => {
  it.each([
    [{}, { abortUploadsAfter: 7, keepNoncurrentFor: 3 }],
    [
      { abortIncompleteUploadsAfter: '2w', noncurrentVersionsFor: '1d' },
      { abortUploadsAfter: 14, keepNoncurrentFor: 1 },
    ],
  ])('counts in days: %j', (lifecycle, expected) => {
    expect(tidyingPolicy(parseConfig(JSON.stringify({ lifecycle }), 'f'))).toEqual(expected);
  });
});
