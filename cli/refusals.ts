import { shellWord } from '#core/shell-word.ts';
import { type Refusal, RefusedError } from '#steward/refusals.ts';
import { UsageError } from './errors.ts';
import { nextCommand, type TypedArea } from './next-command.ts';

/** Does something, and says of a refusal what to type next. @throws UsageError in place of a RefusedError. */
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
      return `Those of each job are shown by: ${nextCommand(['restore-points'], typed)}`;
    case 'etag-missing': {
      const { name, etag } = refusal;
      return `Declare it with: ${nextCommand(['declare-dead'], typed, ['--root', name, '--etag', etag, '--execute'])}`;
    }
    case 'other-etag':
      return `Look at it again: steward inspect ${shellWord(refusal.url)}`;
    case 'foreign-ledger':
      return refusal.asked === 'pause'
        ? `A pause here would stop nobody; pause that one: --ledger ${shellWord(refusal.place)}`
        : `Use that one, or if it is gone for good, with its pins and retired checkpoints: ${nextCommand(['resume'], typed, ['--take-over', '--execute'])}`;
    case 'no-ledger':
      return `The first run creates it: ${nextCommand(['collect'], typed)}`;
    case 'no-such-run':
      return `All runs are shown by: ${nextCommand(['history'], typed)}`;
    case 'no-such-job':
      return `All jobs are shown by: ${nextCommand(['restore-points'], typed)}`;
    case 'no-such-pin':
      return '';
    default:
      return refusal satisfies never;
  }
}
