import { cloudFormationClient, describedStack } from './cloudformation.ts';

/** Finds out in what state CloudFormation holds a stack. @param stack its name or ARN */
export type StackStatus = (stack: string) => Promise<string | null>;

/** As CloudFormation says it, such as `UPDATE_IN_PROGRESS`; null where there is no such stack. @throws as the SDK does */
export const stackStatus: StackStatus = async (stack) => {
  const client = cloudFormationClient();
  try {
    return (await describedStack(client, stack))?.StackStatus ?? null;
  } finally {
    client.destroy();
  }
};
