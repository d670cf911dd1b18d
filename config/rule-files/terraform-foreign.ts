import { isRecord } from '#core/lifecycle/document.ts';
import { Expression } from '#core/lifecycle/expression.ts';
import type { ConfiguredBucket } from '#core/lint/configured-bucket.ts';
import type { PlannedResource } from './terraform-values.ts';

/**
 * Buckets of other providers and stores than `aws_s3_bucket`, such as `awscc_s3_bucket` and `google_storage_bucket`. Their
 * rules have other forms and other meanings, so that they are not judged, which has to be told.
 */
export function foreignBuckets(resources: readonly PlannedResource[]): readonly ConfiguredBucket[] {
  return resources.filter(hasForeignRules).map((resource) => {
    const { type, address, name, values } = resource;
    const called = [values.bucket_name, values.bucket, values.name].find((value) => typeof value === 'string');
    return {
      resource: address,
      form: 'terraform',
      name: called ?? new Expression(`${address}.id`),
      reference: null,
      called: [...(called === undefined ? [] : [called]), name],
      around: [address],
      document: { Rules: [] },
      hidden: `Its rules were not judged: they are of ${type}, and only those of aws_s3_bucket and aws_s3_bucket_lifecycle_configuration are read.`,
      isForeign: true,
      versioned: false,
      lines: [],
      conditions: [],
    };
  });
}

const OWN = /^aws_s3_bucket(?:_|$)/;
/** Resources that are rules, and others that are buckets and contain some. */
const OF_RULES = /bucket.*lifecycle|lifecycle.*bucket|ilm_policy|storage_management_policy/;
const OF_BUCKETS = /bucket/;

function hasForeignRules({ type, values, expressions }: PlannedResource): boolean {
  if (OWN.test(type)) return false;
  const rules = OF_RULES.test(type) ? /^(?:rules?|lifecycle.*)$/ : OF_BUCKETS.test(type) ? /^lifecycle/ : null;
  return Object.entries(values).some(
    ([key, value]) =>
      rules?.test(key) === true &&
      // What a provider fills in by itself is unknown too, and then the configuration does not have it.
      (value instanceof Expression ? expressions?.[key] !== undefined : isFilled(value)),
  );
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isRecord(value) && Object.keys(value).length > 0;
}
