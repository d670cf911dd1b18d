import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startExecution } from '#functions/manual/start-execution.ts';

/** Stands for Step Functions, which keeps the name of an execution that has ended. */

const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:the-collection';
const ORDER = { order: 'apply', plan: 'p' };

interface Asked {
  readonly name: string;
  readonly input: string;
  readonly stateMachineArn: string;
}

let server: Server;
const asked: Asked[] = [];
const ended = new Set<string>();

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const start: Asked = JSON.parse(await text(request));
    asked.push(start);
    const isKnown = ended.has(start.name);
    response.writeHead(isKnown ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(
      JSON.stringify(
        isKnown
          ? { __type: 'ExecutionAlreadyExists', message: 'Execution Already Exists' }
          : { executionArn: `${MACHINE}:${start.name}`, startDate: 1 },
      ),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_SFN', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('An execution', () => {
  it('is started under its name, so that a second start of the same order is none', async () => {
    const arn = await startExecution(MACHINE, 'apply-p', ORDER);

    expect(arn).toBe(`${MACHINE}:apply-p`);
    expect(asked.splice(0)).toEqual([{ stateMachineArn: MACHINE, name: 'apply-p', input: JSON.stringify(ORDER) }]);
  });

  it('is started with the time in its name where one of that name has ended', async () => {
    ended.add('apply-p');

    const arn = await startExecution(MACHINE, 'apply-p', ORDER);

    expect(arn).toMatch(/:apply-p-\d{8}T\d{9}Z$/);
    expect(asked.splice(0).map(({ input }) => JSON.parse(input))).toEqual([ORDER, ORDER]);
  });
});
