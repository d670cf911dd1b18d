import type { MonthlyCosts } from '#core/cost/monthly-costs.ts';
import { count as countOf } from '#core/quantity.ts';
import type { BucketRulesReport } from '#operations/bucket-rules/check-rules.ts';
import type { Survey } from '#operations/look/survey.ts';

/** What the buckets of an area bill for and no listing of objects shows. */

/** Amounts are in units of the currency. */
export interface UnlistedCost {
  /** Noncurrent versions; null where no bucket is known to keep any. */
  readonly versions: UnlistedAmount | null;
  /** Incomplete multipart uploads; null where they were not looked at. */
  readonly uploads: UnlistedAmount | null;
  /** What was not looked at, so that the sum is too small; sentences. */
  readonly notLookedAt: readonly string[];
  /** What deleting frees in a bucket that keeps versions, and when; sentences. */
  readonly afterDeletion: readonly string[];
}

/** Versions or uploads of all buckets of the area. */
export interface UnlistedAmount {
  readonly count: number;
  readonly bytes: number;
  readonly perMonth: number;
  /** Whether not all were counted: the numbers are then lower bounds. */
  readonly atLeast: boolean;
}

/** @param buckets what they said of themselves; none of those that were not asked. */
export function unlistedCost(
  { area: { locations } }: Pick<Survey, 'area'>,
  monthly: MonthlyCosts,
  buckets: readonly BucketRulesReport[],
): UnlistedCost {
  let versions: UnlistedAmount | null = null;
  let uploads: UnlistedAmount | null = null;
  const stores = [...new Set(locations.map(({ store }) => store))].filter((store) => store.startsWith('s3://'));
  const asked = new Set(buckets.map(({ bucket }) => bucket));
  const notLookedAt = stores.filter((store) => !asked.has(store)).map(notAsked);
  for (const bucket of buckets) {
    const at = Math.max(
      0,
      locations.findIndex(({ store }) => store === bucket.bucket),
    );
    versions = plus(versions, versionsOf(bucket, monthly, at));
    uploads = plus(uploads, uploadsOf(bucket, monthly, at));
    notLookedAt.push(...unknownOf(bucket));
  }
  return { versions, uploads, notLookedAt, afterDeletion: buckets.flatMap(afterDeletion) };
}

function versionsOf({ versions }: BucketRulesReport, monthly: MonthlyCosts, at: number): UnlistedAmount | null {
  if (versions === null) return null;
  const { noncurrent, noncurrentBytes, classes = [], atLeast } = versions;
  const others = classes.reduce((sum, { bytes }) => sum + bytes, 0);
  const perMonth = classes.reduce(
    (sum, { storageClass, ...amount }) => sum + (monthly.ofClass(at, storageClass, amount) ?? 0),
    monthly.ofBytes(at, noncurrentBytes - others) ?? 0,
  );
  return { count: noncurrent, bytes: noncurrentBytes, perMonth, atLeast };
}

/** Whatever class they are meant for: what has arrived is billed as S3 Standard for most of them. */
function uploadsOf({ uploads }: BucketRulesReport, monthly: MonthlyCosts, at: number): UnlistedAmount | null {
  if (uploads === null) return null;
  const { count, bytes, atLeast } = uploads;
  return { count, bytes, perMonth: monthly.ofBytes(at, bytes) ?? 0, atLeast };
}

function plus(a: UnlistedAmount | null, b: UnlistedAmount | null): UnlistedAmount | null {
  if (a === null || b === null) return a ?? b;
  return {
    count: a.count + b.count,
    bytes: a.bytes + b.bytes,
    perMonth: a.perMonth + b.perMonth,
    atLeast: a.atLeast || b.atLeast,
  };
}

function notAsked(store: string): string {
  return `Noncurrent versions and incomplete uploads of ${store} are not in this sum. They are counted only if the bucket itself is audited, with its own rules.`;
}

function unknownOf({ bucket, versioning, versions, uploads }: BucketRulesReport): readonly string[] {
  const what = [
    ...(versioning === null || (versioning !== 'never' && versions === null) ? ['noncurrent versions'] : []),
    ...(uploads === null ? ['incomplete uploads'] : []),
  ].join(' and ');
  return what === '' ? [] : [`The ${what} of ${bucket} are not known, so this sum does not contain them.`];
}

function afterDeletion({ bucket, versioning, judgement, versionsExpireAfter }: BucketRulesReport): readonly string[] {
  if (versioning !== 'Enabled') return [];
  const until =
    versionsExpireAfter !== null
      ? ` until its lifecycle rule expires them, ${countOf(versionsExpireAfter, 'day')} later`
      : judgement === null
        ? ' until a lifecycle rule expires them; the rules could not be read'
        : ', and no lifecycle rule expires them: see lifecycle.noncurrentVersionsFor in steward.json';
  return [`${bucket} keeps versions. Deleted objects are billed as noncurrent versions${until}.`];
}
