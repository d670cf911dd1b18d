import type { Owner } from '../collect/owners.ts';
import { isNewer } from '../collect/root-order.ts';
import { baseId } from '../collect/rootless-directories.ts';
import { isRestorePoint, type Root } from '../collect/roots.ts';
import type { RetentionEvidence } from './evidence.ts';

/**
 * Jobs that were started from another one's checkpoint after that one had written for the last time. It has ended then,
 * although it left uploads that no checkpoint of its own references.
 *
 * That a job references files of a directory shows when they were taken over only where that job is younger than all
 * that the directory holds: one that runs for long may have taken them before the other was started again under its id.
 * So nothing of the successor may ever have been older than the last write: what is at hand, and what the ledger
 * remembers of it. But of a job that compacts its state all files are young, however long it has run. So some run must
 * have looked where it lies, not long before, and not have seen it; and without such a memory nobody is a successor.
 */

/** Milliseconds between a run that did not see a successor yet and its oldest object: as where runs are daily. */
const MOST_UNSEEN = 2 * 24 * 3_600_000;

/** The jobs of a run that others continue: which directories they took their files from. */
export class Successors {
  readonly #evidence: RetentionEvidence;
  #takers: ReadonlyMap<string, readonly Root[]> | null = null;

  constructor(evidence: RetentionEvidence) {
    this.#evidence = evidence;
  }

  /** Whether a job was started from files of this directory after its last write. @param id its `baseId`. */
  took(id: string, owner: Owner): boolean {
    const { start, settings, memory } = this.#evidence;
    const colon = id.indexOf(':');
    // A job that was just started again may be about to write; and in the first run of a ledger nobody is remembered.
    const isAtRest = start - owner.lastWrite >= settings.minAge;
    if (!isAtRest || memory.remembered(Number(id.slice(0, colon)), id.slice(colon + 1)) === null) {
      return false;
    }
    return (this.#find().get(id) ?? []).some((root) => this.#isYounger(root, owner));
  }

  /**
   * Whether the job of a root lives on in another one: a later restore point of a job with another id references files
   * of the same directory. Whoever goes back goes back to that one.
   */
  continues(root: Root): boolean {
    const { job } = root.class;
    const takers = job === null ? [] : (this.#find().get(idOf(root)) ?? []);
    return takers.some(
      (other) => other.class.job !== null && other.class.job !== job && isRestorePoint(other) && isNewer(other, root),
    );
  }

  #isYounger(root: Root, { lastWrite, ...owner }: Owner): boolean {
    const { owners, memory } = this.#evidence;
    const successor = owners.ofRoot(root);
    if (successor === undefined || successor.id === owner.id || !(successor.firstWrite > lastWrite)) {
      return false;
    }
    return successor.roots.every(({ location, class: { base } }) => {
      const { began, absent } = memory.remembered(location, base) ?? { began: null, absent: null };
      if (began === null || absent === null || !(began > lastWrite)) {
        return false;
      }
      return absent >= lastWrite || began - absent <= MOST_UNSEEN;
    });
  }

  /**
   * Checkpoints by the `baseId` of each directory of which they reference files. Asked for only where a job seems to
   * start: it goes through all that all roots reference.
   */
  #find(): ReadonlyMap<string, readonly Root[]> {
    if (this.#takers !== null) {
      return this.#takers;
    }
    const { objects, reachability } = this.#evidence;
    const takers = new Map<string, Root[]>();
    const contents = countContents(reachability.roots);
    for (const root of reachability.roots) {
      if (root.class.role === 'checkpoint' && root.state === 'read' && !this.#isCopy(root, contents)) {
        const directories = new Map<number, number>();
        for (const object of root.objects) directories.set(objects.directoryId(object), object);
        const ids = new Set([...directories.values()].map((object) => idOf(objects.directory(object))));
        // A copy of a `_metadata` alone has no files of its own beside it.
        if (ids.has(idOf(root))) {
          for (const id of ids) takers.set(id, [...(takers.get(id) ?? []), root]);
        }
      }
    }
    this.#takers = takers;
    return takers;
  }

  /** A copy is as young as its copying. Which of two with one content is the copy nobody knows. */
  #isCopy(root: Root, contents: ReadonlyMap<string, number>): boolean {
    /* v8 ignore next -- the contents of all roots are counted */
    return this.#evidence.area.isCopied(root) || (root.content !== null && (contents.get(root.content) ?? 0) > 1);
  }
}

function countContents(roots: readonly Root[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { content } of roots) {
    if (content !== null) counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return counts;
}

function idOf({ location, class: { base } }: Pick<Root, 'location'> & { readonly class: { readonly base: string } }) {
  return baseId(location, base);
}
