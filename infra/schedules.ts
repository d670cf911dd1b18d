import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** A start that did not work is tried again once; the next one of the schedule comes soon enough. */
const RETRIES = 1;
const OLDEST_EVENT_SECONDS = 900;
const WINDOW_MINUTES = 5;

export interface SchedulesProps {
  readonly enabled: boolean;
  /** Of the IANA data base. */
  readonly timeZone: string;
  /** By id: what starts which function, as EventBridge Scheduler writes it, and what its event says beside who sends it. */
  readonly starts: Readonly<
    Record<string, { readonly expression: string; readonly function: IFunction; readonly event?: object }>
  >;
  readonly failures: IQueue;
}

/** What starts by itself. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { enabled, timeZone, starts, failures }: SchedulesProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: 'Role of the schedules of Flink Steward.',
      inlinePolicies: {
        steward: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'Start',
              actions: ['lambda:InvokeFunction'],
              resources: [...new Set(Object.values(starts).map((start) => start.function.functionArn))],
            }),
            new PolicyStatement({ sid: 'TellFailures', actions: ['sqs:SendMessage'], resources: [failures.queueArn] }),
          ],
        }),
      },
    });
    for (const [name, start] of Object.entries(starts)) {
      new CfnSchedule(this, name, {
        scheduleExpression: start.expression,
        scheduleExpressionTimezone: timeZone,
        state: enabled ? 'ENABLED' : 'DISABLED',
        flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: WINDOW_MINUTES },
        target: {
          arn: start.function.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify({ by: 'schedule', ...start.event }),
          // Left to itself the service tries 185 times in a day.
          retryPolicy: { maximumRetryAttempts: RETRIES, maximumEventAgeInSeconds: OLDEST_EVENT_SECONDS },
          deadLetterConfig: { arn: failures.queueArn },
        },
      });
    }
  }
}
