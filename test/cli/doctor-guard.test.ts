import {
  type Event,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { NOTHING_KNOWN } from '#core/guard/live-set.ts';
import { writeLiveSet } from '#operations/ledger/live-set-parts.ts';
import { openLedger } from '#steward/open-ledger.ts';
import { clientOf } from '#test/s3-contract/describe-s3.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { type Doctored, LEDGER, LOCATION, type Row, STATE, useDoctor } from './doctor-bucket.ts';

const open = useDoctor();
const makeDirectory = useTempDirectories();
const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:guard';

/** With a ledger in which the survey of a deployment has left what is live. */
async function guarded(configuration?: object): Promise<Doctored> {
  const cwd =
    configuration === undefined ? '/' : await makeDirectory({ 'steward.json': JSON.stringify(configuration) });
  const doctored = await open(cwd);
  await doctored.run('collect', '--execute', '--yes');
  await leaveLiveSet(doctored);
  return doctored;
}

async function leaveLiveSet({ s3 }: Doctored): Promise<void> {
  const connection = { endpoint: s3.url, region: 'us-east-1', pathStyle: true };
  await writeLiveSet(await openLedger(LEDGER, '/', connection), NOTHING_KNOWN);
}

async function notify({ s3 }: Doctored, configuration: NotificationConfiguration): Promise<void> {
  const client = clientOf(s3.url);
  const input = { Bucket: STATE, NotificationConfiguration: configuration };
  await client.send(new PutBucketNotificationConfigurationCommand(input));
  client.destroy();
}

const queueOf = (
  events: readonly Event[],
  rules: readonly { readonly Name: 'prefix' | 'Suffix'; readonly Value: string }[] = [],
) => ({
  QueueConfigurations: [
    {
      QueueArn: QUEUE,
      Events: [...events],
      ...(rules.length === 0 ? {} : { Filter: { Key: { FilterRules: rules.map((rule) => ({ ...rule }) as never) } } }),
    },
  ],
});
const rowOf = async ({ doctor }: Doctored, ...options: readonly string[]): Promise<Row | undefined> =>
  (await doctor(...options)).rows.find(({ check }) => check === 'guard');

const BY_RULES = `The queue ${QUEUE} is told of what lifecycle rules delete here.`;
const NONE = 'The guard of the deployment hears of no deletion here.';

describe('steward doctor, of the guard,', () => {
  it.each<[string, NotificationConfiguration, string, string]>([
    ['that a queue hears of all', queueOf(['s3:LifecycleExpiration:*']), 'ok', BY_RULES],
    [
      'that a queue hears of each kind, below a folder above the area',
      queueOf(
        ['s3:LifecycleExpiration:Delete', 's3:LifecycleExpiration:DeleteMarkerCreated'],
        [{ Name: 'prefix', Value: 'fl' }],
      ),
      'ok',
      BY_RULES,
    ],
    [
      'that EventBridge does, and what that costs',
      { EventBridgeConfiguration: {} },
      'ok',
      'EventBridge is told of what lifecycle rules delete here, and hands it on to the guard. It charges for each object that is created or deleted.',
    ],
    ['that nobody does', {}, 'warning', NONE],
    ['that a queue hears of one kind only', queueOf(['s3:LifecycleExpiration:Delete']), 'warning', NONE],
    [
      'that a queue hears of other keys',
      queueOf(['s3:LifecycleExpiration:*'], [{ Name: 'prefix', Value: 'logs/' }]),
      'warning',
      NONE,
    ],
    [
      'that a queue hears of some keys',
      queueOf(['s3:LifecycleExpiration:*'], [{ Name: 'Suffix', Value: '/_metadata' }]),
      'warning',
      NONE,
    ],
  ])('says %s', async (_, configuration, state, found) => {
    const doctored = await guarded();
    await notify(doctored, configuration);

    expect(await rowOf(doctored)).toMatchObject({ location: LOCATION, state, found });
  });

  it('says what is missing where the guard is to hear of all deletions', async () => {
    const doctored = await guarded({ area: [LOCATION], guard: 'all' });
    await notify(doctored, queueOf(['s3:LifecycleExpiration:*']));
    const some = await rowOf(doctored);
    await notify(doctored, queueOf(['s3:LifecycleExpiration:*', 's3:ObjectRemoved:*']));
    const all = await rowOf(doctored);

    expect(some).toMatchObject({
      state: 'warning',
      found: 'The guard of the deployment hears of no deletion here but of what lifecycle rules delete.',
      advice: expect.stringContaining('GuardNotification'),
    });
    expect(all).toMatchObject({ state: 'ok', found: `The queue ${QUEUE} is told of what is deleted here.` });
  });

  it('says nothing where no deployment has surveyed, and where the guard is off', async () => {
    const alone = await open();
    await alone.run('collect', '--execute', '--yes');
    const off = await guarded({ area: [LOCATION], guard: 'off' });

    expect(await rowOf(alone)).toBeUndefined();
    expect(await rowOf(off)).toBeUndefined();
  });

  it('says which right is missing, and nothing where the ledger does not answer', async () => {
    const doctored = await guarded();
    doctored.s3.faults.add({
      match: { operation: 'GetBucketNotificationConfiguration' },
      do: { kind: 'answer', code: 'AccessDenied' },
    });

    expect(await rowOf(doctored)).toMatchObject({
      state: 'not-checked',
      grant: [{ Effect: 'Allow', Action: 's3:GetBucketNotification', Resource: `arn:aws:s3:::${STATE}` }],
    });
    doctored.s3.put('ledger', 'one/live-set@', 'no JSON');
    expect(await rowOf(doctored)).toBeUndefined();
  });
});
