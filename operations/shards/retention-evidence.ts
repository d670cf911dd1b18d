import type { Liveness } from '#core/collect/liveness.ts';
import { type Owner, Owners } from '#core/collect/owners.ts';
import { ObjectSet } from '#core/inventory/object-set.ts';
import type { Directory, ObjectEntry, ObjectTable } from '#core/inventory/object-table.ts';
import type { RetentionEvidence } from '#core/retention/evidence.ts';
import { protectedIn } from '#operations/look/survey.ts';
import { allDirectories, lookedInto } from './area-facts.ts';
import { batched, livenessOf } from './batch-roots.ts';
import { ONE, plannedRun, type ShardContext } from './context.ts';
import { AddedDirectories, readDirectory } from './directory-lines.ts';
import type { GatheredEvidence } from './gather-evidence.ts';
import { memoryOfRoots } from './memory.ts';
import { ObjectLineReader } from './object-lines.ts';
import { type FilesOfRoot, matchNames, notedObjects, resolvedRoots } from './resolved-roots.ts';
import { fromPlain } from './rich-json.ts';

/** What retention looks at where the area was read in shards. */
export interface RetentionOfShards extends RetentionEvidence {
  readonly liveness: Liveness;
  /** The roots, and what is asked of the objects that they reference. */
  readonly table: ObjectTable;
}

/** Puts together what retention asks of all roots of the area. It grows with them, not with the objects. */
export async function retentionEvidence(context: ShardContext): Promise<RetentionOfShards> {
  const { area, files, input } = context;
  const { start } = await plannedRun(context);
  const gathered = await files.read('gather', ONE);
  const { undecidable } = fromPlain<GatheredEvidence>(gathered.facts);
  const { table, filesOf } = await filesOfRoots(context);
  const found = await resolvedRoots(context, table, filesOf);
  const byName = new Set(table.withBaseName(new Set(found.dangling.keys())));
  matchNames(found, table);
  const rootless: Owner[] = [];
  for await (const line of gathered.lines('owners')) rootless.push(fromPlain<Owner>(line));
  const directories = await directoriesOf(context);
  return {
    start,
    settings: input.settings,
    area,
    undecidable,
    table,
    liveness: livenessOf(context, await batched(context)),
    memory: await memoryOfRoots(context, table),
    owners: new Owners([], new Map([...found.owners, ...rootless].map((owner) => [owner.id, owner]))),
    reachability: { roots: found.roots, isKeptByName: (object) => byName.has(object) },
    objects: {
      etag: (object) => table.etag(object),
      modified: (object) => table.modified(object),
      directory: (object) => table.directory(object),
      directoryId: (object) => table.directoryId(object),
      directories: () => directories,
    },
    isProtected: protectedIn(area, table, input.protects),
  };
}

/** The objects that `root-files` has found, and which of them each root references. */
async function filesOfRoots(
  context: ShardContext,
): Promise<{ readonly table: ObjectTable; readonly filesOf: FilesOfRoot }> {
  const entries: ObjectEntry[] = [];
  const byBatch = new Map<string, { readonly from: number; readonly files: readonly (readonly number[])[] }>();
  for await (const { item, lines } of context.files.readAll('root-files')) {
    const from = entries.length;
    const reader = new ObjectLineReader();
    for await (const line of lines('objects')) {
      const entry = reader.read(line);
      if (entry !== null) entries.push(entry);
    }
    const files: (readonly number[])[] = [];
    for await (const line of lines('files')) files.push(line as readonly number[]);
    byBatch.set(item, { from, files });
  }
  const table = await notedObjects(context, entries);
  return {
    table,
    filesOf: (batch, root) => {
      const its = byBatch.get(batch);
      const numbers = (its?.files[root] ?? []).flatMap((place) => {
        const entry = entries[(its?.from ?? 0) + place];
        /* v8 ignore next -- a batch tells of its own objects */
        return entry === undefined ? [] : [table.find(entry.location, entry.key)];
      });
      return ObjectSet.of(...numbers);
    },
  };
}

async function directoriesOf(context: ShardContext): Promise<readonly Directory[]> {
  const added = new AddedDirectories();
  for await (const line of (await context.files.read('batch', ONE)).lines('directories'))
    added.add(readDirectory(line));
  const { marked } = await lookedInto(context);
  return [...allDirectories(added, marked)];
}
