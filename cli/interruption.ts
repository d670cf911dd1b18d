/** Exit statuses of what ends by a signal, as shells count them: 128 and its number. */
export const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;
export type InterruptingSignal = keyof typeof INTERRUPTED;

/**
 * Whoever runs the command wants it to end. The reason of the signal that every command gets; it comes back as the
 * failure of whatever was under way.
 */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly signal: InterruptingSignal;

  /** @param consequence what is to be said of it: a command that changes something says how far it came. */
  constructor(signal: InterruptingSignal, consequence = 'nothing was changed') {
    super(`Interrupted: ${consequence}.`);
    this.signal = signal;
  }
}

/**
 * The interruption that a signal was aborted with, with another consequence.
 *
 * @returns undefined where there is none.
 */
export function interruptionOf(signal: AbortSignal | undefined, consequence: string): Interruption | undefined {
  const reason: unknown = signal?.reason;
  return reason instanceof Interruption ? new Interruption(reason.signal, consequence) : undefined;
}

/**
 * Aborts at the first signal, so that the command can end well, and leaves at once at the second one.
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
