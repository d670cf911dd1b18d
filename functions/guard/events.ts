import * as z from 'zod';
import { BadEventError } from '#functions/shared/bad-event.ts';
import type { Deletion } from '#steward/guard.ts';

/**
 * The two forms of the event that an object was deleted (S3 user guide, "Event message structure" and "EventBridge event
 * message structure"). Notifications encode keys like a URL query; EventBridge does not.
 */

/** From S3 itself. */
const notificationSchema = z.object({
  Records: z
    .array(
      z.object({
        eventName: z.string().describe('such as LifecycleExpiration:DeleteMarkerCreated, ObjectRemoved:Delete'),
        eventTime: z.string(),
        userIdentity: z.object({ principalId: z.string() }).optional().describe('who asked for it'),
        requestParameters: z.object({ sourceIPAddress: z.string() }).optional(),
        s3: z.object({
          bucket: z.object({ name: z.string().min(1) }),
          object: z.object({ key: z.string().min(1).describe('encoded like a URL query') }),
        }),
      }),
    )
    .min(1),
});
/** The test event that S3 sends once, when notifications are set up. */
const testSchema = z.object({ Service: z.string().optional(), Event: z.literal('s3:TestEvent') });
/** From EventBridge. */
const bridgedSchema = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  time: z.string(),
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({ key: z.string().min(1).describe('not encoded') }),
    reason: z.string().optional().describe('"Lifecycle Expiration", or the name of the request'),
    'deletion-type': z.string().optional().describe('"Permanently Deleted" or "Delete Marker Created"'),
    requester: z.string().optional().describe('an AWS account, or a service'),
    'source-ip-address': z.string().optional(),
  }),
});

export const bodySchema = z.union([notificationSchema, testSchema, bridgedSchema]);

const DELETED = /^(?:s3:)?(ObjectRemoved|LifecycleExpiration):(Delete|DeleteMarkerCreated)$/;

/**
 * What a message tells of deletions; nothing where it is about something else.
 *
 * @throws BadEventError
 */
export function deletionsIn(body: string): readonly Deletion[] {
  const parsed = bodySchema.safeParse(jsonOf(body));
  if (!parsed.success) {
    throw new BadEventError(
      `A message of the queue is neither an S3 notification nor an EventBridge event about an object: ${shorten(body)}. It will end in the dead-letter queue. The next survey finds what is missing.`,
    );
  }
  const message = parsed.data;
  if ('Records' in message) return message.Records.flatMap(ofRecord);
  return 'detail' in message && message['detail-type'] === 'Object Deleted' ? [ofBridge(message)] : [];
}

function ofRecord(record: z.output<typeof notificationSchema>['Records'][number]): readonly Deletion[] {
  const [, what, how] = DELETED.exec(record.eventName) ?? [];
  if (what === undefined) return [];
  const isRule = what === 'LifecycleExpiration';
  const { bucket, object } = record.s3;
  return [
    {
      url: `s3://${bucket.name}/${decoded(object.key)}`,
      at: Date.parse(record.eventTime),
      by: isRule ? 'rule' : 'request',
      leavesMarker: how === 'DeleteMarkerCreated',
      requester: isRule ? null : (record.userIdentity?.principalId ?? null),
      address: isRule ? null : (record.requestParameters?.sourceIPAddress ?? null),
    },
  ];
}

function ofBridge({ time, detail }: z.output<typeof bridgedSchema>): Deletion {
  const isRule = detail.reason === 'Lifecycle Expiration';
  return {
    url: `s3://${detail.bucket.name}/${detail.object.key}`,
    at: Date.parse(time),
    by: isRule ? 'rule' : 'request',
    leavesMarker: detail['deletion-type'] === 'Delete Marker Created',
    requester: isRule ? null : (detail.requester ?? null),
    address: isRule ? null : (detail['source-ip-address'] ?? null),
  };
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch (error) {
    throw new BadEventError(
      `A message of the queue contains the key ${shorten(key)}, which is not encoded as S3 encodes keys. It will end in the dead-letter queue. The next survey finds what is missing.`,
      { cause: error },
    );
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function shorten(text: string): string {
  const shown = JSON.stringify(text);
  return shown.length > 120 ? `${shown.slice(0, 119)}…` : shown;
}
