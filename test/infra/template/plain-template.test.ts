import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '#config/steward-config.ts';
import type { StewardJson } from '#config/steward-json.ts';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';
import type { CfnTemplate, Json } from '#infra/template/cfn.ts';
import {
  LONGEST_KEY,
  LONGEST_PREFIX,
  MOST_FOLDERS,
  PARAMETER_GROUPS,
  TEMPLATE_PARAMETERS,
  type TemplateParameter,
} from '#infra/template/parameters.ts';
import { type PlainTemplate, plainTemplate, STAND_INS, type StandIns } from '#infra/template/plain-template.ts';
import cdkJson from '../../../cdk.json' with { type: 'json' };
import { ALWAYS, bundles, useSynthesis } from '../synthesise.ts';
import { type Resolved, resolveTemplate } from './resolve.ts';

useSynthesis();

let folder: string;
let plain: PlainTemplate;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flink-steward-template-'));
  plain = make('first');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function make(name: string, standIns?: StandIns): PlainTemplate {
  return plainTemplate({
    bundles: bundles(),
    context: cdkJson.context,
    folder: join(folder, name),
    ...(standIns === undefined ? {} : { standIns }),
  });
}

const STACK = 'Orders';
/** The hash at the end of a name that no two constructs of an account share. */
const NAME_HASH = /(Orders-Steward(?:-Events|-Deletions)?-)[0-9A-F]{8}/g;
const KEY_BEFORE = 'arn:aws:kms:us-east-1:000000000000:key/';
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const MAIL = 'flink@example.org';

interface Case {
  readonly configuration: StewardJson;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What people say by parameters, and the steward.json that says the same. */
const CASES: Readonly<Record<string, Case>> = {
  'a folder, observed': {
    configuration: { area: ['s3://my-bucket/flink'], mode: 'observe' },
    parameters: { Bucket: 'my-bucket', Prefix: 'flink' },
  },
  'a folder, collected': {
    configuration: { area: ['s3://my-bucket/flink/checkpoints'], mode: 'collect' },
    parameters: { Bucket: 'my-bucket', Prefix: 'flink/checkpoints', Mode: 'collect' },
  },
  'an encrypted bucket, observed': {
    configuration: { area: [{ bucket: 's3://my-bucket', kmsKey: KEY }], mode: 'observe' },
    parameters: { Bucket: 'my-bucket', BucketKmsKey: KEY },
  },
  'a folder of a bucket with versions, collected': {
    configuration: { area: [{ bucket: 's3://my-bucket/flink', versioned: true }], mode: 'collect' },
    parameters: { Bucket: 'my-bucket', Prefix: 'flink', BucketVersioned: 'true', Mode: 'collect' },
  },
  'a whole bucket, observed': {
    configuration: { area: ['s3://my.bucket-1'], mode: 'observe' },
    parameters: { Bucket: 'my.bucket-1' },
  },
  'a whole bucket, collected, with Slack': {
    configuration: {
      area: ['s3://my-bucket'],
      mode: 'collect',
      signals: { slack: { secretName: 'orders/slack' } },
    },
    parameters: { Bucket: 'my-bucket', Mode: 'collect', SlackSecretName: 'orders/slack' },
  },
  'the deepest folder, observed, with Slack and mail': {
    configuration: {
      area: ['s3://my-bucket/a/b_1/c.2/d-3/e'],
      mode: 'observe',
      signals: { slack: { secretName: 'Slack+@=' } },
    },
    parameters: { Bucket: 'my-bucket', Prefix: 'a/b_1/c.2/d-3/e', SlackSecretName: 'Slack+@=', AlarmMail: MAIL },
  },
  'everything at once': {
    configuration: {
      area: [{ bucket: 's3://my-bucket/flink/a/b', kmsKey: KEY, versioned: true }],
      mode: 'collect',
      signals: { slack: { secretName: 'slack' } },
    },
    parameters: {
      Bucket: 'my-bucket',
      Prefix: 'flink/a/b',
      BucketKmsKey: KEY,
      BucketVersioned: 'true',
      Mode: 'collect',
      SlackSecretName: 'slack',
      AlarmMail: MAIL,
      DropArea: 'true',
    },
  },
};

/** The same deployment by the CDK. */
function byCdk({ configuration, parameters }: Case): Resolved {
  const steward = { configuration, bundles: bundles(), mayDropArea: parameters.DropArea === 'true' };
  const stack = new FlinkStewardStack(new App({ context: cdkJson.context }), 'FlinkSteward', {
    stackName: STACK,
    steward,
  });
  const { AlarmMail = '' } = parameters;
  // The construct leaves it to people who shall hear of alarms.
  if (AlarmMail !== '') stack.steward.alarmTopic?.addSubscription(new EmailSubscription(AlarmMail));
  return resolveTemplate(Template.fromStack(stack).toJSON() as CfnTemplate, { 'AWS::StackName': STACK });
}

function byTemplate({ parameters }: Case): Resolved {
  const given = { AssetBucket: 'assets', AssetPrefix: 'code', 'AWS::StackName': STACK, ...parameters };
  return resolveTemplate(plain.template, given);
}

/** Ways in which the template says otherwise what the CDK says; all else must be equal. */
const DIFFERENCES: readonly {
  readonly what: string;
  readonly because: string;
  /** Takes the difference out of a resource, on either side. @returns null where the resource itself is it. */
  readonly without: (resource: Resource, prefix: string) => Resource | null;
}[] = [
  {
    what: 'the functions have the configuration in their environment, and no layer',
    because: 'a layer is a file, which would be another one for each configuration; its text is looked at below',
    without: (resource) => {
      if (resource.Type === 'AWS::Lambda::LayerVersion') return null;
      if (resource.Type !== 'AWS::Lambda::Function') return resource;
      const { Layers: _, ...others } = resource.Properties;
      const { Variables } = resource.Properties.Environment as { Variables: Record<string, Json> };
      const { STEWARD_CONFIG: __, STEWARD_JSON: ___, ...variables } = Variables;
      return { ...resource, Properties: { ...others, Environment: { Variables: variables } } };
    },
  },
  {
    what: 'the code of the functions lies where parameters say',
    because: 'there is no bucket of a bootstrap',
    without: (resource) => {
      if (resource.Type !== 'AWS::Lambda::Function') return resource;
      const { Code: _, ...others } = resource.Properties;
      return { ...resource, Properties: others };
    },
  },
  {
    what: 'the resource that hears of deployments has the text of the configuration in place of its hash',
    because: 'CloudFormation makes no hashes, and the text is short',
    without: (resource) => {
      const { Configuration: _, ConfigurationHash: __, ...others } = resource.Properties ?? {};
      return resource.Type === 'Custom::FlinkStewardOnDeploy' ? { ...resource, Properties: others } : resource;
    },
  },
  {
    what: `roles may read the markers of ${MOST_FOLDERS - 1} folders above the area, also where it has fewer`,
    because: 'the others lie in the area, where the statement SeeMarkers lets the same role read them anyway',
    without: (resource, prefix) =>
      changed(resource, (value) => {
        const isBelow = (arn: Json): boolean => JSON.stringify(arn).includes(`/${prefix}/`);
        return value.Sid === 'SeeMarkersAbove'
          ? { ...value, Resource: [value.Resource ?? []].flat().filter((arn) => !isBelow(arn)) }
          : value;
      }),
  },
  {
    what: 'a hash in names is another one',
    because: 'it is that of the name of the stack, which is not known; the name itself stands before it',
    without: (resource) => JSON.parse(JSON.stringify(resource).replaceAll(NAME_HASH, '$1')),
  },
  {
    what: 'the subscription of the mail has another logical id',
    because: 'the construct leaves it to people to subscribe',
    without: (resource) => (resource.Properties?.Protocol === 'email' ? null : resource),
  },
];

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, Json>>;
}

type Changeable = Readonly<Record<string, Json>>;

function changed(resource: Resource, change: (value: Changeable) => Changeable): Resource {
  return JSON.parse(JSON.stringify(resource), (_, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? change(value) : value,
  );
}

/** A single resource or action of a statement as a list, and none twice in another order. */
function inOrder(resource: Resource): Resource {
  return changed(resource, (value) => {
    if (value.Effect === undefined) return value;
    const lists = ['Action', 'Resource', 'NotResource'].filter((key) => value[key] !== undefined);
    const sorted = lists.map((key) => [
      key,
      [value[key] ?? []].flat().sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ]);
    return { ...value, ...Object.fromEntries(sorted) };
  });
}

function comparable({ resources }: Resolved, { parameters }: Case): Readonly<Record<string, Resource>> {
  const pairs = Object.entries(resources as unknown as Record<string, Resource>).flatMap(([id, resource]) => {
    const left = DIFFERENCES.reduce<Resource | null>(
      (one, { without }) => (one === null ? null : without(one, parameters.Prefix ?? '')),
      resource,
    );
    return left === null ? [] : [[id, inOrder(left)] as const];
  });
  return Object.fromEntries(pairs);
}

/** The values of outputs, as people have them. */
function values({ outputs }: Resolved): unknown {
  const pairs = Object.entries(outputs).map(([name, output]) => [name, (output as { Value: Json }).Value]);
  return JSON.parse(JSON.stringify(Object.fromEntries(pairs)).replaceAll(NAME_HASH, '$1'));
}

/** What the functions of a deployment read as their configuration, each text once. */
function configurationsIn({ resources }: Resolved): readonly string[] {
  const texts = Object.values(resources as unknown as Record<string, Resource>).flatMap(({ Type, Properties }) => {
    if (Type === 'Custom::FlinkStewardOnDeploy') return [String(Properties.Configuration)];
    if (Type !== 'AWS::Lambda::Function') return [];
    const { Variables } = Properties.Environment as { Variables: Record<string, Json> };
    return Variables.STEWARD_JSON === undefined ? [] : [String(Variables.STEWARD_JSON)];
  });
  return [...new Set(texts)];
}

describe('The template for those without the CDK', () => {
  it.each(Object.entries(CASES))('makes what the CDK makes: %s', (_, one) => {
    // Act
    const [expected, actual] = [byCdk(one), byTemplate(one)];

    // Assess
    expect(comparable(actual, one)).toEqual(comparable(expected, one));
    expect(values(actual)).toEqual(values(expected));
  });

  it.each(Object.entries(CASES))('gives the functions the configuration that says the same: %s', (_, one) => {
    // Act
    const texts = configurationsIn(byTemplate(one));

    // Assess
    expect(texts.map((text) => parseConfig(text, 'STEWARD_JSON'))).toEqual([
      parseConfig(JSON.stringify(one.configuration), 'steward.json'),
    ]);
  });

  it.each(DIFFERENCES)('differs still in this: $what', ({ without }) => {
    // Prepare
    const all = Object.values(CASES).flatMap((one) =>
      Object.values(byTemplate(one).resources),
    ) as unknown as Resource[];

    // Act
    const left = all.map((resource) => without(resource, 'flink'));

    // Assess
    expect(left).not.toEqual(all);
  });

  it.each([
    [
      'short',
      {
        kmsKey: `${KEY_BEFORE}q`,
        bucket: 'qzx',
        folders: ['Q', 'W', 'X', 'Y', 'Z'].map((letter) => `q${letter}`),
        secret: 'qqs',
      },
    ],
    [
      'as long as can be',
      {
        bucket: 'qzx'.repeat(21),
        folders: ['Q', 'W', 'X', 'Y', 'Z'].map((letter) => letter.repeat((LONGEST_PREFIX - 4) / MOST_FOLDERS)),
        kmsKey: KEY_BEFORE.padEnd(LONGEST_KEY, 'q'),
        secret: 'Qs'.repeat(256),
      },
    ],
  ])('is the same whatever is said by a text, be it %s', (name, texts) => {
    // Act
    const { template } = make(name, { ...STAND_INS, ...texts });

    // Assess
    expect(template).toEqual(plain.template);
  });

  it('has no account, region or partition in it', () => {
    // Parameters tell by example how such a thing is written.
    const text = JSON.stringify({ ...plain.template, Parameters: {} });

    expect(text.match(/arn:aws[^:]*:|\b\d{12}\b|\b(?:us|eu|ap|cn|sa|ca|me|af)-[a-z]+-\d\b|cdk-/g)).toBeNull();
    expect(text).not.toMatch(/[Ss]tands-?[Ff]or/);
  });

  it('is too large to be sent itself, and small enough to be read from a bucket', () => {
    // CloudFormation user guide, "Quotas". The page on deploying says which of both holds.
    const { length } = JSON.stringify(plain.template, null, 1);

    expect(length).toBeGreaterThan(51_200);
    expect(length).toBeLessThan(400_000);
  });

  it('has room for a name of the stack of 50 characters', () => {
    // Act
    const { resources } = resolveTemplate(plain.template, { 'AWS::StackName': 'x'.repeat(50) });

    // Assess: Step Functions developer guide, "Quotas", and CloudWatch's API reference.
    const named = Object.values(resources) as unknown as readonly Resource[];
    const names = named.flatMap(({ Properties }) => [
      [Properties?.StateMachineName, 80] as const,
      [Properties?.AlarmName, 255] as const,
      [Properties?.DashboardName, 255] as const,
    ]);
    const known = names.filter(([name]) => name !== undefined);
    expect(known.length).toBeGreaterThan(20);
    expect(known.filter(([name, most]) => typeof name !== 'string' || name.length > most)).toEqual([]);
  });

  it('becomes the stack of the CDK, under any name, and keeps what is in it', () => {
    // Prepare
    const one = CASES['a folder, observed'];
    if (one === undefined) throw new Error('It is among the cases.');
    const steward = { configuration: one.configuration, bundles: bundles() };
    const stack = new FlinkStewardStack(new App({ context: cdkJson.context }), 'Orders', { steward });

    // Act
    const byId = Template.fromStack(stack).toJSON().Resources as Readonly<Record<string, Resource>>;

    // Assess
    const resources = Object.entries(byTemplate(one).resources as unknown as Record<string, Resource>);
    expect(resources.filter(([id, { Type }]) => byId[id]?.Type !== Type)).toEqual([]);
    expect(resources.map(([, { Type }]) => Type)).toContain('AWS::S3::Bucket');
  });

  it('names each file with code once', () => {
    // Act
    const named = JSON.stringify(plain.template).match(/\w+-[0-9a-f]{16}\.zip/g);

    // Assess
    expect(named?.sort()).toEqual(plain.assets.map(({ file }) => file).sort());
    expect(named).toHaveLength([...ALWAYS, 'notify-slack'].length);
  });
});

describe('The parameters of the template', () => {
  const parameters: Readonly<Record<string, TemplateParameter>> = TEMPLATE_PARAMETERS;

  it.each([
    [
      'Bucket',
      ['my-bucket', 'a.b-1', 'abc'],
      ['', 's3://my-bucket', 'My-bucket', 'my-bucket/flink', 'ab', 'a..b', 'x--x-s3', '10.0.0.1'],
    ],
    ['AssetBucket', ['my-assets'], ['', 'my-assets/code']],
    [
      'Prefix',
      ['', 'flink', 'a/b_1/c.2/d-3/e', '.a/..b/c.'],
      [
        '.',
        '..',
        'a/..',
        './a',
        'a/../b',
        '/flink',
        'flink/',
        'a//b',
        'a/b/c/d/e/f',
        'a*',
        'a b',
        'a"b',
        'ü',
        'env=prod',
      ],
    ],
    [
      'BucketKmsKey',
      ['', KEY],
      ['1234abcd-12ab-34cd-56ef-1234567890ab', 'alias/mine', 'arn:aws:kms:eu-central-1:123456789012:alias/mine'],
    ],
    ['AlarmMail', ['', 'a@b.org'], ['a', 'a@', 'a@b c', 'a@b,c@d@e']],
    [
      'SlackSecretName',
      ['', 'orders/slack', 'a+b=c.d@e-f_g'],
      ['arn:aws:secretsmanager:x', 'https://hooks.slack.com/x', 'a"b'],
    ],
    ['AssetPrefix', ['flink-steward', 'a/b'], ['', '/a', 'a/']],
  ] as const)('take of %s what the deployment can use, and nothing else', (name, taken, refused) => {
    // Prepare
    const pattern = new RegExp(parameters[name]?.allowedPattern ?? '');

    // Assess
    expect(taken.filter((value) => !pattern.test(value))).toEqual([]);
    expect(refused.filter((value) => pattern.test(value))).toEqual([]);
  });

  it('say what they are and, as the rest of a sentence, what they must be', () => {
    for (const { description, constraintDescription } of Object.values(parameters)) {
      expect(description).toMatch(/^\S.*\.$/);
      expect(constraintDescription).toMatch(/^must be .*\.$/);
    }
  });

  it('are all in a group of the console', () => {
    const grouped = PARAMETER_GROUPS.flatMap((group) => [...group.parameters]);

    expect(grouped.sort()).toEqual(Object.keys(parameters).sort());
  });
});
