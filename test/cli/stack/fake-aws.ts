import type { IncomingMessage, ServerResponse } from 'node:http';
import { beforeEach, vi } from 'vitest';
import { useHttpStandIns } from '#test/support/http-stand-ins.ts';

/** CloudFormation and Lambda as far as a deployment is looked up and asked, behind real HTTP on this machine. */

export const STACK = 'TheStack';
export const FUNCTION = 'TheStack-Manual-1';

export interface FakeAws {
  /** Its name. */
  stack: string;
  /** Outputs of the stack. */
  outputs: Readonly<Record<string, string>>;
  /** What the function answers; throws what Lambda reports as the error of the function. */
  answer: (event: Readonly<Record<string, unknown>>) => Promise<unknown>;
  /** Errors with which a service refuses, by service. */
  readonly refusals: Partial<Record<'cloudformation' | 'lambda', { readonly code: string; readonly message: string }>>;
  /** What the function was asked. */
  readonly asked: Readonly<Record<string, unknown>>[];
}

/** Call it once, outside the tests. */
export function useFakeAws(): () => FakeAws {
  let aws: FakeAws;
  const serve = useHttpStandIns();

  beforeEach(async () => {
    aws = {
      stack: STACK,
      outputs: { ManualFunctionName: FUNCTION },
      answer: async () => ({}),
      refusals: {},
      asked: [],
    };
    const url = await serve(async (request, response, body) => {
      if (request.url?.startsWith('/2015-03-31/')) await invoke(aws, request, response, body);
      else describeStacks(aws, response, new URLSearchParams(body));
    });
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', url);
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', url);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  });

  return () => aws;
}

async function invoke(
  { answer, asked, refusals }: FakeAws,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  if (refusals.lambda !== undefined) {
    response.writeHead(403, { 'content-type': 'application/json', 'x-amzn-errortype': refusals.lambda.code });
    response.end(JSON.stringify({ Message: refusals.lambda.message }));
    return;
  }
  if (request.url !== `/2015-03-31/functions/${FUNCTION}/invocations`) {
    response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' });
    response.end(JSON.stringify({ Message: `Function not found: ${request.url}` }));
    return;
  }
  const event = JSON.parse(body);
  asked.push(event);
  try {
    const answered = await answer(event);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answered));
  } catch (error) {
    const errorMessage = error instanceof Error ? error.message : String(error);
    response.writeHead(200, { 'content-type': 'application/json', 'x-amz-function-error': 'Unhandled' });
    response.end(JSON.stringify({ errorType: 'Error', errorMessage, trace: ['at somewhere (index.mjs:1:2)'] }));
  }
}

function describeStacks({ stack, outputs, refusals }: FakeAws, response: ServerResponse, asked: URLSearchParams): void {
  const refusal =
    refusals.cloudformation ??
    (asked.get('StackName') === stack
      ? undefined
      : { code: 'ValidationError', message: `Stack with id ${asked.get('StackName')} does not exist` });
  if (refusal !== undefined) {
    response.writeHead(refusal.code === 'ValidationError' ? 400 : 403, { 'content-type': 'text/xml' });
    response.end(
      `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>${refusal.code}</Code><Message>${refusal.message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    );
    return;
  }
  const members = Object.entries(outputs)
    .map(([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`)
    .join('');
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(
    `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>${stack}</StackName><CreationTime>2027-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members}</Outputs></member></Stacks></DescribeStacksResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DescribeStacksResponse>`,
  );
}
