import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** Finds out in what state CloudFormation holds a stack. @param stack its name or ARN */
export type StackStatus = (stack: string) => Promise<string | null>;

/** As CloudFormation says it, such as `UPDATE_IN_PROGRESS`; null where there is no such stack. @throws as the SDK does */
export const stackStatus: StackStatus = async (stack) => {
  const client = new CloudFormationClient({});
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return Stacks[0]?.StackStatus ?? null;
  } finally {
    client.destroy();
  }
};
