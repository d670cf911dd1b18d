import { describe, expect, it } from 'vitest';
import { RESTORE_POINTS_FILE, readNewestRestorePoints } from '#operations/ledger/newest-restore-points.ts';
import { openLedger } from '#steward/open-ledger.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { AREA, type Deployed, LEDGER, useDeployments } from './deployed.ts';
import { surveyHandler } from './handlers.ts';

const deploy = useDeployments();
const OTHER = 'b'.repeat(32);

async function remembered({ runtime }: Deployed): Promise<object> {
  const ledger = await openLedger(`s3://${LEDGER}`, '/', runtime().connection ?? {});
  return Object.fromEntries(await readNewestRestorePoints(ledger));
}

describe('What a survey leaves for messages about alarms', () => {
  it('is the newest restore point of each job, across its submissions', async () => {
    // Prepare
    const labels = [JOB, OTHER].map((jobId) => ({ jobId, job: 'orders' }));
    const deployed = await deploy({ area: [AREA], labels }, (store) => {
      for (const [id, ago] of [
        [JOB, 2 * DAY],
        [OTHER, DAY],
      ] as const) {
        const job = new PlayedJob(store, `flink/${id}/`, `s3a://${BUCKET}`);
        job.complete(7, [job.upload(1, NOW - 3 * DAY)], NOW - ago);
      }
    });

    // Act
    await surveyHandler({}, deployed.runtime());

    // Assess
    expect(await remembered(deployed)).toEqual({
      orders: { path: `s3a://${BUCKET}/flink/${OTHER}/chk-7`, completed: new Date(NOW - DAY).toISOString() },
    });
  });

  it('is nothing where nobody has looked, or where something else lies there', async () => {
    const deployed = await deploy();
    expect(await remembered(deployed)).toEqual({});
    for (const content of ['{', '{"jobs":1}']) {
      deployed.s3.put(LEDGER, RESTORE_POINTS_FILE, Buffer.from(content));
      expect(await remembered(deployed)).toEqual({});
    }
  });
});
