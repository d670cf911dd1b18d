import { BitColumn } from '#core/inventory/columns.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { Area } from '../area/area.ts';
import { baseName, type Place, parseFlinkPath, placeOf } from '../flink/state-path.ts';
import { isKeptAsCopy } from './copies.ts';
import { NamedBy } from './named-by.ts';
import { type Beyond, RootReading } from './root-reading.ts';
import type { Root } from './roots.ts';

/**
 * Marking: which objects are referenced by which roots, over the whole area. Everything is recomputed from the roots of
 * this run; nothing is counted up and down (counters of references are how such things went wrong elsewhere).
 */

/** How many of an object's roots are shown with it; `Reachability.rootsOf` finds them all. */
export const REMEMBERED_ROOTS = 5;

interface Dangling {
  readonly root: Root;
  readonly resolved: string;
  readonly within: Beyond;
}

/** A reference to a file that is missing, and an object of the area that has the name of that file. */
export interface NameMatch {
  readonly root: Root;
  readonly resolved: string;
  readonly object: number;
}

/** What keeps single objects for the roots' sake. */
export interface Marks {
  /** A root references it. */
  isLive(object: number): boolean;
  /** A root misses a file of its name. */
  isKeptByName(object: number): boolean;
  /** A root under another name than `_metadata` references it, or misses a file of its name. */
  isKeptByRenamed(object: number): boolean;
  /** A live object has its name; where it is live itself, that may be so or not. */
  isCopy(object: number): boolean;
}

/** Which objects the roots reference. Marks are only ever added, so what is live stays live during a run. */
export class Reachability implements Marks {
  readonly roots: Root[] = [];
  /** Those under another name than `_metadata`, which are never a restore point: see {@link beginRenamed}. */
  readonly renamedRoots: Root[] = [];
  readonly #area: Area;
  readonly #objects: ObjectTable;
  readonly #live = new BitColumn();
  readonly #byName = new BitColumn();
  readonly #copies = new BitColumn();
  readonly #byRenamed = new BitColumn();
  readonly #missedByRenamed = new Map<string, Root[]>();
  /** Objects that a root needs whose namesakes were not searched yet. */
  #fresh = new BitColumn();
  #hasFresh = false;
  readonly #namedBy = new NamedBy(this.roots, REMEMBERED_ROOTS);
  readonly #dangling = new Map<string, Dangling[]>();

  /** @param objects complete: nothing may be added to it any more. */
  constructor(area: Area, objects: ObjectTable) {
    this.#area = area;
    this.#objects = objects;
  }

  /** Begins to read a root; its references go to the reading as they come. Several may be read side by side. */
  begin(root: Root): RootReading {
    this.roots.push(root);
    return new RootReading(this.#area, this.#objects, root, {
      named: (object) => {
        if (!this.#live.has(object)) {
          this.#live.add(object);
          this.#fresh.add(object);
          this.#hasFresh = true;
        }
        this.#namedBy.forget();
      },
      dangling: (resolved, within) => {
        const name = baseName(resolved);
        const entry = { root, resolved, within };
        const known = this.#dangling.get(name);
        if (known === undefined) {
          this.#dangling.set(name, [entry]);
        } else {
          known.push(entry);
        }
      },
    });
  }

  /**
   * Begins to read a root under another name. What it references is kept, as are files with the name of one that it
   * misses. It does no more than that: a file of any name can lie anywhere, and must not stop an area.
   */
  beginRenamed(root: Root): RootReading {
    this.renamedRoots.push(root);
    return new RootReading(this.#area, this.#objects, root, {
      named: (object) => {
        this.#byRenamed.add(object);
        this.#fresh.add(object);
        this.#hasFresh = true;
      },
      dangling: (resolved) => {
        const name = baseName(resolved);
        const known = this.#missedByRenamed.get(name);
        if (known === undefined) this.#missedByRenamed.set(name, [root]);
        else known.push(root);
      },
    });
  }

  /**
   * The rules on names, once all roots are read. Every listed object with the base name of a live one is kept, and
   * every one with that of a reference that resolves to nothing: up to Flink 2.3.0 a job restored with CLAIM from a native savepoint names that savepoint's
   * files as if they lay in its own `chk-N/` (FLINK-39964), and copies keep their base names. A place that the
   * operator declared as foreign is no exception: a file of the same name in this area shows that the declaration
   * may be wrong, and then it would be the one file a restore needs.
   *
   * @returns the matches of references that pointed out of the area: this place has another name.
   */
  keepByName(): readonly NameMatch[] {
    const misplaced: NameMatch[] = [];
    for (const object of this.#objects.withBaseName(new Set(this.#dangling.keys()))) {
      this.#byName.add(object);
      for (const { root, resolved, within } of this.#danglingWithNameOf(object)) {
        if (within === 'elsewhere') {
          misplaced.push({ root, resolved, object });
        } else if (within === 'area' && root.foundElsewhere < 0) {
          root.foundElsewhere = object;
        }
      }
    }
    for (const object of this.#objects.withBaseName(new Set(this.#missedByRenamed.keys()))) {
      this.#byRenamed.add(object);
    }
    if (this.#hasFresh) {
      this.#keepCopies();
    }
    return misplaced;
  }

  /** The marks as they would be if some roots were not there. Those under other names than `_metadata` stay. */
  without(gone: ReadonlySet<Root>): Reachability {
    const rest = new Reachability(this.#area, this.#objects);
    rest.roots.push(...this.roots.filter((root) => !gone.has(root)));
    rest.renamedRoots.push(...this.renamedRoots);
    const mark = (marks: BitColumn, roots: readonly Root[]): void => {
      for (const root of roots) {
        for (const object of root.objects) {
          marks.add(object);
          rest.#fresh.add(object);
          rest.#hasFresh = true;
        }
      }
    };
    mark(rest.#live, rest.roots);
    mark(rest.#byRenamed, rest.renamedRoots);
    for (const [name, roots] of this.#missedByRenamed) rest.#missedByRenamed.set(name, roots);
    for (const [name, dangling] of this.#dangling) {
      const left = dangling.filter(({ root }) => !gone.has(root));
      if (left.length > 0) rest.#dangling.set(name, left);
    }
    rest.keepByName();
    return rest;
  }

  isLive(object: number): boolean {
    return this.#live.has(object);
  }

  /** The files outside the area that roots reference, declared or not, with the one name of each place. Nobody has listed them. */
  *outsideFiles(): Generator<{ readonly root: Root; readonly place: Place }> {
    for (const { root, resolved, within } of [...this.#dangling.values()].flat()) {
      const path = within === 'area' ? null : parseFlinkPath(resolved);
      if (path !== null) {
        yield { root, place: this.#area.canonical(placeOf(path)) };
      }
    }
  }

  /** The last parts of all paths that roots reference and that lead to no object of the area, each once or twice. */
  missingNames(): readonly string[] {
    return [...this.#dangling.keys(), ...this.#missedByRenamed.keys()];
  }

  /** Whether it is kept only because a dangling reference has its base name. */
  isKeptByName(object: number): boolean {
    return this.#byName.has(object);
  }

  /** Whether a root under another name references it, or misses a file of its name. */
  isKeptByRenamed(object: number): boolean {
    return this.#byRenamed.has(object);
  }

  /** Whether it is kept because a live object has its name; where it is live itself, that may be so or not. */
  isCopy(object: number): boolean {
    return this.#copies.has(object);
  }

  /** The live objects for which a copy is kept, in the order of the table. Looks through all of them. */
  originalsOf(copy: number): readonly number[] {
    const namesakes = [...this.#objects.withBaseName(new Set([this.#objects.name(copy)]))];
    return namesakes.filter(
      (live) =>
        live !== copy && (this.isLive(live) || this.isKeptByRenamed(live)) && isKeptAsCopy(copy, live, this.#objects),
    );
  }

  /** How many roots reference an object. Cheap when asked object by object. */
  rootCount(object: number): number {
    return this.isLive(object) ? this.#namedBy.count(object) : 0;
  }

  /** The first few roots that reference an object, in the order of reading. Cheap when asked object by object. */
  someRootsOf(object: number): readonly Root[] {
    return this.isLive(object) ? this.#namedBy.some(object) : [];
  }

  /** All roots that reference an object. */
  rootsOf(object: number): readonly Root[] {
    return this.roots.filter(({ objects }) => objects.has(object));
  }

  /** The roots under another name that keep this object. */
  renamedRootsOf(object: number): readonly Root[] {
    const missing = this.#missedByRenamed.get(this.#objects.name(object)) ?? [];
    return this.renamedRoots.filter((root) => root.objects.has(object) || missing.includes(root));
  }

  /** The roots that have a dangling reference with the base name of this object. */
  rootsByName(object: number): readonly Root[] {
    return [...new Set(this.#danglingWithNameOf(object).map(({ root }) => root))];
  }

  /** See `copies.ts`. After more roots were read, only the namesakes of what none had named before are looked for. */
  #keepCopies(): void {
    const fresh = this.#fresh;
    this.#objects.forEachNamesake(
      (object) => fresh.has(object),
      (object) => !this.#live.has(object) && !this.#byRenamed.has(object),
      (live, object) => {
        if (isKeptAsCopy(object, live, this.#objects)) {
          this.#copies.add(object);
        }
      },
    );
    this.#fresh = new BitColumn();
    this.#hasFresh = false;
  }

  #danglingWithNameOf(object: number): readonly Dangling[] {
    return this.#dangling.get(this.#objects.name(object)) ?? [];
  }
}
