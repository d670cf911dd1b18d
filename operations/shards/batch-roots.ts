import { Liveness, type ReportedJob, type SilentCluster } from '#core/collect/liveness.ts';
import type { Memory } from '#core/collect/memory.ts';
import { ownerId } from '#core/collect/owners.ts';
import { GatheredCandidates, interestOf } from '#core/collect/renamed-root-candidates.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import { type ObjectEntry, ObjectTable } from '#core/inventory/object-table.ts';
import { batchRoots, type RootBatch } from '#core/shards/root-batches.ts';
import { askClusters } from '#operations/look/ask-clusters.ts';
import { contentId } from '#operations/look/read-root.ts';
import { MOST_CANDIDATES, MOST_LOOKS } from '#operations/look/renamed-roots.ts';
import type { ListedRoot } from '#operations/look/root-listing.ts';
import { ONE, type ShardContext } from './context.ts';
import { AddedDirectories, directoryLines, readDirectory } from './directory-lines.ts';
import { memoryOfLooks } from './memory.ts';
import { ObjectLineReader, objectLines } from './object-lines.ts';
import { fromPlain, toPlain } from './rich-json.ts';
import type { ItemOutput } from './shard-files.ts';

/** What the batches of roots are, and what the clusters say. */
export interface Batched {
  /** Their items, in order. */
  readonly batches: readonly string[];
  readonly jobs: readonly ReportedJob[];
  readonly silent: readonly SilentCluster[];
  /** Ids of owners that clusters may know as jobs. */
  readonly knownJobs: ReadonlySet<string>;
  /** Objects that may be roots under another name, and that this run may not look at. */
  readonly left: number;
}

/** Candidates in one item. */
const RENAMED_AT_ONCE = 500;

/**
 * Groups the roots that the listings have shown, all roots of one owner together, and asks the clusters. Lists: the added
 * up `directories`; of each batch its `roots-`, the `directories-` of its owners and when these were written to (`writes-`);
 * the candidates under other names as batches of their own (`renamed-`).
 *
 * @throws StoreError
 */
export async function batchListedRoots(_item: string, context: ShardContext): Promise<ItemOutput> {
  const { area, input } = context;
  const liveness = await askClusters(area, input.running ?? [], input.signal);
  const roots = await listedRoots(context, ['list', 'look']);
  const directories = await addedDirectories(context);
  const batches = batchRoots(roots);
  const renamed = await renamedBatches(context, directories);
  const ids = new Set([...directories.all()].map(({ directory }) => ownerId(directory.location, directory.class)));
  for (const { owners } of batches) for (const owner of owners) ids.add(owner);
  const names = [...batches.map((_, at) => `roots-${at}`), ...renamed.batches.map((_, at) => `renamed-${at}`)];
  const facts: Batched = {
    batches: names,
    jobs: liveness.jobs,
    silent: liveness.silent,
    knownJobs: new Set(liveness.jobs.map(({ jobId }) => jobId).filter((id) => ids.has(id))),
    left: renamed.left,
  };
  const writes = await writesOf(context);
  return {
    facts: toPlain(facts),
    lists: {
      directories: directoryLines(directories.all()),
      ...ownListsOf(batches, directories, writes, 0),
      ...Object.fromEntries(renamed.batches.map((lines, at) => [`objects-renamed-${at}`, lines])),
    },
  };
}

/**
 * The roots that were found only when all keys were listed again after the first reading, as more roots of a batch or as
 * batches of their own.
 */
export async function batchLateRoots(_item: string, context: ShardContext): Promise<ItemOutput> {
  const { files } = context;
  const before = await batched(context);
  const tried = new Set<string>();
  const batchOf = new Map<string, string>();
  for await (const { item, lines } of files.readAll('roots')) {
    for await (const line of lines('tried')) tried.add(fromPlain<string>(line));
    for await (const line of lines('owners')) batchOf.set(fromPlain<string>(line), item);
  }
  const fresh = (await listedRoots(context, ['look-again'])).filter((root) => !tried.has(contentId(root)));
  const lists: Record<string, Iterable<unknown>> = {};
  const ofOthers: ListedRoot[] = [];
  for (const { owners, roots } of batchRoots(fresh, { roots: 0, bytes: 0 })) {
    const [batch] = [...owners].flatMap((owner) => batchOf.get(owner) ?? []);
    if (batch === undefined) ofOthers.push(...roots);
    else lists[`listed-${batch}`] = [...(lists[`listed-${batch}`] ?? []), ...roots.map(toPlain)];
  }
  const directories = new AddedDirectories();
  for await (const line of (await files.read('batch', ONE)).lines('directories')) directories.add(readDirectory(line));
  const begin = before.batches.length;
  const own = batchRoots(ofOthers);
  const batches = [
    ...Object.keys(lists).map((name) => name.slice('listed-'.length)),
    ...own.map((_, at) => `roots-${begin + at}`),
  ];
  const facts: Batched = { ...before, batches };
  return {
    facts: toPlain(facts),
    lists: { ...lists, ...ownListsOf(own, directories, own.length === 0 ? new Map() : await writesOf(context), begin) },
  };
}

/** The facts of either phase. */
export async function batched({ files }: ShardContext, phase: 'batch' | 'batch-again' = 'batch'): Promise<Batched> {
  return fromPlain<Batched>((await files.read(phase, ONE)).facts);
}

/** What the clusters said; who owns something is known for the whole area. */
export function livenessOf({ area }: Pick<ShardContext, 'area'>, { jobs, silent, knownJobs }: Batched): Liveness {
  return new (class extends Liveness {
    override runningFor(owners: ReadonlySet<string>) {
      return super.runningFor(new Set([...owners, ...knownJobs]));
    }
  })(area, jobs, silent);
}

async function listedRoots({ files }: ShardContext, phases: readonly string[]): Promise<readonly ListedRoot[]> {
  const roots = new Map<string, ListedRoot>();
  for (const phase of phases) {
    for await (const { lines } of files.readAll(phase)) {
      for await (const line of lines('roots')) {
        const root = fromPlain<ListedRoot>(line);
        const id = contentId(root);
        if (!roots.has(id)) roots.set(id, root);
      }
    }
  }
  return [...roots.values()];
}

async function addedDirectories({ files }: ShardContext): Promise<AddedDirectories> {
  const directories = new AddedDirectories();
  for await (const { lines } of files.readAll('list')) {
    for await (const line of lines('directories')) directories.add(readDirectory(line));
  }
  return directories;
}

/** When each job was written to. */
async function writesOf({ files }: ShardContext): Promise<ReadonlyMap<string, readonly number[]>> {
  const writes = new Map<string, number[]>();
  for await (const { lines } of files.readAll('list')) {
    for await (const line of lines('writes')) {
      const [job, times] = fromPlain<readonly [string, readonly number[]]>(line);
      const known = writes.get(job) ?? [];
      writes.set(job, known);
      known.push(...times);
    }
  }
  return writes;
}

function ownListsOf(
  batches: readonly RootBatch<ListedRoot>[],
  directories: AddedDirectories,
  writes: ReadonlyMap<string, readonly number[]>,
  begin: number,
): Record<string, Iterable<unknown>> {
  const batchOf = new Map(batches.flatMap(({ owners }, at) => [...owners].map((owner) => [owner, at] as const)));
  const ofBatches = batches.map(() => new AddedDirectories());
  for (const sums of directories.all()) {
    const { location, class: itsClass } = sums.directory;
    ofBatches[batchOf.get(ownerId(location, itsClass)) ?? -1]?.add(sums);
  }
  return Object.fromEntries(
    batches.flatMap(({ owners, roots }, at) => [
      [`listed-roots-${begin + at}`, roots.map(toPlain)],
      [`directories-roots-${begin + at}`, directoryLines(ofBatches[at]?.all() ?? [])],
      [
        `writes-roots-${begin + at}`,
        [...owners].flatMap((owner) => (writes.has(owner) ? [toPlain([owner, writes.get(owner)])] : [])),
      ],
    ]),
  );
}

/** The candidates that this run looks at, as lines of so many. */
async function renamedBatches(
  context: ShardContext,
  directories: AddedDirectories,
): Promise<{ readonly batches: readonly Iterable<unknown>[]; readonly left: number }> {
  const gathered = new GatheredCandidates<ObjectEntry>(MOST_CANDIDATES);
  for await (const { lines } of context.files.readAll('list')) {
    const reader = new ObjectLineReader();
    for await (const line of lines('candidates')) {
      const entry = reader.read(line);
      if (entry === null) continue;
      const { location, key } = entry;
      const path = key.slice(0, key.lastIndexOf('/') + 1);
      const directory = { location, path, class: classifyDirectory(path) };
      const holdsFiles = directories.get(directory)?.holdsFlinkFiles === true;
      gathered.add(entry, interestOf(directory, key.slice(path.length), holdsFiles));
    }
  }
  const { found, left } = gathered.end();
  const looks = tableOf(found);
  const memory = await memoryOfLooks(context, looks);
  const lookOf = ({ location, key }: ObjectEntry): ReturnType<Memory['lookedAt']> =>
    memory.lookedAt(looks.find(location, key));
  const known = found.filter((entry) => lookOf(entry) === 'flink');
  const unread = found.filter((entry) => lookOf(entry) === 'unread');
  const asked = [...found.filter((entry) => lookOf(entry) === null), ...unread];
  const meant = [...known, ...asked.slice(0, MOST_LOOKS)];
  const batches = Array.from({ length: Math.ceil(meant.length / RENAMED_AT_ONCE) }, (_, at) =>
    inOrder(looks, meant.slice(at * RENAMED_AT_ONCE, (at + 1) * RENAMED_AT_ONCE)),
  );
  return { batches, left: left + Math.max(0, asked.length - MOST_LOOKS) };
}

/** In the order in which they are looked at. */
function inOrder(objects: ObjectTable, some: readonly ObjectEntry[]): Iterable<unknown> {
  return objectLines(
    objects,
    some.map(({ location, key }) => objects.find(location, key)),
  );
}

function tableOf(entries: readonly ObjectEntry[]): ObjectTable {
  const objects = new ObjectTable();
  for (const entry of entries) objects.add(entry);
  objects.seal();
  return objects;
}
