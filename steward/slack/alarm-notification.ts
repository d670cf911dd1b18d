import * as z from 'zod';
import { type AlarmChange, alarmKind } from '#core/slack/alarm-change.ts';
import type { InAlarm } from '#core/slack/telling.ts';

/**
 * Parses the notification of a CloudWatch alarm from SNS. Source: the CloudWatch user guide, "Notifying users on alarm
 * changes". For an alarm over many series, CloudWatch sends one notification for each contributor, with
 * `AlarmContributorId` and `AlarmContributorAttributes`, and possibly one for the whole alarm.
 */

const states = z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']);
const dimensions = z.array(z.object({ name: z.string(), value: z.string() }));

/** The alarm itself: the text of a notification. */
export const alarmSchema = z
  .object({
    AlarmName: z.string().min(1).describe('name of the alarm; its end determines the kind of alarm'),
    AlarmDescription: z.string().nullish(),
    AWSAccountId: z.string().nullish(),
    NewStateValue: states.describe('the new state'),
    OldStateValue: states.nullish().catch(null).describe('the state before'),
    NewStateReason: z.string().nullish().describe("the reason, in CloudWatch's words"),
    StateChangeTime: z
      .string()
      .refine((text) => !Number.isNaN(timeOf(text)), { error: 'Write a time such as "2026-11-22T06:32:51.000+0000".' })
      .describe('time of the change, ISO 8601'),
    AlarmArn: z.string().nullish().describe('ARN of the alarm, which contains the region'),
    AlarmContributorId: z.string().nullish().describe('for an alarm over many series: id of the series that changed'),
    AlarmContributorAttributes: z
      .record(z.string(), z.string())
      .nullish()
      .describe('for an alarm over many series: dimensions of the series that changed'),
    Trigger: z
      .object({
        MetricName: z.string().nullish(),
        Dimensions: dimensions.nullish(),
        Metrics: z
          .array(
            z.object({
              Expression: z.string().nullish(),
              MetricStat: z
                .object({
                  Metric: z.object({ MetricName: z.string().nullish(), Dimensions: dimensions.nullish() }),
                })
                .nullish(),
            }),
          )
          .nullish(),
      })
      .nullish()
      .describe('the metrics of the alarm'),
  })
  .describe('a CloudWatch alarm');
type Alarm = z.output<typeof alarmSchema>;

/** The event that Lambda receives from SNS. */
export const snsEventSchema = z.object({
  Records: z
    .array(
      z.object({
        Sns: z.object({
          MessageId: z.string().optional().describe('id of the SNS message'),
          Message: z.string().describe('the alarm, as JSON'),
        }),
      }),
    )
    .min(1)
    .describe('SNS notifications'),
});

/** A text or document is not the notification of an alarm. */
export class NotificationError extends Error {
  override readonly name = 'NotificationError';
}

/** @param message the text of a notification. @throws NotificationError */
export function alarmOfMessage(message: string): AlarmChange {
  let json: unknown;
  try {
    json = JSON.parse(message);
  } catch {
    throw new NotificationError(`The message is not JSON, so it is not a CloudWatch alarm: ${shorten(message)}.`);
  }
  return alarmOf(json);
}

/** @throws NotificationError */
export function alarmOf(json: unknown): AlarmChange {
  const parsed = alarmSchema.safeParse(json);
  if (!parsed.success) {
    throw new NotificationError(`The message is not a CloudWatch alarm: ${sentenceOf(parsed.error, json)}`);
  }
  return changeOf(parsed.data);
}

/**
 * All alarms in a document: an SNS event for Lambda, one SNS notification for HTTP, or an alarm.
 *
 * @throws NotificationError
 */
export function alarmsOfDocument(document: unknown): readonly AlarmChange[] {
  const event = snsEventSchema.safeParse(document).data;
  if (event !== undefined) {
    return event.Records.map(({ Sns }) => alarmOfMessage(Sns.Message));
  }
  const notification = z.object({ Type: z.literal('Notification'), Message: z.string() }).safeParse(document).data;
  return [notification === undefined ? alarmOf(document) : alarmOfMessage(notification.Message)];
}

function changeOf(alarm: Alarm): AlarmChange {
  const { AlarmName, AlarmContributorId, AlarmContributorAttributes, Trigger } = alarm;
  const queries = Trigger?.Metrics ?? [];
  const metrics = queries.flatMap(({ Expression, MetricStat }) => [Expression, MetricStat?.Metric.MetricName]);
  const found = [Trigger?.Dimensions, ...queries.map(({ MetricStat }) => MetricStat?.Metric.Dimensions)];
  return {
    alarm: AlarmName,
    kind: alarmKind({
      name: AlarmName,
      description: alarm.AlarmDescription ?? null,
      metrics: [Trigger?.MetricName, ...metrics].filter((text) => typeof text === 'string'),
    }),
    state: alarm.NewStateValue,
    before: alarm.OldStateValue ?? null,
    at: timeOf(alarm.StateChangeTime),
    reason: alarm.NewStateReason ?? '',
    description: alarm.AlarmDescription ?? null,
    account: alarm.AWSAccountId ?? null,
    region: /^arn:[\w-]+:cloudwatch:([\w-]+):/.exec(alarm.AlarmArn ?? '')?.[1] ?? null,
    dimensions: Object.fromEntries(found.flatMap((some) => some ?? []).map(({ name, value }) => [name, value])),
    overMany:
      typeof AlarmContributorId === 'string' ||
      queries.some(({ Expression }) => /\bGROUP\s+BY\b/i.test(Expression ?? '')),
    contributor:
      typeof AlarmContributorId === 'string'
        ? { id: AlarmContributorId, attributes: AlarmContributorAttributes ?? {} }
        : null,
  };
}

/** CloudWatch writes the offset without a colon: `+0000`. NaN if the text is not a time. */
function timeOf(text: string): number {
  return Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
}

function shorten(value: unknown): string {
  const shown = JSON.stringify(value);
  return shown.length > 120 ? `${shown.slice(0, 119)}…` : shown;
}

const contributorsSchema = z.object({
  AlarmContributors: z.array(
    z.object({
      ContributorId: z.string(),
      ContributorAttributes: z.record(z.string(), z.string()),
      StateReason: z.string().default(''),
      StateTransitionedTimestamp: z.union([z.string(), z.number()]).optional(),
    }),
  ),
});

/**
 * The series in alarm in a document: the output of `aws cloudwatch describe-alarm-contributors`, alone or together with an
 * event. Empty if the document has no such list.
 *
 * @throws NotificationError
 */
export function contributorsOf(document: unknown): readonly InAlarm[] {
  if (typeof document !== 'object' || document === null || !('AlarmContributors' in document)) {
    return [];
  }
  const parsed = contributorsSchema.safeParse(document);
  if (!parsed.success) {
    throw new NotificationError(
      `AlarmContributors is not a list of contributors as CloudWatch prints it: ${sentenceOf(parsed.error, document)}`,
    );
  }
  return parsed.data.AlarmContributors.map(({ ContributorId, ContributorAttributes, StateReason, ...rest }) => ({
    id: ContributorId,
    attributes: ContributorAttributes,
    reason: StateReason,
    since: sinceOf(rest.StateTransitionedTimestamp),
  }));
}

/** Seconds of the epoch, or a text. */
function sinceOf(time: string | number | undefined): number | null {
  const milliseconds = typeof time === 'number' ? time * 1_000 : timeOf(time ?? '');
  return Number.isFinite(milliseconds) ? milliseconds : null;
}

/** What is missing, and what is wrong, by the names of the members. */
function sentenceOf({ issues }: z.ZodError, document: unknown): string {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return 'it is not a JSON object.';
  }
  const found = issues.map((issue) => ({ issue, name: issue.path.join('.'), value: valueAt(document, issue.path) }));
  const missing = found.filter(({ value }) => value === undefined).map(({ name }) => name);
  const wrong = found.filter(({ value }) => value !== undefined);
  return [
    ...(missing.length === 0 ? [] : [`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`]),
    ...wrong.map(({ issue, name, value }) => `${name} is ${shorten(value)}, but ${expected(issue)}`),
  ]
    .join('; ')
    .concat('.');
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be ${issue.values.join(' or ')}`;
  return issue.code === 'invalid_type' ? `must be a ${issue.expected}` : 'is not in the form that CloudWatch writes';
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    document,
  );
}
