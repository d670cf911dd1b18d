import type { Area } from '#core/area/area.ts';
import { areaIdentity, type TrippedBreaker } from '#core/collect/breakers.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import { quarantineEnds } from '#core/collect/quarantine-ends.ts';
import { sayRefused } from '#core/collect/refused-deletions.ts';
import { type Amount, amountOf, type Tally, type Totals } from '#core/collect/totals.ts';
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
  /** As the record has it. */
  readonly certificate?: string | null | undefined;
}

/** The same, with what was found summed up. */
export interface DoneInSum extends Pick<Done, 'deletable' | 'breakers' | 'stop' | 'applied' | 'certificate'> {
  readonly retired: Pick<RetireResult, 'refused' | 'refusal' | 'stopped'> & { readonly retired: readonly unknown[] };
  readonly area: Area;
  readonly tally: Tally;
  /** When the first object in quarantine may go, epoch milliseconds; null where none is. */
  readonly quarantineEnd: number | null;
  /** Those that are there. */
  readonly roots: number;
}

/** @throws StoreError */
export async function recordRun(ledger: LedgerStore, time: RunTime, done: Done): Promise<RunRecord> {
  const { survey, verdicts, totals } = done;
  return await recordSum(ledger, time, {
    ...done,
    area: survey.area,
    tally: totals.area,
    quarantineEnd: quarantineEnds(survey, verdicts, survey.start).first,
    roots: survey.reachability.roots.filter(({ state }) => state !== 'vanished').length,
  });
}

/** @throws StoreError */
export async function recordSum(ledger: LedgerStore, time: RunTime, done: DoneInSum): Promise<RunRecord> {
  const { area, tally, quarantineEnd, deletable, breakers, stop, retired, applied, roots, certificate } = done;
  const record: RunRecord = {
    ...headOf(time),
    area: [...areaIdentity(area)],
    executed: time.execute && stop === null,
    result: resultOf(time.execute, done),
    why: stop?.why ?? stoppedBy(done) ?? whyRefused(done),
    total: amountOf(tally),
    live: amountOf(tally, ['keep-live', 'keep-pinned']),
    quarantined: amountOf(tally, ['quarantined']),
    quarantineEnds: quarantineEnd === null ? null : isoTime(quarantineEnd),
    deletable,
    deleted: applied?.deleted ?? { objects: 0, bytes: 0 },
    kept: applied === null ? 0 : applied.changed + applied.refused + applied.spared,
    refused: refusedOf(done),
    roots,
    retired: retired.retired.length,
    restored: 0,
    breakers: breakers.map(({ breaker }) => breaker),
    ...(certificate === undefined ? {} : { certificate }),
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

function resultOf(execute: boolean, done: DoneInSum): RunRecord['result'] {
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
function stoppedBy({ applied, retired }: Pick<DoneInSum, 'applied' | 'retired'>): string | null {
  return applied?.stopped ?? retired.stopped;
}

function whyRefused(done: DoneInSum): string | null {
  const refusal = done.applied?.refusal ?? done.retired.refusal;
  return refusal === null ? null : sayRefused(refusedOf(done), refusal, done.area.locations);
}

/** Objects and `_metadata` of roots that were to be retired. */
function refusedOf({ applied, retired }: Pick<DoneInSum, 'applied' | 'retired'>): number {
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
