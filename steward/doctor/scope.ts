import { thisProcess } from '#adapters/process/this-process.ts';
import { count, moment } from '#core/quantity.ts';
import { AREA_ONLY, restOf, statementsForRest } from '#core/scope/scope-sentences.ts';
import { isFree, leaseOf } from '#operations/ledger/lease.ts';
import { type ScopePart, scopeRecordOf, UNSEEN_PART } from '#operations/ledger/scope-record.ts';
import type { LedgerState } from '#operations/ledger/state.ts';
import type { ScopeResult } from '#operations/scope/check-scope.ts';
import type { OutsidePart } from '#operations/scope/outside-part.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';
import { checkSurroundings } from '../check-surroundings.ts';
import type { Steward } from '../steward.ts';
import { type Finding, finding } from './finding.ts';
import { UnwrittenLedger } from './unwritten-ledger.ts';

/** What is around the area: lists the whole of it where the last pass is older than a week. */

export interface ScopeChecking {
  /** Null while there is no ledger. */
  readonly ledger: LedgerStore | null;
  readonly state: LedgerState | null;
  /** Whether the area may be another ledger's, or some markers can't be read: then ours is told nothing. */
  readonly isOthers: boolean;
  readonly signal: AbortSignal | undefined;
  /** How many objects outside the area are listed by now. */
  readonly onListed?: ((objects: number) => void) | undefined;
}

/**
 * Checks the surroundings as a run that acts does. What the pass finds is written into the ledger where that exists and
 * is this area's: the next run need not list the same again. Nothing else is written.
 */
export async function checkScopeOf(steward: Steward, checking: ScopeChecking): Promise<readonly Finding[]> {
  const { surroundings } = steward;
  if (surroundings.areaOnly) return [finding('scope', null, 'warning', AREA_ONLY)];
  if (surroundings.parts.length === 0) {
    const hasBuckets = steward.locations.some(({ reach }) => reach.kind === 'bucket');
    return hasBuckets
      ? [finding('scope', null, 'ok', 'Nothing is outside the area: its locations are whole buckets.')]
      : [];
  }
  const { ledger, note } = await recordedIn(steward, checking);
  try {
    return await check(steward, checking, ledger, note);
  } catch (error) {
    checking.signal?.throwIfAborted();
    // What is around the area is told all the same; that the ledger can't be written has a sentence of its own.
    if (!(error instanceof StoreError) || ledger instanceof UnwrittenLedger) throw error;
    return await check(
      steward,
      checking,
      new UnwrittenLedger(checking.ledger),
      `It was not recorded: ${error.message}`,
    );
  }
}

/** Where the pass is recorded, with a sentence where that is nowhere. */
async function recordedIn(
  { surroundings, clock }: Steward,
  { ledger, isOthers }: ScopeChecking,
): Promise<{ readonly ledger: LedgerStore; readonly note: string | null }> {
  if (ledger === null) {
    const note = 'There is no ledger to record this pass, so the first run that deletes makes it again.';
    return { ledger: new UnwrittenLedger(null), note };
  }
  const known = await scopeRecordOf(ledger).read();
  // The record of another area would be lost, and its runs would wait for a whole pass.
  const isOfOther = known !== null && known.value.area !== surroundings.identity;
  if (isOfOther || isOthers) {
    const note = "This pass was not recorded, because it is not certain that the area is this ledger's.";
    return { ledger: new UnwrittenLedger(ledger), note };
  }
  // What a run has found meanwhile would be overwritten with what was seen before.
  const lease = (await leaseOf(ledger).read())?.value;
  if (lease !== undefined && !isFree(lease, { holders: thisProcess(), now: clock })) {
    const note = 'This pass was not recorded, because a run is in progress, which records its own.';
    return { ledger: new UnwrittenLedger(ledger), note };
  }
  return { ledger, note: null };
}

async function check(
  steward: Steward,
  { state, signal, onListed }: ScopeChecking,
  ledger: LedgerStore,
  note: string | null,
): Promise<readonly Finding[]> {
  const known = { ...steward, ledger };
  const result = await checkSurroundings(known, { pass: { kind: 'whole' }, acts: true, state, signal, onListed });
  const record = (await scopeRecordOf(ledger).read())?.value;
  const parts = steward.surroundings.parts.map((part) =>
    partFinding(part, record?.parts[part.id] ?? UNSEEN_PART, note),
  );
  return [...parts, ...doubts(result), ...graceNotes(result)];
}

function partFinding(part: OutsidePart, { failure, completed, listed }: ScopePart, note: string | null): Finding {
  if (failure !== null) {
    const isBucket = part.kind === 'bucket';
    const found = `${restOf(part)} can't be listed: ${failure.denied ? firstOf(failure.sentence) : failure.sentence}`;
    const refused =
      'Runs that delete are refused until it can be listed. If the area is complete, write "scope": "area" in steward.json.';
    return finding('scope', null, isBucket ? 'wrong' : 'warning', found, {
      advice: isBucket
        ? refused
        : 'The steward would not know of a checkpoint there that references files of the area.',
      grant: isBucket && failure.denied ? statementsForRest(part.name) : [],
    });
  }
  if (completed === null) {
    return finding('scope', null, 'not-checked', `${restOf(part)} was not listed to its end.`, {
      advice: 'Run again.',
    });
  }
  const found = `${restOf(part)} was last listed on ${moment(completed)}: ${count(listed, 'object')}.`;
  return finding('scope', null, 'ok', note === null ? found : `${found} ${note}`);
}

/** The rest of it names the rights, and the finding has them as statements. */
function firstOf(sentences: string): string {
  return sentences.replace(/\. Grant .*$/s, '.');
}

/** Each sentence says what to do itself. */
function doubts({ undecidable }: ScopeResult): readonly Finding[] {
  return undecidable.map(({ sentence }) => finding('scope', null, 'wrong', sentence));
}

/** What could not be listed by rule, and until when runs go on without this check. */
function graceNotes({ notes }: ScopeResult): readonly Finding[] {
  return notes.map((note) => finding('scope', null, 'warning', note));
}
