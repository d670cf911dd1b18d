import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Interruption } from '#cli/interruption.ts';
import { surveyHandler } from '#functions/survey/handler.ts';
import { sweepHandler } from '#functions/sweep/handler.ts';
import { undoHandler } from '#functions/undo/handler.ts';
import { type Deployed, MINUTE, passQuarantine, useDeployments } from '#test/functions/deployed.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { uuid } from '#test/support/played-job.ts';
import { answerBy, onStack } from './asked.ts';
import { useFakeAws } from './fake-aws.ts';

/** What a deployment is told to execute. What it starts runs while the command looks. */

const deploy = useDeployments();
const aws = useFakeAws();

async function planned(): Promise<{ readonly deployed: Deployed; readonly plan: string }> {
  const deployed = await deploy();
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await deployed.client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
  await surveyHandler({}, deployed.runtime());
  passQuarantine(deployed);
  answerBy(aws(), deployed);
  const { out } = await onStack(deployed, ['plan']);
  return { deployed, plan: /steward apply (\S+)/.exec(out)?.[1] ?? '' };
}

/** While the command waits, what was started runs. */
function going(deployed: Deployed): { readonly sleep: () => Promise<void> } {
  return {
    sleep: async () => {
      deployed.now += MINUTE;
      for (const { input } of deployed.executions.splice(0)) await sweepHandler(input, deployed.runtime());
      for (const { event } of deployed.started.splice(0)) await undoHandler(event, deployed.runtime());
    },
  };
}

describe('A command that a deployment executes', () => {
  it('is followed until it has ended, and tells what it did', async () => {
    // Prepare
    const { deployed, plan } = await planned();

    // Act
    const { status, out, err } = await onStack(deployed, ['apply', plan, '--execute'], going(deployed));

    // Assess
    expect(status).toBe(0);
    expect(err).toContain('It was started, and goes on by itself. Ctrl-C stops looking, not the run.');
    expect(out).toContain('apply: done');
    expect(out).toContain(uuid(2));
    expect(deployed.s3.keys(BUCKET).some((key) => key.endsWith(uuid(2)))).toBe(false);
  });

  it('is told from the plan that somebody else has executed at the same time', async () => {
    // Prepare
    const { deployed, plan } = await planned();
    const { out: second } = await onStack(deployed, ['plan']);
    const others = /steward apply (\S+)/.exec(second)?.[1] ?? '';
    let looks = 0;

    // Act: theirs ends first, and ours only minutes later.
    const sleep = async (): Promise<void> => {
      deployed.now += MINUTE;
      looks++;
      const order = looks === 1 ? { order: 'apply', plan: others } : { order: 'apply', plan };
      if (looks === 1 || looks === 4) await sweepHandler(order, deployed.runtime());
    };
    const { status, out } = await onStack(deployed, ['apply', plan, '--execute', '--json'], { sleep });

    // Assess
    expect(others).not.toBe(plan);
    expect(looks).toBe(4);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ run: { command: 'apply', plan } });
  });

  it('prints the document of the run', async () => {
    const { deployed, plan } = await planned();
    const { out } = await onStack(deployed, ['apply', plan, '--execute', '--json'], going(deployed));
    expect(JSON.parse(out)).toMatchObject({ run: { command: 'apply', result: 'done', deleted: { objects: 1 } } });
  });

  it('goes on when somebody stops looking, and says how to look again', async () => {
    // Prepare
    const { deployed, plan } = await planned();
    const abort = new AbortController();
    const sleep = async (): Promise<void> => {
      abort.abort(new Interruption('SIGINT'));
      abort.signal.throwIfAborted();
    };

    // Act
    const { status, err } = await onStack(deployed, ['apply', plan, '--execute'], { sleep, signal: abort.signal });

    // Assess
    expect(status).toBe(130);
    expect(err).toContain('Interrupted: the run goes on. To look again: steward history --stack TheStack.');
    expect(deployed.executions).toHaveLength(1);
  });

  it('ends with a sentence where nothing has begun for long', async () => {
    // Prepare
    const { deployed, plan } = await planned();

    // Act
    const { status, err } = await onStack(deployed, ['apply', plan, '--execute'], { sleep: async () => {} });

    // Assess
    expect(status).toBe(3);
    expect(err).toContain('No run has ended by now: it waits for another one, or it failed before it began.');
    expect(err).toContain('aws stepfunctions describe-execution --execution-arn arn:aws:states:');
  });

  it('tells by its status that a breaker stopped it', async () => {
    // Prepare
    const { deployed, plan } = await planned();
    const waiting = going(deployed);

    // Act: deleting is paused after it was started.
    const sleep = async (): Promise<void> => {
      if (deployed.executions.length > 0) await onStack(deployed, ['pause', '--why', 'an alarm']);
      await waiting.sleep();
    };
    const { status, out } = await onStack(deployed, ['apply', plan, '--execute'], { sleep });

    // Assess
    expect(status).toBe(1);
    expect(out).toContain('apply: stopped');
    expect(out).toContain('an alarm');
  });

  it('puts back by undo, and is followed too', async () => {
    // Prepare
    const { deployed, plan } = await planned();
    const applied = await onStack(deployed, ['apply', plan, '--execute', '--json'], going(deployed));
    const { run } = JSON.parse(applied.out).run;

    // Act
    const { status, out } = await onStack(deployed, ['undo', run, '--execute'], going(deployed));

    // Assess
    expect(status).toBe(0);
    expect(out).toContain('undo: done');
    expect(deployed.s3.keys(BUCKET).some((key) => key.endsWith(uuid(2)))).toBe(true);
  });

  it('tells by its status that something could not be put back', async () => {
    // Prepare: the version that undo would bring back has expired.
    const { deployed, plan } = await planned();
    const key = deployed.s3.keys(BUCKET).find((one) => one.endsWith(uuid(2))) ?? '';
    const applied = await onStack(deployed, ['apply', plan, '--execute', '--json'], going(deployed));
    const { run } = JSON.parse(applied.out).run;
    deployed.s3.erase(BUCKET, key);

    // Act
    const { status, out } = await onStack(deployed, ['undo', run, '--execute'], going(deployed));

    // Assess
    expect(status).toBe(1);
    expect(out).toContain('undo: stopped');
    expect(out.replaceAll(/\s+/g, ' ')).toContain(`It undid run ${run}, except what can't be put back.`);
  });

  it('retires by policy', async () => {
    const { deployed } = await planned();
    const { status, out } = await onStack(deployed, ['retire', '--execute'], going(deployed));
    expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining('retire: nothing-to-do') });
  });
});
