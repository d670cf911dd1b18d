import type { TrippedBreaker } from '#core/collect/breakers.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import type { Amount } from '#core/collect/totals.ts';
import { type LedgerState, sayPaused } from '#operations/ledger/state.ts';
import type { Survey } from '#operations/look/survey.ts';

/** Which of the objects that may be deleted are chosen, and whether this run may delete or retire anything at all. */

/** Says which objects are chosen, by their number in the table. */
export type Choice = (object: number) => boolean;

/** That nothing may be executed. */
export interface Stop {
  readonly result: 'undecidable' | 'stopped';
  /** A sentence. */
  readonly why: string;
}

/** What a run may do. */
export interface Decided {
  /** Null where this run deletes nothing. */
  readonly chosen: Choice | null;
  /** What may be deleted and is chosen; all that may be deleted, where this run deletes nothing. */
  readonly deletable: Amount;
  /** Null where it may act. */
  readonly stop: Stop | null;
}

/** What the decision rests on. */
export interface Undecided {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  /** Breakers that the caller has not accepted. */
  readonly tripped: readonly TrippedBreaker[];
  readonly state: LedgerState;
  /** Why what is around the area forbids this run to act, in a sentence; null where it does not. */
  readonly refusal?: string | null;
  /** Chooses among the objects that may be deleted; null where this run deletes nothing. */
  readonly choose: ((survey: Survey) => Promise<Choice>) | null;
}

/** @throws any error of the choice: PlanError if the plan must not be executed. */
export async function decide(undecided: Undecided): Promise<Decided> {
  const { survey, verdicts, choose } = undecided;
  const chosen = choose === null ? null : await choose(survey);
  return {
    chosen,
    deletable: deletableOf(survey, verdicts, chosen ?? (() => true)),
    stop: reasonToStop(undecided),
  };
}

function deletableOf({ objects }: Survey, verdicts: Verdicts, chosen: Choice): Amount {
  const amount = { objects: 0, bytes: 0 };
  for (let object = 0; object < objects.size; object++) {
    if (verdicts.verdict(object) === 'delete' && chosen(object)) {
      amount.objects++;
      amount.bytes += objects.bytes(object);
    }
  }
  return amount;
}

/** Why a run must not execute anything; null where it may. */
export function reasonToStop({
  survey,
  tripped,
  state: { paused },
  refusal = null,
}: Pick<Undecided, 'tripped' | 'refusal'> & {
  readonly survey: Pick<Survey, 'undecidable'>;
  readonly state: Pick<LedgerState, 'paused'>;
}): Stop | null {
  const [doubt] = survey.undecidable;
  if (doubt !== undefined) {
    return { result: 'undecidable', why: doubt.sentence };
  }
  if (refusal !== null) {
    return { result: 'stopped', why: refusal };
  }
  const [breaker] = tripped;
  if (breaker !== undefined) {
    return { result: 'stopped', why: breaker.sentence };
  }
  if (paused !== null) {
    return { result: 'stopped', why: `${sayPaused(paused)} To resume: steward resume --execute` };
  }
  return null;
}
