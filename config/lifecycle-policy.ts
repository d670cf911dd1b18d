import { DEFAULT_LIFECYCLE_POLICY, type LifecyclePolicy } from '#core/lifecycle/managed-rules.ts';
import type { StewardConfig } from './steward-config.ts';

const DAY = 86_400_000;

/** The times that the configuration sets for a bucket's own rules, in whole days, as S3 counts them. */
export function lifecyclePolicy({ lifecycle }: Pick<StewardConfig, 'lifecycle'>): LifecyclePolicy {
  const { abortIncompleteUploadsAfter: uploads, noncurrentVersionsFor: versions } = lifecycle;
  return {
    abortUploadsAfter: uploads === undefined ? DEFAULT_LIFECYCLE_POLICY.abortUploadsAfter : uploads / DAY,
    keepNoncurrentFor: versions === undefined ? DEFAULT_LIFECYCLE_POLICY.keepNoncurrentFor : versions / DAY,
  };
}
