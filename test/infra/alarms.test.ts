import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { ALARMS, type AlarmKind, DEFAULT_THRESHOLDS, JOB_ALARMS, thresholdOf } from '#core/signals/alarms.ts';
import { alarmKind } from '#core/slack/alarm-change.ts';
import { FlinkSteward } from '#infra/flink-steward.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };
import {
  ALWAYS,
  bundles,
  type Resource,
  readable,
  type Synthesised,
  statementsOf,
  synthesise,
  useSynthesis,
} from './synthesise.ts';

useSynthesis();

const SLACK = { signals: { slack: { secretName: 'my-webhook' } } };
const KINDS: readonly AlarmKind[] = ALARMS;

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
  readonly InsufficientDataActions?: readonly unknown[];
  readonly Metrics?: readonly {
    readonly Expression?: string;
    readonly Period?: number;
    readonly MetricStat?: object;
  }[];
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Statistic?: string;
  readonly Period?: number;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

function ofType({ resources }: Pick<Synthesised, 'resources'>, type: string): readonly Resource[] {
  return Object.values(resources).filter(({ Type }) => Type === type);
}

function alarmsOf(synthesised: Synthesised): readonly AlarmProperties[] {
  return ofType(synthesised, 'AWS::CloudWatch::Alarm').map(
    ({ Properties }) => Properties as unknown as AlarmProperties,
  );
}

/** Those of one kind. */
function alarmOf(synthesised: Synthesised, id: string): readonly AlarmProperties[] {
  return alarmsOf(synthesised).filter(
    ({ AlarmName, AlarmDescription }) =>
      alarmKind({ name: AlarmName, description: AlarmDescription, metrics: [] }) === id,
  );
}

describe('The alarms', () => {
  it.each(KINDS.map((kind) => [kind.id, kind] as const))(
    'compare, wait and treat missing data as the list says: %s',
    (id, kind) => {
      // Act
      const found = alarmOf(synthesise(), id);

      // Assess
      expect(found.length).toBeGreaterThan(0);
      for (const alarm of found) {
        expect(alarm).toMatchObject({
          AlarmName: expect.stringMatching(new RegExp(`^TestStack-Steward-[0-9A-F]+-${id}(?:-[a-z-]+)?$`)),
          AlarmDescription: expect.stringMatching(
            new RegExp(
              `^${kind.severity === 'page' ? 'Page' : 'Ticket'}: ${kind.title}.* Runbook: docs/runbook\\.md#${kind.runbook}$`,
            ),
          ),
          Threshold: thresholdOf(kind, DEFAULT_THRESHOLDS),
          ComparisonOperator: kind.comparison === 'above' ? 'GreaterThanThreshold' : 'LessThanThreshold',
          // One breach of a short period is enough, and lasts for as long as whole hours would.
          EvaluationPeriods: kind.period === undefined ? kind.hours : (kind.hours * 3_600) / kind.period,
          DatapointsToAlarm: kind.period === undefined ? kind.hours : 1,
          TreatMissingData: kind.missing,
        });
      }
    },
  );

  it('tell the topics of all and of their severity that they are on and that they are over, and nobody that data is missing', () => {
    for (const { AlarmDescription, AlarmActions, OKActions, InsufficientDataActions } of alarmsOf(synthesise())) {
      const own = AlarmDescription.startsWith('Page: ') ? '<NotificationsPageTopic>' : '<NotificationsTicketTopic>';
      expect(readable(AlarmActions)).toEqual(['<NotificationsTopic>', own]);
      expect(readable(OKActions)).toEqual(['<NotificationsTopic>', own]);
      expect(InsufficientDataActions).toBeUndefined();
    }
  });

  it('are one for all jobs, by a query that looks back three hours at most', () => {
    // Act
    const synthesised = synthesise();

    // Assess
    const queries = KINDS.filter(({ source }) => source.of === 'job').map(({ id }) => {
      const [alarm, ...others] = alarmOf(synthesised, id);
      expect(others).toEqual([]);
      const [query] = alarm?.Metrics ?? [];
      expect((alarm?.EvaluationPeriods ?? 0) * (query?.Period ?? 0)).toBeLessThanOrEqual(3 * 3_600);
      return query?.Expression?.replace(synthesised.steward.metricNamespace, 'NAMESPACE');
    });
    expect(queries).toEqual([
      'SELECT MAX(JumpRatio) FROM SCHEMA("NAMESPACE", Job) GROUP BY Job ORDER BY MAX() DESC LIMIT 500',
      'SELECT MIN(DaysToBudget) FROM SCHEMA("NAMESPACE", Job) GROUP BY Job ORDER BY MIN() ASC LIMIT 500',
      'SELECT MAX(ReclaimableShare) FROM SCHEMA("NAMESPACE", Job) GROUP BY Job ORDER BY MAX() DESC LIMIT 500',
      'SELECT MAX(Lateness) FROM SCHEMA("NAMESPACE", Job) GROUP BY Job ORDER BY MAX() DESC LIMIT 500',
      'SELECT MAX(RestorePoints) FROM SCHEMA("NAMESPACE", Job) GROUP BY Job ORDER BY MAX() ASC LIMIT 500',
      'SELECT MAX(DamagedNewest) FROM SCHEMA("NAMESPACE", Job) GROUP BY Job ORDER BY MAX() DESC LIMIT 500',
    ]);
  });

  it('take their thresholds from the configuration', () => {
    // Act
    const synthesised = synthesise({
      signals: { jump: 5, growthHorizon: '36h', lateness: 10, reclaimableShare: 0.8, pausedFor: '3d' },
    });

    // Assess
    const thresholds = KINDS.map(({ id }) => [id, alarmOf(synthesised, id)[0]?.Threshold]);
    expect(Object.fromEntries(thresholds)).toMatchObject({
      'size-jump': 5,
      budget: 1.5,
      'late-checkpoint': 10,
      'reclaimable-share': 0.8,
      paused: 72,
    });
  });

  it('are there on jobs whatever metrics are selected, since each of them is published while it matters', () => {
    const synthesised = synthesise({ signals: { metrics: [] } });
    const left = KINDS.filter(({ id, source }) => source.of === 'job' && alarmOf(synthesised, id).length > 0);
    expect(left).toEqual(JOB_ALARMS);
  });

  it('watch the fleet, and the counters of all functions together', () => {
    // Act
    const synthesised = synthesise();

    // Assess
    for (const { id, source, statistic, period } of KINDS.filter((kind) => kind.source.of === 'fleet')) {
      expect(alarmOf(synthesised, id)).toMatchObject([
        {
          Namespace: synthesised.steward.metricNamespace,
          MetricName: source.metric,
          Statistic: statistic,
          Period: period ?? 3_600,
        },
      ]);
      expect(alarmOf(synthesised, id)[0]?.Dimensions).toBeUndefined();
    }
    // An hour without a count is zero: the alarm would go on with the count of an hour ago.
    const [summed, ...counted] = alarmOf(synthesised, 'stopped')[0]?.Metrics ?? [];
    expect(summed?.Expression).toBe('FILL(collect, 0) + FILL(sweep, 0)');
    expect(counted.map(({ MetricStat }) => MetricStat)).toEqual(
      ['collect', 'sweep'].map((name) => ({
        Metric: {
          Namespace: synthesised.steward.metricNamespace,
          MetricName: 'StoppedRuns',
          Dimensions: [{ Name: 'service', Value: name }],
        },
        Period: 3_600,
        Stat: 'Sum',
      })),
    );
  });

  it('watch each function for errors, and not for starts that are tried again', () => {
    // Act
    const failing = alarmOf(synthesise(SLACK), 'failing');

    // Assess
    const parts = failing.map(({ AlarmName }) => AlarmName.replace(/^.*-failing-/, ''));
    expect(parts.sort()).toEqual([...ALWAYS, 'notify-slack'].sort());
    expect(failing.map(({ MetricName, Statistic }) => `${MetricName} ${Statistic}`)).toEqual(
      failing.map(() => 'Errors Sum'),
    );
  });

  it('watch each queue in which nothing should be', () => {
    const queues = alarmOf(synthesise(), 'dead-letters').map(({ Dimensions, Statistic }) => [
      readable(Dimensions?.[0]?.Value).join(),
      Statistic,
    ]);
    expect(queues).toEqual([
      ['<EventsDeadLetters>', 'Maximum'],
      ['<Failures>', 'Maximum'],
      ['<DeletionsDeadLetters>', 'Maximum'],
    ]);
  });

  it('watch how long the oldest event has waited in the queue of checkpoint events', () => {
    const [age, ...others] = alarmOf(synthesise(), 'late-events');
    expect(others).toEqual([]);
    expect(age).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Statistic: 'Maximum',
      Threshold: 1_800,
    });
    expect(readable(age?.Dimensions?.[0]?.Value).join()).toBe('<EventsQueue>');
  });

  it('look for the heartbeat only once the deployment has published the first one', () => {
    const silent = ofType(synthesise(), 'AWS::CloudWatch::Alarm').filter(({ Properties }) =>
      String(Properties.AlarmName).endsWith('-silent'),
    );
    expect(silent.map(({ DependsOn }) => readable(DependsOn).join())).toEqual([
      expect.stringContaining('StewardDeployed'),
    ]);
    const { Publish } = statementsOf(synthesise(), 'on-deploy');
    expect(Publish?.Action).toBe('cloudwatch:PutMetricData');
  });

  it('lead to the runbook where one is named', () => {
    const synthesised = synthesise({}, { runbookUrl: 'https://example.org/runbook' });
    expect(alarmOf(synthesised, 'silent')[0]?.AlarmDescription).toEqual(
      expect.stringMatching(
        /^Ticket: The steward is silent\. See whether .* Runbook: https:\/\/example\.org\/runbook#silent$/,
      ),
    );
  });

  it('can be left out, with all that hears of them', () => {
    // Act
    const synthesised = synthesise(SLACK, { alarms: false });

    // Assess
    for (const type of ['AWS::CloudWatch::Alarm', 'AWS::SNS::Topic', 'AWS::KMS::Key']) {
      expect(ofType(synthesised, type), type).toEqual([]);
    }
    expect(synthesised.steward.alarmTopic).toBeNull();
    expect(synthesised.steward.functions['notify-slack']).toBeUndefined();
    synthesised.template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });

  it('of two stewards in one stack have names of their own', () => {
    // Prepare
    const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');

    // Act
    const stewards = ['one', 'two'].map(
      (name) => new FlinkSteward(stack, name, { configuration: { area: [`s3://${name}`] }, bundles: bundles() }),
    );

    // Assess
    expect(new Set(stewards.map(({ dashboard }) => dashboard?.dashboardName)).size).toBe(2);
  });
});

describe('The metrics of two stewards in one application', () => {
  const TWO = ['one', 'two'] as const;

  function synthesiseTwo(configure: (name: string) => object = () => ({})): readonly Synthesised['steward'][] {
    const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');
    return TWO.map(
      (name) =>
        new FlinkSteward(stack, name, {
          configuration: { area: [`s3://${name}-bucket`], ...configure(name) },
          bundles: bundles(),
        }),
    );
  }

  /** All that a template says of one construct, as text. */
  function textsOf(steward: Synthesised['steward']): readonly string[] {
    const { Resources } = Template.fromStack(Stack.of(steward)).toJSON() as { readonly Resources: object };
    return Object.entries(Resources)
      .filter(([id]) => id.startsWith(steward.node.id))
      .map(([, resource]) => JSON.stringify(resource));
  }

  it('are in namespaces of their own: what one publishes, no alarm, graph or role of the other names', () => {
    // Act
    const stewards = synthesiseTwo();

    // Assess
    const [one, two] = stewards.map(({ metricNamespace }) => metricNamespace);
    expect(one).toMatch(/^FlinkSteward\/TestStack-one-[0-9A-F]+$/);
    expect(two).toMatch(/^FlinkSteward\/TestStack-two-[0-9A-F]+$/);
    for (const [at, steward] of stewards.entries()) {
      const texts = textsOf(steward);
      expect(texts.filter((text) => text.includes([one, two][at] ?? '?')).length).toBeGreaterThan(20);
      expect(texts.filter((text) => text.includes([two, one][at] ?? '?'))).toEqual([]);
    }
  });

  it('have each steward watch its own heartbeat, by the namespace that its functions publish in', () => {
    // Act
    const stewards = synthesiseTwo();

    // Assess
    for (const steward of stewards) {
      const { metricNamespace } = steward;
      const resources = textsOf(steward).map((text) => JSON.parse(text) as Resource);
      const silent = resources.filter(
        ({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && Properties.MetricName === 'Heartbeat',
      );
      expect(silent.map(({ Properties }) => Properties.Namespace)).toEqual([metricNamespace]);
      const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
      expect(functions.length).toBeGreaterThanOrEqual(ALWAYS.length);
      for (const { Properties } of functions) {
        expect(Properties).toMatchObject({ Environment: { Variables: { STEWARD_NAMESPACE: metricNamespace } } });
      }
    }
  });

  it('are where the configuration wants them', () => {
    const stewards = synthesiseTwo((name) => ({ signals: { namespace: `Flink/${name}` } }));
    expect(stewards.map(({ metricNamespace }) => metricNamespace)).toEqual(['Flink/one', 'Flink/two']);
    for (const steward of stewards) {
      expect(textsOf(steward).filter((text) => text.includes('FlinkSteward/'))).toEqual([]);
    }
  });
});

describe('The topic', () => {
  it('is encrypted with a key that CloudWatch of this account may use, and answers to TLS alone', () => {
    // Act
    const { template } = synthesise();

    // Assess
    template.hasResourceProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('StewardNotificationsKey'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    const ofThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'AlarmsEncrypt',
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: ofThisAccount,
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Sid: 'AlarmsPublish',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: ofThisAccount,
          }),
        ]),
      },
    });
  });

  it('has a channel of Amazon Q where one is named, which may only read', () => {
    // Act
    const { template } = synthesise({}, { amazonQ: { slackWorkspaceId: 'T012', slackChannelId: 'C012' } });

    // Assess
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      SlackWorkspaceId: 'T012',
      SlackChannelId: 'C012',
      SnsTopicArns: [{ Ref: Match.stringLikeRegexp('StewardNotificationsTopic') }],
      GuardrailPolicies: [
        Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([':iam::aws:policy/CloudWatchReadOnlyAccess'])] }),
      ],
    });
    synthesise().template.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
  });
});

describe('What tells Slack', () => {
  it('is there where a secret is named, and what it can not tell ends in the failure queue', () => {
    // Act
    const { template } = synthesise(SLACK);

    // Assess
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'lambda',
      Endpoint: { 'Fn::GetAtt': [Match.stringLikeRegexp('StewardNotifySlackFunction'), 'Arn'] },
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('StewardFailures'), 'Arn'] } },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Posts alarms to Slack, each change once.',
      // New accounts have nothing to reserve; the claim in the ledger lets each change be posted once.
      ReservedConcurrentExecutions: Match.absent(),
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('StewardNotifySlackFunction') },
      MaximumRetryAttempts: 2,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('StewardFailures'), 'Arn'] } },
      },
    });
    synthesise().template.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  it('may read one secret, ask about the alarms over many jobs, and write what it has told', () => {
    // Act
    const { ReadWebhook, AskWhichJobs, Ledger, ReadJobs, ...others } = statementsOf(synthesise(SLACK), 'notify-slack');

    // Assess
    const jobAlarms = KINDS.filter(({ source }) => source.of === 'job').map(({ id }) => id);
    jobAlarms.sort();
    const here = (service: string, resource: string) =>
      expect.stringMatching(new RegExp(`^arn:aws:${service}:<AWS::Region>:<AWS::AccountId>:${resource}$`));
    expect(ReadWebhook).toMatchObject({
      Action: 'secretsmanager:GetSecretValue',
      Resource: [here('secretsmanager', 'secret:my-webhook-\\?{6}')],
    });
    expect(AskWhichJobs).toMatchObject({
      Action: 'cloudwatch:DescribeAlarmContributors',
      Resource: jobAlarms.map((id) => here('cloudwatch', `alarm:TestStack-Steward-[0-9A-F]+-${id}`)),
    });
    expect(Ledger?.Resource).toEqual(['arn:aws:s3:::<Ledger>/conditional-writes@', 'arn:aws:s3:::<Ledger>/told/*']);
    expect(ReadJobs).toMatchObject({
      Action: 's3:GetObject',
      Resource: [
        'arn:aws:s3:::<Ledger>/hazards@',
        'arn:aws:s3:::<Ledger>/history/*',
        'arn:aws:s3:::<Ledger>/incident@',
        'arn:aws:s3:::<Ledger>/jobs@',
        'arn:aws:s3:::<Ledger>/report/report.html',
        'arn:aws:s3:::<Ledger>/restore-points.json',
        'arn:aws:s3:::<Ledger>/runs/*/summary.json',
      ],
    });
    expect(Object.keys(others).sort()).toEqual(['ListLedger', 'Log', 'TellFailures']);
  });

  it('may read a secret that is named by its ARN', () => {
    const secretName = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:hook-AbCdEf';
    const { ReadWebhook } = statementsOf(synthesise({ signals: { slack: { secretName } } }), 'notify-slack');
    expect(ReadWebhook?.Resource).toEqual([secretName]);
  });

  it('passes the checks of cdk-nag with all that a deployment can have', () => {
    // Prepare
    const app = new App({ context: cdkJson.context });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const stack = new Stack(app, 'TestStack');
    new FlinkSteward(stack, 'Steward', {
      configuration: { ...SLACK },
      bundles: bundles(),
      amazonQ: { slackWorkspaceId: 'T012', slackChannelId: 'C012' },
    });

    // Act and assess: it throws where a rule is broken and nobody has said why.
    expect(() => app.synth()).not.toThrow();
  });
});

describe('The dashboard', () => {
  it('shows the alarms, the fleet, the jobs with most, and the steward itself', () => {
    // Act
    const synthesised = synthesise();

    // Assess
    const [dashboard, ...others] = ofType(synthesised, 'AWS::CloudWatch::Dashboard');
    expect(others).toEqual([]);
    const body = JSON.stringify(dashboard?.Properties.DashboardBody).replaceAll('\\', '');
    const titles = [...body.matchAll(/"title":"([^"]+)"/g)].map(([, title]) => title);
    expect(titles).toEqual([
      'Alarms',
      'Fleet',
      'Stored, live and garbage',
      'Risks',
      'Checkpoint size, top 10',
      'Stored, top 10',
      'Jumps in size, top 10',
      'Lateness, top 10',
      'Days to budget, lowest 10',
      'Restore points, lowest 10',
      'Errors of the steward',
      'Longest run, milliseconds',
      'Failed events and invocations',
      'Heartbeat',
      'Deleted bytes',
      'Runs that stopped',
    ]);
    expect(body).toContain(
      `SELECT MAX(CheckpointBytes) FROM SCHEMA("${synthesised.steward.metricNamespace}", Job) GROUP BY Job ORDER BY MAX() DESC LIMIT 10`,
    );
    expect(dashboard?.Properties.DashboardName).toMatch(/^TestStack-Steward-[0-9A-F]+$/);
  });

  it('can be left out', () => {
    // Act
    const { template, steward } = synthesise(SLACK, { dashboard: false });

    // Assess
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    expect(steward.dashboard).toBeNull();
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ STEWARD_DASHBOARD: '' }) },
    });
  });
});
