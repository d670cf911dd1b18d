import type { SFNClient } from '@aws-sdk/client-sfn';

let client: SFNClient | undefined;

/**
 * Starts an execution. One of the same name and input that still runs is the same execution, so an invocation that comes
 * twice starts one. One that has ended keeps its name for 90 days: then the new one has the time in its name too.
 */
export async function startExecution(stateMachineArn: string, name: string, input: object): Promise<string> {
  // Few invocations start one, and the client takes long to load.
  const { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } = await import('@aws-sdk/client-sfn');
  client ??= new SFNClient({});
  const order = { stateMachineArn, input: JSON.stringify(input) };
  try {
    return (await client.send(new StartExecutionCommand({ ...order, name }))).executionArn ?? '';
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
    const again = `${name}-${new Date().toISOString().replace(/[-:.]/g, '')}`;
    return (await client.send(new StartExecutionCommand({ ...order, name: again }))).executionArn ?? '';
  }
}
