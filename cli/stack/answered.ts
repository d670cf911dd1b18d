import { Deployment } from '#steward/stack/deployment.ts';
import type { AskedAction, Started, WholeAnswers } from '#steward/stack/whole-answers.ts';
import type { AreaOptions } from '../area-options.ts';
import type { Io } from '../io.ts';
import type { TypedArea } from '../next-command.ts';
import { note } from '../print/stderr.ts';
import { withAdvice } from '../refusals.ts';

/** What a deployment is asked, in the words of its function `manual`. */
export type AskedEvent<Action extends AskedAction> = { readonly action: Action } & Readonly<Record<string, unknown>>;

export interface AskedHow {
  /** Whether the notes are part of what the command prints. @default false */
  readonly showsNotes?: boolean;
}

/**
 * What a command prints: as the deployment finds it with `--stack`, or else as this machine finds it. Both are the same
 * plain data, so whatever prints it need not know.
 *
 * @throws UsageError instead of a RefusedError, with what to type next.
 */
export async function answered<Action extends AskedAction>(
  typed: TypedArea,
  event: AskedEvent<Action>,
  io: Io,
  local: () => Promise<WholeAnswers[Action]>,
  how: AskedHow = {},
): Promise<WholeAnswers[Action]> {
  const { stack } = typed.options;
  return await withAdvice(typed, async () =>
    stack === undefined ? await local() : await askStack(stack, typed.options, event, io, how),
  );
}

/** @throws RefusedError, StackError */
export async function askStack<Action extends AskedAction>(
  stack: string,
  { region }: Pick<AreaOptions, 'region'>,
  event: AskedEvent<Action>,
  io: Io,
  { showsNotes = false }: AskedHow = {},
): Promise<WholeAnswers[Action]> {
  // Once something is to be executed, the question is not taken back: nobody would know whether it had arrived.
  const signal = 'execute' in event && event.execute === true ? undefined : io.signal;
  const deployment = await Deployment.find(stack, { ...(region === undefined ? {} : { region }), signal });
  const { found, notes } = await deployment.ask(event);
  if (!showsNotes) {
    for (const sentence of notes) note(sentence, io);
  }
  return found;
}

/** For what is asked of a deployment only, because on this machine it is done in another way. */
export async function never(): Promise<never> {
  throw new Error('A deployment was to be asked.');
}

/** Whether something was started that goes on by itself. */
export function isStarted(answer: object): answer is Started {
  return 'started' in answer;
}
