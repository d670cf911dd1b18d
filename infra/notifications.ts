import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Severity } from '#core/signals/alarms.ts';
import { ENV } from '#functions/shared/environment.ts';
import type { DeployedConfiguration } from '#infra/deployed-configuration.ts';
import { allow, type Permissions } from '#infra/permissions.ts';
import { StewardFunction } from '#infra/steward-function.ts';
import type { AmazonQProps } from '#infra/watching-props.ts';

export interface NotificationsProps {
  /** @default - Amazon Q receives no alarms. */
  readonly amazonQ?: AmazonQProps;
}

export interface SlackProps {
  /** Name or ARN of the secret that holds the address of the webhook. */
  readonly secretName: string;
  readonly permissions: Permissions;
  /** `s3://bucket`. */
  readonly ledger: string;
  readonly configuration: DeployedConfiguration;
  /** The bucket that the deployment makes; null where all are adopted. */
  readonly made: string | null;
  /** Names of the alarms over many jobs. */
  readonly jobAlarms: readonly string[];
  /** Address or name of the page of the runbook. */
  readonly runbook: string;
  /** Empty where there is none. */
  readonly dashboard: string;
  /** Whether states of jobs are looked at. */
  readonly readsStates: boolean;
  /** Where notifications end that could not be told. */
  readonly failures: IQueue;
  readonly bundles: string;
  readonly logRetention: RetentionDays;
  /** The CloudWatch namespace of the deployment. */
  readonly namespace: string;
}

/** Shorter than what a claim in the ledger lasts. */
const TIMEOUT = Duration.minutes(2);
const MEMORY = 512;

/** The topic of the alarms, and its subscribers. */
export class Notifications extends Construct {
  /** Encrypted, and for TLS only. Whoever shall hear of alarms subscribes to it. */
  readonly topic: Topic;
  /** Topics that get only the alarms of one severity, for a pager and for a tracker of tickets. */
  readonly bySeverity: Readonly<Record<Severity, Topic>>;

  constructor(scope: Construct, id: string, { amazonQ }: NotificationsProps = {}) {
    super(scope, id);
    // CloudWatch can't use the key that AWS manages for SNS: only a key of our own lets it publish.
    const key = new Key(this, 'Key', {
      description: 'Key of the alarm topic of Flink Steward.',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(fromCloudWatch('AlarmsEncrypt', ['kms:Decrypt', 'kms:GenerateDataKey*'], '*'));
    const create = (topicId: string, displayName: string): Topic => {
      const topic = new Topic(this, topicId, { displayName, masterKey: key, enforceSSL: true });
      topic.addToResourcePolicy(fromCloudWatch('AlarmsPublish', ['sns:Publish'], topic.topicArn));
      return topic;
    };
    this.topic = create('Topic', 'Alarms of Flink Steward');
    this.bySeverity = {
      page: create('PageTopic', 'Pages of Flink Steward'),
      ticket: create('TicketTopic', 'Tickets of Flink Steward'),
    };
    if (amazonQ !== undefined) {
      new SlackChannelConfiguration(this, 'AmazonQ', {
        slackChannelConfigurationName: `${Aws.STACK_NAME}-flink-steward`,
        ...amazonQ,
        notificationTopics: [this.topic],
        // The default lets anyone who writes in the channel use every permission of its role.
        guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('CloudWatchReadOnlyAccess')],
      });
    }
  }

  /** Has a function tell Slack. */
  tellSlack(scope: Construct, props: SlackProps): LambdaFunction {
    const { permissions: may, failures } = props;
    const { function: notify } = new StewardFunction(scope, 'NotifySlack', {
      name: 'notify-slack',
      description: 'Posts alarms to Slack, each change once.',
      bundles: props.bundles,
      logRetention: props.logRetention,
      configuration: props.configuration,
      timeout: TIMEOUT,
      memorySize: MEMORY,
      asynchronous: { retries: 2, failures },
      environment: {
        [ENV.namespace]: props.namespace,
        [ENV.ledger]: props.ledger,
        [ENV.stack]: Aws.STACK_NAME,
        ...(props.made === null ? {} : { [ENV.bucket]: props.made }),
        [ENV.runbook]: props.runbook,
        [ENV.dashboard]: props.dashboard,
      },
      statements: [
        ...may.rememberTold(),
        ...may.readJobs(props.readsStates),
        allow('ReadWebhook', ['secretsmanager:GetSecretValue'], [secretArn(props.secretName)]),
        ...(props.jobAlarms.length === 0
          ? []
          : [allow('AskWhichJobs', ['cloudwatch:DescribeAlarmContributors'], props.jobAlarms.map(alarmArn))]),
      ],
    });
    this.topic.addSubscription(new LambdaSubscription(notify, { deadLetterQueue: failures }));
    return notify;
  }
}

function fromCloudWatch(sid: string, actions: string[], resource: string): PolicyStatement {
  return new PolicyStatement({
    sid,
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions,
    resources: [resource],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
}

/** Secrets Manager adds a hyphen and six characters to the name. */
function secretArn(name: string): string {
  return name.startsWith('arn:')
    ? name
    : `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${name}-??????`;
}

function alarmArn(name: string): string {
  return `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:${name}`;
}
