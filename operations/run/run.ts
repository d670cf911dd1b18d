import { type Breaker, type BreakerMemory, type TrippedBreaker, trippedBreakers } from '#core/collect/breakers.ts';
import { type Judgement, judgeAll, type Verdicts } from '#core/collect/judge.ts';
import { type Amount, type Totals, tally } from '#core/collect/totals.ts';
import { decideRetention, type RetentionDecision } from '#core/retention/decide.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import { type RememberJobsInput, rememberJobs } from '#operations/jobs/remember-jobs.ts';
import { AuditLog } from '#operations/ledger/audit-log.ts';
import type { Lease } from '#operations/ledger/lease.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import type { MarkedLocation } from '#operations/ledger/marker.ts';
import { damageMemory, discount, type Recollection, remember } from '#operations/ledger/run-memory.ts';
import { type RunRecord, writeRun } from '#operations/ledger/run-records.ts';
import { type LedgerState, updateState, withConfiguredDead } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import type { Survey, SurveyInput } from '#operations/look/survey.ts';
import type { Billing } from '#operations/report/cost.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { Holders } from '#ports/holder.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';
import { type ApplyInput, type ApplyResult, apply } from './apply.ts';
import { breakerMemory } from './breaker-memory.ts';
import { takeCharge } from './lease-area.ts';
import { Pace, type Wait } from './pace.ts';
import { emptiedDirectories, type RetireResult, retire, settleRetiring } from './retire.ts';
import { rootsToRetire } from './roots-to-retire.ts';
import { deletableOf, recordFailure, recordOf, whyNot } from './run-record.ts';

/** A whole run over an area: survey, retire by policy, judge, delete what has served its quarantine, remember. */

export interface RunInput {
  readonly survey: SurveyInput;
  /** By location, as in `survey`; of a run that executes nothing they may be left out. */
  readonly writers: readonly AreaWriter[];
  readonly deleters: ApplyInput['deleters'];
  readonly ledger: LedgerStore;
  /** Names a ledger that has to be made. */
  readonly newLedgerId: string;
  readonly run: string;
  readonly command: 'collect' | 'apply' | 'retire' | 'plan' | 'survey';
  readonly holders: Holders;
  /** Epoch milliseconds, of this machine. */
  readonly now: () => number;
  /** Without it nothing in the area is changed; what was seen is remembered all the same. */
  readonly execute: boolean;
  readonly accept: ReadonlySet<Breaker>;
  /** What is wanted of retention, once the area is known; null where this run retires nothing. */
  readonly retention: ((survey: Survey) => RetentionInput) | null;
  /** Which of the objects that may go shall go; null where this run deletes nothing. */
  readonly sweep: ((survey: Survey) => Promise<(object: number) => boolean>) | null;
  /** Deletions a second at most. */
  readonly deletesPerSecond: number;
  /** How the time between batches of deletions passes. @default the real time */
  readonly wait?: Wait;
  /** Called when the lease is held and the run is about to act; may throw to stop it. */
  readonly beforeActing?: () => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onDeleted?: (deleted: Amount) => void;
  /** What it takes to remember jobs over time; without it nothing is remembered of them. */
  readonly jobs?: RememberedJobs;
  /** All of them, but for tests that show what a rule is good for. */
  readonly judgements?: readonly Judgement[];
}

export interface RememberedJobs extends Pick<RememberJobsInput, 'labels' | 'onHistory'> {
  /** Called after the survey: what was asked of the stores is billed too. */
  readonly billing: () => Promise<Billing | null>;
}

export interface RunReport {
  readonly record: RunRecord;
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly totals: Totals;
  readonly state: LedgerState;
  /** What it began with. */
  readonly before: Recollection;
  readonly breakerMemory: BreakerMemory;
  readonly breakers: readonly TrippedBreaker[];
  /** Empty where this run retires nothing. */
  readonly decisions: readonly RetentionDecision[];
  readonly retired: RetireResult;
  /** Null where nothing was to be executed, or nothing could be. */
  readonly applied: ApplyResult | null;
  readonly notes: readonly string[];
}

/**
 * @throws LedgerError where another ledger looks after the area or another run holds the lease.
 * @throws StoreError, ClockError
 */
export async function runOverArea(input: RunInput): Promise<RunReport> {
  const began = input.now();
  const { lease } = await takeCharge({
    ...input,
    locations: markedLocations(input.survey.locations, input.writers),
  });
  try {
    return await runUnderLease(input, lease, began);
  } catch (error) {
    await recordFailure(input, began, error);
    throw error;
  } finally {
    await lease.release();
  }
}

async function runUnderLease(input: RunInput, lease: Lease, began: number): Promise<RunReport> {
  const { ledger, execute } = input;
  const notes: string[] = [];
  await updateState(ledger, (state) => withConfiguredDead(state, input.survey.deadJobs, input.now()));
  const signals = [lease.signal, ...(input.signal === undefined ? [] : [input.signal])];
  const { survey, recollection, lost } = await rememberedSurvey(
    ledger,
    {
      ...input.survey,
      signal: AbortSignal.any(signals),
    },
    true,
  );
  const state = await updateState(ledger, (known) => settleRetiring(known, survey));
  notes.push(...lost);
  const verdicts = judgeAll(survey, input.judgements);
  const totals = tally(survey, verdicts);
  const knownToBreakers = await breakerMemory(ledger, recollection, survey);
  const breakers = trippedBreakers(survey, totals, knownToBreakers);
  const tripped = breakers.filter(({ breaker }) => !input.accept.has(breaker));
  const decisions = input.retention === null ? [] : decideRetention(survey, input.retention(survey));
  // Remembered before anything is deleted: a run that dies meanwhile has counted as one.
  const remembered = await remember(ledger, recollection, {
    run: input.run,
    survey,
    verdicts,
    tripped: tripped.length > 0,
  });
  if (remembered === null) {
    notes.push('Another run has left its findings meanwhile, so this one does not count for the quarantine.');
  }
  // A part of the area says nothing of the jobs in the rest of it.
  if (input.jobs !== undefined && !breakers.some(({ breaker }) => breaker === 'area-shrunk')) {
    notes.push(...(await rememberedJobs(input.jobs, { ledger, survey, totals, recollection, signals })));
  }
  const chosen = await input.sweep?.(survey);
  const log = new AuditLog(ledger, input.run);
  const why = whyNot(survey, tripped, state);
  let retired: RetireResult = { retired: [], kept: [] };
  let applied: ApplyResult | null = null;
  if (execute && why === null) {
    await input.beforeActing?.();
    const { retention } = input;
    const roots =
      retention === null
        ? []
        : await rootsToRetire({ ...input, survey, decisions, retention, running: input.survey.running ?? [] });
    const stores = input.survey.locations.map(({ store }) => store);
    retired = await retire({ ...input, survey, roots, stores, lease, log });
    if (chosen !== undefined) {
      applied = await apply({
        ...input,
        survey,
        verdicts,
        lease,
        log,
        chosen,
        pace: new Pace(input.deletesPerSecond, input.now, input.wait),
        ...(input.onDeleted === undefined ? {} : { onProgress: input.onDeleted }),
      });
    }
    await discount(ledger, remembered ?? recollection, {
      objects: applied === null ? 0 : applied.deleted.objects + applied.gone,
      roots: retired.retired.length,
      directories: emptiedDirectories(survey, retired.retired),
    });
  }
  const record = recordOf(input, {
    survey,
    totals,
    deletable: deletableOf(survey, verdicts, chosen ?? (() => true)),
    breakers,
    retired,
    applied,
    why,
    began,
  });
  await writeRun(ledger, record);
  return {
    record,
    survey,
    verdicts,
    totals,
    state,
    before: recollection,
    breakerMemory: knownToBreakers,
    breakers,
    decisions,
    retired,
    applied,
    notes,
  };
}

/** Nothing that is deleted depends on it, so a failure is worth a sentence and no more. */
async function rememberedJobs(
  { billing, ...jobs }: RememberedJobs,
  { ledger, survey, totals, recollection, signals }: Judged,
): Promise<readonly string[]> {
  try {
    const damage = damageMemory(recollection, survey.area);
    return await rememberJobs({ ...jobs, ledger, survey, totals, billing: await billing(), damage });
  } catch (error) {
    if (signals.some(({ aborted }) => aborted) || !(error instanceof StoreError || error instanceof LedgerError)) {
      throw error;
    }
    return [`What this run saw of the jobs could not be added to their history: ${error.message}`];
  }
}

interface Judged {
  readonly ledger: LedgerStore;
  readonly survey: Survey;
  readonly totals: Totals;
  readonly recollection: Recollection;
  readonly signals: readonly AbortSignal[];
}

/** The locations for which there is something to write with. */
export function markedLocations(
  locations: SurveyInput['locations'],
  writers: readonly AreaWriter[],
): readonly MarkedLocation[] {
  return locations.flatMap(({ area, store }, at) => {
    const writer = writers[at];
    return writer === undefined ? [] : { name: area.name, store, writer, prefix: area.prefix.slice(area.hidden) };
  });
}
