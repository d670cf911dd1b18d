import { isRecord, type LifecycleJson, type RuleJson, withFilter } from './document.ts';
import { Expression } from './expression.ts';
import { commentLines, type HclEntry, hclValue, printEntries } from './hcl.ts';

/**
 * Lifecycle rules as blocks of `aws_s3_bucket` itself, as the provider `hashicorp/aws` took them before version 4 and
 * still does, deprecated. They know no sizes.
 *
 * @param comments sentences about what was changed, which come before the blocks.
 */
export function inlineTerraformOf({ Rules }: LifecycleJson, comments: readonly string[]): string {
  const blocks = Rules.map((rule): HclEntry => ({ block: 'lifecycle_rule', entries: ruleEntries(withFilter(rule)) }));
  return `${[...comments.flatMap((comment) => commentLines(comment, '')), ...printEntries(blocks, '')].join('\n')}\n`;
}

function ruleEntries({ ID, Status, Filter, ...actions }: RuleJson): readonly HclEntry[] {
  const { prefix, tags } = filterOf(Filter);
  const days = uploadDays(actions.AbortIncompleteMultipartUpload);
  return [
    ...(ID === undefined ? [] : [{ name: 'id', value: hclValue(ID) }]),
    ...(prefix === '' || prefix === undefined ? [] : [{ name: 'prefix', value: hclValue(prefix) }]),
    ...(tags.length === 0 ? [] : [{ name: 'tags', value: `{ ${tags.join(', ')} }` }]),
    { name: 'enabled', value: Status instanceof Expression ? Status.text : String(Status === 'Enabled') },
    ...(days === undefined ? [] : [{ name: 'abort_incomplete_multipart_upload_days', value: hclValue(days) }]),
    ...Object.entries(actions).flatMap(([key, value]) => actionBlocks(key, value)),
  ];
}

function filterOf(filter: unknown): { readonly prefix: unknown; readonly tags: readonly string[] } {
  const outer = isRecord(filter) ? filter : {};
  const inner = isRecord(outer.And) ? outer.And : outer;
  const listed = Array.isArray(inner.Tags) ? inner.Tags : [inner.Tag];
  const tags = listed.filter(isRecord).map(({ Key, Value }) => `${hclValue(Key)} = ${hclValue(Value)}`);
  return { prefix: inner.Prefix, tags };
}

function uploadDays(action: unknown): unknown {
  return isRecord(action) ? action.DaysAfterInitiation : undefined;
}

function actionBlocks(key: string, value: unknown): readonly HclEntry[] {
  const block = BLOCKS.get(key);
  if (block === undefined) return [];
  return (Array.isArray(value) ? value : [value]).filter(isRecord).map((one) => ({
    block,
    entries: Object.entries(one).flatMap(([inner, held]): readonly HclEntry[] => {
      const name = NAMES.get(inner);
      return name === undefined ? [] : [{ name, value: hclValue(held) }];
    }),
  }));
}

const BLOCKS: ReadonlyMap<string, string> = new Map([
  ['Expiration', 'expiration'],
  ['Transitions', 'transition'],
  ['NoncurrentVersionExpiration', 'noncurrent_version_expiration'],
  ['NoncurrentVersionTransitions', 'noncurrent_version_transition'],
]);

const NAMES: ReadonlyMap<string, string> = new Map([
  ['Days', 'days'],
  ['Date', 'date'],
  ['ExpiredObjectDeleteMarker', 'expired_object_delete_marker'],
  ['StorageClass', 'storage_class'],
  ['NoncurrentDays', 'days'],
]);
