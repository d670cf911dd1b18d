import { isRecord, type LifecycleJson } from '#core/lifecycle/document.ts';
import type { ConfiguredBucket } from '#core/lint/configured-bucket.ts';
import type { ParsedFile } from './parsed-file.ts';

/**
 * What `aws s3api get-bucket-lifecycle-configuration` prints, what `--lifecycle-configuration` takes, or the input of
 * `put-bucket-lifecycle-configuration`, which alone names the bucket.
 */
export function bucketOfDocument(
  value: Readonly<Record<string, unknown>>,
  { lineOf }: Pick<ParsedFile, 'lineOf'>,
  source: string,
): ConfiguredBucket {
  const isInput = isRecord(value.LifecycleConfiguration);
  const document = isRecord(value.LifecycleConfiguration) ? value.LifecycleConfiguration : value;
  const minimum = value.TransitionDefaultMinimumObjectSize;
  const rules = Array.isArray(document.Rules) ? document.Rules : [];
  return {
    resource: '',
    form: 's3',
    name: typeof value.Bucket === 'string' ? value.Bucket : null,
    reference: null,
    called: typeof value.Bucket === 'string' ? [value.Bucket] : [source],
    around: [],
    document: {
      ...(isInput ? {} : document),
      Rules: rules,
      ...(typeof minimum === 'string' ? { TransitionDefaultMinimumObjectSize: minimum } : {}),
    } as LifecycleJson,
    hidden: null,
    isForeign: false,
    versioned: false,
    lines: rules.map((_, at) => lineOf([...(isInput ? ['LifecycleConfiguration'] : []), 'Rules', at])),
    conditions: rules.map(() => null),
  };
}
