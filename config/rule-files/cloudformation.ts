import { isRecord } from '#core/lifecycle/document.ts';
import { Expression } from '#core/lifecycle/expression.ts';
import type { ConfiguredBucket } from '#core/lint/configured-bucket.ts';
import { ruleOfTemplate } from './cloudformation-rules.ts';
import { type Conditional, Intrinsics } from './intrinsics.ts';
import type { ParsedFile } from './parsed-file.ts';
import { listIn, recordIn } from './terraform-values.ts';
import { textOf, textsIn } from './texts.ts';

/** The lifecycle rules in a template of CloudFormation (template reference, `AWS::S3::Bucket`). */

type Json = Readonly<Record<string, unknown>>;

/** @returns all buckets that may have rules, and all texts of the template with what its functions give. */
export function bucketsOfTemplate(
  template: Json,
  file: ParsedFile,
): { readonly buckets: readonly ConfiguredBucket[]; readonly texts: readonly string[] } {
  const intrinsics = new Intrinsics(template);
  const buckets = resourcesOf(recordIn(template.Resources)).flatMap(([logicalId, resource]) =>
    isRecord(resource) && BUCKETS.test(textOf(resource.Type)) ? bucketOf(logicalId, resource, intrinsics, file) : [],
  );
  return { buckets, texts: [...textsIn(intrinsics.resolve(template.Resources)), ...textsIn(template.Description)] };
}

/** With the resources that loops make (`Fn::ForEach`), each once: what differs between them is an expression. */
function resourcesOf(resources: Json): readonly (readonly [logicalId: string, resource: unknown])[] {
  return Object.entries(resources).flatMap(([key, value]) =>
    key.startsWith('Fn::ForEach') && Array.isArray(value) ? resourcesOf(recordIn(value[2])) : [[key, value] as const],
  );
}

/** With those of Outposts and Express, whose rules are other ones. */
const BUCKETS = /^AWS::S3(?:Express|Outposts)?::(?:Directory)?Bucket$/;

function bucketOf(
  logicalId: string,
  resource: Json,
  intrinsics: Intrinsics,
  file: ParsedFile,
): readonly ConfiguredBucket[] {
  const properties = recordIn(resource.Properties);
  const configurations = intrinsics.branches(properties.LifecycleConfiguration ?? undefined);
  const isIncluded = properties['Fn::Transform'] !== undefined;
  if (configurations.length === 0 && !isIncluded) return [];
  const isForeign = resource.Type !== 'AWS::S3::Bucket';
  const found = isForeign ? [] : configurations.flatMap((configuration) => rulesOf(configuration, intrinsics));
  const rules = found.filter((rule) => isRecord(rule.value) && !isUnread(rule.value));
  const { LifecycleConfiguration: written } = properties;
  const minimum = recordIn(written).TransitionDefaultMinimumObjectSize;
  const name = nameOf(intrinsics.resolve(properties.BucketName), logicalId);
  const path = ['Resources', logicalId, 'Properties', 'LifecycleConfiguration'];
  return [
    {
      resource: logicalId,
      form: file.isCdk === true ? 'cdk' : 'cloudformation',
      name,
      reference: null,
      called: [...(properties.BucketName === undefined ? [] : [String(name)]), withoutHash(logicalId, file)],
      around: [logicalId, ...tagTexts(properties, intrinsics), ...pathsOf(resource, logicalId, file)],
      document: {
        Rules: rules.map(({ value }) => ruleOfTemplate(recordIn(intrinsics.resolve(value)))),
        ...(typeof minimum === 'string' ? { TransitionDefaultMinimumObjectSize: minimum } : {}),
      },
      hidden: isForeign
        ? `Its rules were not judged: they are of ${textOf(resource.Type)}, and only those of AWS::S3::Bucket are read.`
        : rules.length === found.length && !isIncluded
          ? null
          : 'Some of its rules come from a function of the template whose result only deploying it tells.',
      isForeign,
      versioned: recordIn(properties.VersioningConfiguration).Status === 'Enabled',
      lines: rules.map((_, at) => file.lineOf([...path, 'Rules', at]) ?? file.lineOf(path)),
      conditions: rules.map(({ conditions }) => (conditions.length === 0 ? null : conditions.join(' and '))),
    },
  ];
}

function rulesOf({ value, conditions }: Conditional, intrinsics: Intrinsics): readonly Conditional[] {
  const { Rules } = recordIn(value);
  const lists = intrinsics.branches(isRecord(value) && !isUnread(value) ? Rules : value, conditions);
  return lists.flatMap(({ value: list, conditions: under }): readonly Conditional[] =>
    Array.isArray(list)
      ? list.flatMap((rule) => intrinsics.branches(rule, under))
      : [{ value: list, conditions: under }],
  );
}

/** Whether it is a function whose result is not known, in the place of what it gives. */
function isUnread(value: Json): boolean {
  return Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

/** A bucket without a name gets one that its stack and its logical ID begin. */
function nameOf(name: unknown, logicalId: string): string | Expression {
  if (name instanceof Expression) return typeof name.value === 'string' ? name.value : name;
  return typeof name === 'string' ? name : new Expression(`\${${logicalId}}`);
}

/** The CDK appends eight hexadecimal digits to the logical IDs that it makes. */
function withoutHash(logicalId: string, { isCdk }: ParsedFile): string {
  return isCdk === true ? logicalId.replace(/[0-9A-F]{8}$/, '') : logicalId;
}

/** By which the CDK knows the bucket; without that, its name in the stack. */
function pathsOf({ Metadata }: Json, logicalId: string, file: ParsedFile): readonly string[] {
  const path = recordIn(Metadata)['aws:cdk:path'];
  if (typeof path === 'string') return [path];
  return file.stack === undefined ? [] : [`${file.stack}/${withoutHash(logicalId, file)}`];
}

function tagTexts({ Tags }: Json, intrinsics: Intrinsics): readonly string[] {
  return listIn(Tags)
    .map(({ Value }) => textOf(intrinsics.resolve(Value)))
    .filter((value) => /point/i.test(value));
}
