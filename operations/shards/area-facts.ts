import type { HiddenEntry } from '#core/collect/decidability.ts';
import type { Memory } from '#core/collect/memory.ts';
import type { Root } from '#core/collect/roots.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import type { Directory } from '#core/inventory/object-table.ts';
import { directoryId, directoryOf } from '#operations/look/held-directories.ts';
import type { ListedMarker } from '#operations/look/list-objects.ts';
import { directoryIds } from '#operations/look/survey.ts';
import { READINGS } from './answer-shard.ts';
import { earlierDirectories, type ShardContext } from './context.ts';
import type { AddedDirectories } from './directory-lines.ts';
import type { ShardListed } from './list-shard.ts';
import { ObjectLineReader } from './object-lines.ts';
import type { BatchRead } from './read-batch.ts';
import { fromPlain } from './rich-json.ts';

/** What the phases before have left about the whole area, besides its roots. */

/** What was looked into. */
export interface LookedInto {
  /** By directory, whether it holds a root. */
  readonly marked: ReadonlyMap<string, boolean>;
  /** By directory, the whole key of what has the name of a root and is a Parquet file. */
  readonly parquet: ReadonlyMap<string, { readonly location: number; readonly key: string }>;
}

/** What the reading of roots has shown of directories. @throws LostPartError, StoreError */
export async function lookedInto({ files }: ShardContext): Promise<LookedInto> {
  const marked = new Map<string, boolean>();
  const parquet = new Map<string, { readonly location: number; readonly key: string }>();
  for (const phase of READINGS) {
    for await (const { facts } of files.readAll(phase)) {
      const read = fromPlain<BatchRead>(facts);
      for (const [location, path, holds] of read.marked) marked.set(directoryId(location, path), holds);
      for (const { location, key } of read.parquet) {
        parquet.set(directoryId(location, key.slice(0, key.lastIndexOf('/') + 1)), { location, key });
      }
    }
  }
  return { marked, parquet };
}

/** Those in which something was listed, and those in which only a root was found. */
export function* allDirectories(added: AddedDirectories, marked: ReadonlyMap<string, boolean>): Generator<Directory> {
  for (const { directory } of added.all()) yield directory;
  for (const id of marked.keys()) {
    const { location, path } = directoryOf(id);
    const directory = { location, path, class: classifyDirectory(path) };
    if (added.get(directory) === undefined) yield directory;
  }
}

/** Ids of jobs of which a root references a file, or misses one that lies in their directories under its name. */
export async function namedJobs({ files }: ShardContext): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  for await (const { lines } of files.readAll('resolve')) {
    for await (const line of lines('named')) named.add(fromPlain<string>(line));
  }
  for await (const { lines } of files.readAll('mark')) {
    const reader = new ObjectLineReader();
    for await (const line of lines('missed')) {
      const key = reader.read(line)?.key;
      const job = key === undefined ? null : classifyDirectory(key.slice(0, key.lastIndexOf('/') + 1)).job;
      if (job !== null) named.add(job);
    }
  }
  return named;
}

/** URLs of directories that held a root in the last run, and in which this one could read none. */
export async function lostDirectories(
  context: ShardContext,
  roots: readonly Root[],
  parquet: LookedInto['parquet'],
  memory: Pick<Memory, 'remembered'>,
): Promise<readonly string[]> {
  const { area } = context;
  const read = new Set(
    roots
      .filter(({ state }) => state !== 'vanished')
      .map(({ location, directory, class: { role, base } }) =>
        directoryId(location, role === 'checkpoint' ? base : directory),
      ),
  );
  const heldCheckpoints = (id: string): boolean => {
    const { location, path } = directoryOf(id);
    return memory.remembered(location, path)?.roots.some(({ name }) => name !== '') ?? false;
  };
  return (
    [...directoryIds(area, await earlierDirectories(context))]
      .filter((id) => !read.has(id))
      // A Parquet file says nothing of checkpoints that were there. Else an earlier run took that very file for a root.
      .filter((id) => !parquet.has(id) || heldCheckpoints(id))
      .map((id) => area.url(directoryOf(id).location, directoryOf(id).path))
  );
}

/** The steward's markers below the locations. */
export async function listedMarkers({ files }: ShardContext): Promise<readonly ListedMarker[]> {
  const markers: ListedMarker[] = [];
  for await (const { facts } of files.readAll('list')) markers.push(...(facts as ShardListed).markers);
  return markers;
}

/** Entries of directories that were not followed. */
export async function hiddenEntries({ files }: ShardContext): Promise<readonly HiddenEntry[]> {
  const hidden: HiddenEntry[] = [];
  for await (const { facts } of files.readAll('list')) hidden.push(...(facts as ShardListed).hidden);
  return hidden;
}
