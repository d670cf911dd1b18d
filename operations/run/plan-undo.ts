import pMap from 'p-map';
import { RootReading } from '#core/collect/root-reading.ts';
import { isUnverified, type Root, unreadRoot } from '#core/collect/roots.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import { type LoggedDeletion, loggedDeletions, mayBeGone } from '#operations/ledger/audit-log.ts';
import { type RetiredRoot, readState } from '#operations/ledger/state.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { AreaWriter, DeletedObject, RestoreOutcome } from '#ports/area-writer.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { ObjectStore } from '#ports/object-store.ts';

/** Finds out what of a run can be undone. */

/** Which run is undone, and what it takes to do so. */
export interface UndoInput {
  /** Made under the lease, so that nothing is swept meanwhile. */
  readonly survey: Survey;
  readonly ledger: LedgerStore;
  /** By location of the area. */
  readonly stores: readonly ObjectStore[];
  readonly writers: readonly AreaWriter[];
  /** The run to undo. */
  readonly undone: string;
}

/** Each takes a few requests, and Flink shares what a bucket answers in a second. */
export const OBJECTS_AT_ONCE = 16;

/** An object of the area that an earlier run deleted. */
export interface Swept {
  readonly location: number;
  readonly object: DeletedObject;
  readonly url: string;
}

/** What can be put back, and what can't. */
export interface UndoPlan {
  readonly roots: readonly {
    readonly entry: RetiredRoot;
    /** Files that it references and that must be put back first. */
    readonly swept: readonly Swept[];
    /** Why it can't be put back as a restore point; null if it can. */
    readonly why: string | null;
    /** Some of its files are outside the area, where the steward can't check whether they exist. */
    readonly unverified: boolean;
  }[];
  /** Other objects that the run deleted. */
  readonly objects: readonly Swept[];
  /** Objects that can't be put back, each with the reason. */
  readonly lost: readonly { readonly url: string; readonly why: string }[];
}

/** Finds out what can be put back. Changes nothing. @throws StoreError, LedgerError */
export async function planUndo(input: UndoInput): Promise<UndoPlan> {
  const { ledger, undone } = input;
  const { retired } = await readState(ledger);
  const entries = retired.filter(({ run, state }) => run === undone && state === 'retired');
  const read = [];
  for (const entry of entries) {
    read.push({ entry, root: await readRetired(input, entry) });
  }
  const missing = new Set(read.flatMap(({ root }) => (root === null ? [] : root.missing.map(({ url }) => url))));
  const sweptByUrl = new Map<string, LoggedDeletion>();
  const ofRun: LoggedDeletion[] = [];
  for await (const deletion of loggedDeletions(ledger)) {
    if (mayBeGone(deletion) && deletion.rule !== 'retired') {
      const url = input.survey.area.ownUrl(deletion.url);
      if (missing.has(url) && !sweptByUrl.has(url)) {
        sweptByUrl.set(url, deletion);
      }
      if (deletion.run === undone) {
        ofRun.push(deletion);
      }
    }
  }
  const lost: { url: string; why: string }[] = [];
  const roots = [];
  for (const { entry, root } of read) {
    roots.push(await planRoot(input, entry, root, sweptByUrl));
  }
  const objects: Swept[] = [];
  const looked = await pMap(
    ofRun,
    async (deletion) => {
      const swept = locate(input.survey, deletion);
      return { deletion, swept, left: swept === null ? OUTSIDE : await whatIsLeft(input, swept) };
    },
    { concurrency: OBJECTS_AT_ONCE },
  );
  for (const { deletion, swept, left } of looked) {
    // What is there has not gone, or was brought back before.
    if (left.outcome === 'lost') {
      lost.push({ url: deletion.url, why: left.why });
    } else if (swept !== null && left.outcome === 'restored') {
      objects.push(swept);
    }
  }
  return { roots, objects, lost };
}

async function planRoot(
  input: UndoInput,
  entry: RetiredRoot,
  root: Root | null,
  sweptByUrl: ReadonlyMap<string, LoggedDeletion>,
): Promise<UndoPlan['roots'][number]> {
  const place = input.survey.area.placeOfUrl(entry.url);
  if (place === null) {
    return { entry, swept: [], why: OUTSIDE.why, unverified: false };
  }
  if (isOccupied(input.survey, place)) {
    return { entry, swept: [], why: OCCUPIED, unverified: false };
  }
  if (root === null) {
    const why = `Its copy in the ledger (${entry.file}) is missing, or is not a complete _metadata.`;
    return { entry, swept: [], why, unverified: false };
  }
  const swept: Swept[] = [];
  const reasons: string[] = [];
  for (const { url, problem } of root.missing) {
    const deletion = sweptByUrl.get(url);
    const located = deletion === undefined ? null : locate(input.survey, deletion);
    const why =
      problem === 'wrong-size'
        ? 'Its size has changed.'
        : located === null
          ? 'It does not exist, and no run of this ledger deleted it.'
          : await whyLost(input, located);
    if (located !== null && why === null) {
      swept.push(located);
    } else if (why !== null) {
      reasons.push(`${url}: ${why}`);
    }
  }
  const [first] = reasons;
  const others = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
  const why = first === undefined ? null : `It references files that can't be put back${others}. ${first}`;
  return { entry, swept, why, unverified: isUnverified(root) };
}

export const OUTSIDE = { outcome: 'lost', why: 'It is outside the area.' } as const satisfies RestoreOutcome;
export const OCCUPIED = 'Something else has been written under its name since.';

/** Whether the survey has seen something there. What was put back before is known, and is not to be put back again. */
function isOccupied({ objects, reachability }: Survey, { location, key }: { location: number; key: string }): boolean {
  const isThere = reachability.roots.some(
    (root) => root.state !== 'vanished' && root.location === location && root.key === key,
  );
  return isThere || objects.find(location, key) >= 0;
}

async function whyLost(input: UndoInput, swept: Swept): Promise<string | null> {
  const left = await whatIsLeft(input, swept);
  return left.outcome === 'lost' ? left.why : null;
}

/** `restored` of what could be. */
async function whatIsLeft({ writers }: UndoInput, { location, object }: Swept): Promise<RestoreOutcome> {
  return (await writers[location]?.canRestore(object)) ?? OUTSIDE;
}

/** Reads a retired root from its copy, against the objects that are there now; null where that is not possible. */
async function readRetired({ survey, ledger }: UndoInput, entry: RetiredRoot): Promise<Root | null> {
  const { area, objects } = survey;
  const place = area.placeOfUrl(entry.url);
  const chunks = await ledger.readFile(entry.file);
  if (place === null || chunks === null) {
    return null;
  }
  const root = unreadRoot({
    location: place.location,
    key: place.key,
    etag: entry.etag,
    bytes: entry.bytes,
    completed: Date.parse(entry.completed),
    object: -1,
    late: false,
    writtenOff: false,
  });
  const reading = new RootReading(area, objects, root, { named: () => undefined, dangling: () => undefined });
  try {
    reading.complete(await readMetadata(chunks, reading, { fileBytes: entry.bytes }));
  } catch (error) {
    if (!(error instanceof MetadataError)) {
      throw error;
    }
  }
  return root.state === 'read' ? root : null;
}

function locate({ area }: Survey, { url, etag }: LoggedDeletion): Swept | null {
  const place = area.placeOfUrl(url);
  return place === null
    ? null
    : { location: place.location, object: { key: area.storeKey(place.location, place.key), etag }, url };
}
