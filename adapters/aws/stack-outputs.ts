import { type AskedRegion, cloudFormationClient, describedStack } from './cloudformation.ts';
import { StackError, stackErrorOf } from './stack-error.ts';

/** The outputs of a stack, by key. @throws StackError */
export async function stackOutputs(
  stack: string,
  asked: AskedRegion,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const client = cloudFormationClient(asked);
  try {
    const { Outputs = [] } = (await describedStack(client, stack, signal)) ?? {};
    return new Map(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
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
