import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stackStatus } from '#adapters/aws/stack-status.ts';
import { useHttpStandIns } from '#test/support/http-stand-ins.ts';

const STACK = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/FlinkSteward/0a1b2c3d';

const serve = useHttpStandIns();
let asked: string[] = [];
let stacks = '';

beforeEach(async () => {
  asked = [];
  const url = await serve((_request, response, body) => {
    asked.push(decodeURIComponent(body));
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${stacks}</Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', url);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('stackStatus', () => {
  it('asks CloudFormation for one stack', async () => {
    // Prepare
    stacks =
      '<member><StackName>FlinkSteward</StackName><StackStatus>UPDATE_ROLLBACK_IN_PROGRESS</StackStatus></member>';

    // Act
    const status = await stackStatus(STACK);

    // Assess
    expect(status).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
    expect(asked).toEqual([`Action=DescribeStacks&Version=2010-05-15&StackName=${STACK}`]);
  });

  it('knows nothing of a stack that is not there', async () => {
    stacks = '';
    expect(await stackStatus(STACK)).toBeNull();
  });
});
