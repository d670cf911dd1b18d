import type { StackStatus } from '#adapters/aws/stack-status.ts';

export type { StackStatus };

/** As {@link StackStatus} says, with a client that is loaded when it is asked. */
export const stackStatus: StackStatus = async (stack) => {
  const { stackStatus: asked } = await import('#adapters/aws/stack-status.ts');
  return await asked(stack);
};
