import { createHash, type Hash } from 'node:crypto';
import type { Memory } from '#core/collect/memory.ts';
import { type Root, type RootFailure, unreadRoot } from '#core/collect/roots.ts';
import { comparableEtag } from '#core/etag.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import type { FileReference, MetadataSummary, MetadataVisitor } from '#core/flink/metadata/model.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';
import { unlessParquet } from './parquet-file.ts';
import { type ContentInput, openRoot, type RootContent } from './root-content.ts';
import type { ListedRoot } from './root-listing.ts';

/** Takes what a root references, as it is read. */
export interface BegunReading extends Pick<MetadataVisitor, 'folder' | 'fileOfFolder'> {
  reference(reference: FileReference): void;
  /** The root was read to its last byte. */
  complete(summary: MetadataSummary): void;
  /** It could not be read to its end. */
  fail(failure: RootFailure): void;
  /** It was gone (404) when it was to be read. */
  vanish(): void;
}

/** Marks what roots reference, or remembers it. */
export interface RootMarker {
  begin(root: Root): BegunReading;
}

/** What reading a root takes. */
export interface ReadInput extends ContentInput {
  readonly objects: Pick<ObjectTable, 'find' | 'markHoldsRoot' | 'markHoldsNoRoot'>;
  readonly reachability: RootMarker;
  /** When the listing of all objects began, epoch milliseconds by the store's clock. */
  readonly start: number;
  readonly memory: Memory;
}

/** A listed root, and what came of the attempt to read it. */
export interface Attempt {
  readonly listed: ListedRoot;
  /** What was read, or could not be; of another content than the listed one where `missed` says so. */
  readonly root: Root;
  /** False where that very content had been read before: then its marks are there, and the root is known. */
  readonly isNews: boolean;
  /** Whether the content that was read is a Parquet file: then the object is no root. */
  readonly isParquet: boolean;
  /** Why the listed content was not read; null if it was read, or is known to be unreadable. */
  readonly missed: Missed | null;
}

/** Why a listed root could not be read as it was listed. */
export type Missed =
  /** The store says that there is no such object. */
  | { readonly how: 'absent' }
  /** The store gave a content with this ETag in its place. */
  | { readonly how: 'other-content'; readonly etag: string };

/**
 * Reads a root, and marks every file that it references.
 *
 * The ETag of what is read is held against the listed one: a cache, a replica that lags, an endpoint of several regions
 * may give an older content than the listing shows, and what the newer one names would be nobody's. A root that was
 * read protects the files that it references in any case.
 *
 * @param isNews whether a content is to be read; told once for each.
 */
export async function readRoot(
  input: ReadInput,
  store: ObjectStore,
  listed: ListedRoot,
  isNews: (content: ListedRoot) => boolean,
): Promise<Attempt> {
  const expected = rootOf(input, listed);
  let content: RootContent | null;
  try {
    content = await openRoot(input, store, listed, expected.completed);
  } catch (error) {
    input.signal?.throwIfAborted();
    input.reachability.begin(expected).fail(asFailure(error));
    return { listed, root: expected, isNews: true, isParquet: false, missed: null };
  }
  if (content === null) {
    input.reachability.begin(expected).vanish();
    return { listed, root: expected, isNews: true, isParquet: false, missed: { how: 'absent' } };
  }
  const { etag, bytes, modified } = content;
  const isListed = comparableEtag(etag) === comparableEtag(listed.etag);
  const found = isListed ? listed : { ...listed, etag, bytes, modified };
  const missed: Missed | null = isListed ? null : { how: 'other-content', etag };
  const root = isListed ? expected : rootOf(input, found);
  if (!isNews(found)) {
    await content.discard();
    return { listed, root, isNews: false, isParquet: false, missed };
  }
  const isParquet = (await parse(input, root, content)) === 'parquet';
  return { listed, root, isNews: !isParquet, isParquet, missed };
}

/** Counts a root as unreadable for a reason that became clear only after all attempts. */
export function giveUp(input: ReadInput, listed: ListedRoot, sentence: string): Root {
  const root = rootOf(input, listed);
  input.reachability.begin(root).fail({ sentence, fault: 'access' });
  return root;
}

/** One content of one root. */
export function contentId({ location, key, etag }: Pick<ListedRoot, 'location' | 'key' | 'etag'>): string {
  return `${location}:${key}\n${comparableEtag(etag)}`;
}

async function parse(input: ReadInput, root: Root, content: RootContent): Promise<'root' | 'parquet'> {
  const { objects, reachability, signal } = input;
  let found: AsyncIterable<Uint8Array> | null;
  try {
    found = await unlessParquet(content.chunks);
  } catch (error) {
    signal?.throwIfAborted();
    objects.markHoldsRoot(root.location, root.directory);
    reachability.begin(root).fail(asFailure(error));
    return 'root';
  }
  if (found === null) {
    objects.markHoldsNoRoot(root.location, root.directory);
    return 'parquet';
  }
  objects.markHoldsRoot(root.location, root.directory);
  const reading = reachability.begin(root);
  try {
    const hash = createHash('sha256');
    const chunks = hashed(found, hash);
    reading.complete(await readMetadata(chunks, reading, { fileBytes: content.bytes }));
    root.content = hash.digest('hex');
    // Without a file the content tells nothing: of a job without state that began anew it is the same again.
    if (root.objects.size > 0) {
      root.completed = Math.min(root.completed, completedBefore(input.memory, root));
    }
  } catch (error) {
    signal?.throwIfAborted();
    reading.fail(asFailure(error));
  }
  return 'root';
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/**
 * When an earlier run saw this content at this place complete; Infinity where none did. By the content, since a copy by
 * other means than Flink's has another ETag.
 */
export function completedBefore(
  memory: Pick<Memory, 'remembered'>,
  { location, directory, class: { base }, content }: Root,
): number {
  const name = directory.slice(base.length).replace(/\/$/, '');
  const known = memory
    .remembered(location, base)
    ?.roots.filter((root) => root.name === name && root.content === content);
  return Math.min(...(known ?? []).map(({ completed }) => completed));
}

/** Only a definite absence is absence. Whatever else went wrong, the root exists and its references are unknown. */
function asFailure(error: unknown): RootFailure {
  if (!(error instanceof StoreError || error instanceof MetadataError)) {
    throw error;
  }
  // The sentence is put into the middle of a longer one.
  const sentence = error.message.replace(/\.$/, '');
  if (error instanceof MetadataError) {
    return { sentence, fault: 'contents' };
  }
  return { sentence, fault: error.code === 'archived' ? 'archived' : 'access' };
}

function rootOf(
  { area, objects, memory, start }: ReadInput,
  { location, key, etag, bytes, modified }: ListedRoot,
): Root {
  const object = objects.find(location, key);
  const url = area.url(location, key);
  // One that was put back was complete long before, and takes its old place in the order.
  const completed = memory.completionOf(url, etag) ?? modified;
  const late = object < 0 || modified >= start;
  const writtenOff = memory.isWrittenOff(url, etag);
  return unreadRoot({ location, key, etag, bytes, completed, object, late, writtenOff });
}
