import { isRecord, type LifecycleJson } from '#core/lifecycle/document.ts';
import { Expression } from '#core/lifecycle/expression.ts';
import type { ConfiguredBucket, LintableBucket, SettledRules } from '#core/lint/configured-bucket.ts';
import { lifecycleDocumentOf } from '../lifecycle-document.ts';

/** Which value an expression is taken for that only applying the file tells: the most harmful one, or the least. */
type Bias = 'worst' | 'best';

/** No key begins so: S3 and Flink write UTF-8 without it. */
const NO_PREFIX = '\u0000';
const LONG_PAST = '2000-01-01';

/** By the name of the key in S3's API. An age is harmful whatever it is, within ten years. */
const STAND_INS: Readonly<Record<string, Readonly<Record<Bias, unknown>>>> = {
  Status: { worst: 'Enabled', best: 'Disabled' },
  Prefix: { worst: '', best: NO_PREFIX },
  StorageClass: { worst: 'GLACIER', best: 'STANDARD_IA' },
  Days: { worst: 1, best: 1 },
  NoncurrentDays: { worst: 1, best: 1 },
  DaysAfterInitiation: { worst: 1, best: 1 },
  Date: { worst: LONG_PAST, best: LONG_PAST },
  ExpiredObjectDeleteMarker: { worst: true, best: true },
  NewerNoncurrentVersions: { worst: 0, best: 0 },
};
/** A condition of unknown size is none, and what touches no current object does no harm whatever it is. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['ObjectSizeGreaterThan', 'ObjectSizeLessThan', 'NoncurrentVersionExpiration', 'AbortIncompleteMultipartUpload'],
]);

/** The bucket with its rules read, as far as the file tells them. @throws ConfigError naming rule and key */
export function lintable(bucket: ConfiguredBucket, source: string): LintableBucket {
  const where = bucket.resource === '' ? source : `${source}, ${bucket.resource}`;
  const worst = settled(bucket.document, 'worst', where);
  return {
    ...bucket,
    hidden: bucket.hidden ?? strangeParts(worst),
    worst,
    best: settled(bucket.document, 'best', where),
  };
}

/** boto3 puts ResponseMetadata beside the rules. A strange minimum size is taken as the one that spares nothing. */
function strangeParts({ notUnderstood }: SettledRules): string | null {
  const strange = notUnderstood.filter(
    (path) => !/^(?:ResponseMetadata$|TransitionDefaultMinimumObjectSize)/.test(path),
  );
  return strange.length === 0 ? null : `Parts of the configuration were not understood: ${strange.join(', ')}.`;
}

function settled(document: LifecycleJson, bias: Bias, source: string): SettledRules {
  const advice = 'Look it up in the S3 API reference.';
  return lifecycleDocumentOf(settle(document, '', bias), source, advice);
}

function settle(value: unknown, key: string, bias: Bias): unknown {
  if (value instanceof Expression) {
    if (value.value !== undefined) return numberIn(value.value, key);
    return standIn(key, value.text, bias);
  }
  if (Array.isArray(value)) return value.map((one) => settle(one, key, bias));
  if (!isRecord(value)) return numberIn(value, key);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([inner, held]) => !(LEFT_OUT.has(inner) && held instanceof Expression && held.value === undefined))
      .map(([inner, held]) => [inner, settle(held, inner, bias)]),
  );
}

/** Terraform and CloudFormation write numbers as texts too. */
function numberIn(value: unknown, key: string): unknown {
  const isNumber = /^(?:Days|NoncurrentDays|DaysAfterInitiation|NewerNoncurrentVersions|ObjectSize.*)$/.test(key);
  return isNumber && typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}

/** Of a prefix the part before its first expression holds in any case: `flink/${Environment}/`. */
function standIn(key: string, text: string, bias: Bias): unknown {
  const found = STAND_INS[key];
  if (found === undefined) return text;
  const known = key === 'Prefix' && text.includes('${') ? text.slice(0, text.indexOf('${')) : '';
  return known === '' ? found[bias] : `${known}${found[bias]}`;
}
