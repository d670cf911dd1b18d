import { type Owner, ownerId } from '#core/collect/owners.ts';
import type { NameMatch } from '#core/collect/reachability.ts';
import type { Root } from '#core/collect/roots.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import { ObjectSet } from '#core/inventory/object-set.ts';
import { type ObjectEntry, ObjectTable } from '#core/inventory/object-table.ts';
import type { ShardContext } from './context.ts';
import { readObjects } from './object-lines.ts';
import type { DanglingLine, LaggingLine, OwnerOfBatch, RenamedLine, RootLine } from './resolved-lines.ts';
import { fromPlain } from './rich-json.ts';

/** All roots of an area, put together from their batches; of what they reference only the owners are known. */
export interface ResolvedRoots {
  readonly roots: Root[];
  /** By root, the ids of those in whose directories it references an object. */
  readonly names: Map<Root, readonly string[]>;
  readonly unsettled: Root[];
  /** Those that have roots. */
  readonly owners: Owner[];
  readonly renamed: RenamedLine[];
  readonly lagging: { readonly job: string; readonly copy: Root; readonly original: Root }[];
  /** By the name of the file that is missing. */
  readonly dangling: Map<string, { readonly root: Root; readonly resolved: string; readonly within: string }[]>;
}

/** Of a root, by its batch and its number there, what it references of the objects that are noted. */
export type FilesOfRoot = (batch: string, root: number) => ObjectSet;

/**
 * @param noted the objects that roots tell of by their numbers.
 * @param filesOf where the roots themselves are noted, too. @default they reference none
 * @throws LostPartError, StoreError
 */
export async function resolvedRoots(
  { files }: ShardContext,
  noted: ObjectTable,
  filesOf: FilesOfRoot | null = null,
): Promise<ResolvedRoots> {
  const found: ResolvedRoots = {
    roots: [],
    names: new Map(),
    unsettled: [],
    owners: [],
    renamed: [],
    lagging: [],
    dangling: new Map(),
  };
  for await (const { item, lines } of files.readAll('resolve')) {
    const roots: Root[] = [];
    const numbered = (number: number): Root => {
      const root = roots[number];
      /* v8 ignore next -- a batch tells of its own roots */
      if (root === undefined) throw new RangeError(`No root ${number} in its batch.`);
      return root;
    };
    for await (const line of lines('roots')) {
      const { root, isUnsettled, names } = rootOf(fromPlain<PlainRootLine>(line), noted, filesOf?.(item, roots.length));
      roots.push(root);
      found.names.set(root, names);
      if (isUnsettled) found.unsettled.push(root);
    }
    for await (const line of lines('dangling')) {
      const { name, root, resolved, within } = fromPlain<DanglingLine>(line);
      const known = found.dangling.get(name) ?? [];
      found.dangling.set(name, known);
      known.push({ root: numbered(root), resolved, within });
    }
    for await (const line of lines('owners')) {
      const owner = fromPlain<OwnerOfBatch>(line);
      const formerRuns = owner.formerRuns.map((run) => ({ ...run, roots: new Set(run.roots.map(numbered)) }));
      const its = roots.filter((root) => ownerId(root.location, root.class) === owner.id);
      found.owners.push({ ...owner, roots: its, formerRuns });
    }
    for await (const line of lines('lagging')) {
      const { job, copy, original } = fromPlain<LaggingLine>(line);
      found.lagging.push({ job, copy: numbered(copy), original: numbered(original) });
    }
    for await (const line of lines('others')) found.renamed.push(fromPlain<RenamedLine>(line));
    for (const root of roots) found.roots.push(root);
  }
  return found;
}

/**
 * Objects with the names of files that are missing or have another size, and those that roots reference though they are no
 * files; sealed.
 *
 * @param others that are to be in the table as well.
 */
export async function notedObjects({ files }: ShardContext, others: Iterable<ObjectEntry> = []): Promise<ObjectTable> {
  const noted = new ObjectTable();
  const known = new Set<string>();
  const isNew = ({ location, key }: Pick<ObjectEntry, 'location' | 'key'>): boolean => {
    const before = known.size;
    return known.add(`${location}:${key}`).size > before;
  };
  for await (const { lines } of files.readAll('mark')) {
    await readObjects(noted, lines('matches'), isNew);
    await readObjects(noted, lines('namesakes'), isNew);
  }
  for await (const { lines } of files.readAll('resolve')) await readObjects(noted, lines('linked'), isNew);
  for (const entry of others) if (isNew(entry)) noted.add(entry);
  noted.seal();
  return noted;
}

/** The references out of the area to files whose name a file of it has; and which missing files are elsewhere in it. */
export function matchNames({ dangling }: ResolvedRoots, noted: ObjectTable): readonly NameMatch[] {
  const misplaced: NameMatch[] = [];
  for (const object of noted.withBaseName(new Set(dangling.keys()))) {
    /* v8 ignore next -- only objects with such a name are found */
    for (const { root, resolved, within } of dangling.get(noted.name(object)) ?? []) {
      if (within === 'elsewhere') misplaced.push({ root, resolved, object });
      else if (within === 'area' && root.foundElsewhere < 0) root.foundElsewhere = object;
    }
  }
  return misplaced;
}

/** A root with the place of what it references though it is no file, in place of its number. */
type PlainRootLine = Omit<RootLine, 'root'> & {
  readonly root: Omit<Root, 'linked'> & { readonly linked: { readonly location: number; readonly key: string } | null };
};

function rootOf({ root, ...line }: PlainRootLine, noted: ObjectTable, objects?: ObjectSet): RootLine {
  const isNoted = objects !== undefined && root.object >= 0;
  const directory = root.key.slice(0, root.key.lastIndexOf('/') + 1);
  return {
    ...line,
    root: {
      ...root,
      directory,
      class: classifyDirectory(directory),
      object: isNoted ? noted.find(root.location, root.key) : root.object,
      objects: objects ?? ObjectSet.EMPTY,
      linked: root.linked === null ? -1 : noted.find(root.linked.location, root.linked.key),
    },
  };
}
