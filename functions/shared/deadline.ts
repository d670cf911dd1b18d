import { TIME_WAS_OVER } from '#core/look-forecast.ts';
import type { FunctionName } from './function-names.ts';
import { LookSoFar } from './look-so-far.ts';
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

/** Stands for what to change. */
const ADVICE = '{advice}';

/**
 * What was done, what was not, and what to do. Nothing of a survey is kept before the whole area was listed and read, so
 * the next one begins anew. A sweep that ran out of time while it deleted ends without this error.
 */
const OVER: Readonly<Record<FunctionName, string>> = {
  'checkpoint-completed':
    'Of these messages, those that were not taken in are delivered again. If it happens often, give this function more memory.',
  survey: `The survey was not finished, so nothing that it saw was recorded, and no metrics were published. The next survey begins anew, and will not get further by itself. ${ADVICE}; or survey from a machine, where time has no limit: steward audit --ledger.`,
  collect: `The area was not judged to the end, so there is no plan, and nothing was deleted. The next run begins anew, and will not get further by itself. ${ADVICE}; or collect from a machine, where time has no limit: steward collect --execute.`,
  sweep: `The area was not surveyed to the end, so nothing was deleted. Another attempt begins anew, and will not get further by itself. ${ADVICE}; or collect from a machine, where time has no limit: steward collect --execute.`,
  shards:
    'The phase before was not closed, so nothing of it counts. The run ends as a failure, and the next one begins anew.',
  shard:
    'The item was not finished, so nothing of it counts. A shard may be too large for the function: give the functions more memory ("deploy.memory" in steward.json).',
  undo: `The area was not surveyed to the end, so nothing was put back. Another attempt begins anew. ${ADVICE}; or undo from a machine, where time has no limit: steward undo RUN --execute.`,
  guard:
    'Of these messages, those that were not judged are delivered again. If it happens often, give this function more memory.',
  states: `State files were not looked at to the end, and what was read is not remembered. The next look begins anew. Let it read less at a time ("states.maxRequests" in steward.json). ${ADVICE}; or look from a machine, where time has no limit: steward states --ledger.`,
  'lifecycle-rules': `The rules of each bucket that is named in the log were compared or written; what the rules delete of live state was not found out to the end. The next run begins anew. ${ADVICE}; or check from a machine, where time has no limit: steward rules check.`,
  manual: `The action was not finished, and nothing of it was executed. Asking again begins anew. ${ADVICE}; or run the same command from a machine, where time has no limit: steward --help.`,
  'on-deploy': 'The notifications may not be set. Deploy again.',
  'notify-slack': 'What was not posted is tried again by Lambda.',
};

/** Runs an action with signals that abort before the time-out of Lambda. */
export async function withDeadline<T>(
  name: FunctionName,
  runtime: Runtime,
  margins: Margins,
  action: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  if (runtime.deadline !== undefined) {
    return await action(runtime.deadline);
  }
  const remaining = runtime.remaining();
  const look = new LookSoFar(runtime, margins.soft);
  const soft = new AbortController();
  const hard = new AbortController();
  const abort = (controller: AbortController): void =>
    controller.abort(
      new DeadlineError(
        `${TIME_WAS_OVER} ${name} was over before it was done, and no request is in progress. ${OVER[name].replace(ADVICE, () => look.advise())}`,
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
    return await action({ soft: soft.signal, hard: hard.signal, onProgress: (progress) => look.take(progress) });
  } finally {
    for (const timer of timers) {
      clearTimeout(timer);
    }
  }
}
