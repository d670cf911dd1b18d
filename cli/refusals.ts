import { shellWord } from '#core/shell-word.ts';
import { type Refusal, RefusedError } from '#steward/refusals.ts';
import { UsageError } from './errors.ts';
import { nextCommand, type TypedArea } from './next-command.ts';

/** Runs an action, and adds to a refusal the command to type next. @throws UsageError instead of a RefusedError. */
export async function withAdvice<T>(typed: TypedArea, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const advice = adviceOf(error.refusal, typed);
    throw new UsageError([error.message, advice].join(' ').trim(), { cause: error });
  }
}

function adviceOf(refusal: Refusal, typed: TypedArea): string {
  switch (refusal.code) {
    case 'no-such-root':
      return `To list the restore points of each job: ${nextCommand(['restore-points'], typed)}`;
    case 'etag-missing': {
      const { name, etag } = refusal;
      return `Declare it with: ${nextCommand(['declare-dead'], typed, ['--root', name, '--etag', etag, '--execute'])}`;
    }
    case 'other-etag':
      return `To read it again: steward inspect ${shellWord(refusal.url)}`;
    case 'foreign-ledger':
      return refusal.asked === 'pause'
        ? `A pause in this ledger would have no effect. Pause the other one: --ledger ${shellWord(refusal.place)}`
        : `Use that ledger. If it is lost for good, and its pins and retired checkpoints with it, take the area over: ${nextCommand(['resume'], typed, ['--take-over', '--execute'])}`;
    case 'no-ledger':
      return `To create it, make a first run: ${nextCommand(['collect'], typed)}`;
    case 'no-such-run':
      return `To list all runs: ${nextCommand(['history'], typed)}`;
    case 'no-such-job':
      return `To list all jobs: ${nextCommand(['restore-points'], typed)}`;
    case 'no-such-pin':
    case 'several-roots':
    case 'several-objects':
    case 'several-directories':
    case 'several-runs':
    case 'several-jobs':
      return '';
    default:
      return refusal satisfies never;
  }
}
