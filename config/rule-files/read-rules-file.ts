import { isRecord } from '#core/lifecycle/document.ts';
import type { RulesFile } from '#core/lint/configured-bucket.ts';
import { ConfigError } from '../config-error.ts';
import { bucketsOfTemplate } from './cloudformation.ts';
import type { ParsedFile } from './parsed-file.ts';
import { bucketOfDocument } from './s3-document.ts';
import { lintable } from './settle.ts';
import { bucketsOfPlan } from './terraform-plan.ts';
import { textsIn } from './texts.ts';

/** A file that holds no lifecycle rules of any kind that is known here. */
export class UnknownFile extends ConfigError {}

/**
 * Reads the lifecycle rules of all buckets in a file: a plan or state that `terraform show -json` prints, a template of
 * CloudFormation, or what `aws s3api` reads and writes.
 *
 * @param source how people know the file.
 * @throws UnknownFile where it is none of these
 * @throws ConfigError where a rule can't be read
 */
export function readRulesFile(file: ParsedFile, source: string): RulesFile {
  const { value } = file;
  if (!isRecord(value)) throw new UnknownFile(`${source} ${EXPECTED}`);
  if (Array.isArray(value.Rules) || isRecord(value.LifecycleConfiguration)) {
    const bucket = bucketOfDocument(value, file, source);
    return { kind: 'lifecycle configuration', buckets: [lintable(bucket, source)], texts: [] };
  }
  if (isRecord(value.planned_values) || isRecord(value.values)) {
    const kind = isRecord(value.planned_values) ? 'Terraform plan' : 'Terraform state';
    const buckets = bucketsOfPlan(value).map((bucket) => lintable(bucket, source));
    return { kind, buckets, texts: textsIn(value) };
  }
  if (isRecord(value.Resources)) {
    const { buckets, texts } = bucketsOfTemplate(value, file);
    const kind = file.isCdk === true ? 'template of the CDK' : 'CloudFormation template';
    return { kind, buckets: buckets.map((bucket) => lintable(bucket, source)), texts };
  }
  throw new UnknownFile(`${source} ${whatElse(value)}`);
}

const EXPECTED =
  'is no file with lifecycle rules that can be read, so nothing in it was judged. Give a plan (terraform show -json PLAN > plan.json), a CloudFormation template, a folder cdk.out, or what this prints: aws s3api get-bucket-lifecycle-configuration --bucket BUCKET';

function whatElse(value: Readonly<Record<string, unknown>>): string {
  if (value.terraform_version !== undefined && Array.isArray(value.resources)) {
    return 'is a state file of Terraform, whose format changes between versions, so nothing in it was judged. Give what this prints: terraform show -json';
  }
  // A plan without any resource has no values.
  return value.terraform_version !== undefined && value.format_version !== undefined
    ? 'is a plan of Terraform that contains no values, so nothing in it was judged. Give what this prints for a saved plan: terraform show -json PLAN'
    : EXPECTED;
}
