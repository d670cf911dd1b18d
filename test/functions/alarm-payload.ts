import { ALARM_PERIOD, ALARMS, type AlarmId, type AlarmKind } from '#core/signals/alarms.ts';
import { dimensionOf, JOB_DIMENSION } from '#core/signals/dimension.ts';

/** Notifications of alarms, as CloudWatch writes them. */

export const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';

export interface PayloadOptions {
  readonly state?: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
  readonly before?: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value?: number;
  /** Label of the job, of an alarm over many. */
  readonly job?: string;
}

export function kindOf(id: AlarmId): AlarmKind {
  const found = ALARMS.find((kind) => kind.id === id);
  if (found === undefined) throw new Error(`There is no alarm ${id}.`);
  return found;
}

export function alarmName(id: AlarmId): string {
  return `FlinkSteward-Steward-${id}`;
}

/** An id that CloudWatch gives to a series. */
export function contributorId(job: string): string {
  return Buffer.from(job).toString('hex').slice(0, 16).padStart(16, '0');
}

/** `[4.2 (22/11/26 06:00:00)]` */
export function reasonOf(value: number): string {
  return `Threshold Crossed: 1 datapoint was greater than the threshold. The most recent datapoint which crossed the threshold: [${value} (22/11/26 06:00:00)].`;
}

export function alarmPayload(id: AlarmId, { state = 'ALARM', before, at, value = 4.2, job }: PayloadOptions): object {
  const kind = kindOf(id);
  const isOfJobs = kind.source.of === 'job';
  const name = alarmName(id);
  return {
    AlarmName: name,
    AlarmDescription: `${kind.title}. Runbook: docs/runbook.md#${kind.runbook}`,
    AWSAccountId: ACCOUNT,
    AlarmConfigurationUpdatedTimestamp: '2026-11-01T00:00:00.000+0000',
    NewStateValue: state,
    NewStateReason: isOfJobs && job === undefined ? '2 out of 7 time series evaluated to ALARM' : reasonOf(value),
    StateChangeTime: new Date(at).toISOString().replace('Z', '+0000'),
    Region: 'EU (Frankfurt)',
    AlarmArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`,
    OldStateValue: before ?? (state === 'ALARM' ? 'OK' : 'ALARM'),
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...(job === undefined
      ? {}
      : {
          AlarmContributorId: contributorId(job),
          AlarmContributorAttributes: { [JOB_DIMENSION]: dimensionOf(job) },
        }),
    Trigger: {
      ...(isOfJobs ? { Metrics: [queryOf(kind)] } : metricOf(kind)),
      EvaluationPeriods: kind.hours,
      DatapointsToAlarm: kind.hours,
      ComparisonOperator: kind.comparison === 'above' ? 'GreaterThanThreshold' : 'LessThanThreshold',
      Threshold: 3.0,
      TreatMissingData: kind.missing,
      EvaluateLowSampleCountPercentile: '',
    },
  };
}

function queryOf({ source: { metric } }: AlarmKind): object {
  return {
    Expression: `SELECT MAX(${metric}) FROM SCHEMA(FlinkSteward, ${JOB_DIMENSION}) GROUP BY ${JOB_DIMENSION} ORDER BY MAX() DESC`,
    Id: 'q1',
    Period: ALARM_PERIOD,
    ReturnData: true,
  };
}

function metricOf({ source, statistic }: AlarmKind): object {
  const dimension = {
    'AWS/Lambda': ['FunctionName', 'survey-fn'],
    'AWS/SQS': ['QueueName', 'failures-q'],
    'AWS/States': undefined,
  }[source.of as 'AWS/Lambda'];
  return {
    MetricName: source.metric,
    Namespace: source.of.startsWith('AWS/') ? source.of : 'FlinkSteward',
    StatisticType: 'Statistic',
    Statistic: statistic.toUpperCase(),
    Unit: null,
    Dimensions: dimension === undefined ? [] : [{ value: dimension[1], name: dimension[0] }],
    Period: ALARM_PERIOD,
  };
}

/** As Lambda gets it. */
export function snsEvent(...messages: readonly (object | string)[]): object {
  return {
    Records: messages.map((message, at) => ({
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: `arn:aws:sns:${REGION}:${ACCOUNT}:alarms:1`,
      Sns: {
        Type: 'Notification',
        MessageId: `95df01b4-ee98-5cb9-9903-4c221d41eb5${at}`,
        TopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`,
        Subject: 'ALARM',
        Message: typeof message === 'string' ? message : JSON.stringify(message),
        Timestamp: '2026-11-22T06:00:00.000Z',
      },
    })),
  };
}
