import { type Root, type RootFailure, unreadRoot } from '#core/collect/roots.ts';
import type { FileReference, MetadataSummary } from '#core/flink/metadata/model.ts';
import type { BegunReading, RootMarker } from '#operations/look/read-root.ts';
import { fromPlain, toPlain } from './rich-json.ts';

/**
 * Roots as they were read, with all that they reference: what was told to a reading can be told to another one, which
 * knows the objects. As lines: one of the root, then its references in short arrays.
 */

/** How a reading ended. */
export type RecordedEnd =
  | { readonly end: 'read'; readonly summary: MetadataSummary }
  | { readonly end: 'unreadable'; readonly failure: RootFailure }
  | { readonly end: 'vanished' };

/** A root that was read, or was to be read. */
export interface RecordedRoot {
  readonly root: Root;
  readonly references: readonly FileReference[];
  readonly outcome: RecordedEnd;
}

/** Remembers what roots reference. */
export class RootRecorder implements RootMarker {
  readonly recorded: { readonly root: Root; readonly references: FileReference[]; outcome: RecordedEnd }[] = [];

  begin(root: Root): BegunReading {
    const references: FileReference[] = [];
    const record = { root, references, outcome: { end: 'vanished' } as RecordedEnd };
    this.recorded.push(record);
    const end = (outcome: RecordedEnd): void => {
      record.outcome = outcome;
      root.state = outcome.end;
    };
    return {
      reference: (reference) => {
        references.push(reference);
      },
      complete: (summary) => {
        root.summary = summary;
        end({ end: 'read', summary });
      },
      fail: (failure) => {
        root.failure = failure;
        end({ end: 'unreadable', failure });
      },
      vanish: () => end({ end: 'vanished' }),
    };
  }

  /** The same, for roots under another name. */
  beginRenamed(root: Root): BegunReading {
    return this.begin(root);
  }
}

/** What a line of a root tells besides its references. */
interface RootLine extends Pick<Root, 'location' | 'key' | 'etag' | 'bytes' | 'completed' | 'late' | 'writtenOff'> {
  readonly content: string | null;
  readonly outcome: RecordedEnd;
  /** Whether it vanished after the last listing. */
  readonly isRestless: boolean;
}

/** 1 where the path is relative, 2 where it is of a segment; added up. */
type ReferenceLine = readonly [path: string, bytes: number | string, flags?: number];

/** @param restless the roots that vanished after the last listing. */
export function* recordedLines(recorded: readonly RecordedRoot[], restless: readonly Root[]): Generator<unknown> {
  for (const { root, references, outcome } of recorded) {
    const { location, key, etag, bytes, completed, late, writtenOff, content } = root;
    const isRestless = restless.includes(root);
    const line: RootLine = { location, key, etag, bytes, completed, late, writtenOff, content, outcome, isRestless };
    yield toPlain(line);
    for (const reference of references) yield referenceLine(reference);
  }
}

function referenceLine({ path, relative, bytes, segment }: FileReference): ReferenceLine {
  const flags = Number(relative) + 2 * Number(segment);
  const size = BigInt(Number(bytes)) === bytes ? Number(bytes) : bytes.toString();
  return flags === 0 ? [path, size] : [path, size, flags];
}

/** A root as it was recorded, before what it references is told. */
export interface ReplayedRoot {
  /** Nothing of it was read yet. */
  readonly root: Root;
  readonly content: string | null;
  readonly outcome: RecordedEnd;
  readonly isRestless: boolean;
}

/** Takes recorded roots again. */
export interface Replay {
  /** @returns null where the root is not wanted. */
  begin(root: ReplayedRoot): BegunReading | null;
}

/**
 * Tells all that was recorded again, root by root.
 *
 * @param objectAt the object of a root, -1 for none.
 */
export async function replay(
  lines: AsyncIterable<unknown>,
  objectAt: (location: number, key: string) => number,
  { begin }: Replay,
): Promise<void> {
  let reading: BegunReading | null = null;
  let end: RecordedEnd | null = null;
  const close = (): void => {
    if (reading === null || end === null) return;
    if (end.end === 'read') reading.complete(end.summary);
    else if (end.end === 'unreadable') reading.fail(end.failure);
    else reading.vanish();
  };
  for await (const line of lines) {
    if (Array.isArray(line)) {
      const [path, bytes, flags = 0] = line as unknown as ReferenceLine;
      reading?.reference({ path, bytes: BigInt(bytes), relative: (flags & 1) !== 0, segment: (flags & 2) !== 0 });
    } else {
      close();
      const { content, outcome, isRestless, ...listed } = fromPlain<RootLine>(line);
      const object = objectAt(listed.location, listed.key);
      const root = unreadRoot({ ...listed, object, late: listed.late || object < 0 });
      reading = begin({ root, content, outcome, isRestless });
      end = outcome;
    }
  }
  close();
}
