import { type Breaker, type BreakerMemory, type TrippedBreaker, trippedBreakers } from '#core/collect/breakers.ts';
import { type Judgement, judgeAll, type Verdicts } from '#core/collect/judge.ts';
import { type Amount, type Totals, tally } from '#core/collect/totals.ts';
import { count } from '#core/quantity.ts';
import { decideRetention, type RetentionDecision } from '#core/retention/decide.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import type { Recollection } from '#operations/ledger/run-memory.ts';
import type { RunRecord } from '#operations/ledger/run-records.ts';
import { type LedgerState, readState, updateState, withConfiguredDead } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import type { Survey, SurveyInput } from '#operations/look/survey.ts';
import { Pace } from '#operations/pace.ts';
import { renamedRootNotes } from '#operations/report/renamed-root-notes.ts';
import type { ScopeResult } from '#operations/scope/check-scope.ts';
import type { Wait } from '#operations/wait.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { Holders } from '#ports/holder.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { StoreProbe } from '#ports/store-probe.ts';
import { act, hasRefusals, NOTHING_DONE } from './act.ts';
import type { ApplyInput, ApplyResult } from './apply.ts';
import { breakerMemory } from './breaker-memory.ts';
import { certifyLogged } from './certify.ts';
import { decide } from './decide.ts';
import { markerNotes } from './foreign-markers.ts';
import { forgetStores, heeding, knowStores, probedLocations, storeNotes } from './known-stores.ts';
import { type AreaLease, leaseArea } from './lease-area.ts';
import { type MarkedLocation, markedLocations } from './marked-locations.ts';
import { type RememberedJobs, rememberFindings } from './remember-findings.ts';
import { type RetireResult, settleRetiring } from './retire.ts';
import { recordFailure, recordRun } from './run-record.ts';

/** A run over an area, from the lease to the record. */

/** Everything that a run takes. Who runs over an area makes one; the phases get only what they need of it. */
export interface RunInput {
  readonly survey: SurveyInput;
  /** By location, as in `survey`; of a run that executes nothing they may be left out. */
  readonly writers: readonly AreaWriter[];
  readonly deleters: ApplyInput['deleters'];
  /** By location: what finds out about its store. Where one is missing, the store is taken for Amazon S3. */
  readonly probes?: readonly (StoreProbe | null)[];
  readonly ledger: LedgerStore;
  /** Names a ledger that has to be made. */
  readonly newLedgerId: string;
  readonly run: string;
  readonly command: 'collect' | 'apply' | 'retire' | 'plan' | 'survey';
  /** Id of the plan that it executes, for the record. */
  readonly plan?: string;
  readonly holders: Holders;
  /** Epoch milliseconds, of this machine. */
  readonly now: () => number;
  /** Without it nothing in the area is changed; what was seen is remembered all the same. */
  readonly execute: boolean;
  readonly accept: ReadonlySet<Breaker>;
  /** What is wanted of retention, once the area is known; null where this run retires nothing. */
  readonly retention: ((survey: Survey) => RetentionInput) | null;
  /** The patterns of `protect`, for the certificate. @default none */
  readonly protect?: readonly string[];
  /** What is around the area means for this run; without it nothing is asked. */
  readonly scope?: (looked: ScopeQuestion) => Promise<ScopeResult>;
  /** Which of the objects that may go shall go; null where this run deletes nothing. */
  readonly sweep: ((survey: Survey) => Promise<(object: number) => boolean>) | null;
  /** Deletions a second at most. */
  readonly deletesPerSecond: number;
  /** How the time between batches of deletions passes. @default the real time */
  readonly wait?: Wait;
  /** Called when the lease is held and the run is about to act; may throw to stop it. */
  readonly beforeActing?: () => Promise<void>;
  readonly signal?: AbortSignal;
  /** Called with what is deleted by now, of all that this run deletes if nothing keeps any of it. */
  readonly onDeleted?: (deleted: Amount, all: Amount) => void;
  /** What it takes to remember jobs over time; without it nothing is remembered of them. */
  readonly jobs?: RememberedJobs;
  /** Whether what is live is left for the guard. @default false */
  readonly guarded?: boolean;
  /** All of them, except in tests that show what a rule protects. */
  readonly judgements?: readonly Judgement[] | undefined;
}

/** What the check of the surroundings takes of a run. */
export interface ScopeQuestion {
  readonly area: Survey['area'];
  readonly state: LedgerState;
  readonly signal: AbortSignal;
}

/** What a run found, decided and did. */
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
 * A whole run: takes the lease of the area, does its work, and gives the lease back.
 *
 * @throws LedgerError where another ledger is responsible for the area or another run holds the lease.
 * @throws StoreError, ClockError; what was done up to there is on record.
 */
export async function runOverArea(input: RunInput): Promise<RunReport> {
  const { ledger, newLedgerId, run, command, holders, execute, now } = input;
  const began = now();
  const locations = markedLocations(input.survey.locations, input.writers);
  const leased = await leaseArea({ ledger, newLedgerId, run, command, holders, execute, now, locations });
  try {
    return await runUnderLease(input, leased, locations, began);
  } catch (error) {
    const failed = { locations: input.survey.locations, error };
    await recordFailure(ledger, { run, command, plan: input.plan, execute, began, ended: now() }, failed);
    throw error;
  } finally {
    await leased.lease.release();
  }
}

/**
 * The order of the phases is part of what makes a run safe; docs/safety.md says why.
 *
 * 1. look: every object is listed, then every root is read, then what is around the area. Another ledger's markers end
 *    the run here.
 * 2. judge: each object gets a verdict, each root a decision, and the breakers judge the run.
 * 3. remember: what is garbage now is written down, before any of it is deleted.
 * 4. decide: which of it is chosen, and whether this run may delete or retire at all.
 * 5. act: roots are retired, then objects are deleted.
 * 6. record: what the run found and did is written down.
 */
async function runUnderLease(
  input: RunInput,
  leased: AreaLease,
  locations: readonly MarkedLocation[],
  began: number,
): Promise<RunReport> {
  const { lease, markers } = leased;
  const { ledger, run, command, execute, retention, judgements, jobs, now } = input;
  const aborts = [lease.signal, ...(input.signal === undefined ? [] : [input.signal])];

  const looked = await look({ ledger, survey: input.survey, now }, aborts);
  const { before, lost } = looked;
  await markers?.settleListed(looked.survey);
  const scope = await input.scope?.({
    area: looked.survey.area,
    state: looked.state,
    signal: AbortSignal.any([...aborts]),
  });
  const survey = withOutsideDoubts(looked.survey, scope);
  // A marker may have shown that deleting is to be paused.
  const state = survey.markers.length === 0 ? looked.state : await readState(ledger);
  const below = markers === null ? await markerNotes(locations, leased.ledger, survey) : [];
  const judged = await judge({ survey, before }, { ledger, retention, judgements });
  const { verdicts, totals, breakers, decisions } = judged;
  const tripped = breakers.filter(({ breaker }) => !input.accept.has(breaker));
  const findings = {
    ledger,
    run,
    before,
    survey,
    verdicts,
    totals,
    breakers,
    tripped,
    jobs,
    guarded: input.guarded ?? false,
    aborts,
  };
  // Before anything is deleted: a run that dies while it deletes has counted for the quarantine.
  const { recollection, notes } = await rememberFindings(findings);
  const { chosen, deletable, stop } = await decide({
    survey,
    verdicts,
    tripped,
    state,
    refusal: scope?.refusal ?? null,
    choose: input.sweep,
  });
  const isAllowed = execute && stop === null;
  const actsOn = isAllowed && (deletable.objects > 0 || decisions.some(({ action }) => action === 'retire'));
  const probed = probedLocations(locations, input.probes ?? []);
  const stores = actsOn ? await knowStores(probed, { now, signal: lease.signal }) : [];
  const acted = isAllowed
    ? await act({
        run,
        survey,
        verdicts,
        decisions,
        retention,
        chosen,
        running: input.survey.running ?? [],
        stores: input.survey.locations.map(({ store }) => store),
        deleters: input.deleters.map((deleter, at) => heeding(deleter, stores[at])),
        noRetiring: stores.map(({ consequences }) => consequences.noRetiring),
        ledger,
        recollection,
        lease,
        pace: new Pace(input.deletesPerSecond, now, input.wait),
        now,
        signal: input.signal,
        beforeActing: async () => {
          if (actsOn) await markers?.sayActing();
          await input.beforeActing?.();
        },
        onDeleted: (deleted) => input.onDeleted?.(deleted, deletable),
        judgements,
      })
    : NOTHING_DONE;
  if (hasRefusals(acted)) await forgetStores(probed);
  const { logged, ...done } = acted;
  const certified = await certifyLogged(logged, { ledger, run, survey, state, lease, protect: input.protect ?? [] });
  const time = { run, command, plan: input.plan, execute, began, ended: now() };
  const found = { survey, verdicts, totals, deletable, breakers, stop };
  const record = await recordRun(ledger, time, { ...found, ...done, certificate: certified.certificate });

  return {
    record,
    survey,
    state,
    before,
    ...judged,
    ...done,
    notes: [
      ...leased.notes,
      ...below,
      ...lost,
      ...(scope?.notes ?? []),
      ...renamedRootNotes(survey),
      ...notes,
      ...versionNotes(acted.applied),
      ...storeNotes(stores),
      ...certified.notes,
    ],
  };
}

/** Deleting in a bucket that keeps versions frees nothing by itself, which people would otherwise learn from the bill. */
function versionNotes(applied: ApplyResult | null): readonly string[] {
  const versioned = applied?.versioned ?? 0;
  if (versioned === 0) return [];
  const stays = count(
    versioned,
    'deleted object stays as a noncurrent version',
    'deleted objects stay as noncurrent versions',
  );
  return [
    `The bucket keeps versions: ${stays}, and the bytes are billed until a lifecycle rule expires them (lifecycle.noncurrentVersionsFor). Until then "undo" can put them back.`,
  ];
}

/** The survey, undecidable also for what is around the area. */
export function withOutsideDoubts(survey: Survey, scope: Pick<ScopeResult, 'undecidable'> | undefined): Survey {
  return scope === undefined || scope.undecidable.length === 0
    ? survey
    : { ...survey, undecidable: [...survey.undecidable, ...scope.undecidable] };
}

interface Looked {
  readonly survey: Survey;
  readonly before: Recollection;
  readonly state: LedgerState;
  /** What of the ledger is lost, in sentences. */
  readonly lost: readonly string[];
}

/** Scans the area with what earlier runs left in the ledger, and settles what runs that died have left there. */
async function look(
  { ledger, survey: input, now }: Pick<RunInput, 'ledger' | 'survey' | 'now'>,
  aborts: readonly AbortSignal[],
): Promise<Looked> {
  // Before the survey: a job that the configuration calls dead is dead from the first run that saw the declaration.
  await updateState(ledger, (state) => withConfiguredDead(state, input.deadJobs, now()));
  const scan = { ...input, signal: AbortSignal.any([...aborts]) };
  const { survey, recollection, putBack, lost } = await rememberedSurvey(ledger, scan, { mayWrite: true });
  const state = await updateState(ledger, (known) => settleRetiring(known, survey, putBack));
  return { survey, before: recollection, state, lost };
}

type Judged = Pick<RunReport, 'verdicts' | 'totals' | 'breakerMemory' | 'breakers' | 'decisions'>;

/** Judges every object, every root, and the run itself. Writes nothing. */
async function judge(
  { survey, before }: Pick<Looked, 'survey' | 'before'>,
  { ledger, retention, judgements }: Pick<RunInput, 'ledger' | 'retention' | 'judgements'>,
): Promise<Judged> {
  const verdicts = judgeAll(survey, judgements);
  const totals = tally(survey, verdicts);
  const memory = await breakerMemory(ledger, before, survey);
  const breakers = trippedBreakers(survey, totals, memory);
  const decisions = retention === null ? [] : decideRetention(survey, retention(survey));
  return { verdicts, totals, breakerMemory: memory, breakers, decisions };
}
