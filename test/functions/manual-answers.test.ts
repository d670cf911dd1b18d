import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { actionSchema } from '#functions/manual/actions.ts';
import { requireDocument } from '#test/cli/fits-document.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { JOB, OTHER_JOB } from '#test/support/played-job.ts';
import { AREA, passQuarantine, swept, useDeployments } from './deployed.ts';
import { manualHandler, surveyHandler } from './handlers.ts';

const deploy = useDeployments();
const ROOT = `s3://${BUCKET}/flink/${JOB}/chk-7`;

describe('The answers of manual', () => {
  it('are as docs/schemas/manual.json says, of each action with and without "execute"', {
    timeout: 120_000,
  }, async () => {
    // Prepare: a run has deleted something.
    const deployed = await deploy({ area: [AREA], collect: { maxDeleteFraction: 0.9 }, states: {} });
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await deployed.client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
    await surveyHandler({}, deployed.runtime());
    passQuarantine(deployed);
    const asked: string[] = [];
    const ask = async (event: { readonly action: string } & Record<string, unknown>) => {
      deployed.now += 1_000;
      const answer = await manualHandler(event, deployed.runtime());
      requireDocument('manual', answer);
      asked.push(event.action);
      return answer;
    };

    // Act
    const { plan } = await ask({ action: 'plan' });
    await ask({ action: 'apply', plan });
    await ask({ action: 'apply', plan, execute: true });
    const { run } = await swept(deployed.executions[0]?.input, deployed.runtime());
    await ask({ action: 'undo', run });
    await ask({ action: 'undo', run, execute: true });
    await ask({ action: 'history' });
    await ask({ action: 'history', run });
    await ask({ action: 'verify-run', run });
    await ask({ action: 'status' });
    await ask({ action: 'audit' });
    await ask({ action: 'explain', object: `${ROOT}/_metadata` });
    await ask({ action: 'restore-points' });
    await ask({ action: 'states' });
    await ask({ action: 'verify' });
    for (const execute of [false, true]) {
      await ask({ action: 'retire', execute });
      await ask({ action: 'rules', execute });
      await ask({ action: 'pin', root: ROOT, dryRun: !execute });
      await ask({ action: 'unpin', root: ROOT, execute });
      await ask({ action: 'declare-dead', job: OTHER_JOB, execute });
      await ask({ action: 'pause', dryRun: !execute });
      await ask({ action: 'resume', execute });
    }
    const refused = await ask({ action: 'explain', object: 'flink/nothing' });

    // Assess
    expect(refused.error).toContain('no such object');
    const actions = actionSchema.options.map(({ shape }) => shape.action.value);
    expect([...new Set(asked)].sort()).toEqual([...actions].sort());
  });
});
