/** Exit statuses after a signal, as shells define them: 128 plus the number of the signal. */
export const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;
export type InterruptingSignal = keyof typeof INTERRUPTED;

/**
 * The user ends the command. It is the reason of the abort signal that every command gets, so an operation that the
 * signal aborts fails with it.
 */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly signal: InterruptingSignal;

  /** @param consequence the end of the message: a command that changes something reports what it has done. */
  constructor(signal: InterruptingSignal, consequence = 'nothing was changed') {
    super(`Interrupted: ${consequence}.`);
    this.signal = signal;
  }
}

/**
 * The interruption with which a signal was aborted, with another consequence.
 *
 * @returns undefined where there is none.
 */
export function interruptionOf(signal: AbortSignal | undefined, consequence: string): Interruption | undefined {
  const reason: unknown = signal?.reason;
  return reason instanceof Interruption ? new Interruption(reason.signal, consequence) : undefined;
}

/**
 * Aborts at the first signal, so that the command can end cleanly, and ends the process at the second one.
 *
 * @param leave ends the process with this status.
 */
export function onInterruption(source: Pick<NodeJS.EventEmitter, 'on'>, leave: (status: number) => void): AbortSignal {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    source.on(signal, () => {
      if (abort.signal.aborted) {
        leave(INTERRUPTED[signal]);
      }
      abort.abort(new Interruption(signal));
    });
  }
  return abort.signal;
}
