import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allow } from '#infra/permissions.ts';

/** A start that did not work is tried again once; the next one of the schedule comes soon enough. */
const RETRIES = 1;
const OLDEST_EVENT_SECONDS = 900;
const WINDOW_MINUTES = 5;

export interface SchedulesProps {
  readonly enabled: boolean;
  /** Of the IANA data base. */
  readonly timeZone: string;
  /** By id: when what is started. */
  readonly starts: Readonly<Record<string, Start>>;
  readonly failures: IQueue;
}

/** One schedule. */
export interface Start {
  /** As EventBridge Scheduler writes it. */
  readonly expression: string;
  /** ARN of a function or of a state machine. */
  readonly target: string;
  /** What starting it takes. */
  readonly action: 'lambda:InvokeFunction' | 'states:StartExecution';
  /** What its event says beside who sends it. */
  readonly event?: object;
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
            ...toStart('Start', 'lambda:InvokeFunction', starts),
            ...toStart('StartCollection', 'states:StartExecution', starts),
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
          arn: start.target,
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

/** None where nothing is started so: what is withheld here does not start by itself. */
function toStart(sid: string, action: Start['action'], starts: SchedulesProps['starts']): PolicyStatement[] {
  const targets = Object.values(starts).flatMap((start) => (start.action === action ? [start.target] : []));
  return targets.length === 0 ? [] : [allow(sid, [action], [...new Set(targets)])];
}
