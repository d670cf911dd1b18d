import { DEFAULT_TIDYING, type TidyingPolicy } from '#core/lifecycle/managed-rules.ts';
import type { StewardConfig } from './steward-config.ts';

const DAY = 86_400_000;

/** What the configuration says of a bucket's own rules, in whole days, as S3 counts them. */
export function tidyingPolicy({ lifecycle }: Pick<StewardConfig, 'lifecycle'>): TidyingPolicy {
  const { abortIncompleteUploadsAfter: uploads, noncurrentVersionsFor: versions } = lifecycle;
  return {
    abortUploadsAfter: uploads === undefined ? DEFAULT_TIDYING.abortUploadsAfter : uploads / DAY,
    keepNoncurrentFor: versions === undefined ? DEFAULT_TIDYING.keepNoncurrentFor : versions / DAY,
  };
}
