import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stackStatus } from '#adapters/aws/stack-status.ts';

const STACK = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/FlinkSteward/0a1b2c3d';

let server: Server;
let asked: string[] = [];
let stacks = '';

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    asked.push(decodeURIComponent(await text(request)));
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${stacks}</Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
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
