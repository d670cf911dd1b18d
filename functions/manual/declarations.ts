import {
  declareJobDead,
  declareRootDead,
  pauseDeleting,
  pinRoot,
  resumeDeleting,
  unpinRoot,
} from '#steward/declarations.ts';
import { pathsAlone, pinList } from '#steward/pin-several.ts';
import type { ActionNamed, Answer, Answered } from './actions.ts';
import { AskedError, next, type Session } from './session.ts';

/** The actions that record a declaration: pins, dead jobs and roots, the pause. */

type Declaration = ActionNamed<'pin' | 'unpin' | 'declare-dead' | 'pause' | 'resume'>;

export async function pinAction(asked: ActionNamed<'pin'>, session: Session): Promise<Answered<'pin'>> {
  const { root, from } = asked;
  if (from !== undefined && root === undefined) return await pinSeveral(asked, from, session);
  if (root === undefined || from !== undefined) {
    throw new AskedError(
      'The event contains neither "root" nor "from", or both. Nothing was done. Give the path of one checkpoint or savepoint ("root"), or a list of paths ("from").',
    );
  }
  const { url, retiredBy } = await pinRoot(session.steward, [root], asked.why ?? null, {
    execute: actsAtOnce(asked),
  });
  const pinned = `${url} is pinned: it will not be retired, and the files that it references are kept.`;
  const whole = { url, retiredBy };
  if (retiredBy === null) return { ...answer(asked, pinned, session), whole };
  const late = ` Run ${retiredBy} had begun to retire it before the pin. If it no longer exists, put it back: then it is kept.`;
  const undo = next(session, { action: 'undo', run: retiredBy, execute: true });
  return { ...answer(asked, `${pinned}${late}`, session), next: undo, whole };
}

async function pinSeveral(
  asked: ActionNamed<'pin'>,
  from: readonly string[],
  session: Session,
): Promise<Answered<'pin'>> {
  const list = await pinList(session.steward, pathsAlone(from), asked.why ?? null, { execute: actsAtOnce(asked) });
  const { pinned, outside, missing, unresolved } = list;
  const late = pinned.find(({ retiredBy }) => retiredBy !== null)?.retiredBy ?? null;
  const parts = [
    `${pinned.length} checkpoints and savepoints are pinned.`,
    ...(missing.length === 0
      ? []
      : [`${missing.length} paths in the area have no _metadata: nothing can start from them.`]),
    ...(outside.length === 0 ? [] : [`${outside.length} paths are not in the area, so they are not pinned.`]),
    ...(late === null ? [] : [`Run ${late} had begun to retire one of them before the pin; put it back.`]),
  ];
  return {
    ...answer(asked, parts.join(' '), session),
    pinned: pinned.map(({ retiredBy, ...one }) => ({ ...one, ...(retiredBy === null ? {} : { retiredBy }) })),
    outside,
    missing,
    unresolved,
    whole: list,
    ...(late === null ? {} : { next: next(session, { action: 'undo', run: late, execute: true }) }),
  };
}

export async function unpinAction(asked: ActionNamed<'unpin'>, session: Session): Promise<Answered<'unpin'>> {
  const { url } = await unpinRoot(session.steward, [asked.root], declaring(asked));
  return { ...answer(asked, `${url} is no longer pinned.`, session), whole: { url } };
}

export async function declareDeadAction(
  asked: ActionNamed<'declare-dead'>,
  session: Session,
): Promise<Answered<'declare-dead'>> {
  if ((asked.job === undefined) === (asked.root === undefined)) {
    throw new AskedError(
      'The event contains neither a job nor a root, or both. Nothing was done. Give a job ("job"), or a root that cannot be read ("root", with its "etag").',
    );
  }
  if (asked.job !== undefined) {
    const { job } = await declareJobDead(session.steward, asked.job, declaring(asked));
    const sentence = `Job ${job} is declared dead. The declaration lapses when anything is written into the job directory.`;
    return { ...answer({ ...asked, job }, sentence, session), whole: { job } };
  }
  const { url, etag } = await declareRootDead(session.steward, [asked.root ?? ''], asked.etag, declaring(asked));
  const sentence = `${url} is declared dead and no longer blocks deletion. The files that the readable part of it references are kept.`;
  return { ...answer(asked, sentence, session), whole: { url, etag } };
}

export async function pauseAction(asked: ActionNamed<'pause'>, session: Session): Promise<Answered<'pause'>> {
  const execute = actsAtOnce(asked);
  await pauseDeleting(session.steward, { why: asked.why ?? '', by: asked.by ?? null }, { execute });
  const answered = {
    ...answer(asked, 'Deleting is paused, including in a run that is in progress.', session),
    whole: {},
  };
  return execute ? { ...answered, next: next(session, { action: 'resume', execute: true }) } : answered;
}

export async function resumeAction(asked: ActionNamed<'resume'>, session: Session): Promise<Answered<'resume'>> {
  const above = await resumeDeleting(session.steward, { takeOver: asked.takeOver === true, ...declaring(asked) });
  const others = above.map(({ url, place }) => `${url} (of the ledger ${place})`).join(', ');
  const refused = ` Runs are refused until the marker above the area is removed: ${others}.`;
  const sentence = 'Deleting is allowed again, from the next run on.';
  return { ...answer(asked, above.length === 0 ? sentence : `${sentence}${refused}`, session), whole: { above } };
}

function declaring({ action, execute }: Declaration): { readonly execute: boolean; readonly command: string } {
  return { execute: execute === true, command: `manual ${action}` };
}

/** Pins and pauses only ever keep more, so they wait for no second word. */
function actsAtOnce({ dryRun, execute }: ActionNamed<'pin' | 'pause'>): boolean {
  return dryRun !== true && execute !== false;
}

function answer(asked: Declaration, sentence: string, session: Session): Answer {
  if (asked.action === 'pin' || asked.action === 'pause') {
    const { dryRun: _, execute: __, ...same } = asked;
    const to = { executed: actsAtOnce(asked), without: 'Without "dryRun"', again: next(session, same) };
    return answered(asked.action, sentence, to);
  }
  const again = next(session, { ...asked, execute: true });
  return answered(asked.action, sentence, { executed: asked.execute === true, without: 'With "execute": true', again });
}

function answered(
  action: Declaration['action'],
  sentence: string,
  { executed, without, again }: { readonly executed: boolean; readonly without: string; readonly again: string },
): Answer {
  return {
    action,
    executed,
    summary: executed ? sentence : `Dry run: nothing was changed. ${without}: ${sentence}`,
    details: null,
    next: executed ? null : again,
  };
}
