import { isRecord, type LifecycleJson, type RuleJson, withFilter } from './document.ts';

/**
 * A lifecycle configuration as Terraform has it: `aws_s3_bucket_lifecycle_configuration` of the provider
 * `hashicorp/aws`, from version 4 on (`transition_default_minimum_object_size` from 5.70).
 */

const LONGEST_COMMENT = 100;

/** One `name = value` of a block, or a block inside it. */
type Entry =
  | { readonly name: string; readonly value: string }
  | { readonly block: string; readonly entries: readonly Entry[] }
  | { readonly comment: string };

/**
 * @param comments sentences about what was changed, which come before the resource.
 */
export function terraformOf(bucket: string, document: LifecycleJson, comments: readonly string[]): string {
  const minimum = document.TransitionDefaultMinimumObjectSize;
  const entries: Entry[] = [
    { name: 'bucket', value: hclText(bucket) },
    ...(minimum === undefined ? [] : [{ name: 'transition_default_minimum_object_size', value: hclText(minimum) }]),
    ...document.Rules.map((rule, at) => ({ block: 'rule', entries: ruleEntries(withFilter(rule), at + 1) })),
  ];
  const head = comments.flatMap((comment) => commentLines(comment, ''));
  const body = printEntries(entries, '  ');
  return [
    ...head,
    `resource "aws_s3_bucket_lifecycle_configuration" ${hclText(resourceName(bucket))} {`,
    ...body,
    '}',
    '',
  ].join('\n');
}

function ruleEntries(rule: RuleJson, position: number): readonly Entry[] {
  const { ID, Status, Filter, ...actions } = rule;
  return [
    { name: 'id', value: hclText(typeof ID === 'string' ? ID : `rule-${position}`) },
    { name: 'status', value: hclText(String(Status)) },
    { block: 'filter', entries: filterEntries(Filter) },
    ...Object.entries(actions).flatMap(([key, value]) => actionEntries(key, value)),
  ];
}

function filterEntries(filter: unknown): readonly Entry[] {
  if (!isRecord(filter)) return [];
  return Object.entries(filter).flatMap(([key, value]): readonly Entry[] => {
    if (key === 'And' && isRecord(value)) return [{ block: 'and', entries: filterEntries(value) }];
    if (key === 'Tag' && isRecord(value)) {
      return [
        {
          block: 'tag',
          entries: [
            { name: 'key', value: scalar(value.Key) },
            { name: 'value', value: scalar(value.Value) },
          ],
        },
      ];
    }
    if (key === 'Tags' && Array.isArray(value)) return [{ name: 'tags', value: tagMap(value) }];
    const name = FILTER_NAMES.get(key);
    // An empty prefix means the whole bucket, as an empty filter does.
    if (key === 'Prefix' && value === '') return [];
    return [name === undefined ? inexpressible(key) : { name, value: scalar(value) }];
  });
}

function actionEntries(key: string, value: unknown): readonly Entry[] {
  const action = ACTIONS.get(key);
  if (action === undefined) return [inexpressible(key)];
  return (Array.isArray(value) ? value : [value]).filter(isRecord).map((one) => ({
    block: action,
    entries: Object.entries(one).map(([inner, held]): Entry => {
      const name = ACTION_NAMES.get(inner);
      return name === undefined
        ? inexpressible(`${key}.${inner}`)
        : { name, value: scalar(inner === 'Date' ? atMidnight(held) : held) };
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

function inexpressible(key: string): Entry {
  return { comment: `${JSON.stringify(key)} of the rule is unknown here: see the provider's documentation.` };
}

/** The provider takes RFC 3339 with a Z only, and S3 midnights only. */
function atMidnight(date: unknown): unknown {
  const time = Date.parse(String(date));
  return Number.isNaN(time) ? date : `${new Date(time).toISOString().slice(0, 10)}T00:00:00Z`;
}

function tagMap(tags: readonly unknown[]): string {
  const pairs = tags.filter(isRecord).map(({ Key, Value }) => `${scalar(Key)} = ${scalar(Value)}`);
  return `{ ${pairs.join(', ')} }`;
}

function scalar(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : hclText(String(value));
}

/**
 * A quoted template of HCL (specification, "Template Expressions"): `${` and `%{` would begin an interpolation, and
 * line breaks may not stand in it.
 */
function hclText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not come into the file
  const escaped = text.replace(/["\\\u0000-\u001f\u007f\u0085\u2028\u2029]|[$%](?=\{)/g, (found) => {
    if (found === '$' || found === '%') return found + found;
    return ESCAPES.get(found) ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** Letters, digits and underscores, not a digit first. */
function resourceName(bucket: string): string {
  const name = bucket.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z_]/.test(name) ? name : `bucket_${name}`;
}

/** As `terraform fmt` has it: the equals signs of neighbours in one column, a line between blocks. */
function printEntries(entries: readonly Entry[], indent: string): string[] {
  const lines: string[] = [];
  const width = Math.max(0, ...entries.map((entry) => ('name' in entry ? entry.name.length : 0)));
  for (const entry of entries) {
    if ('name' in entry) {
      lines.push(`${indent}${entry.name.padEnd(width)} = ${entry.value}`);
    } else if ('comment' in entry) {
      lines.push(...commentLines(entry.comment, indent));
    } else {
      if (lines.length > 0) lines.push('');
      const inner = printEntries(entry.entries, `${indent}  `);
      lines.push(
        ...(inner.length === 0
          ? [`${indent}${entry.block} {}`]
          : [`${indent}${entry.block} {`, ...inner, `${indent}}`]),
      );
    }
  }
  return lines;
}

function commentLines(comment: string, indent: string): string[] {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of comment.split(/\s+/)) {
    if (line.length > indent.length + 1 && line.length + 1 + word.length > LONGEST_COMMENT) {
      lines.push(line);
      line = `${indent}#  `;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
