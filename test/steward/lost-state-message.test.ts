import { describe, expect, it } from 'vitest';
import type { Incident } from '#core/guard/incident.ts';
import type { AlarmState } from '#core/slack/alarm-change.ts';
import { WHOLE } from '#core/slack/telling.ts';
import { updateIncident } from '#operations/ledger/incidents.ts';
import { alarmOf } from '#steward/slack/alarm-notification.ts';
import { messageOf } from '#steward/slack/message-of.ts';
import { alarmPayload } from '#test/functions/alarm-payload.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { NOW } from '#test/support/played-job.ts';

const INCIDENT: Incident = {
  began: NOW,
  last: NOW,
  objects: 3,
  counted: [1, 2, 3],
  unpublished: 0,
  files: ['s3://bucket/flink/orders/shared/a'],
  broken: [{ path: 's3://bucket/flink/orders/chk-7', job: 'orders', completed: NOW - 1 }],
  culprits: ['Lifecycle rule "expire" of s3://bucket'],
  rules: [{ bucket: 's3://bucket', id: 'expire', position: 1, from: null }],
  next: { due: 2, soon: 0, from: null, atLeast: false },
  keepsVersions: false,
  healing: null,
};

async function messageWith(incident: Incident | null, state: AlarmState = 'ALARM'): Promise<string> {
  const ledger = new MemoryLedger(new LedgerContent(), OPEN);
  await updateIncident(ledger, () => incident);
  const change = alarmOf(alarmPayload('lost-state', { at: NOW, value: 3, state }));
  const telling = { news: [WHOLE], others: [], began: new Map(), told: new Map() };
  const message = await messageOf(change, telling, [], {
    services: { clock: () => NOW, log: () => {} },
    ledger,
    currency: 'USD',
    stack: 'TheStack',
    savepoints: 's3://bucket/flink/savepoints',
    signsReport: true,
    readsStates: false,
    runbook: undefined,
    dashboard: undefined,
  });
  return JSON.stringify(message);
}

describe('The message about lost state', () => {
  it('says who took what, which restore points broke, and how to stop it and save the job', async () => {
    const message = await messageWith(INCIDENT);

    for (const words of [
      'Page: Live state was deleted',
      'Lifecycle rule \\"expire\\" of s3://bucket has deleted 3 live objects that orders can need for a restore.',
      '1 restore point is broken: s3://bucket/flink/orders/chk-7',
      'S3 may delete 2 more files of them at any moment.',
      'Disable the rule expire of s3://bucket',
      'put-bucket-lifecycle-configuration',
      'flink savepoint JOB_ID s3://bucket/flink/savepoints',
      'restore-points --job orders',
      'What else is lost until 2027-03-01 01:00:00 UTC raises no other alarm',
    ]) {
      expect(message).toContain(words);
    }
  });

  it('names no single job where several have lost state', async () => {
    const other = { path: 's3://bucket/flink/payments/chk-1', job: 'payments', completed: NOW - 2 };

    expect(await messageWith({ ...INCIDENT, broken: [...INCIDENT.broken, other], rules: [] })).not.toContain('--job');
  });

  it('tells of all once it has ended, and of no further message then', async () => {
    const message = await messageWith({ ...INCIDENT, objects: 9 }, 'OK');

    expect(message).toContain('has deleted 9 live objects');
    expect(message).not.toContain('What else is lost');
  });

  it('gets along without what the guard has left', async () => {
    const message = await messageWith(null);

    expect(message).toContain('has deleted 3 live objects, and restore points are broken.');
    expect(message).not.toContain('Disable the rule');
  });
});
