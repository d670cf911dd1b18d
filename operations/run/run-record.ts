import { areaIdentity, type TrippedBreaker } from '#core/collect/breakers.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import { type Amount, amountOf, type Totals } from '#core/collect/totals.ts';
import { isoTime } from '#core/iso-time.ts';
import { EMPTY_RUN, type RunRecord, writeRun } from '#operations/ledger/run-records.ts';
import { type LedgerState, sayPaused } from '#operations/ledger/state.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { ApplyResult } from './apply.ts';
import type { RetireResult } from './retire.ts';
import type { RunInput } from './run.ts';

/** What is left on record of a run. */

/** That nothing may be executed. */
export interface Stop {
  readonly result: 'undecidable' | 'stopped';
  readonly why: string;
}

/** Why nothing may be executed in this run, in sentences; null where it may. */
export function whyNot(survey: Survey, tripped: readonly TrippedBreaker[], { paused }: LedgerState): Stop | null {
  const [doubt] = survey.undecidable;
  if (doubt !== undefined) {
    return { result: 'undecidable', why: doubt.sentence };
  }
  const [breaker] = tripped;
  if (breaker !== undefined) {
    return { result: 'stopped', why: breaker.sentence };
  }
  if (paused !== null) {
    return {
      result: 'stopped',
      why: `${sayPaused(paused)} Go on with: steward resume --execute`,
    };
  }
  return null;
}

/** What a run found and did. */
export interface Done {
  readonly survey: Survey;
  readonly totals: Totals;
  readonly deletable: Amount;
  readonly breakers: readonly TrippedBreaker[];
  readonly retired: RetireResult;
  readonly applied: ApplyResult | null;
  readonly why: Stop | null;
  readonly began: number;
}

/** What may go and is chosen to. */
export function deletableOf({ objects }: Survey, verdicts: Verdicts, chosen: (object: number) => boolean): Amount {
  const amount = { objects: 0, bytes: 0 };
  for (let object = 0; object < objects.size; object++) {
    if (verdicts.verdict(object) === 'delete' && chosen(object)) {
      amount.objects++;
      amount.bytes += objects.bytes(object);
    }
  }
  return amount;
}

export function recordOf(input: RunInput, done: Done): RunRecord {
  const { survey, totals, breakers, retired, applied, why, began } = done;
  const stopped = applied?.stopped ?? null;
  return {
    run: input.run,
    command: input.command,
    began: isoTime(began),
    ended: isoTime(input.now()),
    area: [...areaIdentity(survey.area)],
    executed: input.execute && why === null,
    result: resultOf(input, why, stopped, retired, applied),
    why: why?.why ?? stopped,
    total: amountOf(totals.area),
    live: amountOf(totals.area, ['keep-live', 'keep-pinned']),
    quarantined: amountOf(totals.area, ['quarantined']),
    deletable: done.deletable,
    deleted: applied?.deleted ?? { objects: 0, bytes: 0 },
    kept: applied === null ? 0 : applied.changed + applied.refused + applied.spared,
    roots: survey.reachability.roots.filter(({ state }) => state !== 'vanished').length,
    retired: retired.retired.length,
    restored: 0,
    breakers: breakers.map(({ breaker }) => breaker),
  };
}

function resultOf(
  { execute }: RunInput,
  why: Stop | null,
  stopped: string | null,
  retired: RetireResult,
  applied: ApplyResult | null,
): RunRecord['result'] {
  if (why !== null) {
    return why.result;
  }
  if (!execute) {
    return 'observed';
  }
  if (stopped !== null) {
    return 'stopped';
  }
  const did = retired.retired.length + (applied?.deleted.objects ?? 0) + (applied?.gone ?? 0);
  return did === 0 ? 'nothing-to-do' : 'done';
}

/** Leaves a word of it in the ledger, if that can still be reached. */
export async function recordFailure(input: RunInput, began: number, error: unknown): Promise<void> {
  try {
    await writeRun(input.ledger, {
      ...EMPTY_RUN,
      run: input.run,
      command: input.command,
      began: isoTime(began),
      ended: isoTime(input.now()),
      area: input.survey.locations.map(({ area: { store, prefix } }) => `${store}/${prefix}`).sort(),
      executed: input.execute,
      result: 'failed',
      why: error instanceof Error ? error.message : String(error),
    });
  } catch {
    // The failure itself is what the caller has to hear of.
  }
}
