import { isRecord, type LifecycleJson, type RuleJson, withFilter } from './document.ts';
import { Expression } from './expression.ts';
import { commentLines, type HclEntry, hclText, hclValue, printEntries } from './hcl.ts';

/**
 * A lifecycle configuration as Terraform has it: `aws_s3_bucket_lifecycle_configuration` of the provider
 * `hashicorp/aws`, from version 4 on (`transition_default_minimum_object_size` from 5.70).
 */

/**
 * @param bucket its name, or the expression that gives it.
 * @param comments sentences about what was changed, which come before the resource.
 * @param name of the resource. @default made of that of the bucket
 */
export function terraformOf(
  bucket: string | Expression,
  document: LifecycleJson,
  comments: readonly string[],
  name = resourceName(String(bucket)),
): string {
  const minimum = document.TransitionDefaultMinimumObjectSize;
  const entries: HclEntry[] = [
    { name: 'bucket', value: hclValue(bucket) },
    ...(minimum === undefined ? [] : [{ name: 'transition_default_minimum_object_size', value: hclText(minimum) }]),
    ...document.Rules.map((rule, at) => ({ block: 'rule', entries: ruleEntries(withFilter(rule), at + 1) })),
  ];
  const head = comments.flatMap((comment) => commentLines(comment, ''));
  const body = printEntries(entries, '  ');
  return [...head, `resource "aws_s3_bucket_lifecycle_configuration" ${hclText(name)} {`, ...body, '}', ''].join('\n');
}

function ruleEntries(rule: RuleJson, position: number): readonly HclEntry[] {
  const { ID, Status, Filter, ...actions } = rule;
  return [
    { name: 'id', value: hclValue(ID ?? `rule-${position}`) },
    { name: 'status', value: hclValue(Status) },
    { block: 'filter', entries: filterEntries(Filter) },
    ...Object.entries(actions).flatMap(([key, value]) => actionEntries(key, value)),
  ];
}

function filterEntries(filter: unknown): readonly HclEntry[] {
  if (!isRecord(filter)) return [];
  return Object.entries(filter).flatMap(([key, value]): readonly HclEntry[] => {
    if (key === 'And' && isRecord(value)) return [{ block: 'and', entries: filterEntries(value) }];
    if (key === 'Tag' && isRecord(value)) {
      return [
        {
          block: 'tag',
          entries: [
            { name: 'key', value: hclValue(value.Key) },
            { name: 'value', value: hclValue(value.Value) },
          ],
        },
      ];
    }
    if (key === 'Tags' && Array.isArray(value)) return [{ name: 'tags', value: tagMap(value) }];
    const name = FILTER_NAMES.get(key);
    // An empty prefix means the whole bucket, as an empty filter does.
    if (key === 'Prefix' && value === '') return [];
    return [name === undefined ? inexpressible(key) : { name, value: hclValue(value) }];
  });
}

function actionEntries(key: string, value: unknown): readonly HclEntry[] {
  const action = ACTIONS.get(key);
  if (action === undefined) return [inexpressible(key)];
  return (Array.isArray(value) ? value : [value]).filter(isRecord).map((one) => ({
    block: action,
    entries: Object.entries(one).map(([inner, held]): HclEntry => {
      const name = ACTION_NAMES.get(inner);
      return name === undefined
        ? inexpressible(`${key}.${inner}`)
        : { name, value: hclValue(inner === 'Date' ? atMidnight(held) : held) };
    }),
  }));
}

const FILTER_NAMES: ReadonlyMap<string, string> = new Map([
  ['Prefix', 'prefix'],
  ['ObjectSizeGreaterThan', 'object_size_greater_than'],
  ['ObjectSizeLessThan', 'object_size_less_than'],
]);

const ACTIONS: ReadonlyMap<string, string> = new Map([
  ['Expiration', 'expiration'],
  ['Transitions', 'transition'],
  ['Transition', 'transition'],
  ['NoncurrentVersionExpiration', 'noncurrent_version_expiration'],
  ['NoncurrentVersionTransitions', 'noncurrent_version_transition'],
  ['NoncurrentVersionTransition', 'noncurrent_version_transition'],
  ['AbortIncompleteMultipartUpload', 'abort_incomplete_multipart_upload'],
]);

const ACTION_NAMES: ReadonlyMap<string, string> = new Map([
  ['Days', 'days'],
  ['Date', 'date'],
  ['ExpiredObjectDeleteMarker', 'expired_object_delete_marker'],
  ['StorageClass', 'storage_class'],
  ['NoncurrentDays', 'noncurrent_days'],
  ['NewerNoncurrentVersions', 'newer_noncurrent_versions'],
  ['DaysAfterInitiation', 'days_after_initiation'],
]);

function inexpressible(key: string): HclEntry {
  return { comment: `${JSON.stringify(key)} of the rule is unknown here: see the provider's documentation.` };
}

/** The provider takes RFC 3339 with a Z only, and S3 midnights only. */
function atMidnight(date: unknown): unknown {
  if (date instanceof Expression) return date;
  const time = Date.parse(String(date));
  return Number.isNaN(time) ? date : `${new Date(time).toISOString().slice(0, 10)}T00:00:00Z`;
}

function tagMap(tags: readonly unknown[]): string {
  const pairs = tags.filter(isRecord).map(({ Key, Value }) => `${hclValue(Key)} = ${hclValue(Value)}`);
  return `{ ${pairs.join(', ')} }`;
}

/** Letters, digits and underscores, not a digit first. */
function resourceName(bucket: string): string {
  const name = bucket.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z_]/.test(name) ? name : `bucket_${name}`;
}
