import { describe, expect, it } from 'vitest';
import { certificatePath } from '#operations/ledger/certificates.ts';
import { DAY } from '#test/support/played-job.ts';
import { AREA, collected, LEDGER, ledgerKeys, passQuarantine, swept, useDeployments } from './deployed.ts';
import { surveyHandler } from './handlers.ts';

const deploy = useDeployments();
const COLLECTING = { area: [AREA], mode: 'collect', collect: { maxDeleteFraction: 0.9 } };

/** A deployment that has deleted something, and which run did so. */
async function withSweep() {
  const deployed = await deploy(COLLECTING);
  await surveyHandler({ by: 'schedule' }, deployed.runtime());
  passQuarantine(deployed);
  const { sweep } = await collected({}, deployed.runtime());
  await swept(sweep, deployed.runtime());
  const [certificate = ''] = ledgerKeys(deployed, 'runs/').filter((key) => key.endsWith('certificate.ndjson.gz'));
  return { deployed, run: certificate.split('/')[1] ?? '' };
}

describe('The weekly proof', () => {
  it('proves the runs of the last days from the ledger, and counts nothing', async () => {
    const { deployed } = await withSweep();

    const answer = await surveyHandler({ by: 'schedule', only: 'proof' }, deployed.runtime());

    expect(answer).toEqual({ result: 'proven', verified: 1, proven: 1, notProven: [], findings: [] });
    expect(deployed.counted.has('RunsNotProven')).toBe(false);
  });

  it('counts runs that are not proven, for the alarm, and logs what is wrong', async () => {
    const { deployed, run } = await withSweep();
    deployed.s3.erase(LEDGER, certificatePath(run));

    const answer = await surveyHandler({ only: 'proof' }, deployed.runtime());

    const sentence = `The certificate of run ${run} is gone, and the ledger's list of certificates names it.`;
    expect(answer).toMatchObject({ result: 'not-proven', verified: 1, proven: 0, notProven: [run] });
    expect(deployed.counted.get('RunsNotProven')).toBe(1);
    expect(deployed.logged).toContainEqual({ level: 'error', sentence });
  });

  it('leaves older runs to the weeks before', async () => {
    const { deployed } = await withSweep();
    deployed.now += 9 * DAY;

    expect(await surveyHandler({ only: 'proof' }, deployed.runtime())).toMatchObject({ verified: 0 });
  });

  it('has nothing to prove where no run has left anything yet', async () => {
    const deployed = await deploy(COLLECTING);

    expect(await surveyHandler({ only: 'proof' }, deployed.runtime())).toMatchObject({ result: 'proven', verified: 0 });
  });
});
