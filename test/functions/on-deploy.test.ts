import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { BadEventError } from '#functions/shared/bad-event.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { MetricError } from '#ports/metric-sink.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { AREA, type Deployed, useDeployments } from './deployed.ts';
import { onDeployHandler as handle } from './handlers.ts';

const deployAny = useDeployments();
/** With the right to the notifications of the bucket. */
const deploy = () => deployAny({ area: [AREA], deploy: { notifications: 'merge' } });

/** With a stack that is being updated. */
async function onDeployHandler(event: unknown, runtime: Runtime, statusOf = async () => 'UPDATE_IN_PROGRESS') {
  return await handle(event, runtime, statusOf);
}

const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:checkpoints';
const OURS = {
  Id: 'flink-steward-checkpoint-completed',
  QueueArn: QUEUE,
  Events: ['s3:ObjectCreated:*'],
  Filter: { Key: { FilterRules: [{ Name: 'suffix', Value: '/_metadata' }] } },
};
const FOREIGN = {
  QueueConfigurations: [{ Id: 'theirs', QueueArn: `${QUEUE}-of-others`, Events: ['s3:ObjectRemoved:*' as const] }],
  TopicConfigurations: [
    { Id: 'topic', TopicArn: 'arn:aws:sns:eu-central-1:123456789012:t', Events: ['s3:ObjectCreated:Put' as const] },
  ],
  EventBridgeConfiguration: {},
};

function request(RequestType: string, notifications = [{ Bucket: BUCKET, Queue: QUEUE }], old?: object): object {
  return {
    RequestType,
    ServiceToken: 'arn:aws:lambda:eu-central-1:123456789012:function:on-deploy',
    ResponseURL: 'https://cloudformation.example/answer',
    StackId: 'stack',
    RequestId: 'request',
    ResourceType: 'Custom::FlinkStewardOnDeploy',
    LogicalResourceId: 'Deployed',
    ResourceProperties: { ServiceToken: 'x', Notifications: notifications },
    ...(old === undefined ? {} : { OldResourceProperties: old }),
  };
}

async function notificationsOf({ client }: Deployed): Promise<object> {
  const { $metadata: _, ...told } = await client.send(
    new GetBucketNotificationConfigurationCommand({ Bucket: BUCKET }),
  );
  return told;
}

async function putForeign({ client }: Deployed): Promise<void> {
  const input = { Bucket: BUCKET, NotificationConfiguration: FOREIGN };
  await client.send(new PutBucketNotificationConfigurationCommand(input));
}

describe('on-deploy', () => {
  it('adds the notification beside those of others, and starts the look at the lifecycle rules', async () => {
    // Prepare
    const deployed = await deploy();
    await putForeign(deployed);

    // Act
    await onDeployHandler(request('Create'), deployed.runtime());
    await onDeployHandler(request('Update'), deployed.runtime());

    // Assess
    expect(await notificationsOf(deployed)).toEqual({
      ...FOREIGN,
      QueueConfigurations: [...FOREIGN.QueueConfigurations, OURS],
    });
    expect(deployed.started[0]).toEqual({ name: 'the-rules', event: { by: 'deployment' } });
    expect(deployed.told[0]).toEqual({
      url: 'https://cloudformation.example/answer',
      body: {
        Status: 'SUCCESS',
        Reason: 'Create: the notifications were set.',
        PhysicalResourceId: 'flink-steward-on-deploy',
        StackId: 'stack',
        RequestId: 'request',
        LogicalResourceId: 'Deployed',
      },
    });
  });

  it('publishes a heartbeat with each deployment, so that its alarm has something to look at, and none with its end', async () => {
    const deployed = await deploy();

    for (const type of ['Create', 'Update', 'Delete']) {
      await onDeployHandler(request(type), deployed.runtime());
    }

    const beat = { name: 'Heartbeat', value: 1, job: null, at: deployed.now };
    expect(deployed.published).toEqual([beat, beat]);
  });

  it('does not fail a deployment because of a heartbeat, but says what follows', async () => {
    const deployed = await deploy();
    const gauges = { publish: async () => await Promise.reject(new MetricError('Nobody takes metrics.')) };

    const answer = await onDeployHandler(request('Create'), deployed.runtime({ gauges }));

    expect(answer.Status).toBe('SUCCESS');
    expect(deployed.logged).toContainEqual({
      level: 'warn',
      sentence: 'The alarm "silent" may be on until the next survey: Nobody takes metrics.',
    });
  });

  it('adds its entry to an adopted bucket beside that of another deployment, and takes only its own away', async () => {
    // Prepare
    const deployed = await deploy();
    await putForeign(deployed);
    const entryOf = (name: string) => ({
      Bucket: BUCKET,
      Queue: `${QUEUE}-${name}`,
      Id: `flink-steward-checkpoint-completed-${name}`,
      Prefix: `flink/${name}/`,
    });

    // Act
    await onDeployHandler(request('Create', [entryOf('a')]), deployed.runtime());
    await onDeployHandler(request('Create', [entryOf('b')]), deployed.runtime());
    const both = await notificationsOf(deployed);
    await onDeployHandler(request('Delete', [entryOf('a')]), deployed.runtime());

    // Assess
    const [a, b] = ['a', 'b'].map((name) => ({
      Id: `flink-steward-checkpoint-completed-${name}`,
      QueueArn: `${QUEUE}-${name}`,
      Events: ['s3:ObjectCreated:*'],
      Filter: {
        Key: {
          FilterRules: [
            { Name: 'prefix', Value: `flink/${name}/` },
            { Name: 'suffix', Value: '/_metadata' },
          ],
        },
      },
    }));
    expect(both).toEqual({ ...FOREIGN, QueueConfigurations: [...FOREIGN.QueueConfigurations, a, b] });
    expect(await notificationsOf(deployed)).toEqual({
      ...FOREIGN,
      QueueConfigurations: [...FOREIGN.QueueConfigurations, b],
    });
  });

  it('takes away its own and nothing else when the stack goes', async () => {
    // Prepare
    const deployed = await deploy();
    await putForeign(deployed);
    await onDeployHandler(request('Create'), deployed.runtime());

    // Act
    await onDeployHandler(request('Delete'), deployed.runtime());

    // Assess
    expect(await notificationsOf(deployed)).toEqual(FOREIGN);
    expect(deployed.started).toHaveLength(1);
  });

  it('takes it away from a bucket that is no longer the one', async () => {
    // Prepare
    const deployed = await deploy();
    await onDeployHandler(request('Create'), deployed.runtime());

    // Act
    const old = { Notifications: [{ Bucket: BUCKET, Queue: QUEUE }] };
    const answer = await onDeployHandler(request('Update', [], old), deployed.runtime());

    // Assess
    expect(answer.Status).toBe('SUCCESS');
    expect(await notificationsOf(deployed)).toEqual({});
  });

  it('lets the stack go on to another bucket though it may not touch the one before any more', async () => {
    // Prepare
    const deployed = await deploy();
    await onDeployHandler(request('Create'), deployed.runtime());
    deployed.s3.faults.add({ match: { bucket: BUCKET }, do: { kind: 'answer', code: 'AccessDenied' } });

    // Act
    const old = { Notifications: [{ Bucket: BUCKET, Queue: QUEUE }] };
    const answer = await onDeployHandler(request('Update', [], old), deployed.runtime());

    // Assess
    expect(answer).toEqual({
      Status: 'SUCCESS',
      Reason: expect.stringContaining(`could not be removed from the bucket ${BUCKET}`),
    });
    expect(deployed.started).toHaveLength(2);
  });

  it.each([
    ['is gone', 'NoSuchBucket', 'Delete: the notifications were set.'],
    ['may not be changed any more', 'AccessDenied', expect.stringContaining('Remove the notification by hand')],
  ])('lets the stack go though the bucket %s', async (_, code, Reason) => {
    // Prepare
    const deployed = await deploy();
    deployed.s3.faults.add({ match: { bucket: BUCKET }, do: { kind: 'answer', code } });

    // Act
    const answer = await onDeployHandler(request('Delete'), deployed.runtime());

    // Assess
    expect(answer).toEqual({ Status: 'SUCCESS', Reason });
    expect(deployed.told).toHaveLength(1);
  });

  it('fails the deployment where the notification can not be set', async () => {
    // Prepare
    const deployed = await deploy();
    deployed.s3.faults.add({ match: { bucket: BUCKET }, do: { kind: 'answer', code: 'AccessDenied' } });

    // Act
    const answer = await onDeployHandler(request('Create'), deployed.runtime());

    // Assess
    expect(answer).toEqual({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^The notifications could not be set: /),
    });
    expect(deployed.told[0]?.body).toMatchObject({ Status: 'FAILED' });
  });

  it.each([
    ['the rights of its role', 'AccessDenied', undefined],
    ['the policy of the queue', 'InvalidArgument', 'Unable to validate the following destination configurations'],
  ])('waits until S3 knows of %s, which the same deployment has changed', async (_, code, message) => {
    // Prepare
    const deployed = await deploy();
    const fault = { kind: 'answer' as const, code, ...(message === undefined ? {} : { message }) };
    deployed.s3.faults.add({ match: { operation: 'PutBucketNotificationConfiguration', nth: [1, 2] }, do: fault });
    const slept: number[] = [];
    const sleep = async (milliseconds: number) => {
      slept.push(milliseconds);
    };

    // Act
    const answer = await onDeployHandler(request('Create'), deployed.runtime({ sleep }));

    // Assess
    expect(answer.Status).toBe('SUCCESS');
    expect(slept).toEqual([10_000, 10_000]);
    expect(await notificationsOf(deployed)).toEqual({ QueueConfigurations: [OURS] });
  });

  it('gives up waiting long before CloudFormation does', async () => {
    // Prepare
    const deployed = await deploy();
    deployed.s3.faults.add({ match: { bucket: BUCKET }, do: { kind: 'answer', code: 'AccessDenied' } });
    let slept = 0;
    const sleep = async (milliseconds: number) => {
      slept += milliseconds;
    };

    // Act
    const answer = await onDeployHandler(request('Create'), deployed.runtime({ sleep }));

    // Assess
    expect(answer.Status).toBe('FAILED');
    expect(slept).toBe(70_000);
  });

  it('answers no longer than CloudFormation takes, however many notifications are left', async () => {
    // Prepare
    const deployed = await deploy();
    deployed.s3.faults.add({ match: { bucket: BUCKET }, do: { kind: 'answer', code: 'AccessDenied' } });
    const many = Array.from({ length: 60 }, (_, at) => ({ Bucket: BUCKET, Queue: QUEUE, Id: `of-the-team-${at}` }));

    // Act
    const answer = await onDeployHandler(request('Delete', many), deployed.runtime());

    // Assess
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.Reason.length).toBeGreaterThan(4_096);
    const [told] = deployed.told;
    expect(JSON.stringify(told?.body).length).toBeLessThan(4_096 - 600);
    expect(told?.body).toMatchObject({ Reason: expect.stringMatching(/… The log of the function has the rest\.$/) });
  });

  it.each([
    ['properties of another version', { ResourceProperties: { Notifications: 'all' } }],
    ['no properties', { ResourceProperties: undefined }],
    ['old properties of another version', { OldResourceProperties: { Buckets: [] } }],
    ['a kind that is not known', { RequestType: 'Import' }],
    ['no id of its own', { LogicalResourceId: 7 }],
  ])('answers a request with %s', async (_, part) => {
    // Prepare
    const deployed = await deploy();

    // Act
    const answer = await onDeployHandler({ ...request('Create'), ...part }, deployed.runtime());

    // Assess
    expect(answer).toEqual({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^The event is not one that on-deploy understands: .* Nothing was done\./),
    });
    const id = 'LogicalResourceId' in part ? '' : 'Deployed';
    expect(deployed.told).toEqual([
      {
        url: 'https://cloudformation.example/answer',
        body: {
          ...answer,
          PhysicalResourceId: 'flink-steward-on-deploy',
          StackId: 'stack',
          RequestId: 'request',
          LogicalResourceId: id,
        },
      },
    ]);
    expect(deployed.started).toEqual([]);
    expect(await notificationsOf(deployed)).toEqual({});
  });

  it('lets a stack go whose request it does not understand', async () => {
    // Prepare
    const deployed = await deploy();

    // Act
    const answer = await onDeployHandler({ ...request('Delete'), ResourceProperties: {} }, deployed.runtime());

    // Assess
    expect(answer).toEqual({ Status: 'SUCCESS', Reason: expect.stringContaining('remove that notification by hand') });
    expect(deployed.told[0]?.body).toMatchObject({ Status: 'SUCCESS' });
  });

  it('refuses what CloudFormation did not send', async () => {
    // Prepare
    const deployed = await deploy();

    // Act and assess
    await expect(onDeployHandler({ RequestType: 'Create' }, deployed.runtime())).rejects.toThrow(BadEventError);
  });
});

describe('An update of the area', () => {
  /** What this deployment and the one before say of themselves, beside notifications. */
  function update(now: object, old: object): object {
    return {
      ...request('Update'),
      ResourceProperties: { ServiceToken: 'x', Notifications: [], ...now },
      OldResourceProperties: { ServiceToken: 'x', Notifications: [], ...old },
    };
  }

  const of010 = (configuration: object) => ({ Configuration: JSON.stringify(configuration) });

  it.each([
    ['to a bucket that the stack makes', { Area: ['s3://a/flink'] }, { Area: [] }, 's3://a/flink'],
    ['to other buckets', { Area: ['s3://a/flink'] }, { Area: ['s3://b/flink'] }, 's3://a/flink'],
    ['to a part of it', { Area: ['s3://a'] }, { Area: ['s3://a/flink'] }, 's3://a'],
    [
      'to one that only begins alike',
      { Area: ['s3://a/flink'] },
      { Area: ['s3://a/fli', 's3://a/flink-2'] },
      's3://a/flink',
    ],
    [
      'to fewer',
      { Area: ['s3://a', 's3://b', 's3://c', 's3://d', 's3://e'] },
      { Area: ['s3://c'] },
      's3://a, s3://b, s3://d and 1 more',
    ],
    [
      'of version 0.1.0 to a bucket that the stack makes',
      of010({ area: ['s3://a/flink', { bucket: 's3://b', region: 'eu-west-1' }] }),
      { Area: [] },
      's3://a/flink, s3://b',
    ],
  ])('that would leave out locations fails, and changes nothing: %s', async (_, old, now, named) => {
    // Prepare
    const deployed = await deploy();

    // Act
    const answer = await onDeployHandler(update(now, old), deployed.runtime());

    // Assess
    expect(answer).toEqual({
      Status: 'FAILED',
      Reason: `This update would leave out ${named}, which this stack looks after: nobody would survey it any more, and no alarm would tell. So it fails, and nothing is changed. Deploy from the folder with the right steward.json; for another deployment beside this one, set another deploy.stackName. To leave it out all the same: npx cdk deploy -c drop-area=true; where the stack was made of the template with parameters, DropArea=true`,
    });
    expect(deployed.started).toEqual([]);
    expect(deployed.told).toHaveLength(1);
  });

  it.each([
    ['leaves locations out on purpose', { Area: ['s3://a'] }, { Area: [], MayDropArea: 'true' }],
    ['adds locations', { Area: ['s3://a/flink'] }, { Area: ['s3://b', 's3://a/flink/'] }],
    ['names the folder above', { Area: ['s3://a/flink/x', 's3://a/flink/y'] }, { Area: ['s3://a/flink'] }],
    ['goes from a bucket that the stack made to others', { Area: [] }, { Area: ['s3://a'] }],
    ['comes from version 0.1.0 and names the same', of010({ area: ['s3://a/flink'] }), { Area: ['s3://a/flink'] }],
    ['comes from version 0.1.0 without an area', of010({ mode: 'collect' }), { Area: [] }],
    ['comes from a configuration that nobody understands', { Configuration: '{' }, { Area: [] }],
    ['goes back to a version that says nothing', { Area: ['s3://a'] }, {}],
  ])('that %s goes on', async (_, old, now) => {
    // Prepare
    const deployed = await deploy();

    // Act
    const answer = await onDeployHandler(update(now, old), deployed.runtime());

    // Assess
    expect(answer).toEqual({ Status: 'SUCCESS', Reason: 'Update: the notifications were set.' });
    expect(deployed.started).toEqual([{ name: 'the-rules', event: { by: 'deployment' } }]);
  });

  it.each(['UPDATE_ROLLBACK_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', null])(
    'goes on when CloudFormation returns to the deployment before: %s',
    async (status) => {
      // Prepare
      const deployed = await deploy();
      const event = update({ Area: ['s3://a'] }, { Area: ['s3://a', 's3://b'] });

      // Act
      const answer = await handle(event, deployed.runtime(), async () => status);

      // Assess
      expect(answer.Status).toBe('SUCCESS');
    },
  );

  it('goes on where the state of the stack is unknown, and says so', async () => {
    // Prepare
    const deployed = await deploy();
    const event = update({ Area: [] }, { Area: ['s3://a'] });
    const denied = async () => {
      throw new Error('denied');
    };

    // Act
    const answer = await handle(event, deployed.runtime(), denied);

    // Assess
    expect(answer.Status).toBe('SUCCESS');
    expect(deployed.logged[0]).toEqual({
      level: 'warn',
      sentence: "The state of the stack can't be read (denied), so an update that leaves out locations goes on.",
    });
  });

  it('leaves the notification of a bucket that the stack made and the area now names', async () => {
    // Prepare
    const deployed = await deploy();
    await onDeployHandler(request('Create'), deployed.runtime());
    deployed.s3.faults.add({ match: { bucket: BUCKET }, do: { kind: 'answer', code: 'AccessDenied' } });
    const old = { Notifications: [{ Bucket: BUCKET, Queue: QUEUE }], Area: [] };

    // Act
    const answer = await onDeployHandler(update({ Area: [`s3://${BUCKET}/flink`] }, old), deployed.runtime());

    // Assess
    expect(answer).toEqual({ Status: 'SUCCESS', Reason: 'Update: the notifications were set.' });
  });

  it('replaces that notification where the deployment may add one for the area', async () => {
    // Prepare
    const deployed = await deploy();
    await onDeployHandler(request('Create'), deployed.runtime());
    const old = { Notifications: [{ Bucket: BUCKET, Queue: QUEUE }], Area: [] };
    const Notifications = [{ Bucket: BUCKET, Queue: QUEUE, Id: 'ours', Prefix: 'flink/' }];

    // Act
    await onDeployHandler(update({ Area: [`s3://${BUCKET}/flink`], Notifications }, old), deployed.runtime());

    // Assess
    expect(await notificationsOf(deployed)).toMatchObject({ QueueConfigurations: [{ Id: 'ours' }] });
  });
});
