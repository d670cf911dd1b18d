import { describe, expect, it } from 'vitest';
import { checkpointCompletedHandler } from '#functions/checkpoint-completed/handler.ts';
import { collectHandler } from '#functions/collect/handler.ts';
import { lifecycleRulesHandler } from '#functions/lifecycle-rules/handler.ts';
import { manualHandler } from '#functions/manual/handler.ts';
import { DeadlineError } from '#functions/shared/deadline.ts';
import type { ManualRuntime } from '#functions/shared/runtime.ts';
import { surveyHandler } from '#functions/survey/handler.ts';
import { sweepHandler } from '#functions/sweep/handler.ts';
import { undoHandler } from '#functions/undo/handler.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { DAY, NOW } from '#test/support/played-job.ts';
import {
  AREA,
  collected,
  type Deployed,
  ledgerKeys,
  ledgerText,
  MINUTE,
  passQuarantine,
  swept,
  useDeployments,
} from './deployed.ts';

/** What a function says when its time is over must be so: what was done, what was not, and what helps. */

const deploy = useDeployments();

const COLLECTING = { area: [AREA], mode: 'collect', collect: { maxDeleteFraction: 0.9 } };

/** No time is left to start anything. */
function late(deployed: Deployed): ManualRuntime {
  return deployed.runtime({ remaining: () => MINUTE });
}

/** Before the area: after a survey, with garbage whose quarantine is over. */
async function ripe(): Promise<Deployed> {
  const deployed = await deploy(COLLECTING);
  await surveyHandler({}, deployed.runtime());
  passQuarantine(deployed);
  return deployed;
}

async function refusalOf(answer: Promise<unknown>): Promise<Error> {
  return await answer.then(
    () => new Error('no error'),
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
}

/** Everything in the ledger but what each run leaves behind: that it was there. */
function known(deployed: Deployed): readonly (readonly [string, string | null])[] {
  return ledgerKeys(deployed, '')
    .filter((key) => !key.startsWith('runs/') && key !== 'lease@')
    .map((key) => [key, ledgerText(deployed, key)] as const);
}

describe('A function whose time is over', () => {
  it('says of a survey that nothing of it is kept, and what helps, for the next one begins anew', async () => {
    // Prepare
    const deployed = await ripe();
    const before = known(deployed);
    deployed.published.length = 0;

    // Act
    const refusal = await refusalOf(surveyHandler({ by: 'schedule' }, late(deployed)));

    // Assess
    expect(refusal).toBeInstanceOf(DeadlineError);
    expect(refusal.message).toMatch(
      /^The time of the function survey was over before it was done, and no request is in progress\. The survey was not finished, so nothing that it saw was recorded, and no metrics were published\. The next survey begins anew, and will not get further by itself\. Give the functions more memory \("deploy\.memory" in steward\.json\)/,
    );
    expect(refusal.message).not.toContain('goes on');
    expect(known(deployed)).toEqual(before);
    expect(deployed.published).toEqual([]);
  });

  it('says of a collect that there is no plan', async () => {
    // Prepare
    const deployed = await ripe();
    const before = known(deployed);

    // Act
    const refusal = await refusalOf(collectHandler({}, late(deployed)));

    // Assess
    expect(refusal).toBeInstanceOf(DeadlineError);
    expect(refusal.message).toContain(
      'The area was not judged to the end, so there is no plan, and nothing was deleted.',
    );
    expect(refusal.message).toContain('steward collect --execute');
    expect(ledgerKeys(deployed, 'plans/')).toEqual([]);
    expect(known(deployed)).toEqual(before);
  });

  it('says of a sweep that it deleted nothing, and leaves its plan to be executed', async () => {
    // Prepare
    const deployed = await ripe();
    const { sweep } = await collected({}, deployed.runtime());
    const before = deployed.s3.keys(BUCKET);

    // Act
    const refusal = await refusalOf(sweepHandler(sweep, late(deployed)));
    const left = deployed.s3.keys(BUCKET).filter((key) => before.includes(key));
    const again = await swept(sweep, deployed.runtime());

    // Assess
    expect(refusal).toBeInstanceOf(DeadlineError);
    expect(refusal.message).toContain('The area was not surveyed to the end, so nothing was deleted.');
    expect(left).toEqual(before);
    expect(again).toMatchObject({ result: 'done', deleted: { objects: 1 } });
  });

  it('says of an undo that nothing was put back', async () => {
    // Prepare
    const deployed = await ripe();
    const { sweep } = await collected({}, deployed.runtime());
    const { run } = await swept(sweep, deployed.runtime());
    const before = deployed.s3.keys(BUCKET);

    // Act
    const refusal = await refusalOf(undoHandler({ run }, late(deployed)));

    // Assess
    expect(refusal).toBeInstanceOf(DeadlineError);
    expect(refusal.message).toContain('The area was not surveyed to the end, so nothing was put back.');
    expect(deployed.s3.keys(BUCKET)).toEqual(before);
  });

  it('says of manual that nothing of the action was executed, in its answer', async () => {
    // Prepare
    const deployed = await ripe();
    const before = known(deployed);

    // Act
    const answers = [
      await manualHandler({ action: 'audit' }, late(deployed)),
      await manualHandler({ action: 'plan' }, late(deployed)),
      await manualHandler({ action: 'retire' }, late(deployed)),
    ];

    // Assess
    for (const { executed, error } of answers) {
      expect(executed).toBe(false);
      expect(error).toContain('The action was not finished, and nothing of it was executed. Asking again begins anew.');
    }
    expect(known(deployed)).toEqual(before);
  });

  it('says of lifecycle-rules what of it the log tells, and how else to check', async () => {
    // Prepare
    const deployed = await ripe();

    // Act
    const refusal = await refusalOf(lifecycleRulesHandler({}, late(deployed)));

    // Assess
    expect(refusal).toBeInstanceOf(DeadlineError);
    expect(refusal.message).toContain('The rules of each bucket that is named in the log were compared or written');
    expect(refusal.message).toContain('steward rules check');
  });

  it('says of checkpoint-completed that messages come again, and has the queue deliver them again', async () => {
    // Prepare
    const deployed = await deploy(COLLECTING);
    const bridged = JSON.stringify({
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: { bucket: { name: BUCKET }, object: { key: `flink/${'a'.repeat(32)}/chk-7/_metadata` } },
    });
    deployed.now = NOW + DAY;

    // Act
    const answer = await checkpointCompletedHandler(
      { Records: [{ messageId: '1', body: bridged }] },
      deployed.runtime({ remaining: () => 1_000 }),
    );

    // Assess
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: '1' }]);
    expect(deployed.logged.map(({ sentence }) => sentence).join(' ')).toContain('are delivered again');
  });
});
