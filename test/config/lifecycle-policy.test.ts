import { describe, expect, it } from 'vitest';
import { lifecyclePolicy } from '#config/lifecycle-policy.ts';
import { parseConfig } from '#config/steward-config.ts';

describe('lifecyclePolicy', () => {
  it.each([
    [{}, { abortUploadsAfter: 7, keepNoncurrentFor: 3 }],
    [
      { abortIncompleteUploadsAfter: '2w', noncurrentVersionsFor: '1d' },
      { abortUploadsAfter: 14, keepNoncurrentFor: 1 },
    ],
  ])('counts in days: %j', (lifecycle, expected) => {
    expect(lifecyclePolicy(parseConfig(JSON.stringify({ lifecycle }), 'f'))).toEqual(expected);
  });
});
