import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { requestHandler } from '#adapters/network/request-handler.ts';

/** How AWS is reached, where it is not as the environment says. */
export interface AskedRegion {
  readonly region?: string;
}

const CONNECTION_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 20_000;
const ATTEMPTS = 3;

/** A client that gives up where nobody answers: left to itself, the SDK waits for ever. */
export function cloudFormationClient({ region }: AskedRegion = {}): CloudFormationClient {
  return new CloudFormationClient({
    ...(region === undefined ? {} : { region }),
    maxAttempts: ATTEMPTS,
    requestHandler: requestHandler({ connectionTimeout: CONNECTION_TIMEOUT, requestTimeout: REQUEST_TIMEOUT }),
  });
}

/** What CloudFormation says of one stack. @param stack its name or ARN. @throws as the SDK does */
export async function describedStack(
  client: CloudFormationClient,
  stack: string,
  signal?: AbortSignal,
): Promise<Stack | undefined> {
  const command = new DescribeStacksCommand({ StackName: stack });
  const { Stacks = [] } = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
  return Stacks[0];
}
