import { cdkRulesOf } from '#core/lifecycle/cdk.ts';
import { cloudFormationOf } from '#core/lifecycle/cloudformation.ts';
import { Expression } from '#core/lifecycle/expression.ts';
import { changeComments, type Replacement } from '#core/lifecycle/replacement.ts';
import { terraformOf } from '#core/lifecycle/terraform.ts';
import { inlineTerraformOf } from '#core/lifecycle/terraform-inline.ts';
import type { ConfiguredBucket } from '#core/lint/configured-bucket.ts';

export type ReplacementLanguage = 'json' | 'yaml' | 'terraform' | 'typescript';

/** A safe configuration in the language of the file that is to be changed. */
export interface ReplacementText {
  readonly language: ReplacementLanguage;
  readonly text: string;
}

/** @param isYaml whether the file is in YAML. */
export async function replacementText(
  bucket: ConfiguredBucket,
  { document, changes }: Replacement,
  isYaml: boolean,
): Promise<ReplacementText> {
  const comments = changeComments(changes);
  switch (bucket.form) {
    case 'terraform':
      return {
        language: 'terraform',
        text: terraformOf(bucketInTerraform(bucket), document, comments, localName(bucket.resource)),
      };
    case 'terraform-inline':
      return { language: 'terraform', text: inlineTerraformOf(document, comments) };
    case 'cdk':
      return { language: 'typescript', text: cdkRulesOf(document, comments) };
    case 'cloudformation':
      return await asJsonOrYaml(cloudFormationOf(document), isYaml);
    case 's3':
      return await asJsonOrYaml({ Rules: document.Rules }, isYaml);
    default:
      return bucket.form satisfies never;
  }
}

function bucketInTerraform({ reference, name }: ConfiguredBucket): string | Expression {
  return reference === null ? (name ?? '') : new Expression(reference);
}

/** `module.state.aws_s3_bucket_lifecycle_configuration.this[0]` → `this` */
function localName(address: string): string {
  return /\.([\w-]+)(?:\[[^\]]*\])?$/.exec(address)?.[1] ?? 'this';
}

async function asJsonOrYaml(value: object, isYaml: boolean): Promise<ReplacementText> {
  const json = JSON.stringify(value, null, 2);
  if (!isYaml) return { language: 'json', text: `${json}\n` };
  const { stringify } = await import('yaml');
  return { language: 'yaml', text: stringify(JSON.parse(json), { lineWidth: 0 }) };
}
