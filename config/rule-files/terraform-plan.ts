import { isRecord, type LifecycleJson } from '#core/lifecycle/document.ts';
import { Expression } from '#core/lifecycle/expression.ts';
import type { ConfiguredBucket } from '#core/lint/configured-bucket.ts';
import { foreignBuckets } from './terraform-foreign.ts';
import { BucketReferences } from './terraform-references.ts';
import { ruleOfBlock, ruleOfInlineBlock } from './terraform-rules.ts';
import { listIn, type PlannedResource, plannedResources, recordIn } from './terraform-values.ts';
import { textOf } from './texts.ts';

/** The lifecycle rules in what `terraform show -json` prints of a plan or a state. */

const CONFIGURATION = 'aws_s3_bucket_lifecycle_configuration';
const BUCKET = 'aws_s3_bucket';

/** All buckets that have rules once the plan is applied. */
export function bucketsOfPlan(plan: Readonly<Record<string, unknown>>): readonly ConfiguredBucket[] {
  const resources = plannedResources(plan);
  const references = new BucketReferences(plan, resources);
  const configurations = resources.filter(({ type }) => type === CONFIGURATION);
  const apart = configurations.map((resource) => ({ resource, bucket: references.bucketOf(resource) }));
  const hasItsOwn = new Set(apart.map(({ bucket }) => bucket.resource?.address));
  const versioned = versionedBuckets(resources, references);
  return [
    ...foreignBuckets(resources),
    ...apart.map(({ resource, bucket }) =>
      configured(resource, bucket, 'terraform', rulesIn(resource.values.rule, ruleOfBlock), versioned),
    ),
    ...resources
      .filter((resource) => resource.type === BUCKET && hasInlineRules(resource) && !hasItsOwn.has(resource.address))
      .map((resource) =>
        configured(
          resource,
          { resource, name: references.nameOf(resource), reference: null },
          'terraform-inline',
          rulesIn(resource.values.lifecycle_rule, ruleOfInlineBlock),
          versioned,
        ),
      ),
  ];
}

interface FoundBucket {
  /** Where the same plan has the bucket itself. */
  readonly resource: PlannedResource | null;
  readonly name: string | Expression | null;
  readonly reference: string | null;
}

interface FoundRules {
  readonly document: LifecycleJson;
  readonly hidden: string | null;
}

function configured(
  resource: PlannedResource,
  { resource: bucket, name, reference }: FoundBucket,
  form: ConfiguredBucket['form'],
  { document, hidden }: FoundRules,
  versioned: ReadonlySet<unknown>,
): ConfiguredBucket {
  const { transition_default_minimum_object_size: minimum } = resource.values;
  const own = bucket ?? resource;
  const prefix = own.values.bucket_prefix;
  return {
    resource: resource.address,
    form,
    name,
    reference,
    called: [...(typeof name === 'string' ? [name] : typeof prefix === 'string' ? [prefix] : []), own.name],
    around: [resource.name, ...new Set([own.address, resource.address]), ...tagTexts(own)],
    document: typeof minimum === 'string' ? { ...document, TransitionDefaultMinimumObjectSize: minimum } : document,
    hidden,
    isForeign: false,
    versioned: versioned.has(own.address) || (typeof name === 'string' && versioned.has(name)),
    lines: document.Rules.map(() => null),
    conditions: document.Rules.map(() => null),
  };
}

function rulesIn(
  blocks: unknown,
  ruleOf: (block: Readonly<Record<string, unknown>>) => LifecycleJson['Rules'][number],
): FoundRules {
  const list: readonly unknown[] = Array.isArray(blocks) ? blocks : [blocks];
  const unknown = list.find((block) => block instanceof Expression);
  const known = list.filter((block) => isRecord(block) && !(block instanceof Expression)).map(recordIn);
  return {
    document: { Rules: known.map(ruleOf) },
    hidden:
      unknown === undefined
        ? null
        : `${known.length === 0 ? 'Its rules' : 'Some of its rules'} are known only after apply (${textOf(unknown)}).`,
  };
}

/**
 * Whether the rules stand in the bucket itself. From version 4 on the provider also reports there what another resource
 * has configured, so that the configuration decides where it is known.
 */
function hasInlineRules({ values, expressions }: PlannedResource): boolean {
  if (expressions !== null && expressions.lifecycle_rule === undefined) return false;
  return (
    listIn(values.lifecycle_rule).length > 0 || (expressions !== null && values.lifecycle_rule instanceof Expression)
  );
}

/** The addresses and names of buckets that keep versions. */
function versionedBuckets(resources: readonly PlannedResource[], references: BucketReferences): ReadonlySet<unknown> {
  const found = new Set<unknown>();
  for (const resource of resources) {
    const { type, values } = resource;
    const [setting] = listIn(type === BUCKET ? values.versioning : values.versioning_configuration);
    if (type === BUCKET && setting?.enabled === true) found.add(resource.address);
    if (type !== 'aws_s3_bucket_versioning' || setting?.status !== 'Enabled') continue;
    const bucket = references.bucketOf(resource);
    found.add(bucket.resource?.address ?? bucket.name);
    if (typeof bucket.name === 'string') found.add(bucket.name);
  }
  return found;
}

function tagTexts({ values }: PlannedResource): readonly string[] {
  const tags = isRecord(values.tags) ? values.tags : recordIn(values.tags_all);
  // That everything of a project is tagged with its name says nothing of what is in a bucket.
  return Object.values(tags)
    .filter((value) => typeof value === 'string')
    .filter((value) => !/^[\w-]*flink[\w-]*$/i.test(value) || /point/i.test(value));
}
