import { describe, expect, it } from 'vitest';
import { AREA, type Deployed, useDeployments } from '#test/functions/deployed.ts';
import { runCaptured } from '../steward.ts';
import { answerBy, onStack } from './asked.ts';
import { FUNCTION, STACK, useFakeAws } from './fake-aws.ts';

/** A deployment that can't be asked, or does not answer: a sentence each. */

const deploy = useDeployments();
const aws = useFakeAws();

async function deployed(): Promise<Deployed> {
  const one = await deploy();
  answerBy(aws(), one);
  return one;
}

describe('A deployment that does not answer', () => {
  it('is of version 0.1.0, and is to be deployed again', async () => {
    // Prepare: as that version answers to what it does not know.
    const one = await deployed();
    const error = 'The event is not one that manual understands: action is "whole". Nothing was done.';
    aws().answer = async () => ({ action: 'none', executed: false, summary: 'Nothing was done.', error });

    // Act
    const { status, out, err } = await onStack(one, ['audit']);

    // Assess
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe(
      'The function of the stack TheStack is of an older version than this command, and does not know how to answer it. Nothing was done. Deploy the stack again, with the version of this command.\n',
    );
  });

  it('is not there', async () => {
    const one = await deployed();
    const { status, err } = await runCaptured(['--stack', 'Nothing', 'audit'], {
      cwd: '/',
      clock: () => one.now,
      columns: 100,
    });
    expect({ status, err }).toEqual({
      status: 2,
      err: 'There is no stack Nothing in eu-central-1, in the account of these credentials. Nothing was done. Check its name, --region and AWS_PROFILE.\n',
    });
  });

  it('is a stack of something else', async () => {
    const one = await deployed();
    aws().outputs = { BucketName: 'b' };
    const { status, err } = await onStack(one, ['audit']);
    expect(status).toBe(2);
    expect(err).toMatch(
      /^The stack TheStack has no output ManualFunctionName, so it is not known which function to ask\./,
    );
  });

  it('is found in an app of its own by an output whose key contains the name', async () => {
    const one = await deployed();
    aws().outputs = { StewardManualFunctionName1A2B: FUNCTION };
    expect(await onStack(one, ['history'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('does not exist yet'),
    });
  });

  it.each([
    ['cloudformation', 'AccessDenied', `The stack ${STACK} can't be looked up`, 'cloudformation:DescribeStacks'],
    ['lambda', 'AccessDeniedException', `The function ${FUNCTION} did not answer`, 'lambda:InvokeFunction'],
  ] as const)('may not be asked: the sentence names the permission of %s', async (service, code, doing, permission) => {
    // Prepare
    const one = await deployed();
    aws().refusals[service] = { code, message: 'User is not authorized' };

    // Act
    const { status, err } = await onStack(one, ['audit', '--json']);

    // Assess
    expect(status).toBe(3);
    expect(err).toBe(
      `${doing}: these credentials lack the permission ${permission} (User is not authorized). Nothing was done. Grant it, or use credentials that have it.\n`,
    );
  });

  it('fails: the sentence has its reason and no stack trace', async () => {
    const one = await deployed();
    aws().answer = async () => {
      throw new Error('2027-03-01T00:00:00Z Task timed out after 900.00 seconds');
    };
    const { status, err } = await onStack(one, ['audit']);
    expect({ status, err }).toEqual({
      status: 3,
      err: `The function ${FUNCTION} did not answer: 2027-03-01T00:00:00Z Task timed out after 900.00 seconds. Its log has more.\n`,
    });
  });

  it('answers in pages what is too long for one', async () => {
    // Prepare
    const one = await deployed();
    const { answer } = aws();
    let rest = '';
    aws().answer = async (event) => {
      if (event.action === 'page') return { whole: { gzip: rest, more: null } };
      const answered = (await answer(event)) as { whole: { gzip: string } };
      const half = Buffer.from(answered.whole.gzip, 'base64');
      rest = half.subarray(100).toString('base64');
      const gzip = half.subarray(0, 100).toString('base64');
      return { ...answered, whole: { gzip, more: { of: 'results/x.gz', from: 100 } } };
    };

    // Act
    const { status, out } = await onStack(one, ['audit', '--json']);

    // Assess
    expect(status).toBe(0);
    expect(JSON.parse(out).roots).toBe(1);
    expect(aws().asked.at(-1)).toEqual({ action: 'page', of: 'results/x.gz', from: 100 });
  });
});

describe('--stack', () => {
  it.each([
    [['audit', AREA], `Leave out ${AREA}, or --stack.`],
    [['audit', '--ledger', 's3://l', '--config', 'c.json'], 'Leave out --config, --ledger, or --stack.'],
    [['audit', '--html', 'report.html'], 'Leave out --html, or --stack.'],
    [['explain', 'chk-7', AREA], `Leave out ${AREA}, or --stack.`],
    [['inspect', '_metadata'], 'A deployment can\'t be asked for "inspect", so --stack has no meaning there.'],
    [['collect'], 'Ask for a plan, and execute it: plan, then apply.'],
  ])('is refused beside what only this machine understands: %j', async (words, sentence) => {
    const { status, err } = await onStack(await deployed(), words);
    expect(status).toBe(2);
    expect(err).toContain(sentence);
    expect(aws().asked).toEqual([]);
  });

  it('is refused without a name', async () => {
    const one = await deployed();
    const { status, err } = await runCaptured(['--stack', '', 'audit'], {
      cwd: '/',
      clock: () => one.now,
      columns: 100,
    });
    expect(status).toBe(2);
    expect(err).toContain('--stack is an empty text (an unset variable?).');
  });

  it('may come last, and STEWARD_STACK stands for it where no location is typed', async () => {
    // Prepare
    const one = await deployed();
    const io = { cwd: '/', clock: () => one.now, columns: 100 };
    const environment = { STEWARD_STACK: STACK };

    // Act
    const last = await runCaptured(['audit', '--stack', STACK], io);
    const usual = await runCaptured(['audit'], { ...io, environment });
    const asked = aws().asked.length;
    const typed = await runCaptured(['audit', '/nowhere'], { ...io, environment });
    const other = await runCaptured(['inspect', '/nowhere/_metadata'], { ...io, environment });

    // Assess
    expect(last.status).toBe(0);
    expect(usual).toEqual(last);
    expect([typed.status, other.status]).toEqual([2, 2]);
    expect(aws().asked).toHaveLength(asked);
  });
});
