/**
 * Asks on a terminal. The question goes to stderr, so that stdout holds the report alone.
 *
 * @returns the empty text where the person ends the input (Ctrl-D).
 * @throws the reason of the signal.
 */
export async function askOn(
  { stdin, stderr, kill, pid }: Pick<NodeJS.Process, 'stdin' | 'stderr' | 'kill' | 'pid'>,
  question: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const asking = createInterface({ input: stdin, output: stderr });
  // In its mode the terminal sends no signal for Ctrl-C; whoever watches for one must hear of it all the same.
  asking.on('SIGINT', () => kill(pid, 'SIGINT'));
  let isAnswered = false;
  const ended = new Promise<string>((resolve) => {
    asking.once('close', () => {
      if (!isAnswered) stderr.write('\n');
      resolve('');
    });
  });
  try {
    const answer = await Promise.race([asking.question(question, signal === undefined ? {} : { signal }), ended]);
    isAnswered = true;
    return answer;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    asking.close();
  }
}
