import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, vi } from 'vitest';
import { FUNCTION_NAMES, type FunctionName } from '#functions/shared/function-names.ts';
import { FlinkSteward, type FlinkStewardProps, type StewardJson } from '#infra/index.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { makeStandInBundles } from './stand-in-bundles.ts';

/** The functions of a deployment without Slack. */
export const ALWAYS = FUNCTION_NAMES.filter((name) => !['notify-slack', 'states', 'shards', 'shard'].includes(name));

/** Stands for the bundles, which the construct only copies. Made once for all tests of a process. */
const BUNDLES = mkdtempSync(join(tmpdir(), 'flink-steward-bundles-'));

/** Call it once, outside the tests. */
export function useSynthesis(): void {
  beforeAll(prepareBundles);
}

/** What {@link synthesise} needs to be there. */
export function prepareBundles(): void {
  // The validation of templates takes seconds to load; `npm run synth` runs it.
  vi.stubEnv('CDK_VALIDATION', 'false');
  makeStandInBundles(BUNDLES);
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

export interface Synthesised {
  readonly steward: FlinkSteward;
  readonly template: Template;
  readonly resources: Readonly<Record<string, Resource>>;
}

export function bundles(): string {
  return BUNDLES;
}

export function synthesise(configuration: StewardJson = {}, props: FlinkStewardProps = {}): Synthesised {
  const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');
  const steward = new FlinkSteward(stack, 'Steward', { configuration, bundles: BUNDLES, ...props });
  const template = Template.fromStack(stack);
  return { steward, template, resources: template.toJSON().Resources };
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
}

/** What the role of a function may and may not do, by the names of the statements; resources in a readable form. */
export function statementsOf(
  { resources }: Synthesised,
  name: FunctionName | 'collection',
): Readonly<Record<string, Statement>> {
  const start = `Steward${idOf(name)}Role`;
  const roles = Object.entries(resources).filter(([id, { Type }]) => Type === 'AWS::IAM::Role' && id.startsWith(start));
  const own = roles.flatMap(([, { Properties }]) => (Properties.Policies ?? []) as Policy[]);
  const attached = Object.values(resources).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::IAM::Policy' && roles.some(([id]) => JSON.stringify(Properties.Roles).includes(`"${id}"`)),
  );
  const policies = [...own, ...attached.map(({ Properties }) => Properties as unknown as Policy)];
  return Object.fromEntries(
    policies.flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.map((statement) => [
        statement.Sid,
        {
          ...statement,
          ...(statement.Resource === undefined ? {} : { Resource: readable(statement.Resource) }),
          ...(statement.NotResource === undefined ? {} : { NotResource: readable(statement.NotResource) }),
        },
      ]),
    ),
  );
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

/** `checkpoint-completed` is `CheckpointCompleted`, as in the template. */
export function idOf(name: FunctionName | 'collection'): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** ARNs with references in angle brackets, always as a list. */
export function readable(value: unknown): readonly string[] {
  return [value].flat().map((one) => {
    if (typeof one === 'string') return one;
    const { 'Fn::Join': join, Ref, 'Fn::GetAtt': attribute } = one as Record<string, [string, unknown[]] & string>;
    if (join !== undefined) return join[1].map((part) => readable(part).join('')).join('');
    const name = Ref ?? attribute?.[0] ?? '';
    return Ref === 'AWS::Partition' ? 'aws' : `<${name.replace(/^Steward|[0-9A-F]{8}$/g, '')}>`;
  });
}
