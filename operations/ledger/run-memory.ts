import * as z from 'zod';
import type { Area } from '#core/area/area.ts';
import { areaIdentity, type LastRun, presentRoots } from '#core/collect/breakers.ts';
import { Candidacies } from '#core/collect/candidacies.ts';
import type { Evidence } from '#core/collect/evidence.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import type { LookedAt, Memory } from '#core/collect/memory.ts';
import { isDamaged, type Root } from '#core/collect/roots.ts';
import type { Place } from '#core/flink/state-path.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { isoTime } from '#core/iso-time.ts';
import type { DamageMemory } from '#core/jobs/damage.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { deletedOnce, type LoggedDeletion, loggedDeletions, mayBeGone } from './audit-log.ts';
import { flinkSignLines, foldersWithRoots, readFlinkSigns, signsOfOlderLedger } from './flink-signs.ts';
import { JsonDocument } from './json-document.ts';
import {
  directoriesByDigits,
  type KnownDirectory,
  knownDirectoryLines,
  readKnownDirectories,
  rememberedIn,
} from './known-directories.ts';
import { LostPartError, type Part, partSchema, readLines, writeLines } from './line-parts.ts';
import {
  candidateLines,
  lookedAtLines,
  namedTaskOwnedLines,
  type RetiredFile,
  readCandidates,
  readLookedAt,
  readNamedTaskOwned,
  readRetiredFiles,
  retiredFileLines,
  withoutCandidates,
  writeObjectLines,
} from './remembered-objects.ts';
import { filesOfRetiredSavepoints } from './retired-savepoints.ts';
import type { LedgerState } from './state.ts';

/**
 * What a run leaves for the next one: since when objects have been garbage, and what it saw. All of it can be found
 * out anew; where it is lost, quarantine begins anew and nothing else happens.
 */

/** New lists are written next to the valid ones, so that a crash in between does not change the valid ones. */
const SLOTS = 4;

const parts = z.array(partSchema);

/** Of what a run leaves for the next one. */
export const memorySchema = z.object({
  run: z.string(),
  /** The run's frozen start. */
  start: z.iso.datetime(),
  /** Identity of the area; what a breaker misses in it is kept until a run trips no breaker. */
  area: z.array(z.string()),
  /** Identity of what this very run listed; empty of a version that did not record it. */
  surveyed: z.array(z.string()).default([]),
  decidable: z.boolean(),
  /** Of the last run that tripped no breaker, own deletions since taken off. */
  lastRun: z.object({ roots: z.int(), objects: z.int() }).nullable(),
  /** Whether what this run itself deleted has been taken off too; where it died before, its log tells. */
  settled: z.boolean(),
  slot: z.int(),
  candidates: parts,
  named: parts,
  /** Directories that held a root. */
  directories: parts,
  /** URLs of damaged roots. */
  damaged: parts,
  /** Directories that held files or roots. */
  known: parts.default([]),
  /** Objects of unknown name that were looked at: those that are no roots need no second look. */
  looked: parts.default([]),
  /** Ids that showed to be a job's; null of a version that did not remember them. */
  signs: parts.nullable().default(null),
  /** Files of retired savepoints, so that the copies in the ledger need not be read in every run. */
  retiredFiles: parts.default([]),
});
/** What a run left for the next one, as the ledger has it. */
export type MemoryRecord = z.output<typeof memorySchema>;

/** What the last run left, before the objects are known. */
export interface Recollection {
  readonly record: MemoryRecord | null;
  readonly tag: string | null;
  readonly earlierDirectories: readonly Place[];
  readonly damaged: ReadonlySet<string>;
  /** What is lost of it, in a sentence; null where nothing is. */
  readonly lost: string | null;
}

/** @throws StoreError, LedgerError */
export async function recollect(store: LedgerStore): Promise<Recollection> {
  const known = await documentOf(store).read();
  if (known === null) {
    return { record: null, tag: null, earlierDirectories: [], damaged: new Set(), lost: null };
  }
  const { tag } = known;
  const record = known.value.settled ? known.value : await settle(store, known.value);
  try {
    const earlierDirectories: Place[] = [];
    for await (const line of readLines(store, known.value.directories)) {
      earlierDirectories.push(z.object({ store: z.string(), key: z.string() }).parse(line));
    }
    const damaged = new Set<string>();
    for await (const line of readLines(store, known.value.damaged)) {
      damaged.add(z.string().parse(line));
    }
    return { record, tag, earlierDirectories, damaged, lost: null };
  } catch (error) {
    const rest = {
      ...record,
      candidates: [],
      named: [],
      directories: [],
      damaged: [],
      known: [],
      looked: [],
      retiredFiles: [],
      surveyed: [],
    };
    return { record: rest, tag, earlierDirectories: [], damaged: new Set(), lost: sayLost(error) };
  }
}

/** What a run deleted that did not live to take it off what it saw. */
async function settle(store: LedgerStore, record: MemoryRecord): Promise<MemoryRecord> {
  let objects = 0;
  let roots = 0;
  for await (const deletion of await ownDeletions(store, record.run)) {
    if (mayBeGone(deletion) || deletion.outcome === 'gone') {
      objects++;
      roots += deletion.rule === 'retired' ? 1 : 0;
    }
  }
  return { ...record, lastRun: lessOwn(record.lastRun, { objects, roots }), settled: true };
}

/** Of a run in shards an object may be on record twice. */
async function ownDeletions(store: LedgerStore, run: string): Promise<AsyncIterable<LoggedDeletion>> {
  for await (const _ of store.listFiles(`shards/${run}/`)) return deletedOnce(store, run);
  return loggedDeletions(store, run);
}

function lessOwn(seen: LastRun | null, own: LastRun): LastRun | null {
  return seen && { roots: Math.max(0, seen.roots - own.roots), objects: Math.max(0, seen.objects - own.objects) };
}

/** What the last run left, and the objects that it is to be found in. */
export interface RecallInput {
  /** What the last run left. */
  readonly recollection: Pick<Recollection, 'record' | 'earlierDirectories'>;
  /** What people have declared. */
  readonly state: LedgerState;
  readonly area: Area;
  /** All that were listed in this run. */
  readonly objects: ObjectTable;
  /** Called with a sentence where quarantine begins anew. */
  readonly onLost: (sentence: string) => void;
}

/** The memory of a survey: quarantine from the last runs, and what people have declared. @throws StoreError */
export async function recall(
  store: LedgerStore,
  { recollection: { record, earlierDirectories }, state, area, objects, onLost }: RecallInput,
): Promise<Memory> {
  let known: readonly KnownDirectory[] = [];
  const writtenOff = new Set(state.deadRoots.map(({ url, etag }) => contentOf(area.ownUrl(url), etag)));
  const completions = new Map(
    // A retired one that is there was put back by an undo that died before it could say so.
    state.retired.map(({ url, etag, restoredEtag, completed }) => [
      contentOf(area.ownUrl(url), restoredEtag ?? etag),
      Date.parse(completed),
    ]),
  );
  let candidacies = new Candidacies();
  let named: ReadonlySet<number> = new Set();
  let looked: ReadonlyMap<number, LookedAt> = new Map();
  let retiredFiles: readonly RetiredFile[] = [];
  if (record !== null) {
    try {
      candidacies = await readCandidates(store, record.candidates, { area, objects });
      named = await readNamedTaskOwned(store, record.named, { area, objects });
      known = await readKnownDirectories(store, record.known);
      looked = await readLookedAt(store, record.looked, { area, objects });
      retiredFiles = await readRetiredFiles(store, record.retiredFiles, { area, objects });
    } catch (error) {
      // Half of a list would do no harm, but a reader of "quarantine begins anew" must be able to rely on it.
      candidacies = new Candidacies();
      named = new Set();
      retiredFiles = [];
      onLost(sayLost(error));
    }
  }
  const ofRetired = await filesOfRetiredSavepoints(store, { state, area, objects, known: retiredFiles });
  const directories = earlierDirectories;
  const signs =
    (await signsBefore(store, record)) ??
    (await signsOfOlderLedger(store, { objects, candidacies, state, known, directories }));
  return {
    candidacy: (object) => {
      const known = candidacies.get(object);
      // Of another ETag than the listed one nothing was taken over.
      return known === null ? null : { ...known, etag: null };
    },
    isPinned: pinnedIn(state, area),
    wasNamed: (object) => named.has(object),
    retiredSavepointOf: (object) => ofRetired.get(object) ?? null,
    lookedAt: (object) => looked.get(object) ?? null,
    completionOf: (url, etag) => completions.get(contentOf(url, etag)) ?? null,
    remembered: rememberedIn(known, area),
    directoriesOfJobs: directoriesByDigits(known, area),
    showedFlink: (job) => signs.has(job),
    heldRootsIn: foldersWithRoots({ known, directories, area }),
    isWrittenOff: (url, etag) => writtenOff.has(contentOf(url, etag)),
  };
}

/** Which roots are pinned, under whatever name of their place that was said. */
export function pinnedIn({ pins }: Pick<LedgerState, 'pins'>, area: Area): Memory['isPinned'] {
  const pinned = new Set(pins.map(({ url }) => area.ownUrl(url)));
  return (root) => pinned.size > 0 && pinned.has(area.url(root.location, root.key));
}

/** What a run found, as far as the next run must know of it. */
export interface RunToRecord {
  readonly run: string;
  readonly survey: Evidence & {
    /** Every directory of which a root was read. */ readonly directoriesWithRoots: readonly Place[];
    readonly renamed: { readonly looks: ReadonlyMap<number, LookedAt> };
  };
  readonly verdicts: Verdicts;
  readonly tripped: boolean;
}

/** The lists of single objects. */
export type ObjectList = 'candidates' | 'named' | 'looked' | 'retiredFiles';

/** The same, with the lists of objects written in whatever way. */
export interface FoundToRecord extends Pick<RunToRecord, 'run' | 'tripped'> {
  readonly found: Pick<Evidence, 'area' | 'start' | 'foreignJobs' | 'undecidable'> &
    Pick<RunToRecord['survey'], 'directoriesWithRoots'> & {
      readonly owners: Pick<Evidence['owners'], 'all'>;
      readonly memory: Pick<Memory, 'showedFlink'>;
    };
  readonly roots: readonly Root[];
  /** How many objects were listed. */
  readonly objects: number;
  /** Writes a list. @param prefix of the paths of its parts. */
  readonly write: (list: ObjectList, prefix: string) => Promise<readonly Part[]>;
}

/**
 * Leaves what this run found for the next one.
 *
 * @param before what it began with: where another run has left something since, that one counts.
 * @returns null where another run was faster; what is there now otherwise.
 * @throws StoreError
 */
export async function remember(
  store: LedgerStore,
  before: Recollection,
  { run, survey, verdicts, tripped }: RunToRecord,
): Promise<Recollection | null> {
  const linesOf: Readonly<Record<ObjectList, () => Iterable<unknown>>> = {
    candidates: () => candidateLines(survey, verdicts),
    named: () => namedTaskOwnedLines(survey),
    looked: () => lookedAtLines(survey, survey.renamed.looks),
    retiredFiles: () => retiredFileLines(survey),
  };
  return await rememberFound(store, before, {
    run,
    tripped,
    found: survey,
    roots: survey.reachability.roots,
    objects: survey.objects.size,
    write: async (list, prefix) => await writeObjectLines(store, prefix, linesOf[list]()),
  });
}

/** As {@link remember}. */
export async function rememberFound(
  store: LedgerStore,
  before: Recollection,
  { run, tripped, found, roots, objects, write }: FoundToRecord,
): Promise<Recollection | null> {
  const slot = nextSlot(before);
  const decidable = found.undecidable.length === 0;
  const counts = decidable && !tripped;
  const area = areaIdentity(found.area);
  const damaged = [...damagedUrls(found.area, roots)];
  const known = await knownBefore(store, before);
  const listOf = async (list: ObjectList): Promise<Part[]> => [...(await write(list, listPrefix(slot, list)))];
  const record: MemoryRecord = {
    run,
    start: isoTime(found.start),
    // Were a location forgotten by the run that trips over its absence, the next one would go on.
    area: [...new Set([...area, ...(counts ? [] : (before.record?.area ?? []))])],
    surveyed: [...area],
    decidable,
    lastRun: counts ? { roots: presentRoots(roots).length, objects } : (before.record?.lastRun ?? null),
    settled: false,
    slot,
    candidates: await listOf('candidates'),
    named: await listOf('named'),
    directories: await writeLines(store, `memory/${slot}-directories-`, found.directoriesWithRoots),
    damaged: await writeLines(store, `memory/${slot}-damaged-`, damaged),
    looked: await listOf('looked'),
    retiredFiles: await listOf('retiredFiles'),
    known: await writeLines(
      store,
      `memory/${slot}-known-`,
      knownDirectoryLines(found, known ?? [], known === null ? null : lookedBefore(before, area)),
    ),
    signs: await writeLines(
      store,
      `memory/${slot}-signs-`,
      flinkSignLines(found, (await signsBefore(store, before.record)) ?? new Map()),
    ),
  };
  return await replace(store, before, { ...before, record, damaged: new Set(damaged), lost: null });
}

/** The slot of the run that follows. */
export function nextSlot({ record }: Pick<Recollection, 'record'>): number {
  return ((record?.slot ?? 0) + 1) % SLOTS;
}

/** What the paths of a list's parts begin with. */
export function listPrefix(slot: number, list: ObjectList): string {
  return `memory/${slot}-${list === 'retiredFiles' ? 'retired' : list}-`;
}

/** Null where the list is lost; the run has said so already. */
async function knownBefore(store: LedgerStore, { record }: Recollection): Promise<readonly KnownDirectory[] | null> {
  try {
    return await readKnownDirectories(store, record?.known ?? []);
  } catch (error) {
    sayLost(error);
    return null;
  }
}

/** Start of the last run, where it listed all that the area has now: what it did not see was not there. Else null. */
function lookedBefore({ record }: Recollection, area: readonly string[]): number | null {
  return record !== null && area.every((location) => record.surveyed.includes(location))
    ? Date.parse(record.start)
    : null;
}

/** Null where none are on record, or they are lost: then what else the ledger knows has to tell. */
async function signsBefore(
  store: LedgerStore,
  record: MemoryRecord | null,
): Promise<ReadonlyMap<string, number> | null> {
  if (record === null || record.signs === null) return null;
  try {
    return await readFlinkSigns(store, record.signs);
  } catch (error) {
    sayLost(error);
    return null;
  }
}

/** Takes what a run has deleted or retired itself off what it saw. */
export async function discount(
  store: LedgerStore,
  before: Recollection,
  deleted: { readonly objects: number; readonly roots: number; readonly directories: readonly Place[] },
): Promise<Recollection | null> {
  const { record } = before;
  if (record === null) {
    return before;
  }
  const lastRun = lessOwn(record.lastRun, { roots: deleted.roots, objects: deleted.objects + deleted.roots });
  const emptied = new Set(deleted.directories.map(({ store: place, key }) => `${place}/${key}`));
  const held: Place[] = [];
  for await (const line of readLines(store, record.directories)) {
    const place = z.object({ store: z.string(), key: z.string() }).parse(line);
    if (!emptied.has(`${place.store}/${place.key}`)) {
      held.push(place);
    }
  }
  const directories =
    emptied.size === 0 ? record.directories : await writeLines(store, `memory/${record.slot}-held-`, held);
  return await replace(store, before, { ...before, record: { ...record, lastRun, settled: true, directories } });
}

/**
 * As {@link discount}, for a run that many processes work for: of what the ledger holds, if that is of this run and nothing
 * was taken off it yet.
 *
 * @throws StoreError, LedgerError
 */
export async function discountOf(
  store: LedgerStore,
  run: string,
  deleted: Parameters<typeof discount>[2],
): Promise<void> {
  const known = await documentOf(store).read();
  if (known === null || known.value.run !== run || known.value.settled) return;
  const { value: record, tag } = known;
  await discount(store, { record, tag, earlierDirectories: [], damaged: new Set(), lost: null }, deleted);
}

/** Lets quarantine begin anew: what is remembered is of an earlier time. @throws StoreError, LedgerError */
export async function forgetQuarantine(store: LedgerStore): Promise<void> {
  const known = await documentOf(store).read();
  // Where another run writes it at the same moment, it has just found out anew.
  if (known !== null) await documentOf(store).write({ ...known.value, candidates: [] }, known.tag);
}

/**
 * Lets the quarantine of some objects begin anew, because somebody has them put back: what they have served was for a
 * deletion that was taken back.
 *
 * @param urls under the area's own names.
 * @throws StoreError, LedgerError
 */
export async function forgetQuarantineOf(
  store: LedgerStore,
  area: Pick<Area, 'locate' | 'url'>,
  urls: ReadonlySet<string>,
): Promise<void> {
  const known = urls.size === 0 ? null : await documentOf(store).read();
  if (known === null) return;
  const { candidates, slot } = known.value;
  try {
    const left = await withoutCandidates(store, candidates, { area, urls, prefix: `memory/${slot}-undone-` });
    await documentOf(store).write({ ...known.value, candidates: [...left] }, known.tag);
  } catch (error) {
    // Then the quarantine of all begins anew, which the next run says.
    sayLost(error);
  }
}

async function replace(store: LedgerStore, before: Recollection, after: Recollection): Promise<Recollection | null> {
  if (after.record === null || !(await documentOf(store).write(after.record, before.tag))) {
    return null;
  }
  const written = await documentOf(store).read();
  return { ...after, tag: written?.tag ?? null };
}

function* damagedUrls(area: Area, roots: readonly Root[]): Generator<string> {
  for (const root of roots) {
    if (isDamaged(root)) {
      yield area.url(root.location, root.key);
    }
  }
}

/** Says that quarantine begins anew. @throws the error itself, where it does not tell that a list is lost. */
export function sayLost(error: unknown): string {
  if (error instanceof LostPartError || error instanceof z.ZodError || error instanceof SyntaxError) {
    const what =
      error instanceof LostPartError ? error.message : "The memory of the last run can't be read from the ledger.";
    return `${what} This run rebuilds it, and only time is lost: the quarantine of the objects in it begins again.`;
  }
  throw error;
}

function contentOf(url: string, etag: string): string {
  return `${url}\n${etag}`;
}

function documentOf(store: LedgerStore): JsonDocument<MemoryRecord> {
  return new JsonDocument(store, 'memory', memorySchema);
}

/** Which roots were damaged in the last run; where there is none on record, nothing is known of it. */
export function damageMemory({ record, damaged }: Pick<Recollection, 'record' | 'damaged'>, area: Area): DamageMemory {
  const before = new Set([...damaged].map((url) => area.ownUrl(url)));
  return {
    damagedBefore: (root) => (record === null ? null : before.has(area.url(root.location, root.key))),
  };
}
