import type { RuleJson } from '#core/lifecycle/document.ts';
import { Expression } from '#core/lifecycle/expression.ts';
import { recordIn } from './terraform-values.ts';

/** Lifecycle rules of the provider `hashicorp/aws`, in the words of S3's API. */

type Json = Readonly<Record<string, unknown>>;

/** A block `rule` of `aws_s3_bucket_lifecycle_configuration`. */
export function ruleOfBlock(block: Json): RuleJson {
  const { noncurrent_version_expiration: expiry, noncurrent_version_transition: moves } = block;
  return {
    ...present({ ID: block.id }),
    Status: block.status,
    ...filterOf(block),
    ...oneBlock('Expiration', block.expiration, EXPIRATION),
    ...severalBlocks('Transitions', block.transition, TRANSITION),
    ...oneBlock('NoncurrentVersionExpiration', expiry, NONCURRENT),
    ...severalBlocks('NoncurrentVersionTransitions', moves, NONCURRENT),
    ...oneBlock('AbortIncompleteMultipartUpload', block.abort_incomplete_multipart_upload, ABORT),
  };
}

/** A block `lifecycle_rule` of `aws_s3_bucket` itself. */
export function ruleOfInlineBlock(block: Json): RuleJson {
  const { enabled, prefix, tags, noncurrent_version_expiration: expiry } = block;
  const uploads = block.abort_incomplete_multipart_upload_days;
  return {
    ...present({ ID: block.id }),
    Status: enabled instanceof Expression ? enabled : enabled === false ? 'Disabled' : 'Enabled',
    Filter: combined({ ...present({ Prefix: prefix }), ...tagsOf(tags) }),
    ...oneBlock('Expiration', block.expiration, EXPIRATION),
    ...severalBlocks('Transitions', block.transition, TRANSITION),
    ...oneBlock('NoncurrentVersionExpiration', expiry, INLINE_NONCURRENT),
    ...severalBlocks('NoncurrentVersionTransitions', block.noncurrent_version_transition, INLINE_NONCURRENT),
    ...(isAbsent(uploads) || uploads === 0 ? {} : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: uploads } }),
  };
}

function filterOf({ prefix, filter }: Json): RuleJson {
  const block = firstBlock(filter);
  if (block === null) return isAbsent(prefix) ? { Filter: { Prefix: '' } } : { Prefix: prefix };
  if (block instanceof Expression) return { Filter: { Prefix: block } };
  const and = firstBlock(block.and);
  // Of what is in it nothing is known, so that it may be a prefix.
  if (and instanceof Expression) return { Filter: { Prefix: and } };
  const tag = tagIn(block.tag);
  const single = tag === null ? {} : { Tags: [{ Key: tag.key, Value: tag.value ?? '' }] };
  return { Filter: combined({ ...conditionsOf(block), ...single, ...(and === null ? {} : conditionsOf(and)) }) };
}

function tagIn(value: unknown): Json | null {
  const tag = firstBlock(value);
  return tag instanceof Expression ? { key: 'a tag', value: tag } : tag;
}

function conditionsOf({ prefix, tags, object_size_greater_than: above, object_size_less_than: below }: Json): RuleJson {
  return {
    ...present({ Prefix: prefix }),
    // Zero stands for no limit.
    ...(above === 0 || above === '0' ? {} : present({ ObjectSizeGreaterThan: above })),
    ...(below === 0 || below === '0' ? {} : present({ ObjectSizeLessThan: below })),
    ...tagsOf(tags),
  };
}

function tagsOf(tags: unknown): RuleJson {
  const pairs = tags instanceof Expression ? [['a tag', tags] as const] : Object.entries(recordIn(tags));
  return pairs.length === 0 ? {} : { Tags: pairs.map(([Key, Value]) => ({ Key, Value })) };
}

/** S3 takes several conditions inside `And` only. */
function combined(conditions: RuleJson): RuleJson {
  const { Tags: tags, ...others } = conditions;
  const list = Array.isArray(tags) ? tags : [];
  if (Object.keys(others).length + list.length > 1) return { And: conditions };
  return list.length === 1 ? { Tag: list[0] } : others;
}

const EXPIRATION: Readonly<Record<string, string>> = {
  days: 'Days',
  date: 'Date',
  expired_object_delete_marker: 'ExpiredObjectDeleteMarker',
};
const TRANSITION: Readonly<Record<string, string>> = { days: 'Days', date: 'Date', storage_class: 'StorageClass' };
const NONCURRENT: Readonly<Record<string, string>> = {
  noncurrent_days: 'NoncurrentDays',
  newer_noncurrent_versions: 'NewerNoncurrentVersions',
  storage_class: 'StorageClass',
};
const INLINE_NONCURRENT: Readonly<Record<string, string>> = { days: 'NoncurrentDays', storage_class: 'StorageClass' };
const ABORT: Readonly<Record<string, string>> = { days_after_initiation: 'DaysAfterInitiation' };

function oneBlock(key: string, value: unknown, names: Readonly<Record<string, string>>): RuleJson {
  const found = firstBlock(value);
  const block = found instanceof Expression ? { [Object.keys(names)[0] ?? '']: found } : found;
  const action = block === null ? {} : actionOf(block, names);
  return Object.keys(action).length === 0 ? {} : { [key]: action };
}

function severalBlocks(key: string, value: unknown, names: Readonly<Record<string, string>>): RuleJson {
  const list: readonly unknown[] = Array.isArray(value) ? value : value instanceof Expression ? [value] : [];
  const [when = ''] = Object.values(names);
  const blocks = list.map((one) =>
    one instanceof Expression ? { [when]: one, StorageClass: one } : moveOf(recordIn(one), names),
  );
  return blocks.length === 0 ? {} : { [key]: blocks };
}

function moveOf(block: Json, names: Readonly<Record<string, string>>): RuleJson {
  return {
    ...actionOf(block, names),
    // A move after no days at all is a move at once, and no missing one.
    ...(block.days === 0 && isAbsent(block.date) ? { [names.days ?? '']: 0 } : {}),
  };
}

/** The provider has zeros, false and empty texts where nothing was said. */
function actionOf(block: Json, names: Readonly<Record<string, string>>): RuleJson {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, key]) => {
      const value = block[name];
      return isAbsent(value) || value === 0 || value === '0' || value === false ? [] : [[key, value] as const];
    }),
  );
}

function firstBlock(value: unknown): Json | Expression | null {
  const [first] = Array.isArray(value) ? value : [value];
  if (first instanceof Expression) return first;
  return typeof first === 'object' && first !== null ? recordIn(first) : null;
}

function present(values: Json): Json {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isAbsent(value)));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
