import type { Memory } from '#core/collect/memory.ts';
import { ownerId } from '#core/collect/owners.ts';
import { RootReading } from '#core/collect/root-reading.ts';
import type { Root } from '#core/collect/roots.ts';
import { baseName } from '#core/flink/state-path.ts';
import { BitColumn } from '#core/inventory/columns.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { directoryId } from '#operations/look/held-directories.ts';
import { completedBefore, contentId } from '#operations/look/read-root.ts';
import { unsettledRoots } from '#operations/look/root-rounds.ts';
import type { ShardContext } from './context.ts';
import { everyObject } from './object-lines.ts';
import type { ReplayedRoot } from './recorded-roots.ts';
import type { DanglingLine, Mark, MissedLine } from './resolved-lines.ts';
import { toPlain } from './rich-json.ts';

/** Roots and what they mark, in a table of what they asked for. */
export class ReplayedRoots {
  readonly roots: Root[] = [];
  readonly renamed: Root[] = [];
  readonly dangling: DanglingLine[] = [];
  readonly missed: MissedLine[] = [];
  readonly marks: Readonly<Record<Mark, BitColumn>> = {
    live: new BitColumn(),
    renamed: new BitColumn(),
    pinned: new BitColumn(),
  };
  readonly #context: ShardContext;
  readonly #objects: ObjectTable;
  readonly memory: Memory;
  readonly #read = new Set<string>();
  readonly #replayed = new Map<Root, ReplayedRoot>();
  readonly #unsettled = new Set<Root>();

  constructor(context: ShardContext, objects: ObjectTable, memory: Memory) {
    this.#context = context;
    this.#objects = objects;
    this.memory = memory;
  }

  /** A content that was read in both phases counts once. */
  begin(replayed: ReplayedRoot): RootReading | null {
    const { root, outcome } = replayed;
    if (this.#read.has(contentId(root))) return null;
    if (outcome.end === 'read') this.#read.add(contentId(root));
    const number = this.roots.push(root) - 1;
    this.#replayed.set(root, replayed);
    const isPinned = this.memory.isPinned(root);
    return new RootReading(this.#context.area, this.#objects, root, {
      named: (object) => {
        this.marks.live.add(object);
        if (isPinned) this.marks.pinned.add(object);
      },
      dangling: (resolved, within) => {
        this.dangling.push({ name: baseName(resolved), root: number, resolved, within });
      },
    });
  }

  beginRenamed({ root }: ReplayedRoot): RootReading {
    const number = this.renamed.push(root) - 1;
    return new RootReading(this.#context.area, this.#objects, root, {
      named: (object) => this.marks.renamed.add(object),
      dangling: (resolved) => {
        this.missed.push({ name: baseName(resolved), root: number });
      },
    });
  }

  /** Once all were read: when they were complete, and which vanished without a later one. */
  settle(): void {
    const byDirectory = new Map<string, Root[]>();
    for (const [root, { content }] of this.#replayed) {
      if (content !== null) {
        root.content = content;
        // Without a file the content tells nothing: of a job without state that began anew it is the same again.
        if (root.objects.size > 0) root.completed = Math.min(root.completed, completedBefore(this.memory, root));
      }
      const path = root.class.role === 'checkpoint' ? root.class.base : root.directory;
      const id = directoryId(root.location, path);
      byDirectory.set(id, [...(byDirectory.get(id) ?? []), root]);
    }
    const restless = this.roots.filter((root) => this.#replayed.get(root)?.isRestless);
    for (const roots of byDirectory.values()) {
      for (const root of unsettledRoots(roots, restless)) this.#unsettled.add(root);
    }
  }

  numberOf(root: Root): number {
    return this.roots.indexOf(root);
  }

  /** What they reference stays here. Numbers of objects are of the lists beside. */
  *rootLines(): Generator<unknown> {
    for (const root of this.roots) {
      const { objects: _, class: __, directory: ___, ...rest } = root;
      yield toPlain({
        root: { ...rest, linked: this.#placeOf(root.linked), object: root.object },
        isUnsettled: this.#unsettled.has(root),
        names: this.#ownersNamedBy(root),
      });
    }
  }

  /** The names of files that are there with another size than a root expects: one of that name may lie elsewhere. */
  wrongSizes(): ReadonlySet<string> {
    const wrong = this.roots.flatMap(({ missing }) => missing.filter(({ problem }) => problem === 'wrong-size'));
    return new Set(wrong.map(({ resolved }) => baseName(resolved)));
  }

  /** The ids in the paths of what is marked. */
  namedJobs(): ReadonlySet<string> {
    const jobs = new Set<string>();
    for (const object of everyObject(this.#objects)) {
      const { job } = this.#objects.directory(object).class;
      if (job !== null && (this.marks.live.has(object) || this.marks.renamed.has(object))) jobs.add(job);
    }
    return jobs;
  }

  #ownersNamedBy({ objects }: Root): readonly string[] {
    const ids = new Set<string>();
    let last = -1;
    for (const object of objects) {
      if (this.#objects.directoryId(object) === last) continue;
      last = this.#objects.directoryId(object);
      const { location, class: itsClass } = this.#objects.directory(object);
      ids.add(ownerId(location, itsClass));
    }
    return [...ids];
  }

  #placeOf(object: number): unknown {
    return object < 0 ? null : { location: this.#objects.location(object), key: this.#objects.key(object) };
  }
}
