import type { Judgement, Verdicts } from '#core/collect/judge.ts';
import { type RootedGrounds, type RootMarks, rootMarks } from '#core/collect/root-marks.ts';
import { isStillGarbage } from '#core/collect/still-garbage.ts';
import type { Amount } from '#core/collect/totals.ts';
import { isoTime } from '#core/iso-time.ts';
import type { AuditLog, Deletion, Outcome } from '#operations/ledger/audit-log.ts';
import type { Lease } from '#operations/ledger/lease.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { pinnedIn } from '#operations/ledger/run-memory.ts';
import { readState, sayPaused } from '#operations/ledger/state.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { Pace } from '#operations/pace.ts';
import type { DeleteOutcome, GuardedDeleter } from '#ports/guarded-deleter.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';

/** Deletes what a survey has judged to be garbage whose quarantine is served. */

/** After so many milliseconds the roots are read again before the next batch. */
const RECHECK_AFTER = 30_000;
/** Why it ended where the caller's signal ended it. */
export const INTERRUPTED = 'It was interrupted.';

/** Objects that were judged, a whole area or a part of one, and how their roots are read again. */
export interface JudgedObjects extends RootedGrounds, Pick<Survey, 'area' | 'readAgain'> {
  /** What roots tell that were read elsewhere. @default nothing */
  readonly readElsewhere?: RootMarks;
}

/** What may be deleted, and what it takes to do so. */
export interface ApplyInput {
  readonly survey: JudgedObjects;
  readonly verdicts: Verdicts;
  /** Which of the objects that may go shall go. @default all */
  readonly chosen?: (object: number) => boolean;
  /** By location of the area. */
  readonly deleters: readonly GuardedDeleter[];
  readonly ledger: LedgerStore;
  readonly lease: Pick<Lease, 'hold' | 'signal'>;
  /** Of this run; it counts the batches. */
  readonly log: AuditLog;
  readonly pace: Pace;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Ends the work between two batches, and the waiting for the next; what is under way is brought to its end. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. @default 30,000 */
  readonly recheckAfter?: number;
  readonly onProgress?: ((deleted: Amount) => void) | undefined;
  /** Called with each object whose deletion is on record, before it is deleted. */
  readonly onPlanned?: ((object: number) => void) | undefined;
  /** All of them, except in tests that show what a rule protects. */
  readonly judgements?: readonly Judgement[] | undefined;
}

/** What became of the objects that were to be deleted. Numbers are of objects. */
export interface ApplyResult {
  readonly deleted: Amount;
  /** Of the deleted ones, those that the bucket keeps as noncurrent versions. */
  readonly versioned: number;
  /** Had gone already. */
  readonly gone: number;
  /** Of another content than was judged; stay. */
  readonly changed: number;
  readonly refused: number;
  /** The first refusal in the store's words. */
  readonly refusal: string | null;
  /** Named by a root that was complete only after the survey. */
  readonly spared: number;
  /** Why it ended before all was done, in a sentence; null where it did not. */
  readonly stopped: string | null;
}

/**
 * For each batch: (1) the lease still holds, no pause is set, and the roots and the pins have just been read again, with
 * what new ones keep taken out; (2) the batch is written to the audit log; (3) its exact keys are deleted, each with its
 * ETag; (4) what became of them is written.
 *
 * A process that dies after (2) leaves a log that says more than was done, never less. A checkpoint that completes
 * after (1) can't name anything of the batch that was not named before: its job has completed a later checkpoint than
 * all of it, and Flink takes no older upload into use again (the rule on later checkpoints).
 *
 * @throws StoreError where the place, its roots or the ledger can't be reached any more; what was deleted up to there
 * is on record.
 */
export async function apply(input: ApplyInput): Promise<ApplyResult> {
  const { survey, lease, log, pace, signal } = input;
  const { objects } = survey;
  const done = { objects: 0, bytes: 0 };
  const counts = { deleted: 0, gone: 0, changed: 0, refused: 0 };
  let refusal: string | null = null;
  let versioned = 0;
  let spared = 0;
  let stopped: string | null = null;
  const recheck = new Recheck(input);
  for (const batch of batchesOf(input)) {
    // Before the checks below, which must be recent when the batch is deleted.
    await pace.take(batch.length, signal);
    stopped = signal?.aborted ? INTERRUPTED : ((await whyLost(lease)) ?? (await recheck.whyStop()));
    if (stopped !== null) {
      break;
    }
    const going = batch.filter((object) => recheck.isStillGarbage(object));
    spared += batch.length - going.length;
    const [first] = going;
    const deleter = first === undefined ? undefined : input.deleters[objects.location(first)];
    if (deleter !== undefined) {
      const number = await log.plan(going.map((object) => deletionOf(survey, input.verdicts, object)));
      for (const object of going) input.onPlanned?.(object);
      const outcomes = await deleter.delete(
        going.map((object) => ({ key: storeKeyOf(survey, object), etag: objects.etag(object) })),
        lease.signal,
      );
      await log.conclude(
        number,
        outcomes.map((outcome, at) => logged(survey, going[at], outcome)),
      );
      for (const [at, outcome] of outcomes.entries()) {
        counts[outcome.outcome]++;
        if (outcome.outcome === 'deleted') {
          done.objects++;
          done.bytes += objects.bytes(going[at] ?? -1);
          versioned += outcome.versionId === undefined ? 0 : 1;
        } else if (outcome.outcome === 'refused') {
          refusal ??= outcome.why;
        }
      }
      if (outcomes.filter(({ outcome }) => outcome === 'refused').length * 2 > outcomes.length) {
        pace.slower();
      } else {
        pace.faster();
      }
      input.onProgress?.(done);
    }
  }
  return {
    deleted: done,
    versioned,
    gone: counts.gone,
    changed: counts.changed,
    refused: counts.refused,
    refusal,
    spared,
    stopped,
  };
}

async function whyLost(lease: Pick<Lease, 'hold'>): Promise<string | null> {
  try {
    await lease.hold();
    return null;
  } catch (error) {
    if (error instanceof LedgerError) {
      return error.message;
    }
    throw error;
  }
}

/** What has to hold before each batch, looked at again where the last look is too long ago. */
class Recheck {
  readonly #input: ApplyInput;
  #checked = Number.NEGATIVE_INFINITY;
  #roots: RootMarks;
  #evidence: JudgedObjects;

  constructor(input: ApplyInput) {
    this.#input = input;
    this.#roots = marksOf(input.survey);
    this.#evidence = input.survey;
  }

  async whyStop(): Promise<string | null> {
    const { survey, ledger, now, signal, recheckAfter = RECHECK_AFTER } = this.#input;
    const since = now() - this.#checked;
    if (since >= 0 && since < recheckAfter) {
      return null;
    }
    // Before the roots are listed: what is completed from here on is younger than all that was judged.
    this.#checked = now();
    const state = await readState(ledger);
    if (state.paused !== null) {
      return `${sayPaused(state.paused)} To resume: steward resume --execute`;
    }
    this.#evidence = { ...survey, memory: { ...survey.memory, isPinned: pinnedIn(state, survey.area) } };
    try {
      const [doubt] = await survey.readAgain();
      if (doubt !== undefined) {
        return `The area became undecidable while this run deleted: ${doubt.sentence}.`;
      }
    } catch (error) {
      // An interruption ends the reading too, and the deletions so far must still be recorded.
      if (signal?.aborted) {
        return INTERRUPTED;
      }
      throw error;
    }
    this.#roots = marksOf(this.#evidence);
    return null;
  }

  isStillGarbage(object: number): boolean {
    return isStillGarbage(object, this.#evidence, this.#roots, this.#input.judgements);
  }
}

function marksOf(judged: JudgedObjects): RootMarks {
  const own = rootMarks(judged);
  const { readElsewhere } = judged;
  return readElsewhere === undefined
    ? own
    : {
        at: (object) => own.at(object) ?? readElsewhere.at(object),
        isNamedByPinned: (object) => own.isNamedByPinned(object) || readElsewhere.isNamedByPinned(object),
      };
}

/** As many objects of one location each as the pace allows, in the order of the table. */
function* batchesOf({ survey: { objects }, verdicts, chosen, pace }: ApplyInput): Generator<readonly number[]> {
  let batch: number[] = [];
  let location = -1;
  for (let object = 0; object < objects.size; object++) {
    if (verdicts.verdict(object) === 'delete' && (chosen === undefined || chosen(object))) {
      const its = objects.location(object);
      if (batch.length >= pace.batch || (batch.length > 0 && its !== location)) {
        yield batch;
        batch = [];
      }
      location = its;
      batch.push(object);
    }
  }
  if (batch.length > 0) {
    yield batch;
  }
}

function deletionOf({ area, objects, memory }: JudgedObjects, verdicts: Verdicts, object: number): Deletion {
  const candidacy = memory.candidacy(object);
  return {
    url: area.url(objects.location(object), objects.key(object)),
    bytes: objects.bytes(object),
    etag: objects.etag(object),
    modified: isoTime(objects.modified(object)),
    rule: verdicts.rule(object),
    garbageSince: candidacy === null ? null : isoTime(candidacy.since),
    ...(candidacy === null ? {} : { garbageRuns: candidacy.runs + 1 }),
  };
}

function logged(
  { area, objects }: Pick<JudgedObjects, 'area' | 'objects'>,
  object: number | undefined,
  outcome: DeleteOutcome,
): Outcome {
  const url = object === undefined ? '' : area.url(objects.location(object), objects.key(object));
  switch (outcome.outcome) {
    case 'deleted':
      return {
        url,
        outcome: outcome.outcome,
        ...(outcome.versionId === undefined ? {} : { versionId: outcome.versionId }),
      };
    case 'refused':
      return { url, outcome: outcome.outcome, why: outcome.why };
    case 'gone':
    case 'changed':
      return { url, outcome: outcome.outcome };
  }
}

function storeKeyOf({ area, objects }: Pick<JudgedObjects, 'area' | 'objects'>, object: number): string {
  return area.storeKey(objects.location(object), objects.key(object));
}
