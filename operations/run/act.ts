import type { Judgement, Verdicts } from '#core/collect/judge.ts';
import type { Amount } from '#core/collect/totals.ts';
import { BitColumn } from '#core/inventory/columns.ts';
import type { RetentionDecision } from '#core/retention/decide.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import { AuditLog } from '#operations/ledger/audit-log.ts';
import type { Lease } from '#operations/ledger/lease.ts';
import { discount, type Recollection } from '#operations/ledger/run-memory.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { Pace } from '#operations/pace.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import type { RunningJobs } from '#ports/running-jobs.ts';
import { type ApplyInput, type ApplyResult, apply } from './apply.ts';
import type { Choice } from './decide.ts';
import { emptiedDirectories, type RetireResult, retire } from './retire.ts';
import { rootsToRetire } from './roots-to-retire.ts';

/** The part of a run that changes the area: it retires roots, then deletes objects. */

/** What a run may delete and retire, and what it takes to do so. */
export interface ActInput {
  readonly run: string;
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly decisions: readonly RetentionDecision[];
  /** What is wanted of retention; null where this run retires nothing. */
  readonly retention: ((survey: Survey) => RetentionInput) | null;
  /** Which of the objects that may be deleted are deleted; null where this run deletes nothing. */
  readonly chosen: Choice | null;
  /** Flink clusters, which are asked again before anything is retired. */
  readonly running: readonly RunningJobs[];
  /** By location of the area. */
  readonly stores: readonly ObjectStore[];
  readonly deleters: ApplyInput['deleters'];
  /** By location: why no root is retired there. */
  readonly noRetiring: readonly (string | null)[];
  readonly ledger: LedgerStore;
  /** What the ledger holds of this run. */
  readonly recollection: Recollection;
  readonly lease: Pick<Lease, 'hold' | 'signal'>;
  readonly pace: Pace;
  /** Epoch milliseconds, of this machine. */
  readonly now: () => number;
  /** Ends the work between two batches; what is under way is brought to its end. */
  readonly signal: AbortSignal | undefined;
  /** Called when the run is about to act; may throw to stop it. */
  readonly beforeActing: (() => Promise<void>) | undefined;
  readonly onDeleted: ((deleted: Amount) => void) | undefined;
  /** All of them, except in tests that show what a rule protects. */
  readonly judgements: readonly Judgement[] | undefined;
}

/** What a run deleted and retired. */
export interface Acted {
  readonly retired: RetireResult;
  /** Null where nothing was to be deleted. */
  readonly applied: ApplyResult | null;
  /** What is on record of it; null where nothing is. */
  readonly logged: Logged | null;
}

/** What a run has put on record before it did it. */
export interface Logged {
  readonly log: Pick<AuditLog, 'written'>;
  /** The objects that it was to delete, without the roots that it was to retire. */
  readonly planned: BitColumn;
}

/** What a run did that acted on nothing. */
export const NOTHING_DONE: Acted = {
  retired: { retired: [], kept: [], refused: 0, refusal: null, stopped: null },
  applied: null,
  logged: null,
};

/** Whether the store refused what it was asked for, under a condition that held. */
export function hasRefusals({ retired, applied }: Pick<Acted, 'retired' | 'applied'>): boolean {
  return (applied?.refused ?? 0) > 0 || retired.refused > 0;
}

/**
 * Roots first. What a retired root referenced is not deleted by this run: it was judged while the root was there, and
 * serves its quarantine from the next run on.
 *
 * @throws StoreError, LedgerError
 */
export async function act(input: ActInput): Promise<Acted> {
  await input.beforeActing?.();
  // One for both: it counts the batches of the run.
  const log = new AuditLog(input.ledger, input.run);
  const retired = await retireRoots(input, log);
  const planned = new BitColumn();
  const applied = await deleteObjects(input, log, planned);
  await discount(input.ledger, input.recollection, {
    objects: applied === null ? 0 : applied.deleted.objects + applied.gone,
    roots: retired.retired.length,
    directories: emptiedDirectories(input.survey, retired.retired),
  });
  return { retired, applied, logged: log.written.length === 0 ? null : { log, planned } };
}

async function retireRoots(input: ActInput, log: AuditLog): Promise<RetireResult> {
  const { run, survey, decisions, retention, running, stores, deleters, noRetiring, ledger, lease, signal } = input;
  const roots = retention === null ? [] : await rootsToRetire({ survey, decisions, retention, running, signal });
  return await retire({ survey, roots, stores, deleters, noRetiring, ledger, lease, run, log, signal });
}

async function deleteObjects(input: ActInput, log: AuditLog, planned: BitColumn): Promise<ApplyResult | null> {
  const { survey, verdicts, chosen, deleters, ledger, lease, pace, now, signal, onDeleted, judgements } = input;
  return chosen === null
    ? null
    : await apply({
        survey,
        verdicts,
        chosen,
        deleters,
        ledger,
        lease,
        log,
        pace,
        now,
        signal,
        onProgress: onDeleted,
        onPlanned: (object) => planned.add(object),
        judgements,
      });
}
