import type { RecordedBucket } from '#test/support/corpus.ts';
import { eventually } from './eventually.ts';
import { ACCOUNT, REGION } from './ministack.ts';
import type { SlackChannel } from './slack.ts';
import type { Team } from './team.ts';

/** What a lifecycle rule does, and how AWS tells of it: MiniStack applies no rules, and so tells of nothing. */

/** A shared file that the checkpoints of a recording name. */
export function liveFileOf({ keep }: RecordedBucket): string {
  const file = keep.find((key) => /\/shared\/(?:[^/]+\/)?[0-9a-f-]{36}$/.test(key));
  if (file === undefined) throw new Error('The recording has no shared file that is live.');
  return file;
}

/** S3 user guide, "EventBridge event message structure": the event of a lifecycle expiration in a bucket with versions. */
export function expiredEvent(bucket: string, key: string) {
  return {
    version: '0',
    bucket: { name: bucket },
    object: { key, 'version-id': '1QW9g1Z99LUNbvaaYVpW9xDlOLU.qxgF', sequencer: '00617F08299329D189' },
    'request-id': '20EB74C14654DC47',
    requester: 's3.amazonaws.com',
    reason: 'Lifecycle Expiration',
    'deletion-type': 'Delete Marker Created',
  };
}

/** S3 user guide, "Event message structure": the notification of the same in a bucket without versions. */
export function expiredNotification(bucket: string, key: string): object {
  const record = {
    eventVersion: '2.3',
    eventSource: 'aws:s3',
    awsRegion: REGION,
    eventTime: new Date().toISOString(),
    eventName: 'LifecycleExpiration:Delete',
    userIdentity: { principalId: 's3.amazonaws.com' },
    requestParameters: { sourceIPAddress: 's3.amazonaws.com' },
    responseElements: {
      'x-amz-request-id': 'C3D13FE58DE4C810',
      'x-amz-id-2': 'FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S',
    },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'flink-steward-guard',
      bucket: { name: bucket, ownerIdentity: { principalId: ACCOUNT }, arn: `arn:aws:s3:::${bucket}` },
      object: { key: encodeURIComponent(key).replaceAll('%2F', '/'), sequencer: '0055AED6DCD90281E5' },
    },
  };
  return { Records: [record] };
}

/**
 * Nobody but AWS may put an event of S3 on a bus. So the bus is asked whether the rule of the stack takes it, and its target
 * gets it from here.
 */
export async function tellThroughTheBus(
  team: Team,
  detail: { readonly bucket: { readonly name: string } },
): Promise<void> {
  const event = {
    version: '0',
    id: '2ee9cc15-d022-99ea-1fb8-1b1bac4850f9',
    'detail-type': 'Object Deleted',
    source: 'aws.s3',
    account: ACCOUNT,
    time: new Date().toISOString(),
    region: REGION,
    resources: [`arn:aws:s3:::${detail.bucket.name}`],
    detail,
  };
  const { EventPattern } = await team.aws.call('events', 'describe_rule', {
    Name: await team.stack.nameOf('AWS::Events::Rule', 'StewardDeletionsDeleted1'),
  });
  const { Result } = await team.aws.call('events', 'test_event_pattern', {
    EventPattern,
    Event: JSON.stringify(event),
  });
  if (Result !== true) throw new Error(`The rule ${EventPattern} does not take ${JSON.stringify(event)}.`);
  await tellTheQueue(team, event);
}

export async function tellTheQueue({ aws, stack }: Team, body: object): Promise<void> {
  const QueueUrl = await stack.nameOf('AWS::SQS::Queue', 'StewardDeletionsQueue');
  await aws.call('sqs', 'send_message', { QueueUrl, MessageBody: JSON.stringify(body) });
}

/** Waits until the ledger says so of the losses. */
export async function knownLosses({ buckets, outputs }: Team, ...words: readonly string[]): Promise<void> {
  const ledger = outputs.LedgerBucketName ?? '';
  await eventually(
    async () => String(await buckets.content(ledger, 'incident@').catch(() => '')),
    (incident) => words.every((one) => incident.includes(one)),
  );
}

/** What Slack is told of losses, of which the ledger knows. The alarm goes on by the metric, or else by the test. */
export async function toldOfLosses({ aws, stack }: Team, slack: SlackChannel): Promise<string> {
  const AlarmName = await stack.alarm('lost-state');
  await aws.call('cloudwatch', 'set_alarm_state', { AlarmName, StateValue: 'ALARM', StateReason: 'A test.' });
  const posted = await eventually(
    async () => slack.posted.filter(({ text }) => text.includes('Live state was deleted')),
    ({ length }) => length > 0,
  );
  return JSON.stringify(posted);
}
