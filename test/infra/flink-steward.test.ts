import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { FlinkSteward } from '#infra/flink-steward.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };
import {
  ALWAYS,
  bundles,
  idOf,
  readable,
  type Synthesised,
  statementsOf,
  synthesise,
  useSynthesis,
} from './synthesise.ts';

useSynthesis();

const ADOPTED = { area: ['s3://from-terraform/flink/a', 's3://from-terraform/flink/b$'] };

/** The bucket of the template whose logical id begins like the construct's path. */
function bucketOf({ template }: Synthesised, construct: 'Checkpoints' | 'Ledger') {
  const found = Object.entries(template.findResources('AWS::S3::Bucket')).filter(([id]) =>
    id.startsWith(`Steward${construct}`),
  );
  expect(found).toHaveLength(1);
  const [id, resource] = found[0] ?? ['', {}];
  return { id, resource };
}

function policyOf({ template }: Synthesised, bucketId: string) {
  const policies = Object.values(
    template.findResources('AWS::S3::BucketPolicy', { Properties: { Bucket: { Ref: bucketId } } }),
  );
  expect(policies).toHaveLength(1);
  return policies[0] ?? {};
}

const TLS_ONLY = [{ Bool: { 'aws:SecureTransport': 'false' } }, { NumericLessThan: { 's3:TlsVersion': 1.2 } }].map(
  (Condition) => expect.objectContaining({ Effect: 'Deny', Action: 's3:*', Principal: { AWS: '*' }, Condition }),
);

const CREATED = {
  Properties: {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
  },
  // What a deployment that fails has made goes again: it is empty.
  DeletionPolicy: 'RetainExceptOnCreate',
  UpdateReplacePolicy: 'Retain',
};

describe('The buckets', () => {
  it.each(['Checkpoints', 'Ledger'] as const)('are private, encrypted and outlive the stack: %s', (name) => {
    // Act
    const synthesised = synthesise();

    // Assess
    const { id, resource } = bucketOf(synthesised, name);
    expect(resource).toMatchObject(CREATED);
    expect(policyOf(synthesised, id)).toMatchObject({
      Properties: { PolicyDocument: { Statement: TLS_ONLY } },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('have no lifecycle rule of CDK where checkpoints lie, and no versions', () => {
    const { resource } = bucketOf(synthesise(), 'Checkpoints');
    expect(resource).toMatchObject({
      Properties: expect.not.objectContaining({ LifecycleConfiguration: expect.anything() }),
    });
    expect(resource).toMatchObject({
      Properties: expect.not.objectContaining({ VersioningConfiguration: expect.anything() }),
    });
  });

  it('keep the versions of the ledger, and let go only what can be found out anew', () => {
    // Act
    const { resource } = bucketOf(synthesise(), 'Ledger');

    // Assess
    const { VersioningConfiguration, LifecycleConfiguration } = (
      resource as {
        Properties: {
          VersioningConfiguration: object;
          LifecycleConfiguration: { Rules: { Prefix?: string; ExpirationInDays?: number }[] };
        };
      }
    ).Properties;
    expect(VersioningConfiguration).toEqual({ Status: 'Enabled' });
    const expiring = LifecycleConfiguration.Rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined);
    expect(expiring.map(({ Prefix }) => Prefix)).toEqual(['results/', 'plans/', 'observations/']);
  });

  it('are all that stays when the stack goes, with the policies that keep them to TLS', () => {
    // Act
    const { resources } = synthesise();

    // Assess
    const staying = Object.values(resources).filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain'));
    expect(staying.map(({ Type }) => Type).sort()).toEqual([
      'AWS::S3::Bucket',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::S3::BucketPolicy',
    ]);
  });

  it('are adopted by name, and nothing about them is declared', () => {
    // Act
    const synthesised = synthesise(ADOPTED);

    // Assess
    expect(synthesised.steward.adopted).toBe(true);
    synthesised.template.resourceCountIs('AWS::S3::Bucket', 1);
    synthesised.template.resourceCountIs('AWS::S3::BucketPolicy', 1);
    expect(bucketOf(synthesised, 'Ledger').resource).toMatchObject(CREATED);
  });

  it('are adopted from an earlier deployment, the ledger too', () => {
    // Act
    const { template, resources } = synthesise({ area: ['s3://kept'], deploy: { ledgerBucket: 'kept-ledger' } });

    // Assess
    template.resourceCountIs('AWS::S3::Bucket', 0);
    const [survey] = Object.entries(resources).filter(([id]) => id.startsWith('StewardSurveyFunction'));
    expect(survey?.[1].Properties.Environment).toMatchObject({ Variables: { STEWARD_LEDGER: 's3://kept-ledger' } });
  });
});

describe('The functions', () => {
  it('run on Node 24 on arm64, each with a role and a log of its own that ends', () => {
    // Act
    const { template, resources } = synthesise();

    // Assess
    template.resourceCountIs('AWS::Lambda::Function', ALWAYS.length);
    for (const name of ALWAYS) {
      const [found, ...others] = Object.entries(resources).filter(([id]) =>
        id.startsWith(`Steward${idOf(name)}Function`),
      );
      expect(others).toEqual([]);
      expect(found?.[1].Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': [expect.stringContaining(`Steward${idOf(name)}Role`), 'Arn'] },
        LoggingConfig: { LogGroup: { Ref: expect.stringContaining(`Steward${idOf(name)}Log`) } },
      });
    }
    for (const { Properties } of Object.values(template.findResources('AWS::Logs::LogGroup'))) {
      expect(Properties.RetentionInDays).toBe(180);
    }
  });

  it('tell where failed starts go, and try those of sweep only once', () => {
    // Act
    const { resources } = synthesise();

    // Assess
    const invocations = Object.values(resources).filter(({ Type }) => Type === 'AWS::Lambda::EventInvokeConfig');
    const retries = invocations.map(({ Properties }) => [
      readable(Properties.FunctionName).join(),
      Properties.MaximumRetryAttempts,
    ]);
    expect(Object.fromEntries(retries)).toEqual({
      '<SurveyFunction>': 0,
      '<SweepFunction>': 0,
      '<UndoFunction>': 0,
      '<LifecycleRulesFunction>': 1,
      '<ManualFunction>': 0,
      '<CollectFunction>': 0,
    });
    for (const { Properties } of invocations) {
      expect(JSON.stringify(Properties.DestinationConfig)).toContain('StewardFailures');
    }
  });

  it('reserve no concurrency, of which a new account has too little', () => {
    // Act
    const { template } = synthesise({ mode: 'collect', signals: { slack: { secretName: 'my-webhook' } } });

    // Assess: the lease of the ledger and the claim of a message let one of them go on.
    template.allResourcesProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() });
  });
});

/** Everything that roles and policies of a template allow, by what it is allowed to. */
function grantsIn({ resources }: Pick<ReturnType<typeof synthesise>, 'resources'>, action: string) {
  return Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    if (Type !== 'AWS::IAM::Role' && Type !== 'AWS::IAM::Policy' && Type !== 'AWS::IAM::ManagedPolicy') return [];
    const documents = [Properties, ...((Properties.Policies ?? []) as object[])] as Readonly<
      Record<
        'PolicyDocument',
        { Statement: { Effect: string; Action: string | string[]; Resource?: unknown }[] } | undefined
      >
    >[];
    const statements = documents.flatMap(({ PolicyDocument }) => PolicyDocument?.Statement ?? []);
    const granting = statements.filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes(action));
    return granting.map(({ Resource }) => ({ who: readable({ Ref: id }).join(), on: readable(Resource) }));
  });
}

const MACHINE = 'arn:aws:states:<AWS::Region>:<AWS::AccountId>:stateMachine:TestStack-Steward-EB74F5D5-collection';

describe('The collection', () => {
  it.each(['observe', 'collect'] as const)('lets its state machine alone start sweep, in the mode "%s"', (mode) => {
    // Act
    const synthesised = synthesise({ mode });

    // Assess
    const starting = grantsIn(synthesised, 'lambda:InvokeFunction').filter(({ on }) =>
      on.some((arn) => /Sweep|\*/.test(arn)),
    );
    expect(starting).toEqual([{ who: '<CollectionRole>', on: ['<CollectFunction>', '<SweepFunction>'] }]);
    const permitted = Object.values(synthesised.resources).filter(({ Type }) => Type === 'AWS::Lambda::Permission');
    expect(permitted.map(({ Properties }) => readable(Properties.FunctionName).join())).not.toContain(
      '<SweepFunction>',
    );
  });

  it('is started by its schedule in the mode "collect", and else by nobody but manual', () => {
    // Act
    const observing = synthesise({ mode: 'observe' });
    const collecting = synthesise({ mode: 'collect' });

    // Assess
    const manual = { who: '<ManualRole>', on: [MACHINE] };
    expect(grantsIn(observing, 'states:StartExecution')).toEqual([manual]);
    expect(grantsIn(collecting, 'states:StartExecution')).toEqual([manual, { who: '<SchedulesRole>', on: [MACHINE] }]);
    const targets = [observing, collecting].map(({ resources }) => {
      const [, schedule] = Object.entries(resources).find(([id]) => id.startsWith('StewardSchedulesCollect')) ?? [];
      const { Arn } = (schedule?.Properties.Target ?? {}) as { readonly Arn?: unknown };
      return readable(Arn).join();
    });
    expect(targets).toEqual(['<CollectFunction>', MACHINE]);
    const invoked = [observing, collecting].map((synthesised) =>
      grantsIn(synthesised, 'lambda:InvokeFunction').find(({ who }) => who === '<SchedulesRole>'),
    );
    expect(invoked.map((grant) => grant?.on)).toEqual([
      ['<CollectFunction>', '<LifecycleRulesFunction>', '<SurveyFunction>'],
      ['<LifecycleRulesFunction>', '<SurveyFunction>'],
    ]);
  });

  it('has the name that its ARN is known by, a definition with both functions, and a log that ends', () => {
    // Act
    const { steward, template } = synthesise();

    // Assess
    expect(readable(Stack.of(steward).resolve(steward.collectionStateMachineArn))).toEqual([MACHINE]);
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'TestStack-Steward-EB74F5D5-collection',
      StateMachineType: 'STANDARD',
      DefinitionString: {
        'Fn::Join': [
          '',
          Match.arrayWith([
            { 'Fn::GetAtt': [Match.stringLikeRegexp('StewardCollectFunction'), 'Arn'] },
            { 'Fn::GetAtt': [Match.stringLikeRegexp('StewardSweepFunction'), 'Arn'] },
          ]),
        ],
      },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/states/TestStack-Steward-EB74F5D5-collection',
      RetentionInDays: 180,
    });
  });
});

describe('The template', () => {
  it('names no partition of AWS, so that it works in all of them', () => {
    // Act
    const { template } = synthesise({
      area: ['s3://my-bucket/flink'],
      mode: 'collect',
      signals: { slack: { secretName: 'flink-steward/webhook' } },
    });

    // Assess: Step Functions fails each state with "belongs to a different partition" elsewhere.
    expect(JSON.stringify(template.toJSON())).not.toContain('arn:aws:');
  });
});

describe('The schedules', () => {
  it('start three functions, one of them for three things, in UTC, with one more try and a place for what failed', () => {
    // Act
    const { template, resources } = synthesise();

    // Assess
    template.resourceCountIs('AWS::Scheduler::Schedule', 5);
    const schedules = Object.values(resources).filter(({ Type }) => Type === 'AWS::Scheduler::Schedule');
    const told = schedules.map(({ Properties }) => {
      const { Arn, Input } = Properties.Target as { Arn: unknown; Input: string };
      return [Properties.ScheduleExpression, readable(Arn).join(), Input];
    });
    expect(told).toEqual([
      ['rate(1 hour)', '<SurveyFunction>', '{"by":"schedule"}'],
      ['rate(1 hour)', '<SurveyFunction>', '{"by":"schedule","only":"metrics"}'],
      ['rate(7 days)', '<SurveyFunction>', '{"by":"schedule","only":"proof"}'],
      ['cron(30 2 * * ? *)', '<CollectFunction>', '{"by":"schedule"}'],
      ['cron(15 1 * * ? *)', '<LifecycleRulesFunction>', '{"by":"schedule"}'],
    ]);
    for (const { Properties } of schedules) {
      expect(Properties).toMatchObject({
        State: 'ENABLED',
        ScheduleExpressionTimezone: 'UTC',
        Target: {
          RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 900 },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringContaining('StewardFailures'), 'Arn'] } },
        },
      });
    }
  });

  it('take time zone, times and the off switch from the configuration', () => {
    // Act
    const { template } = synthesise({
      deploy: { schedules: 'off', timeZone: 'Europe/Berlin', survey: 'rate(4 hours)' },
    });

    // Assess
    template.allResourcesProperties('AWS::Scheduler::Schedule', {
      State: 'DISABLED',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    });
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(4 hours)' });
  });
});

describe('What checkpoints tell', () => {
  it('comes in batches of a minute, each message by itself, few at once', () => {
    synthesise().template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 60,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it('goes into a queue with a dead-letter queue, both encrypted and for TLS only', () => {
    // Act
    const { template } = synthesise();

    // Assess
    template.resourceCountIs('AWS::SQS::Queue', 5);
    template.allResourcesProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: Match.anyValue() },
      VisibilityTimeout: 720,
    });
    template.resourcePropertiesCountIs(
      'AWS::SQS::QueuePolicy',
      {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        },
      },
      5,
    );
  });

  it('comes from a bucket of its own by a notification that leaves those of others alone', () => {
    // Act
    const { template } = synthesise();

    // Assess
    template.resourceCountIs('Custom::S3BucketNotifications', 0);
    template.hasResourceProperties('Custom::FlinkStewardOnDeploy', {
      Notifications: [
        { Bucket: { Ref: Match.stringLikeRegexp('StewardCheckpoints') }, Queue: Match.anyValue() },
        {
          Bucket: { Ref: Match.stringLikeRegexp('StewardCheckpoints') },
          Queue: { 'Fn::GetAtt': [Match.stringLikeRegexp('StewardDeletionsQueue'), 'Arn'] },
          Id: 'flink-steward-guard',
          Prefix: '',
          Events: 'expirations',
        },
      ],
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'FromTheBucket',
            Principal: { Service: 's3.amazonaws.com' },
            Condition: {
              ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('StewardCheckpoints'), 'Arn'] } },
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            },
          }),
        ]),
      },
    });
    template.resourceCountIs('AWS::Events::Rule', 0);
  });

  it('comes from an adopted bucket by EventBridge, and its notifications are not touched', () => {
    // Act
    const { template } = synthesise(ADOPTED);

    // Assess
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: ['from-terraform'] },
          object: { key: [{ wildcard: 'flink/a/*/_metadata' }, { wildcard: 'flink/b$/*/_metadata' }] },
        },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue(), RetryPolicy: { MaximumRetryAttempts: 3 } })],
    });
    template.hasResourceProperties('Custom::FlinkStewardOnDeploy', { Notifications: [] });
  });
});

describe('What adopted buckets tell', () => {
  it('may come from each of them to the queue, and from no bucket of another account', () => {
    // Act
    const { template } = synthesise({ area: ['s3://one/flink', 's3://two'] });

    // Assess
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'FromAdoptedBuckets',
            Action: 'sqs:SendMessage',
            Principal: { Service: 's3.amazonaws.com' },
            Condition: {
              ArnEquals: {
                'aws:SourceArn': ['one', 'two'].map((name) => ({
                  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${name}`]],
                })),
              },
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            },
          }),
        ]),
      },
    });
  });

  it.each([
    ['the whole bucket', ['s3://one'], ''],
    ['one prefix', ['s3://one/flink/eu'], 'flink/eu/'],
    ['what several prefixes share', ['s3://one/flink/eu/a', 's3://one/flink/eu/b', 's3://one/flink/us'], 'flink/'],
    ['what means itself in a filter', ['s3://one/flink/région/a'], 'flink/'],
  ])('is filtered at the source: %s', (_, area, prefix) => {
    // Act
    const { steward } = synthesise({ area });

    // Assess
    const rules = [{ Name: 'suffix', Value: '/_metadata' }];
    expect(steward.notificationEntries).toEqual([
      {
        bucket: 'one',
        queueConfiguration: {
          Id: expect.stringMatching(/^flink-steward-checkpoint-completed-TestStack-Steward/),
          QueueArn: steward.checkpointQueue.queueArn,
          Events: ['s3:ObjectCreated:*'],
          Filter: { Key: { FilterRules: prefix === '' ? rules : [{ Name: 'prefix', Value: prefix }, ...rules] } },
        },
      },
    ]);
  });

  it('is added to their notifications only where the configuration says so', () => {
    // Act
    const printed = synthesise(ADOPTED);
    const merged = synthesise({ ...ADOPTED, deploy: { notifications: 'merge' } });

    // Assess
    expect(statementsOf(printed, 'on-deploy').Notifications).toBeUndefined();
    expect(statementsOf(merged, 'on-deploy').Notifications).toMatchObject({
      Action: ['s3:GetBucketNotification', 's3:PutBucketNotification'],
      Resource: ['arn:aws:s3:::from-terraform'],
    });
    merged.template.hasResourceProperties('Custom::FlinkStewardOnDeploy', {
      Notifications: [
        {
          Bucket: 'from-terraform',
          Queue: { 'Fn::GetAtt': [Match.stringLikeRegexp('StewardEventsQueue'), 'Arn'] },
          Id: Match.stringLikeRegexp('^flink-steward-checkpoint-completed-TestStack-Steward'),
          Prefix: 'flink/',
        },
        {
          Bucket: 'from-terraform',
          Queue: { 'Fn::GetAtt': [Match.stringLikeRegexp('StewardDeletionsQueue'), 'Arn'] },
          Id: Match.stringLikeRegexp('^flink-steward-guard-TestStack-Steward'),
          Prefix: 'flink/',
          Events: 'expirations',
        },
      ],
    });
  });

  it('finds rules of EventBridge that are no longer than it takes, however many prefixes there are', () => {
    // Prepare
    const names = Array.from({ length: 60 }, (_, at) => `teams/team-${String(at).padStart(2, '0')}/checkpoints`);

    // Act
    const { template } = synthesise({ area: names.map((name) => `s3://company-flink-state-prod/${name}`) });

    // Assess
    const patterns = Object.values(template.findResources('AWS::Events::Rule'))
      .filter(({ Properties }) => Properties.EventPattern['detail-type'][0] === 'Object Created')
      .map(({ Properties }) => Properties.EventPattern as { detail: { object: { key: { wildcard: string }[] } } });
    expect(patterns.flatMap(({ detail }) => detail.object.key.map(({ wildcard }) => wildcard))).toEqual(
      names.map((name) => `${name}/*/_metadata`),
    );
    expect(Math.max(...patterns.map((pattern) => JSON.stringify(pattern).length))).toBeLessThanOrEqual(2_048);
  });

  it('finds queues whose policies SQS takes, however many buckets there are', () => {
    // Prepare
    const area = Array.from({ length: 30 }, (_, at) => `s3://company-flink-state-of-the-team-${at}/flink`);

    // Act
    const { template } = synthesise({ area });

    // Assess
    // And two of deletions, each for some of the buckets.
    template.resourceCountIs('AWS::Events::Rule', 32);
    const policies = Object.values(template.findResources('AWS::SQS::QueuePolicy')).map(
      ({ Properties }) => Properties.PolicyDocument as { Statement: { Sid?: string; Condition: unknown }[] },
    );
    const fromRules = policies.flatMap(({ Statement }) => Statement.filter(({ Sid }) => Sid === 'FromRules'));
    expect(fromRules.map(({ Condition }) => Condition)).toEqual([
      { ArnEquals: { 'aws:SourceArn': expect.toSatisfy((rules: unknown[]) => rules.length === 30) } },
      { ArnEquals: { 'aws:SourceArn': expect.toSatisfy((rules: unknown[]) => rules.length === 30) } },
      { ArnEquals: { 'aws:SourceArn': expect.toSatisfy((rules: unknown[]) => rules.length === 2) } },
      { ArnEquals: { 'aws:SourceArn': expect.toSatisfy((rules: unknown[]) => rules.length === 2) } },
    ]);
    // "Amazon SQS policy quotas" of its developer guide.
    expect(Math.max(...policies.map(({ Statement }) => Statement.length))).toBeLessThanOrEqual(20);
  });

  it('is refused where no policy of a queue can name all buckets', () => {
    const area = Array.from({ length: 60 }, (_, at) => `s3://company-flink-state-of-the-team-${at}/flink`);

    expect(() => synthesise({ area })).toThrow(
      'area has so many buckets and folders (60 buckets) that the policy of the queue which they notify would be longer than the 8,192 bytes that SQS takes. Name a common folder of several folders in place of them, or deploy once for each part of the area. Nothing is synthesised.',
    );
  });
});

describe('The construct', () => {
  it('gives the same template twice', () => {
    const once = () => JSON.stringify(synthesise(ADOPTED).template.toJSON());
    expect(once()).toBe(once());
  });

  it('looks after several areas in one stack, each with a ledger of its own', () => {
    // Prepare
    const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');

    // Act
    for (const name of ['one', 'two']) {
      new FlinkSteward(stack, name, { configuration: { area: [`s3://${name}`] }, bundles: bundles() });
    }

    // Assess
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.resourceCountIs('AWS::Lambda::Function', 2 * ALWAYS.length);
  });

  it.each([
    [{ area: ['s3://Bad:name/a'] }, 'area[0] contains the bucket name "Bad:name", which is not a valid name'],
    [{ area: ['s3://one'], deploy: { ledgerBucket: 'one' } }, 'area[0] and deploy.ledgerBucket are both one'],
    [
      { area: [{ bucket: 's3://one', endpoint: 'http://localhost:9000' }] },
      'area[0] (s3://one) has an endpoint of its own',
    ],
    [
      {
        area: [
          { bucket: 's3://one', region: 'eu-west-1' },
          { bucket: 's3://two', region: 'us-east-1' },
        ],
      },
      'area contains buckets in several regions (eu-west-1, us-east-1)',
    ],
    [
      {
        area: [
          { bucket: 's3://one/a', region: 'eu-west-1' },
          { bucket: 's3://one/b', region: 'us-east-1' },
        ],
      },
      'area[1].region is us-east-1, but another entry of one has eu-west-1',
    ],
    [{ deploy: { timeZone: 'Berlin' } }, 'deploy.timeZone'],
    [{ deploy: { timeZone: 'europe/berlin' } }, 'deploy.timeZone'],
    [{ deploy: { timeZone: '+01:00' } }, 'deploy.timeZone'],
    [{ deploy: { survey: 'hourly' } }, 'deploy.survey'],
  ])('refuses %j and names the key', (configuration, sentence) => {
    expect(() => synthesise(configuration)).toThrow(sentence);
  });

  it('refuses a bucket of another region, at synthesis where that is known and else at deployment', () => {
    // Prepare
    const configuration = { area: [{ bucket: 's3://one', region: 'eu-west-1' }] };

    // Act and assess
    expect(() => synthesise(configuration, { region: 'us-east-1' })).toThrow(
      'area contains a bucket in eu-west-1, but this deployment is in us-east-1.',
    );
    expect(Object.values(synthesise(configuration).template.toJSON().Rules)).toContainEqual({
      Assertions: [
        {
          Assert: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
          AssertDescription: expect.stringMatching(
            /^steward\.json says that the buckets of the area lie in eu-west-1\./,
          ),
        },
      ],
    });
  });
});

describe('A setting that endangers state', () => {
  it('is a warning at synthesis, by its name', () => {
    // Prepare
    const stack = new Stack(new App({ context: cdkJson.context }), 'Test');

    // Act
    new FlinkSteward(stack, 'Steward', {
      configuration: { collect: { minAge: '30m', checkpointTimeout: '10m', deadAfter: '20m' } },
      bundles: bundles(),
    });

    // Assess
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('Set it to'));
    expect(warnings.map(({ entry }) => entry.data)).toEqual([
      expect.stringMatching(/^collect\.minAge is 30m.*\[ack: flink-steward:collect\.minAge\]$/),
      expect.stringMatching(/^collect\.deadAfter is 20m.*\[ack: flink-steward:collect\.deadAfter\]$/),
    ]);
  });
});
