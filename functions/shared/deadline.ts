import type { Deadline, Runtime } from './runtime.ts';

export type { Deadline } from './runtime.ts';

/** How long before the time-out of Lambda a function ends by itself, in milliseconds. */
export interface Margins {
  /** The function starts nothing new. It completes work in progress and records what it has done. */
  readonly soft: number;
  /** The function aborts requests in progress, so that no request outlives the answer. */
  readonly hard: number;
}

/** For functions that run for minutes. */
export const LONG_MARGINS: Margins = { soft: 60_000, hard: 15_000 };
/** For functions that read single objects. */
export const SHORT_MARGINS: Margins = { soft: 5_000, hard: 2_000 };

/** The invocation has no time left. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Runs an action with signals that abort before the time-out of Lambda. */
export async function withDeadline<T>(
  runtime: Runtime,
  margins: Margins,
  action: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  if (runtime.deadline !== undefined) {
    return await action(runtime.deadline);
  }
  const remaining = runtime.remaining();
  const soft = new AbortController();
  const hard = new AbortController();
  const abort = (controller: AbortController): void =>
    controller.abort(
      new DeadlineError(
        'The time of this invocation is over. What was done is recorded, and no request is in progress. The next run continues.',
      ),
    );
  const timers = [
    { controller: soft, margin: margins.soft },
    { controller: hard, margin: margins.hard },
  ].map(({ controller, margin }) => {
    const left = remaining - margin;
    if (left <= 0) {
      abort(controller);
      return undefined;
    }
    return setTimeout(() => abort(controller), left);
  });
  try {
    return await action({ soft: soft.signal, hard: hard.signal });
  } finally {
    for (const timer of timers) {
      clearTimeout(timer);
    }
  }
}
