import { Writes } from '#core/collect/former-runs.ts';
import { interestOf, isReadable } from '#core/collect/renamed-root-candidates.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { type DirectorySums, sumDirectories } from '#core/shards/directory-sums.ts';
import type { Shard } from '#core/shards/key-ranges.ts';
import { markArchiveTiers } from '#operations/look/archive-tiers.ts';
import { type Listed, type ListedRange, listObjects } from '#operations/look/list-objects.ts';
import { plannedRun, type ShardContext } from './context.ts';
import { directoryLines } from './directory-lines.ts';
import { everyObject, objectLines } from './object-lines.ts';
import { toPlain } from './rich-json.ts';
import type { ItemOutput } from './shard-files.ts';

/** What the listing of a shard tells besides its lists. */
export interface ShardListed extends Pick<Listed, 'hidden' | 'markers'> {
  readonly objects: number;
  /** What could not be learnt of archive tiers, in sentences. */
  readonly archives: readonly string[];
}

/**
 * Lists all objects of a shard. Lists: `objects` in order; `directories`; `roots` as they were listed; `writes`, when the
 * objects of each job were written; `candidates` that may be roots under another name.
 *
 * @throws StoreError
 */
export async function listShard(item: string, context: ShardContext): Promise<ItemOutput> {
  const { area, input } = context;
  const { start, shards } = await plannedRun(context);
  const shard = shards[Number(item)] ?? [];
  const ranges = rangesOf(shard, context);
  const { objects, listedRoots, hidden, markers } = await listObjects(area, ranges, {
    signal: input.signal,
    ...(context.progress === undefined ? {} : { onPage: context.progress.listed }),
  });
  const locations = input.locations.map(({ store }, location) => ({ location, store }));
  const archives = await markArchiveTiers(area, objects, locations, start, input.signal);
  const directories = sumDirectories(objects);
  const facts: ShardListed = { objects: objects.size, hidden, markers, archives };
  return {
    facts,
    lists: {
      objects: objectLines(objects),
      directories: directoryLines(directories.values()),
      roots: listedRoots.map(toPlain),
      writes: writeLines(objects, input.settings.deadAfter),
      candidates: objectLines(objects, candidates(objects, directories, shard)),
    },
  };
}

/** The ranges of a shard with their stores. */
export function rangesOf(shard: Shard, { input }: ShardContext): readonly ListedRange[] {
  return shard.flatMap((range) => {
    const store = input.locations[range.location]?.store;
    return store === undefined ? [] : { ...range, store };
  });
}

/** Of each job its id and the times of `Writes`. Of others nobody asks when they were written to. */
function* writeLines(objects: ObjectTable, deadAfter: number): Generator<readonly [string, unknown]> {
  const writes = new Map<string, Writes>();
  for (const object of everyObject(objects)) {
    const { job } = objects.directory(object).class;
    if (job === null) continue;
    const known = writes.get(job) ?? new Writes(deadAfter);
    writes.set(job, known);
    known.add(objects.modified(object));
  }
  for (const [job, itsWrites] of writes) yield [job, toPlain([...itsWrites.times()])];
}

/**
 * The objects that may be roots under another name. Of a directory that goes on in another shard it is not known yet
 * whether files of Flink's lie in it, so all in it that have an unknown name are among them.
 */
function* candidates(
  objects: ObjectTable,
  directories: ReadonlyMap<number, DirectorySums>,
  shard: Shard,
): Generator<number> {
  const shared = (location: number, path: string): boolean =>
    shard.some(
      (range) =>
        range.location === location &&
        (range.after?.startsWith(path) === true || range.until?.startsWith(path) === true),
    );
  for (const object of everyObject(objects)) {
    if (objects.hasUuidName(object) || objects.kind(object) !== 'unknown' || !isReadable(objects, object)) continue;
    const directory = objects.directory(object);
    const holdsFiles = directories.get(objects.directoryId(object))?.holdsFlinkFiles === true;
    const interest = interestOf(directory, objects.name(object), holdsFiles);
    if (interest !== null || shared(directory.location, directory.path)) yield object;
  }
}
