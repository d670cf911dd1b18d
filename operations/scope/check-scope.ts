import type { Area } from '#core/area/area.ts';
import type { Undecidable } from '#core/collect/undecidable.ts';
import { isoTime } from '#core/iso-time.ts';
import { outsideDoubts } from '#core/scope/outside-doubts.ts';
import { AREA_ONLY, cannotList, goesOn, lastSeen, notThrough } from '#core/scope/scope-sentences.ts';
import { isOfFirstVersion, newestRuns } from '#operations/ledger/run-records.ts';
import { type ScopePart, type ScopeRecord, scopeRecordOf, UNSEEN_PART } from '#operations/ledger/scope-record.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';
import { checkKnownFolders } from './known-folders.ts';
import type { OutsidePart } from './outside-part.ts';
import { advancePass } from './remainder-pass.ts';

/**
 * Checks the area, which is the operator's statement, against what is around it: a checkpoint or savepoint in the rest of
 * a bucket may reference files of the area, and they would be deleted.
 */

const DAY = 86_400_000;
/** How long a whole pass counts. */
const PASS_AGE = 7 * DAY;
/** After how long people should know that the next one does not come. */
const PASS_OVERDUE = 14 * DAY;
/** How long an area goes on that an earlier version collected. */
const GRACE = 14 * DAY;
/** So many of the newest runs are asked whether one has acted: those of some days, where a survey runs each hour. */
const RUNS_ASKED = 200;

/** The surroundings of an area. */
export interface Surroundings {
  /** Empty where locations are whole buckets. */
  readonly parts: readonly OutsidePart[];
  /** All that decides what an outside root references: locations, aliases, copies. */
  readonly identity: string;
  /** Whether the operator declared that the area is complete. */
  readonly areaOnly: boolean;
}

/** How much of the surroundings a run lists. */
export type ScopePass =
  /** Nothing; only what is known is said. */
  | { readonly kind: 'look' }
  /** A slice of the pass that is due, and the known folders. `due: 'first'`: only where no pass is through yet. */
  | { readonly kind: 'slice'; readonly due: 'weekly' | 'first'; readonly isOver: () => boolean }
  /** The whole pass where one is due, and the known folders. */
  | { readonly kind: 'whole' };

/** What a check takes. */
export interface ScopeInput {
  readonly surroundings: Surroundings;
  readonly area: Area;
  /** Null where nothing is remembered. */
  readonly ledger: LedgerStore | null;
  readonly pass: ScopePass;
  /** Whether this run, or the plan that it makes, deletes or retires. */
  readonly acts: boolean;
  /** Whether the operator said of a root, by URL and ETag, that nobody restores it. */
  readonly isDeclaredDead: (url: string, etag: string) => boolean;
  /** Epoch milliseconds, of this machine. */
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
  /** How many objects outside the area are listed by now. */
  readonly onListed?: ((objects: number) => void) | undefined;
}

/** What the surroundings mean for a run. */
export interface ScopeResult {
  /** Why the area is undecidable. */
  readonly undecidable: readonly Undecidable[];
  /** Why this run may not act, in a sentence; null where it may. */
  readonly refusal: string | null;
  readonly notes: readonly string[];
}

/** @throws LedgerError, StoreError of the ledger. A failure of the surroundings is a refusal of its own. */
export async function checkScope(input: ScopeInput): Promise<ScopeResult> {
  const { surroundings, acts, pass, ledger, now } = input;
  const isLook = pass.kind === 'look';
  const record = await recordFor(input);
  if (!isLook && ledger !== null) await save(ledger, record, null);
  const undecidable: Undecidable[] = [];
  const refusals: string[] = [];
  const notes: string[] = surroundings.areaOnly && acts ? [AREA_ONLY] : [];
  for (const part of surroundings.parts) {
    const before = record.parts[part.id] ?? UNSEEN_PART;
    const known = isLook ? before : await checkPart(input, part, before, record);
    undecidable.push(...doubtsOf(part, known, input));
    const refusal = refusalOf(part, known);
    if (isLook && !acts) {
      if (part.kind === 'bucket') notes.push(lastSeen(progressOf(part, known)));
    } else if (refusal !== null) {
      // Around a directory there is what belongs to others, and may be out of reach for good.
      (acts && part.kind === 'bucket' ? refusals : notes).push(refusal);
    }
    if (acts && known.completed !== null && now() - Date.parse(known.completed) > PASS_OVERDUE) {
      notes.push(lastSeen(progressOf(part, known)));
    }
    notes.push(...(part.leftOut?.() ?? []));
  }
  const [refusal = null] = refusals;
  const isGraceful = record.grace !== null && now() < Date.parse(record.grace) && undecidable.length === 0;
  if (refusal === null || !isGraceful) return { undecidable, refusal, notes };
  return { undecidable, refusal: null, notes: [...notes, goesOn(refusal, record.grace ?? '')] };
}

/** The record of this very area; of another one nothing counts but since when there is one. */
async function recordFor({ surroundings: { identity }, ledger, pass, now }: ScopeInput): Promise<ScopeRecord> {
  const known = ledger === null ? null : await scopeRecordOf(ledger).read();
  if (known !== null) {
    return known.value.area === identity ? known.value : { ...known.value, area: identity, parts: {} };
  }
  const isOlder = ledger !== null && pass.kind !== 'look' && (await wasActedByFirstVersion(ledger));
  const grace = isOlder ? isoTime(now() + GRACE) : null;
  return { since: isoTime(now()), grace, area: identity, parts: {} };
}

/** Who acted last, where this check has no record. This version makes one before it acts, so that one was lost. */
async function wasActedByFirstVersion(ledger: LedgerStore): Promise<boolean> {
  const runs = await newestRuns(ledger, RUNS_ASKED);
  const last = runs.find(({ executed, deleted, retired }) => executed && deleted.objects + retired > 0);
  return last !== undefined && (await isOfFirstVersion(ledger, last));
}

async function checkPart(
  input: ScopeInput,
  part: OutsidePart,
  before: ScopePart,
  record: ScopeRecord,
): Promise<ScopePart> {
  const { area, pass, ledger, now, signal, onListed } = input;
  const keep = async (known: ScopePart): Promise<void> => {
    if (ledger !== null) await save(ledger, record, { id: part.id, known });
  };
  let known = before;
  const reading = { area, part, signal };
  try {
    const due = isDue(before, pass, now());
    if (due) {
      const progress = {
        now,
        onListed,
        isOver: pass.kind === 'slice' ? pass.isOver : null,
        save: async (far: ScopePart) => {
          known = far;
          await keep(far);
        },
      };
      known = await advancePass({ ...reading, ...progress }, before);
    }
    // Of a survey nothing is deleted. It asks again only where that may end a doubt: folders may be many, and surveys are.
    if (due || input.acts || isDoubtful(known)) {
      const { roots, folders } = await checkKnownFolders(reading, known);
      known = { ...known, roots: [...roots], folders: [...folders], failure: null };
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof StoreError)) throw error;
    const denied = error.code === 'denied';
    known = { ...known, failure: { at: isoTime(now()), denied, sentence: error.message } };
  }
  await keep(known);
  return known;
}

function isDoubtful({ roots, failure }: ScopePart): boolean {
  return failure !== null || roots.some((root) => root.files > 0 || root.failure !== null);
}

function isDue({ pass: underWay, completed }: ScopePart, pass: ScopePass, now: number): boolean {
  if (completed === null) return true;
  if (pass.kind === 'slice' && pass.due === 'first') return false;
  return underWay !== null || now - Date.parse(completed) >= PASS_AGE;
}

async function save(
  ledger: LedgerStore,
  record: ScopeRecord,
  change: { readonly id: string; readonly known: ScopePart } | null,
): Promise<void> {
  await scopeRecordOf(ledger).update(
    () => record,
    (there) => {
      const parts = there.area === record.area ? there.parts : record.parts;
      return {
        ...there,
        area: record.area,
        parts: change === null ? parts : { ...parts, [change.id]: change.known },
      };
    },
  );
}

function doubtsOf(part: OutsidePart, { roots }: ScopePart, { isDeclaredDead }: ScopeInput): readonly Undecidable[] {
  const whole = (prefixes: readonly string[]): readonly string[] => prefixes.map((prefix) => `${part.base}${prefix}`);
  const place = {
    store: part.store,
    area: whole(part.area),
    never: whole(part.ledgers),
    namingOnly: part.namingOnly,
  };
  return outsideDoubts(place, roots, isDeclaredDead);
}

function refusalOf(part: OutsidePart, known: ScopePart): string | null {
  const { failure, completed } = known;
  const progress = progressOf(part, known);
  if (failure !== null) return cannotList(progress, failure.sentence, failure.denied);
  return completed === null ? notThrough(progress) : null;
}

function progressOf({ kind, name }: OutsidePart, { completed, pass }: ScopePart) {
  return { kind, name, completed, pass };
}
