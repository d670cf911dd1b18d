import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '#functions/shared/function-names.ts';

/** A channel of Slack that Amazon Q in chat applications serves. */
export interface AmazonQProps {
  /** Id of the workspace, which has been authorised in the console of Amazon Q: `T…`. */
  readonly slackWorkspaceId: string;
  /** Id of the channel: `C…`. */
  readonly slackChannelId: string;
}

/** What an operator decides about who receives which alarms. */
export interface WatchingProps {
  /**
   * Whether there are alarms, the topic that they go to and, where `signals.slack` is configured, the function that tells
   * Slack. Without them, metrics are published all the same.
   *
   * @default true
   */
  readonly alarms?: boolean;
  /**
   * Whether there is a dashboard.
   *
   * @default true
   */
  readonly dashboard?: boolean;
  /**
   * Where the runbook can be read, for the links of alarms and messages: the address of a page with the sections of
   * `docs/runbook.md`.
   *
   * @default - `signals.runbookUrl` of the configuration; without it, alarms and messages name the page and the section.
   */
  readonly runbookUrl?: string;
  /**
   * A Slack channel to which Amazon Q in chat applications sends the alarms, with or instead of `signals.slack`.
   *
   * @default - none; other subscribers attach to the property `alarmTopic`.
   */
  readonly amazonQ?: AmazonQProps;
}

/** The functions of a deployment. */
export type DeployedFunctions = Readonly<Record<Exclude<FunctionName, Optional>, LambdaFunction>> & {
  readonly [Name in Optional]?: LambdaFunction;
};

/** Without Slack the first, without a guard the second, without `states` the third, without shards the others. */
type Optional = 'notify-slack' | 'guard' | 'states' | 'shards' | 'shard';
