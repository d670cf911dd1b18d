import * as z from 'zod';
import { BadEventError, parseEvent } from '#functions/shared/bad-event.ts';
import { ENV, requireEnv } from '#functions/shared/environment.ts';
import type { RulesOrder } from '#functions/shared/function-requests.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { type Notification, setNotifications } from '#steward/bucket-notifications.ts';

/**
 * A custom resource of CloudFormation. It adds the steward's notification to the bucket that the stack created, or to
 * adopted ones where the configuration allows it, and removes it when the stack is deleted. It does not change the notifications of others. After each deployment it starts
 * `lifecycle-rules`.
 */

const notifications = z
  .array(
    z.object({
      Bucket: z.string(),
      Queue: z.string().describe('its ARN'),
      Id: z.string().optional().describe('of the entry in an adopted bucket'),
      Prefix: z.string().optional().describe('of the keys, in an adopted bucket'),
    }),
  )
  .describe('which bucket notifies which queue of completed checkpoints');

/** What an answer needs. Without one, CloudFormation waits for an hour, and then rolls back, which waits for another. */
const addresseeSchema = z.object({
  RequestType: z.string().catch('Request'),
  ResponseURL: z.url().describe('URL to which the answer to CloudFormation is written'),
  StackId: z.string().catch(''),
  RequestId: z.string().catch(''),
  LogicalResourceId: z.string().catch(''),
});
type Addressee = z.output<typeof addresseeSchema>;

export const eventSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: addresseeSchema.shape.ResponseURL,
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  ResourceProperties: z.object({ Notifications: notifications }),
  OldResourceProperties: z.object({ Notifications: notifications }).optional(),
});
type Request = z.output<typeof eventSchema>;
type Answer = z.output<typeof answerSchema>;

export const answerSchema = z.object({
  Status: z.enum(['SUCCESS', 'FAILED']).describe('the result for CloudFormation'),
  Reason: z.string().describe('why it failed, as a sentence'),
});

/**
 * @throws BadEventError if the event has no address for an answer. Every other failure is answered to CloudFormation, also
 * that of a request which this version does not understand, as that of another version's stack.
 */
export async function onDeployHandler(event: unknown, runtime: Runtime): Promise<Answer> {
  const addressee = parseEvent('on-deploy', addresseeSchema, event);
  const answer = await answerTo(event, addressee, runtime);
  runtime.log(answer.Status === 'SUCCESS' ? 'info' : 'error', answer.Reason);
  const { StackId, RequestId, LogicalResourceId } = addressee;
  // Never change this id. With another id, CloudFormation would delete the resource with the old id.
  const PhysicalResourceId = 'flink-steward-on-deploy';
  await runtime.put(
    addressee.ResponseURL,
    JSON.stringify({ ...answer, PhysicalResourceId, StackId, RequestId, LogicalResourceId }),
  );
  return answer;
}

async function answerTo(event: unknown, { RequestType }: Addressee, runtime: Runtime): Promise<Answer> {
  let request: Request;
  try {
    request = parseEvent('on-deploy', eventSchema, event);
  } catch (error) {
    if (!(error instanceof BadEventError)) throw error;
    if (RequestType === 'Delete') {
      // Nobody could delete such a stack otherwise.
      return {
        Status: 'SUCCESS',
        Reason: `${error.message} If a bucket still notifies the queue of this stack, remove that notification by hand.`,
      };
    }
    return { Status: 'FAILED', Reason: error.message };
  }
  return await settle(request, runtime);
}

async function settle(request: Request, runtime: Runtime): Promise<Answer> {
  const { RequestType, ResourceProperties, OldResourceProperties } = request;
  const now = ResourceProperties.Notifications.map(notificationOf);
  const isDeleted = RequestType === 'Delete';
  const before = isDeleted ? now : (OldResourceProperties?.Notifications ?? []).map(notificationOf);
  try {
    const left = await setNotifications(isDeleted ? [] : now, before, runtime.connection);
    if (!isDeleted) {
      const order: RulesOrder = { by: 'deployment' };
      await runtime.start(requireEnv(runtime.environment, ENV.rulesFunction), order);
    }
    // A stack that can't be changed or deleted is worse than a notification to a queue that no longer takes it.
    const toDo = left.length === 0 ? [] : [...left, 'Its queue no longer takes it. Remove the notification by hand.'];
    return { Status: 'SUCCESS', Reason: [`${RequestType}: the notifications were set.`, ...toDo].join(' ') };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { Status: isDeleted ? 'SUCCESS' : 'FAILED', Reason: `The notifications could not be set: ${why}` };
  }
}

function notificationOf({ Bucket, Queue, Id, Prefix = '' }: z.output<typeof notifications>[number]): Notification {
  return { bucket: Bucket, queue: Queue, ...(Id === undefined ? {} : { entry: { id: Id, prefix: Prefix } }) };
}
