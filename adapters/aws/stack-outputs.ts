import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { StackError, stackErrorOf } from './stack-error.ts';

/** How AWS is reached, where it is not as the environment says. */
export interface AskedRegion {
  readonly region?: string;
}

const CONNECTION_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 20_000;
const ATTEMPTS = 3;

/** The outputs of a stack, by key. @throws StackError */
export async function stackOutputs(
  stack: string,
  { region }: AskedRegion,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const client = new CloudFormationClient({
    ...(region === undefined ? {} : { region }),
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      throwOnRequestTimeout: true,
    },
  });
  try {
    const command = new DescribeStacksCommand({ StackName: stack });
    const { Stacks = [] } = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
    return new Map((Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && error.name === 'ValidationError') {
      const where = await client.config.region().catch(() => 'this region');
      throw new StackError(
        `There is no stack ${stack} in ${where}, in the account of these credentials. Nothing was done. Check its name, --region and AWS_PROFILE.`,
        { isRequest: true, cause: error },
      );
    }
    throw stackErrorOf(error, `The stack ${stack} can't be looked up`, 'cloudformation:DescribeStacks');
  } finally {
    client.destroy();
  }
}
