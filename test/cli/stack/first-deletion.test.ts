import { describe, expect, it } from 'vitest';
import { surveyHandler } from '#functions/survey/handler.ts';
import { sweepHandler } from '#functions/sweep/handler.ts';
import { AREA, type Deployed, MINUTE, passQuarantine, useDeployments } from '#test/functions/deployed.ts';
import { answerBy, onStack } from './asked.ts';
import { useFakeAws } from './fake-aws.ts';

/** The question before the first deletion, where a deployment is to delete. */

const deploy = useDeployments();
const aws = useFakeAws();

/** A deployment with a plan, and a person at the terminal who answers so. */
async function planned(answer: string) {
  const deployed = await deploy({ area: [AREA], collect: { maxDeleteFraction: 1 } });
  await surveyHandler({}, deployed.runtime());
  passQuarantine(deployed);
  answerBy(aws(), deployed);
  const { out } = await onStack(deployed, ['plan']);
  const questions: string[] = [];
  const io = {
    isWatched: true,
    ask: async (question: string): Promise<string> => {
      questions.push(question);
      deployed.now += MINUTE;
      return answer;
    },
    sleep: async (): Promise<void> => {
      deployed.now += MINUTE;
      await execute(deployed);
    },
  };
  return { deployed, plan: /steward apply (\S+)/.exec(out)?.[1] ?? '', questions, io };
}

async function execute(deployed: Deployed): Promise<void> {
  for (const { input } of deployed.executions.splice(0)) await sweepHandler(input, deployed.runtime());
}

describe('Before the first deletion of a deployment, a person at the terminal', () => {
  it('is told what would go, and nothing is started on no', async () => {
    const { deployed, plan, questions, io } = await planned('n');

    const { status, out, err } = await onStack(deployed, ['apply', plan, '--execute'], io);

    expect({ status, out, questions }).toEqual({ status: 1, out: '', questions: ['Go on? [y/N] '] });
    expect(err).toMatch(
      /No run has deleted or retired anything here yet\. This one would delete 1 object \(\d+ B\) in s3:\/\/\S+\. Deleted objects can be put back only where the bucket keeps versions\.\nNothing was deleted or retired\. To see what would go, leave out --execute\.\n$/,
    );
    expect(deployed.executions).toEqual([]);
  });

  it('is asked once: on yes it is executed, and the next time nobody is asked', async () => {
    const { deployed, plan, questions, io } = await planned('y');

    const first = await onStack(deployed, ['apply', plan, '--execute'], io);
    const { out } = await onStack(deployed, ['plan']);
    const retired = await onStack(deployed, ['retire', '--execute'], { ...io, sleep: async () => {} });

    expect(first.status).toBe(0);
    expect(first.out).toContain('apply: done');
    expect(out).toContain('Plan for');
    expect(retired.err).not.toContain('No run has deleted');
    expect(questions.length).toBe(1);
  });

  it('is not asked by retire where nothing would be retired', async () => {
    const { deployed, questions, io } = await planned('n');

    await onStack(deployed, ['retire', '--execute'], { ...io, sleep: async () => {} });

    expect(questions).toEqual([]);
  });

  it.each([['--yes'], ['--json']])('is not asked with %s', async (option) => {
    const { deployed, plan, questions, io } = await planned('n');

    const { status } = await onStack(deployed, ['apply', plan, '--execute', option], io);

    expect({ status, questions }).toEqual({ status: 0, questions: [] });
  });
});
