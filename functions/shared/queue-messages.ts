import * as z from 'zod';
import { BadEventError } from './bad-event.ts';

/**
 * What the queues hand to functions: messages about objects, in one of two forms. S3 notifications encode keys like a URL
 * query (S3 user guide, "Event message structure"); EventBridge does not encode them ("EventBridge event message structure").
 */

/** What a function gets from its queue. */
export const queueEventSchema = z.object({
  Records: z
    .array(
      z.object({
        messageId: z.string().describe('id of the message'),
        body: z.string().describe('an S3 notification or an EventBridge event, as JSON'),
        attributes: z
          .object({ ApproximateReceiveCount: z.string().optional() })
          .optional()
          .describe('how many times the message was delivered, as SQS counts'),
      }),
    )
    .describe('messages from the queue'),
});

/** The test event that S3 sends once, when notifications are set up. Other stores send it without a service. */
export const testSchema = z.object({ Service: z.string().optional(), Event: z.literal('s3:TestEvent') });

/** The object of a record from S3 itself. */
export const notifiedSchema = z.object({
  bucket: z.object({ name: z.string().min(1) }),
  object: z.object({
    key: z.string().min(1).describe('encoded like a URL query'),
    versionId: z.string().optional().describe('of a bucket with versions'),
  }),
});

/** The same from EventBridge. */
export const bridgedObject = {
  bucket: z.object({ name: z.string().min(1) }),
  object: z.object({
    key: z.string().min(1).describe('not encoded'),
    'version-id': z.string().optional().describe('of a bucket with versions'),
  }),
};

/**
 * A message by its schema.
 *
 * @param consequence what follows for the user where it is lost, as a sentence.
 * @throws BadEventError
 */
export function parseMessage<T>(schema: z.ZodType<T>, body: string, consequence: string): T {
  const parsed = schema.safeParse(jsonOf(body));
  if (!parsed.success) {
    throw new BadEventError(
      `A message of the queue is neither an S3 notification nor an EventBridge event about an object: ${shorten(body)}. It will end in the dead-letter queue. ${consequence}`,
    );
  }
  return parsed.data;
}

/** The URL of an object in a notification. @throws BadEventError */
export function urlOfNotified({ bucket, object }: z.output<typeof notifiedSchema>, consequence: string): string {
  try {
    return `s3://${bucket.name}/${decodeURIComponent(object.key.replaceAll('+', ' '))}`;
  } catch (error) {
    throw new BadEventError(
      `A message of the queue contains the key ${shorten(object.key)}, which is not encoded as S3 encodes keys. It will end in the dead-letter queue. ${consequence}`,
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
