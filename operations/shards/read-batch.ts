import { type ObjectEntry, ObjectTable } from '#core/inventory/object-table.ts';
import { askedPlaces } from '#core/shards/asked-places.ts';
import { ShardMap } from '#core/shards/key-ranges.ts';
import { ownerOfRoot } from '#core/shards/root-batches.ts';
import { lookedAtLines } from '#operations/ledger/remembered-objects.ts';
import { openRootCache } from '#operations/ledger/root-cache.ts';
import { contentId } from '#operations/look/read-root.ts';
import { readCandidates } from '#operations/look/renamed-roots.ts';
import type { ListedRoot } from '#operations/look/root-listing.ts';
import { RootSweep } from '#operations/look/root-rounds.ts';
import { reallyWait } from '#operations/wait.ts';
import { batched } from './batch-roots.ts';
import { ONE, plannedRun, type ShardContext } from './context.ts';
import { memoryOfLooks, memoryOfRoots } from './memory.ts';
import { readObjects } from './object-lines.ts';
import { type RecordedRoot, RootRecorder, recordedLines } from './recorded-roots.ts';
import { fromPlain, toPlain } from './rich-json.ts';
import type { ItemFound, ItemOutput } from './shard-files.ts';

/** What a batch of roots shows besides its lists. */
export interface BatchRead {
  /** Whether these are roots under other names than `_metadata`. */
  readonly isRenamed: boolean;
  /** Directories of which it was found whether they hold a root, as `[location, path, holds]`. */
  readonly marked: readonly (readonly [number, string, boolean])[];
  /** What has the name of a root and is a Parquet file. */
  readonly parquet: readonly Pick<ListedRoot, 'location' | 'key'>[];
  /** Candidates under other names that could not be read. */
  readonly unread: number;
  readonly firstUnread: { readonly url: string; readonly why: string } | null;
}

/**
 * Reads the roots of a batch. Lists: `recorded`, the roots with what they reference; `asked-` for each shard the keys in it
 * that these lead to; `tried`, the contents that need no second attempt; `owners` of the roots; of roots under other names
 * `looked`, what the ledger remembers of looks at them.
 *
 * @throws StoreError where a directory could not be listed again.
 */
export async function readBatch(item: string, context: ShardContext): Promise<ItemOutput> {
  return await readBatchOf(item, context, 'batch');
}

/** The same for roots that were found after the first reading. */
export async function readLateBatch(item: string, context: ShardContext): Promise<ItemOutput> {
  return await readBatchOf(item, context, 'batch-again');
}

/** The batches of either phase. */
export async function batchItems(context: ShardContext, phase: 'batch' | 'batch-again'): Promise<readonly string[]> {
  return (await batched(context, phase)).batches;
}

async function readBatchOf(item: string, context: ShardContext, phase: 'batch' | 'batch-again'): Promise<ItemOutput> {
  const batch = await context.files.read(phase, ONE);
  return item.startsWith('renamed-') ? await readRenamed(item, batch, context) : await readRoots(item, batch, context);
}

async function readRoots(item: string, batch: ItemFound, context: ShardContext): Promise<ItemOutput> {
  const { input } = context;
  const { start } = await plannedRun(context);
  const listed: ListedRoot[] = [];
  for await (const line of batch.lines(`listed-${item}`)) listed.push(fromPlain<ListedRoot>(line));
  const recorder = new RootRecorder();
  const marked = new Map<string, readonly [number, string, boolean]>();
  const mark = (location: number, path: string, holds: boolean): void => {
    marked.set(`${location}:${path}`, [location, path, holds]);
  };
  const sweep = new RootSweep({
    ...readingOf(context),
    ...(await cacheOf(context, start)),
    objects: {
      // What of it was listed is known when the objects are asked for.
      find: () => 0,
      markHoldsRoot: (location, path) => mark(location, path, true),
      markHoldsNoRoot: (location, path) => mark(location, path, false),
    },
    reachability: recorder,
    memory: await memoryOfRoots(context, tableOfRoots(listed)),
    start,
    everywhere: null,
    earlierDirectories: new Set(),
    wait: input.wait ?? reallyWait,
    ...(context.progress === undefined ? {} : { onRootRead: context.progress.rootRead }),
  });
  const { restless } = await sweep.read(listed);
  // In a directory with roots others may be nested: what this look shows of them is for the batch of their owner, or for the
  // next look at all places.
  const owners = new Set(listed.map(ownerOfRoot));
  const recorded = recorder.recorded.filter(({ root }) => owners.has(ownerOfRoot(root)));
  const facts: BatchRead = {
    isRenamed: false,
    marked: [...marked.values()],
    parquet: sweep.parquetFiles.map(({ location, key }) => ({ location, key })),
    unread: 0,
    firstUnread: null,
  };
  return {
    facts: toPlain(facts),
    lists: {
      recorded: recordedLines(recorded, restless),
      tried: [...triedContents(listed, recorded)],
      owners: [...owners],
      ...(await askedLists(recorded, context)),
    },
  };
}

/** The contents that need no second attempt. One that was absent does, where a later listing shows it again. */
function triedContents(listed: readonly ListedRoot[], recorded: readonly RecordedRoot[]): ReadonlySet<string> {
  const tried = new Set([...listed, ...recorded.map(({ root }) => root)].map(contentId));
  for (const { root, outcome } of recorded) if (outcome.end === 'vanished') tried.delete(contentId(root));
  for (const { root, outcome } of recorded) if (outcome.end !== 'vanished') tried.add(contentId(root));
  return tried;
}

async function readRenamed(item: string, batch: ItemFound, context: ShardContext): Promise<ItemOutput> {
  const { start } = await plannedRun(context);
  const objects = new ObjectTable();
  const candidates: ObjectEntry[] = [];
  await readObjects(objects, batch.lines(`objects-${item}`), (entry) => candidates.push(entry) > 0);
  const recorder = new RootRecorder();
  const { looks, unread, firstUnread } = await readCandidates(
    {
      ...readingOf(context),
      ...(await cacheOf(context, start)),
      objects,
      reachability: recorder,
      memory: await memoryOfLooks(context, objects),
    },
    { objects: candidates.map(({ location, key }) => objects.find(location, key)), left: 0 },
  );
  const facts: BatchRead = { isRenamed: true, marked: [], parquet: [], unread, firstUnread };
  return {
    facts: toPlain(facts),
    lists: {
      recorded: recordedLines(recorder.recorded, []),
      looked: lookedAtLines({ area: context.area, objects }, looks),
      ...(await askedLists(recorder.recorded, context)),
    },
  };
}

function readingOf({ area, input }: ShardContext) {
  return {
    area,
    locations: input.locations.map(({ store }, location) => ({ location, store })),
    passed: input.passed ?? (() => performance.now()),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  };
}

async function cacheOf({ ledger }: ShardContext, start: number) {
  return ledger === null ? {} : { cache: await openRootCache(ledger, start, false) };
}

/** The roots as objects, for what the ledger knows of them. */
function tableOfRoots(listed: readonly ListedRoot[]): ObjectTable {
  const objects = new ObjectTable();
  for (const root of new Map(listed.map((each) => [`${each.location}:${each.key}`, each])).values()) objects.add(root);
  objects.seal();
  return objects;
}

/** By shard, of each folder its names that are asked for, and those of the roots themselves. */
async function askedLists(
  recorded: readonly RecordedRoot[],
  context: ShardContext,
): Promise<Record<string, Iterable<unknown>>> {
  const { shards } = await plannedRun(context);
  const map = new ShardMap(shards);
  const asked = new Map<
    number,
    Map<string, { readonly location: number; readonly path: string; readonly names: Set<string> }>
  >();
  const ask = (location: number, key: string): void => {
    const shard = map.shardOf(location, key);
    const path = key.slice(0, key.lastIndexOf('/') + 1);
    const folders = asked.get(shard) ?? new Map();
    asked.set(shard, folders);
    const id = `${location}:${path}`;
    const folder = folders.get(id) ?? { location, path, names: new Set() };
    folders.set(id, folder);
    folder.names.add(key.slice(path.length));
  };
  for (const { root, references } of recorded) {
    ask(root.location, root.key);
    for (const reference of references) {
      for (const { location, key } of askedPlaces(context.area, root, reference)) ask(location, key);
    }
  }
  return Object.fromEntries([...asked].map(([shard, folders]) => [`asked-${shard}`, nameLines(folders.values())]));
}

/** Names of one folder in one line. */
const NAMES_AT_ONCE = 1_000;

/** Keys as lines `[location, folder, name, …]`. */
export function* nameLines(
  folders: Iterable<{ readonly location: number; readonly path: string; readonly names: Iterable<string> }>,
): Generator<unknown> {
  for (const { location, path, names } of folders) {
    let line: (string | number)[] = [location, path];
    for (const name of names) {
      line.push(name);
      if (line.length === NAMES_AT_ONCE) {
        yield line;
        line = [location, path];
      }
    }
    if (line.length > 2) yield line;
  }
}

/** The keys of such lines. */
export async function* namedPlaces(
  lines: AsyncIterable<unknown>,
): AsyncGenerator<{ readonly location: number; readonly key: string }, void, undefined> {
  for await (const line of lines) {
    const [location, path, ...names] = line as readonly [number, string, ...string[]];
    for (const name of names) yield { location, key: path + name };
  }
}
