import * as z from 'zod';
import { BadEventError } from '#functions/shared/bad-event.ts';

/**
 * The two forms in which a bucket tells that an object was written. S3 itself encodes keys as a URL's query does (S3 user
 * guide, "Event message structure"); EventBridge gives them as they are ("EventBridge event message structure").
 */

/** From S3 itself. */
const notificationSchema = z.object({
  Records: z
    .array(
      z.object({
        eventName: z.string(),
        s3: z.object({
          bucket: z.object({ name: z.string().min(1) }),
          object: z.object({ key: z.string().min(1).describe('encoded as a query of a URL is') }),
        }),
      }),
    )
    .min(1),
});
/** What S3 sends once, when notifications are set up. */
const testSchema = z.object({ Service: z.literal('Amazon S3'), Event: z.literal('s3:TestEvent') });
/** From EventBridge. */
const bridgedSchema = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({ key: z.string().min(1).describe('in plain characters') }),
  }),
});

export const bodySchema = z.union([notificationSchema, testSchema, bridgedSchema]);

/**
 * The URLs of the objects that a message tells of, in plain characters.
 *
 * @throws BadEventError
 */
export function objectsOf(body: string): readonly string[] {
  const parsed = bodySchema.safeParse(jsonOf(body));
  if (!parsed.success) {
    throw new BadEventError(
      `A message of the queue is neither a notification of S3 nor an event of EventBridge about an object: ${shorten(body)}. It goes to the dead-letter queue; the next survey sees the checkpoint anyway.`,
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
      `A message of the queue names the key ${shorten(key)}, which is not encoded as S3 does it. It goes to the dead-letter queue; the next survey sees the checkpoint anyway.`,
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
