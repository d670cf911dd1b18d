import { buffer } from 'node:stream/consumers';
import type { Root } from '#core/collect/roots.ts';
import type { Place } from '#core/flink/state-path.ts';
import { isoTime } from '#core/iso-time.ts';
import type { AuditLog, Deletion, Outcome } from '#operations/ledger/audit-log.ts';
import type { Lease } from '#operations/ledger/lease.ts';
import { type PutBack, withPutBack } from '#operations/ledger/put-back.ts';
import { pinnedIn } from '#operations/ledger/run-memory.ts';
import { type LedgerState, type RetiredRoot, sayPaused, updateState } from '#operations/ledger/state.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { GuardedDeleter } from '#ports/guarded-deleter.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import { INTERRUPTED } from './apply.ts';

/**
 * Retires roots. Only their `_metadata` is deleted, and a copy of it is kept in the ledger. Flink can no longer restore
 * from the checkpoint, and its files become garbage in the ordinary way, including quarantine. Until those files are
 * deleted, `undo` puts the root back.
 */

const BATCH = 100;
const PAUSED = 'Deleting is paused.';
const PINNED = 'It has been pinned since it was judged.';
/** Why a root was not retired that an attempt before has. */
export const GONE = 'It no longer exists.';
const CHANGED = 'It has changed since it was judged.';

/** Which roots are retired, and what it takes to do so. */
export interface RetireInput {
  readonly survey: Pick<Survey, 'area'>;
  readonly roots: readonly Root[];
  /** By location of the area. */
  readonly stores: readonly ObjectStore[];
  readonly deleters: readonly GuardedDeleter[];
  /** By location: why no root is retired there. @default they are retired everywhere */
  readonly noRetiring?: readonly (string | null)[];
  readonly ledger: LedgerStore;
  readonly lease: Pick<Lease, 'hold' | 'signal'>;
  readonly run: string;
  /** Of this run; it counts the batches. */
  readonly log: AuditLog;
  /** How many copies in the ledger another attempt at this run may have left. @default 0 */
  readonly filesBefore?: number;
  /** Ends the work between two batches. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of the roots that were to be retired. */
export interface RetireResult {
  readonly retired: readonly Root[];
  /** Not what was judged any more, or refused by the store: they stay. */
  readonly kept: readonly { readonly root: Root; readonly why: string }[];
  /** How many of those the store refused to delete. */
  readonly refused: number;
  /** The first refusal in the store's words. */
  readonly refusal: string | null;
  /** Why it ended before all was done, in a sentence; null where it did not. */
  readonly stopped: string | null;
}

/**
 * For each batch: the copies are written, then the state says what is about to go, then the originals are deleted,
 * each with its ETag, then the state says what has gone. A process that dies in between leaves roots that are
 * "retiring"; the next run sees which of them are still there.
 *
 * @throws StoreError, LedgerError
 */
export async function retire(input: RetireInput): Promise<RetireResult> {
  const retired: Root[] = [];
  const kept: { root: Root; why: string }[] = [];
  const roots: Root[] = [];
  for (const root of input.roots) {
    const why = input.noRetiring?.[root.location] ?? null;
    if (why === null) roots.push(root);
    else kept.push({ root, why });
  }
  let refused = 0;
  let refusal: string | null = null;
  let stopped: string | null = null;
  for (let from = 0; from < roots.length && stopped === null; from += BATCH) {
    if (input.signal?.aborted) {
      stopped = INTERRUPTED;
      break;
    }
    const result = await retireBatch(input, roots.slice(from, from + BATCH), from);
    retired.push(...result.retired);
    kept.push(...result.kept);
    refused += result.refused;
    refusal ??= result.refusal;
    stopped = result.stopped;
  }
  return { retired, kept, refused, refusal, stopped };
}

async function retireBatch(input: RetireInput, roots: readonly Root[], from: number): Promise<RetireResult> {
  const { survey, ledger, lease, run, filesBefore = 0 } = input;
  const kept: { root: Root; why: string }[] = [];
  const copied: { readonly root: Root; readonly entry: RetiredRoot }[] = [];
  for (const [at, root] of roots.entries()) {
    const file = `retired/${run}/${String(filesBefore + from + at + 1).padStart(6, '0')}.metadata`;
    const why = await copy(input, root, file);
    if (why === null) {
      copied.push({ root, entry: entryOf(survey, root, run, file) });
    } else {
      kept.push({ root, why });
    }
  }
  await lease.hold();
  // The change that records the retiring also checks pause and pins. A root that was pinned before is kept, and a pin
  // that comes later finds in the ledger that the root is being retired.
  let going: readonly (typeof copied)[number][] = [];
  const { paused } = await updateState(ledger, (state) => {
    const isPinned = pinnedIn(state, survey.area);
    going = state.paused === null ? copied.filter(({ root }) => !isPinned(root)) : [];
    return { ...state, retired: [...state.retired, ...going.map(({ entry }) => entry)] };
  });
  if (paused !== null) {
    const all = roots.map((root) => ({ root, why: PAUSED }));
    const stopped = `${sayPaused(paused)} To resume: steward resume --execute`;
    return { retired: [], kept: all, refused: 0, refusal: null, stopped };
  }
  kept.push(...copied.filter((each) => !going.includes(each)).map(({ root }) => ({ root, why: PINNED })));
  const outcomes = await deleteRoots(input, going);
  const gone = new Set<string>();
  const changed = new Set<string>();
  const retired: Root[] = [];
  let refused = 0;
  let refusal: string | null = null;
  for (const { root, entry } of going) {
    const outcome = outcomes.get(entry.url);
    switch (outcome?.outcome) {
      case 'deleted':
      case 'gone':
        gone.add(entry.file);
        retired.push(root);
        break;
      case 'changed':
        changed.add(entry.file);
        kept.push({ root, why: CHANGED });
        break;
      default: {
        const why = outcome?.why ?? 'The store did not report whether it was deleted.';
        refused++;
        refusal ??= why;
        kept.push({ root, why });
      }
    }
  }
  // After a refusal the root may still be gone (a lost answer), so it stays "retiring" until a survey shows its fate.
  await updateState(ledger, (state) => ({
    ...state,
    retired: state.retired
      .filter(({ file }) => !changed.has(file))
      .map((entry) => (gone.has(entry.file) ? { ...entry, state: 'retired' as const } : entry)),
  }));
  return { retired, kept, refused, refusal, stopped: null };
}

/** Copies a root's content into the ledger. @returns why that was not possible, or null. */
async function copy(
  { survey: { area }, stores, ledger }: RetireInput,
  root: Root,
  file: string,
): Promise<string | null> {
  const outcome = await stores[root.location]?.read(area.storeKey(root.location, root.key));
  if (outcome === undefined || !outcome.found) {
    return GONE;
  }
  const content = await buffer(outcome.chunks);
  if (outcome.etag !== root.etag || content.length !== root.bytes) {
    return CHANGED;
  }
  await ledger.writeFile(file, content);
  return null;
}

/** What became of each, by URL. */
async function deleteRoots(
  { survey, deleters, lease, log }: RetireInput,
  copied: readonly { readonly root: Root; readonly entry: RetiredRoot }[],
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const [location, deleter] of deleters.entries()) {
    const here = copied.filter(({ root }) => root.location === location);
    if (here.length > 0) {
      const batch = await log.plan(here.map(({ entry }) => deletionOf(entry)));
      const deleted = await deleter.delete(
        here.map(({ root }) => ({ key: survey.area.storeKey(location, root.key), etag: root.etag })),
        lease.signal,
      );
      const told = deleted.map(({ key: _, ...outcome }, at) => ({ ...outcome, url: here[at]?.entry.url ?? '' }));
      await log.conclude(batch, told);
      for (const outcome of told) {
        outcomes.set(outcome.url, outcome);
      }
    }
  }
  return outcomes;
}

function entryOf({ area }: Pick<Survey, 'area'>, root: Root, run: string, file: string): RetiredRoot {
  return {
    url: area.url(root.location, root.key),
    etag: root.etag,
    bytes: root.bytes,
    completed: isoTime(root.completed),
    run,
    file,
    state: 'retiring',
    restoredEtag: null,
  };
}

function deletionOf({ url, etag, bytes, completed }: RetiredRoot): Deletion {
  return { url, etag, bytes, modified: completed, rule: 'retired', garbageSince: null };
}

/** An area, and the roots that were found in it. */
export interface AreaWithRoots extends Pick<Survey, 'area'> {
  readonly reachability: Pick<Survey['reachability'], 'roots'>;
}

/**
 * Settles what runs that died have left: what is still there was not retired, and what is there again an undo has put
 * back.
 *
 * @param putBack those that the survey found there again with the same content.
 */
export function settleRetiring(
  state: LedgerState,
  { area, reachability }: AreaWithRoots,
  putBack: PutBack = new Map(),
): LedgerState {
  const present = new Set(
    reachability.roots
      .filter(({ state: itsState }) => itsState !== 'vanished')
      .map((root) => `${area.url(root.location, root.key)}\n${root.etag}`),
  );
  const isThere = (entry: RetiredRoot, etag: string): boolean => present.has(`${area.ownUrl(entry.url)}\n${etag}`);
  const back = state.retired.filter(({ file }) => putBack.has(file));
  const there = back.filter((entry) => isThere(entry, putBack.get(entry.file) ?? ''));
  const known = withPutBack(state, new Map(there.map(({ file }) => [file, putBack.get(file) ?? ''])));
  return {
    ...known,
    retired: known.retired.flatMap((entry) => {
      // Of a place that this run has not looked at nothing is known.
      if (entry.state === 'restored' || area.placeOfUrl(entry.url) === null) {
        return entry;
      }
      const isUntouched = isThere(entry, entry.etag);
      if (entry.state === 'retiring') {
        return isUntouched ? [] : { ...entry, state: 'retired' as const };
      }
      return isUntouched ? { ...entry, state: 'restored' as const, restoredEtag: entry.etag } : entry;
    }),
  };
}

/** Directories of which no root is left after some were retired; their keys have a closing slash. */
export function emptiedDirectories({ area, reachability }: AreaWithRoots, retired: readonly Root[]): readonly Place[] {
  const gone = new Set(retired);
  const placeOf = ({ location, class: { role, base }, directory }: Root): Place => ({
    store: area.locations[location]?.store ?? '',
    key: role === 'checkpoint' ? base : directory,
  });
  const held = new Set(
    reachability.roots
      .filter((root) => root.state !== 'vanished' && !gone.has(root))
      .map((root) => JSON.stringify(placeOf(root))),
  );
  return retired.map(placeOf).filter((place) => !held.has(JSON.stringify(place)));
}
