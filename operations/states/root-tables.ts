import type { Area } from '#core/area/area.ts';
import { directoryPath } from '#core/collect/root-reading.ts';
import type { Root } from '#core/collect/roots.ts';
import { type DescribedState, describedStates } from '#core/flink/described-states.ts';
import type { FileReference, MetadataVisitor, StatePlace } from '#core/flink/metadata/model.ts';
import { type FlinkPath, placeOf, resolveReference } from '#core/flink/state-path.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { OperatorBytes } from '#core/states/operator-bytes.ts';
import { fileId } from '#operations/ledger/remembered-states.ts';
import { beginCounting, type Counting } from './count-operators.ts';
import { type AgainInput, readRootAgain } from './read-root-again.ts';

/** An SST, or a part of a merged file, that a root names. */
export interface TableFile {
  /** Its object in the listing; -1 where that has none. */
  readonly object: number;
  /** Of a part of a merged file: where it begins. Null of a whole file. */
  readonly start: number | null;
  readonly bytes: number;
  readonly operator: string;
  readonly subtask: number;
}

/** Tells a state file from any other: see `fileId`. @param file one that is listed. */
export function fileIdOf(
  { area, objects }: { readonly area: Area; readonly objects: ObjectTable },
  file: TableFile,
): string {
  const { object, start } = file;
  return fileId(area.url(objects.location(object), objects.key(object)), objects.etag(object), start);
}

/** What a root says of its state, file by file where it is keyed. */
export interface RootTables {
  readonly root: Root;
  readonly operators: readonly OperatorBytes[];
  /** The root against which their new bytes are counted; null where it is not known, and Flink's count stands. */
  readonly since: string | null;
  readonly tables: readonly TableFile[];
  /** Keyed bytes of which no file is of one state, by operator. */
  readonly undivided: ReadonlyMap<string, number>;
  /** Descriptions of keyed backends that stand in the root, by operator. */
  readonly described: ReadonlyMap<string, readonly DescribedState[]>;
  /** A file with such a description, by operator. */
  readonly descriptions: ReadonlyMap<string, TableFile>;
}

/**
 * @param roots of its job, newest first; without them new bytes are those by Flink's own count.
 * @returns null where the root is not there any more as it was listed.
 * @throws StoreError
 */
export async function readRootTables(
  input: AgainInput,
  objects: ObjectTable,
  root: Root,
  roots: readonly Root[] = [],
): Promise<RootTables | null> {
  const gathering = new Gathering(input.area, objects, root, await beginCounting(input, root, roots));
  return (await readRootAgain(input, root, gathering)) ? gathering.found() : null;
}

class Gathering implements MetadataVisitor {
  readonly #area: Area;
  readonly #objects: ObjectTable;
  readonly #root: Root;
  readonly #directory: FlinkPath;
  readonly #counting: Counting;
  readonly #tables: TableFile[] = [];
  readonly #undivided = new Map<string, number>();
  readonly #described = new Map<string, readonly DescribedState[]>();
  readonly #descriptions = new Map<string, TableFile>();

  constructor(area: Area, objects: ObjectTable, root: Root, counting: Counting) {
    this.#counting = counting;
    this.#area = area;
    this.#objects = objects;
    this.#root = root;
    this.#directory = directoryPath(area, root);
  }

  state(place: StatePlace, bytes: number, newBytes: number): void {
    this.#counting.counter.state(place, bytes, newBytes);
    const { operator, kind, part } = place;
    if (kind === 'keyed' && part === 'whole') {
      this.#undivided.set(operator.id, (this.#undivided.get(operator.id) ?? 0) + bytes);
    }
  }

  reference(reference: FileReference, place: StatePlace): void {
    this.#counting.counter.reference(reference, place);
    const { operator, subtask, kind, part } = place;
    if (kind !== 'keyed' || subtask === null || (part !== 'shared' && part !== 'meta')) return;
    const bytes = Math.max(0, Number(reference.bytes));
    const start = reference.segment ? Number(reference.start ?? 0n) : null;
    const file = { object: this.#find(reference), start, bytes, operator: operator.id, subtask };
    if (part === 'shared') {
      this.#tables.push(file);
    } else if (!this.#descriptions.has(operator.id)) {
      this.#descriptions.set(operator.id, file);
    }
  }

  description(bytes: Uint8Array, { operator }: StatePlace): void {
    if (!this.#described.has(operator.id)) this.#described.set(operator.id, describedStates(bytes));
  }

  found(): RootTables {
    return {
      root: this.#root,
      operators: this.#counting.counter.operators(),
      since: this.#counting.since,
      tables: this.#tables,
      undivided: this.#undivided,
      described: this.#described,
      descriptions: this.#descriptions,
    };
  }

  /** As the survey finds what a root names: of a root in a copy, in the copy where only that has it. */
  #find(reference: FileReference): number {
    const path = resolveReference(reference, this.#directory);
    if (path === null) return -1;
    const place = placeOf(path);
    for (const found of [this.#area.locate(place), this.#area.ownCopyOf(place, this.#root)]) {
      const object = found?.within === 'area' ? this.#objects.find(found.location, found.key) : -1;
      if (object >= 0) return object;
    }
    return -1;
  }
}
