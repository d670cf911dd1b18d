import * as z from 'zod';
import { BadEventError, parseEvent } from '#functions/shared/bad-event.ts';
import { ENV, requireEnv } from '#functions/shared/environment.ts';
import type { RulesOrder } from '#functions/shared/function-requests.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { type Notification, setNotifications, TOLD_EVENTS } from '#steward/bucket-notifications.ts';
import { metricSinkOf } from '#steward/metrics/metric-sink.ts';
import { type StackStatus, stackStatus } from '#steward/stack-status.ts';
import { droppedLocations, dropRefusal, isInArea } from './dropped-area.ts';

/**
 * A custom resource of CloudFormation. It adds the steward's notifications to the bucket that the stack created, or to
 * adopted ones where the configuration allows it, and removes it when the stack is deleted. It does not change the
 * notifications of others. It fails an update that would leave out buckets which the stack looks after. After each
 * deployment it starts `lifecycle-rules`, and publishes a heartbeat.
 */

const notifications = z
  .array(
    z.object({
      Bucket: z.string(),
      Queue: z.string().describe('its ARN'),
      Id: z.string().optional().describe('of the entry in an adopted bucket'),
      Prefix: z.string().optional().describe('of the keys, in an adopted bucket'),
      Events: z.enum(TOLD_EVENTS).optional().describe('what the bucket tells. Default: checkpoints'),
    }),
  )
  .describe('which bucket notifies which queue of what');

/** Both versions of what a deployment says of itself: that of today, and that of 0.1.0, which may be updated. */
const properties = z.object({
  Notifications: notifications,
  Area: z
    .array(z.string())
    .optional()
    .describe('URLs of the adopted locations; empty where the stack created the bucket'),
  MayDropArea: z.string().optional().describe('"true" if the update may leave out locations of the deployment before'),
  ConfigurationHash: z.string().optional().describe('SHA-256 of `steward.json`, so that a change of it is an update'),
  Configuration: z
    .string()
    .optional()
    .describe(
      'the text of `steward.json`, where it is small: from the CloudFormation template, and from version 0.1.0',
    ),
});

/** What an answer needs. Without one, CloudFormation waits for an hour, and then rolls back, which waits for another. */
const addresseeSchema = z.object({
  RequestType: z.string().catch('Request'),
  ResponseURL: z.url().describe('URL to which the answer to CloudFormation is written'),
  StackId: z.string().catch(''),
  RequestId: z.string().catch(''),
  LogicalResourceId: z.string().catch(''),
});
/** CloudFormation user guide, "Custom resource response objects": 4,096 bytes with all ids, which have some 600. */
const MOST_BYTES = 3_200;
type Addressee = z.output<typeof addresseeSchema>;

export const eventSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: addresseeSchema.shape.ResponseURL,
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  ResourceProperties: properties,
  OldResourceProperties: properties.optional(),
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
 * @param statusOf tells in what state the stack is.
 */
export async function onDeployHandler(
  event: unknown,
  runtime: Runtime,
  statusOf: StackStatus = stackStatus,
): Promise<Answer> {
  const addressee = parseEvent('on-deploy', addresseeSchema, event);
  const answer = await answerTo(event, addressee, runtime, statusOf);
  runtime.log(answer.Status === 'SUCCESS' ? 'info' : 'error', answer.Reason);
  const { StackId, RequestId, LogicalResourceId } = addressee;
  // Never change this id. With another id, CloudFormation would delete the resource with the old id.
  const PhysicalResourceId = 'flink-steward-on-deploy';
  await runtime.put(
    addressee.ResponseURL,
    JSON.stringify({
      ...answer,
      Reason: shortened(answer.Reason),
      PhysicalResourceId,
      StackId,
      RequestId,
      LogicalResourceId,
    }),
  );
  return answer;
}

/** A longer answer counts as a failure, also of a deletion. */
function shortened(reason: string): string {
  return Buffer.byteLength(JSON.stringify(reason)) <= MOST_BYTES
    ? reason
    : `${reason.slice(0, MOST_BYTES / 4)}… The log of the function has the rest.`;
}

async function answerTo(
  event: unknown,
  { RequestType }: Addressee,
  runtime: Runtime,
  statusOf: StackStatus,
): Promise<Answer> {
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
  const dropped = droppedBy(request);
  if (dropped.length > 0 && !(await isGoingBack(request, runtime, statusOf))) {
    return { Status: 'FAILED', Reason: dropRefusal(dropped) };
  }
  return await settle(request, runtime);
}

/** The locations that an update leaves out without being allowed to. */
function droppedBy({ RequestType, ResourceProperties, OldResourceProperties }: Request): readonly string[] {
  if (RequestType !== 'Update' || OldResourceProperties === undefined || ResourceProperties.MayDropArea === 'true') {
    return [];
  }
  return droppedLocations(OldResourceProperties, ResourceProperties);
}

/**
 * Whether CloudFormation returns to the deployment before. That may leave out what the failed update had added, and looks
 * like any other update. Refusing it would leave the stack where nobody can update it; so where nobody knows, it goes on.
 */
async function isGoingBack({ StackId }: Request, runtime: Runtime, statusOf: StackStatus): Promise<boolean> {
  try {
    const status = await statusOf(StackId);
    return status === null || status.includes('ROLLBACK');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    runtime.log(
      'warn',
      `The state of the stack can't be read (${why}), so an update that leaves out locations goes on.`,
    );
    return true;
  }
}

async function settle(request: Request, runtime: Runtime): Promise<Answer> {
  const { RequestType, ResourceProperties, OldResourceProperties } = request;
  const now = ResourceProperties.Notifications.map(notificationOf);
  const isDeleted = RequestType === 'Delete';
  // A bucket that the stack created and the area now names goes on telling the queue, which goes on taking that. The role
  // may not change its notifications any more, unless it is to add another entry.
  const isOver = ({ bucket, entry }: Notification) =>
    entry !== undefined || !isInArea(bucket, ResourceProperties) || now.some((one) => one.bucket === bucket);
  const before = isDeleted ? now : (OldResourceProperties?.Notifications ?? []).map(notificationOf).filter(isOver);
  try {
    const left = await setNotifications(isDeleted ? [] : now, before, runtime);
    if (!isDeleted) {
      const order: RulesOrder = { by: 'deployment' };
      await runtime.start(requireEnv(runtime.environment, ENV.rulesFunction), order);
      await beat(runtime);
    }
    // A stack that can't be changed or deleted is worse than a notification to a queue that no longer takes it.
    const toDo = left.length === 0 ? [] : [...left, 'Its queue no longer takes it. Remove the notification by hand.'];
    return { Status: 'SUCCESS', Reason: [`${RequestType}: the notifications were set.`, ...toDo].join(' ') };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { Status: isDeleted ? 'SUCCESS' : 'FAILED', Reason: `The notifications could not be set: ${why}` };
  }
}

/**
 * A namespace in which nothing was published yet looks as if the steward had been silent for hours. So the deployment
 * counts as the first sign of life, and surveys have the time that they have otherwise.
 */
async function beat(runtime: Runtime): Promise<void> {
  try {
    await metricSinkOf(runtime).publish([{ name: 'Heartbeat', value: 1, job: null, at: runtime.clock() }]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    runtime.log('warn', `The alarm "silent" may be on until the next survey: ${why}`);
  }
}

function notificationOf({
  Bucket,
  Queue,
  Id,
  Prefix = '',
  Events,
}: z.output<typeof notifications>[number]): Notification {
  const events = Events === undefined ? {} : { events: Events };
  return {
    bucket: Bucket,
    queue: Queue,
    ...(Id === undefined ? {} : { entry: { id: Id, prefix: Prefix, ...events } }),
  };
}
