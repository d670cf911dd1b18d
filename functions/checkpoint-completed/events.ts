import * as z from 'zod';
import {
  bridgedObject,
  notifiedSchema,
  parseMessage,
  testSchema,
  urlOfNotified,
} from '#functions/shared/queue-messages.ts';

/** The event that an object was written, in both forms. */

/** From S3 itself. */
const notificationSchema = z.object({
  Records: z.array(z.object({ eventName: z.string(), s3: notifiedSchema })).min(1),
});
/** From EventBridge. */
const bridgedSchema = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  detail: z.object(bridgedObject),
});

export const bodySchema = z.union([notificationSchema, testSchema, bridgedSchema]);

const IF_LOST = 'No state is lost: the next survey finds the checkpoint.';

/**
 * The URLs of the objects in a message, not encoded.
 *
 * @throws BadEventError
 */
export function objectsOf(body: string): readonly string[] {
  const message = parseMessage(bodySchema, body, IF_LOST);
  if ('Records' in message) {
    return message.Records.filter(({ eventName }) => /^(?:s3:)?ObjectCreated:/.test(eventName)).map(({ s3 }) =>
      urlOfNotified(s3, IF_LOST),
    );
  }
  if ('detail' in message) {
    const { bucket, object } = message.detail;
    return message['detail-type'] === 'Object Created' ? [`s3://${bucket.name}/${object.key}`] : [];
  }
  return [];
}
