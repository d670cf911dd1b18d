import * as z from 'zod';
import { BadEventError } from '#functions/shared/bad-event.ts';

/**
 * The two forms of the event that an object was written. S3 notifications encode keys like a URL query (S3 user guide,
 * "Event message structure"); EventBridge does not encode them ("EventBridge event message structure").
 */

/** From S3 itself. */
const notificationSchema = z.object({
  Records: z
    .array(
      z.object({
        eventName: z.string(),
        s3: z.object({
          bucket: z.object({ name: z.string().min(1) }),
          object: z.object({ key: z.string().min(1).describe('encoded like a URL query') }),
        }),
      }),
    )
    .min(1),
});
/** The test event that S3 sends once, when notifications are set up. Other stores send it without a service. */
const testSchema = z.object({ Service: z.string().optional(), Event: z.literal('s3:TestEvent') });
/** From EventBridge. */
const bridgedSchema = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({ key: z.string().min(1).describe('not encoded') }),
  }),
});

export const bodySchema = z.union([notificationSchema, testSchema, bridgedSchema]);

/**
 * The URLs of the objects in a message, not encoded.
 *
 * @throws BadEventError
 */
export function objectsOf(body: string): readonly string[] {
  const parsed = bodySchema.safeParse(jsonOf(body));
  if (!parsed.success) {
    throw new BadEventError(
      `A message of the queue is neither an S3 notification nor an EventBridge event about an object: ${shorten(body)}. It will end in the dead-letter queue. No state is lost: the next survey finds the checkpoint.`,
    );
  }
  const message = parsed.data;
  if ('Records' in message) {
    return message.Records.filter(({ eventName }) => /^(?:s3:)?ObjectCreated:/.test(eventName)).map(
      ({ s3: { bucket, object } }) => `s3://${bucket.name}/${decoded(object.key)}`,
    );
  }
  if ('detail' in message) {
    const { bucket, object } = message.detail;
    return message['detail-type'] === 'Object Created' ? [`s3://${bucket.name}/${object.key}`] : [];
  }
  return [];
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch (error) {
    throw new BadEventError(
      `A message of the queue contains the key ${shorten(key)}, which is not encoded as S3 encodes keys. It will end in the dead-letter queue. No state is lost: the next survey finds the checkpoint.`,
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
