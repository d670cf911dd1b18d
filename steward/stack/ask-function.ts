/** Invokes a function of the same deployment, and waits for its answer. @throws StackError */
export async function askFunction(name: string, event: object, signal?: AbortSignal): Promise<unknown> {
  // Few invocations ask another one, and the client takes long to load.
  const { AskedFunction } = await import('#adapters/aws/asked-function.ts');
  const asked = new AskedFunction(name, {});
  try {
    return await asked.ask(event, signal);
  } finally {
    asked.close();
  }
}
