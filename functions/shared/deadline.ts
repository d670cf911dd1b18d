import type { Deadline, Runtime } from './runtime.ts';

export type { Deadline } from './runtime.ts';

/** How long before Lambda ends an invocation the work ends by itself, in milliseconds. */
export interface Margins {
  /** Nothing new is begun: what is under way is brought to its end, and what was done is recorded. */
  readonly soft: number;
  /** What is still under way is broken off, so that no request outlives the answer. */
  readonly hard: number;
}

/** Of functions that run for minutes. */
export const LONG_MARGINS: Margins = { soft: 60_000, hard: 15_000 };
/** Of functions that look at single objects. */
export const SHORT_MARGINS: Margins = { soft: 5_000, hard: 2_000 };

/** The invocation's time is over. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Does something that ends in time, if it listens to the signals. */
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
        'The time of this function is over. What was done is on record, nothing is under way any more, and the next run goes on from there.',
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
