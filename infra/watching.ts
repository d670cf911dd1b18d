import type { Alarm, CompositeAlarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import type { StewardConfig } from '#config/steward-config.ts';
import { RUNBOOK, type Severity } from '#core/signals/alarms.ts';
import { jobAlarmNames, StewardAlarms } from '#infra/alarms.ts';
import { StewardDashboard } from '#infra/dashboard.ts';
import { uniquePrefix } from '#infra/metric-namespace.ts';
import { Notifications, type SlackProps } from '#infra/notifications.ts';
import type { DeployedFunctions, WatchingProps } from '#infra/watching-props.ts';

export interface Watched
  extends Pick<
    SlackProps,
    'permissions' | 'ledger' | 'made' | 'configuration' | 'failures' | 'bundles' | 'logRetention' | 'namespace'
  > {
  readonly config: StewardConfig;
  readonly functions: DeployedFunctions;
  /** Queues in which nothing should be, by a name for the alarm. */
  readonly deadLetters: Readonly<Record<string, IQueue>>;
  /** ARN of the state machine that runs collections. */
  readonly collection: string;
  /** The queue of checkpoint events. */
  readonly events: IQueue;
  /** Publishes the first heartbeat. */
  readonly deployed: IConstruct;
}

export interface Watching {
  /** With the one that tells Slack, where that is configured. */
  readonly functions: DeployedFunctions;
  readonly alarmTopic: Topic | null;
  readonly alarmTopics: Readonly<Record<Severity, Topic>> | null;
  readonly alarms: Readonly<Record<string, Alarm>>;
  /** Makes the alarm of the steward's own health, where there is none yet. */
  readonly unhealthy: () => CompositeAlarm | null;
  readonly dashboard: Dashboard | null;
}

/** Alarms, those who hear of them, and the dashboard. */
export function watch(scope: Construct, props: WatchingProps, watched: Watched): Watching {
  const { config, deadLetters, events, namespace, collection, deployed } = watched;
  const prefix = uniquePrefix(scope);
  const runbook = props.runbookUrl ?? config.signals.runbookUrl ?? RUNBOOK;
  const name = props.dashboard === false ? null : prefix;
  const { amazonQ } = props;
  const notifications =
    props.alarms === false ? null : new Notifications(scope, 'Notifications', amazonQ === undefined ? {} : { amazonQ });
  const { slack } = config.signals;
  const notify =
    notifications === null || slack === undefined
      ? {}
      : {
          'notify-slack': notifications.tellSlack(scope, {
            ...watched,
            secretName: slack.secretName,
            readsStates: config.states !== undefined,
            jobAlarms: jobAlarmNames(prefix),
            runbook,
            dashboard: name ?? '',
          }),
        };
  const functions = { ...watched.functions, ...notify };
  const alarms =
    notifications === null
      ? null
      : new StewardAlarms(scope, 'Alarms', {
          prefix,
          config,
          topic: notifications.topic,
          topics: notifications.bySeverity,
          functions,
          deadLetters,
          collection,
          events,
          namespace,
          deployed,
          runbook,
        });
  const dashboard =
    name === null
      ? null
      : new StewardDashboard(scope, 'Dashboard', {
          name,
          namespace,
          alarms: alarms?.names ?? [],
          functions,
          deadLetters,
        }).dashboard;
  return {
    functions,
    alarmTopic: notifications?.topic ?? null,
    alarmTopics: notifications?.bySeverity ?? null,
    alarms: alarms?.byId ?? {},
    unhealthy: () => alarms?.unhealthy() ?? null,
    dashboard,
  };
}
