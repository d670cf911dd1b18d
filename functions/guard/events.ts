import * as z from 'zod';
import {
  bridgedObject,
  notifiedSchema,
  parseMessage,
  testSchema,
  urlOfNotified,
} from '#functions/shared/queue-messages.ts';
import type { Deletion } from '#steward/guard.ts';

/** The event that an object was deleted, in both forms. */

/** From S3 itself. */
const notificationSchema = z.object({
  Records: z
    .array(
      z.object({
        eventName: z.string().describe('such as LifecycleExpiration:DeleteMarkerCreated, ObjectRemoved:Delete'),
        eventTime: z.string(),
        userIdentity: z.object({ principalId: z.string() }).optional().describe('who asked for it'),
        requestParameters: z.object({ sourceIPAddress: z.string() }).optional(),
        s3: notifiedSchema,
      }),
    )
    .min(1),
});
/** From EventBridge. */
const bridgedSchema = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  time: z.string(),
  detail: z.object({
    ...bridgedObject,
    reason: z.string().optional().describe('"Lifecycle Expiration", or the name of the request'),
    'deletion-type': z.string().optional().describe('"Permanently Deleted" or "Delete Marker Created"'),
    requester: z.string().optional().describe('an AWS account, or a service'),
    'source-ip-address': z.string().optional(),
  }),
});

export const bodySchema = z.union([notificationSchema, testSchema, bridgedSchema]);

/** The id of what was written before a bucket kept versions. */
const NULL_VERSION = 'null';
const IF_LOST = 'The next survey finds what is missing.';

const DELETED = /^(?:s3:)?(ObjectRemoved|LifecycleExpiration):(Delete|DeleteMarkerCreated)$/;

/**
 * What a message tells of deletions; nothing where it is about something else.
 *
 * @throws BadEventError
 */
export function deletionsIn(body: string): readonly Deletion[] {
  const message = parseMessage(bodySchema, body, IF_LOST);
  if ('Records' in message) return message.Records.flatMap(ofRecord);
  return 'detail' in message && message['detail-type'] === 'Object Deleted' ? ofBridge(message) : [];
}

function ofRecord(record: z.output<typeof notificationSchema>['Records'][number]): readonly Deletion[] {
  const [, what, how] = DELETED.exec(record.eventName) ?? [];
  if (what === undefined) return [];
  const isRule = what === 'LifecycleExpiration';
  const leavesMarker = how === 'DeleteMarkerCreated';
  if (isRule && !leavesMarker && isOfVersion(record.s3.object.versionId)) return [];
  return [
    {
      url: urlOfNotified(record.s3, IF_LOST),
      at: Date.parse(record.eventTime),
      by: isRule ? 'rule' : 'request',
      leavesMarker,
      requester: isRule ? null : (record.userIdentity?.principalId ?? null),
      address: isRule ? null : (record.requestParameters?.sourceIPAddress ?? null),
    },
  ];
}

function ofBridge({ time, detail }: z.output<typeof bridgedSchema>): readonly Deletion[] {
  const isRule = detail.reason === 'Lifecycle Expiration';
  const leavesMarker = detail['deletion-type'] === 'Delete Marker Created';
  if (isRule && !leavesMarker && isOfVersion(detail.object['version-id'])) return [];
  return [
    {
      url: `s3://${detail.bucket.name}/${detail.object.key}`,
      at: Date.parse(time),
      by: isRule ? 'rule' : 'request',
      leavesMarker,
      requester: isRule ? null : (detail.requester ?? null),
      address: isRule ? null : (detail['source-ip-address'] ?? null),
    },
  ];
}

/**
 * Whether a permanent deletion by a rule took a noncurrent version, or a delete marker: where a bucket keeps versions, rules
 * hide the current one. A request may name the current version, and then it is gone.
 */
function isOfVersion(version: string | undefined): boolean {
  return version !== undefined && version !== '' && version !== NULL_VERSION;
}
