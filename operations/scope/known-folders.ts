import pMap from 'p-map';
import { checkpointNumber, isJobId, METADATA_NAME } from '#core/flink/names.ts';
import { folderAbove, type OutsideRoot, rootFolderOf } from '#core/scope/outside-root.ts';
import { isRootKey } from '#operations/look/root-listing.ts';
import { type ListedObject, StoreError } from '#ports/object-store.ts';
import { isInside } from './outside-part.ts';
import { readListed } from './read-listed.ts';
import type { OutsideInput } from './read-outside-root.ts';

/**
 * Lists again the folders in which outside roots were found, and the folders above them: between two whole passes new
 * checkpoints are completed there, and new job directories and savepoints are made beside them.
 */

const MOST_ROUNDS = 5;
const FOLDERS_AT_ONCE = 16;
/**
 * A folder with more children can't be looked through in every run. Jobs that are deployed often under new ids leave
 * thousands of directories side by side, and one request for each is cheaper than one lost file.
 */
const MOST_CHILDREN = 10_000;

/** The outside roots of now, and the folders that hold them. */
export interface KnownFolders {
  readonly roots: readonly OutsideRoot[];
  readonly folders: readonly string[];
}

/**
 * @param known as the last run left it. A root that is still there with the same content is not read again.
 * @throws StoreError where a folder can't be listed: then the roots of now are not known.
 */
export async function checkKnownFolders(input: OutsideInput, known: KnownFolders): Promise<KnownFolders> {
  if (known.folders.length === 0) return { roots: [], folders: [] };
  const beside = await foldersBeside(input, known.folders);
  const isKnown = new Set(known.folders);
  const prefixes = rolesIn(input.part.base, known.roots);
  const others = [...new Set(beside)].filter((folder) => !isKnown.has(folder) && !isInside(input.part, folder));
  let roots = known.roots;
  let listed = await listRootsOf(input, [
    ...known.folders.flatMap((folder) => [...(prefixes.get(folder) ?? rootPrefixes(folder))]),
    // Beside the known ones a job directory holds nothing but checkpoints.
    ...others.flatMap((folder) => (isJobId(nameOf(folder)) ? [`${folder}chk-`] : rootPrefixes(folder))),
  ]);
  const isSeen = new Set(listed.map(({ key }) => `${input.part.base}${key}`));
  const unlisted = await lookAtUnlisted(
    input,
    known.roots.filter(({ key }) => !isSeen.has(key)),
  );
  listed = [...listed, ...unlisted.there];
  let vanished: readonly ListedObject[] = [];
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const outcome = await readListed(input, listed, roots);
    const isListed = new Set(listed.map(({ key }) => `${input.part.base}${key}`));
    // In the first round what is not listed any more has gone; later rounds look at a part only.
    const gone = round === 1 ? known.roots.filter(({ key }) => !isListed.has(key) && !unlisted.unknown.has(key)) : [];
    const isGone = new Set(gone.map(({ key }) => key));
    roots = outcome.roots.filter(({ key }) => !isGone.has(key));
    vanished = outcome.vanished;
    // Flink deletes a checkpoint only when a newer one is complete, so its folder shows another one. `chk-10` is listed
    // before `chk-9`: this listing may have passed the place of the new one before it was there.
    const moved = new Set([
      ...vanished.map(({ key }) => rootFolderOf(key)),
      ...gone.map(({ key }) => rootFolderOf(key.slice(input.part.base.length))),
    ]);
    if (moved.size === 0) break;
    listed = await listRootsOf(input, [...moved].flatMap(rootPrefixes));
  }
  const lost = vanished.map(({ key, etag }): OutsideRoot => {
    const sentence = 'it was listed, but each time it no longer existed when it was to be read';
    return { key: `${input.part.base}${key}`, etag, files: 0, first: null, failure: { fault: 'access', sentence } };
  });
  const held = [...roots, ...lost].map(({ key }) => rootFolderOf(key.slice(input.part.base.length)));
  return { roots: [...roots, ...lost], folders: [...new Set([...known.folders, ...held])] };
}

/**
 * Known roots that a listing does not show. Where it left something out, because a folder may not be read or there are
 * too many entries, that is no absence: only the root itself can tell.
 */
async function lookAtUnlisted(
  { part, signal }: OutsideInput,
  roots: readonly OutsideRoot[],
): Promise<{ readonly there: readonly ListedObject[]; readonly unknown: ReadonlySet<string> }> {
  const there: ListedObject[] = [];
  const unknown = new Set<string>();
  const leavesOut = (part.leftOut?.() ?? []).length > 0;
  await pMap(
    leavesOut ? roots : [],
    async ({ key: whole }) => {
      const key = whole.slice(part.base.length);
      try {
        const outcome = await part.reader.read(key, { from: 0, to: 0, ...(signal === undefined ? {} : { signal }) });
        if (!outcome.found) return;
        await outcome.chunks[Symbol.asyncIterator]().return?.();
        there.push({ key, etag: outcome.etag, bytes: outcome.bytes, modified: outcome.modified });
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof StoreError)) throw error;
        unknown.add(whole);
      }
    },
    { concurrency: FOLDERS_AT_ONCE },
  );
  return { there, unknown };
}

/** The folders beside those with roots, and the folders above: each may hold a root that is new. */
async function foldersBeside({ part, signal }: OutsideInput, folders: readonly string[]): Promise<readonly string[]> {
  const above = new Set(folders.flatMap((folder) => folderAbove(folder) ?? []));
  const beside = await pMap(
    above,
    async (parent) => {
      const children: string[] = [];
      for await (const page of part.reader.children(parent, signal === undefined ? {} : { signal })) {
        children.push(...page.folders);
        if (children.length > MOST_CHILDREN) return [parent];
      }
      return [parent, ...children.filter((child) => checkpointNumber(nameOf(child)) === null)];
    },
    { concurrency: FOLDERS_AT_ONCE },
  );
  return beside.flat();
}

async function listRootsOf(
  { part, signal }: OutsideInput,
  prefixes: readonly string[],
): Promise<readonly ListedObject[]> {
  const found = await pMap(
    prefixes,
    async (prefix) => {
      const roots: ListedObject[] = [];
      for await (const page of part.reader.list({ prefix }, signal === undefined ? {} : { signal })) {
        roots.push(...[...page].filter(({ key, special }) => special === undefined && isRootKey(key)));
      }
      return roots;
    },
    { concurrency: FOLDERS_AT_ONCE },
  );
  return found.flat().filter(({ key }) => !isInside(part, key));
}

/**
 * By what prefixes the roots of a folder are listed: beside checkpoints there are only checkpoints, and a savepoint is alone.
 * Folders that held nothing in the end are in it not.
 */
function rolesIn(base: string, roots: readonly OutsideRoot[]): ReadonlyMap<string, ReadonlySet<string>> {
  const roles = new Map<string, Set<string>>();
  for (const { key } of roots) {
    const own = key.slice(base.length);
    const folder = rootFolderOf(own);
    const prefix = own === `${folder}${METADATA_NAME}` ? own : `${folder}chk-`;
    roles.set(folder, (roles.get(folder) ?? new Set()).add(prefix));
  }
  return roles;
}

function rootPrefixes(folder: string): readonly string[] {
  return [`${folder}chk-`, `${folder}${METADATA_NAME}`];
}

function nameOf(folder: string): string {
  return folder.slice(0, -1).split('/').at(-1) ?? '';
}
