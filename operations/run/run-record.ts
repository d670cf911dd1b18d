import { areaIdentity, type TrippedBreaker } from '#core/collect/breakers.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import { quarantineEnds } from '#core/collect/quarantine-ends.ts';
import { sayRefused } from '#core/collect/refused-deletions.ts';
import { type Amount, amountOf, type Totals } from '#core/collect/totals.ts';
import { isoTime } from '#core/iso-time.ts';
import { EMPTY_RUN, type RunRecord, writeRun } from '#operations/ledger/run-records.ts';
import type { Survey, SurveyInput } from '#operations/look/survey.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { ApplyResult } from './apply.ts';
import type { Stop } from './decide.ts';
import type { RetireResult } from './retire.ts';

/** What is left on record of a run. */

/** Which run it was, and when. */
export interface RunTime {
  readonly run: string;
  readonly command: string;
  /** Id of the plan that it was to execute. */
  readonly plan?: string | undefined;
  readonly execute: boolean;
  /** Epoch milliseconds, of this machine. */
  readonly began: number;
  readonly ended: number;
}

/** What a run found and did. */
export interface Done {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly totals: Totals;
  readonly deletable: Amount;
  readonly breakers: readonly TrippedBreaker[];
  readonly stop: Stop | null;
  readonly retired: RetireResult;
  readonly applied: ApplyResult | null;
}

/** @throws StoreError */
export async function recordRun(ledger: LedgerStore, time: RunTime, done: Done): Promise<RunRecord> {
  const { survey, verdicts, totals, deletable, breakers, stop, retired, applied } = done;
  const { first: quarantineEnd } = quarantineEnds(survey, verdicts, survey.start);
  const record: RunRecord = {
    ...headOf(time),
    area: [...areaIdentity(survey.area)],
    executed: time.execute && stop === null,
    result: resultOf(time.execute, done),
    why: stop?.why ?? stoppedBy(done) ?? whyRefused(done),
    total: amountOf(totals.area),
    live: amountOf(totals.area, ['keep-live', 'keep-pinned']),
    quarantined: amountOf(totals.area, ['quarantined']),
    quarantineEnds: quarantineEnd === null ? null : isoTime(quarantineEnd),
    deletable,
    deleted: applied?.deleted ?? { objects: 0, bytes: 0 },
    kept: applied === null ? 0 : applied.changed + applied.refused + applied.spared,
    refused: refusedOf(done),
    roots: survey.reachability.roots.filter(({ state }) => state !== 'vanished').length,
    retired: retired.retired.length,
    restored: 0,
    breakers: breakers.map(({ breaker }) => breaker),
  };
  await writeRun(ledger, record);
  return record;
}

function headOf({
  run,
  command,
  plan,
  began,
  ended,
}: RunTime): Pick<RunRecord, 'run' | 'command' | 'plan' | 'began' | 'ended'> {
  const executed = plan === undefined ? {} : { plan };
  return { run, command, ...executed, began: isoTime(began), ended: isoTime(ended) };
}

function resultOf(execute: boolean, done: Done): RunRecord['result'] {
  const { stop, retired, applied } = done;
  if (stop !== null) {
    return stop.result;
  }
  if (!execute) {
    return 'observed';
  }
  if (stoppedBy(done) !== null) {
    return 'stopped';
  }
  const did = retired.retired.length + (applied?.deleted.objects ?? 0) + (applied?.gone ?? 0);
  if (did > 0) return 'done';
  return refusedOf(done) > 0 ? 'stopped' : 'nothing-to-do';
}

/** Why a run ended before it had done all that it may; null where it did not. */
function stoppedBy({ applied, retired }: Pick<Done, 'applied' | 'retired'>): string | null {
  return applied?.stopped ?? retired.stopped;
}

function whyRefused(done: Done): string | null {
  const refusal = done.applied?.refusal ?? done.retired.refusal;
  return refusal === null ? null : sayRefused(refusedOf(done), refusal, done.survey.area.locations);
}

/** Objects and `_metadata` of roots that were to be retired. */
function refusedOf({ applied, retired }: Done): number {
  return (applied?.refused ?? 0) + retired.refused;
}

/** Leaves a word of a run that failed, if the ledger can still be reached. Never throws. */
export async function recordFailure(
  ledger: LedgerStore,
  time: RunTime,
  { locations, error }: { readonly locations: SurveyInput['locations']; readonly error: unknown },
): Promise<void> {
  try {
    await writeRun(ledger, {
      ...EMPTY_RUN,
      ...headOf(time),
      area: locations.map(({ area: { store, prefix } }) => `${store}/${prefix}`).sort(),
      executed: time.execute,
      result: 'failed',
      why: error instanceof Error ? error.message : String(error),
    });
  } catch {
    // The failure itself is what the caller has to hear of.
  }
}
