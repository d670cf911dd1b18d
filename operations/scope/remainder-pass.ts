import { isoTime } from '#core/iso-time.ts';
import { compareKeys } from '#core/key-order.ts';
import { rootFolderOf } from '#core/scope/outside-root.ts';
import { spansBetween } from '#core/scope/remainder.ts';
import type { ScopePart } from '#operations/ledger/scope-record.ts';
import { isRootKey } from '#operations/look/root-listing.ts';
import { type ListedObject, type ListedPage, StoreError } from '#ports/object-store.ts';
import { isInside } from './outside-part.ts';
import { readListed } from './read-listed.ts';
import type { OutsideInput } from './read-outside-root.ts';

/** A pass over everything that is outside the area: keys are listed, and whatever has the name of a root is read. */

/** How often the cursor is written down, in milliseconds: a process that dies loses no more of its work than that. */
const SAVE_AFTER = 20_000;

/** How far a pass may get. */
export interface PassInput extends OutsideInput {
  /** Epoch milliseconds, of this machine. */
  readonly now: () => number;
  /** Whether this slice has used up its time; asked after each page. Null for the whole pass at once. */
  readonly isOver: (() => boolean) | null;
  /** Writes down how far it is. */
  readonly save: (part: ScopePart) => Promise<void>;
  readonly onListed?: ((objects: number) => void) | undefined;
}

/**
 * Continues the pass under way, or begins one.
 *
 * @throws StoreError where the listing failed. How far it was is saved.
 */
export async function advancePass(input: PassInput, known: ScopePart): Promise<ScopePart> {
  const begun = known.pass ?? { began: isoTime(input.now()), cursor: null, listed: 0, folders: [] };
  const slice = new Slice(input, { ...known, pass: begun });
  return input.isOver === null ? await slice.whole() : await slice.inOrder(input.isOver);
}

class Slice {
  readonly #input: PassInput;
  #part: ScopePart & { readonly pass: NonNullable<ScopePart['pass']> };

  constructor(input: PassInput, part: ScopePart & { readonly pass: NonNullable<ScopePart['pass']> }) {
    this.#input = input;
    this.#part = part;
  }

  /** Pages may come in any order, so there is no cursor between them. */
  async whole(): Promise<ScopePart> {
    const { part, signal } = this.#input;
    // What one reader may look at in a directory is bounded, and the known folders need theirs.
    const lister = part.kind === 'directory' ? part.ordered : part.reader;
    for (const span of this.#spans()) {
      for await (const page of lister.list({ prefix: '', ...span }, signal === undefined ? {} : { signal })) {
        await this.#take(page, null);
      }
    }
    return this.#completed();
  }

  async inOrder(isOver: () => boolean): Promise<ScopePart> {
    const { part, signal, now, save } = this.#input;
    let saved = now();
    try {
      for (const span of this.#spans()) {
        for await (const page of part.ordered.list({ prefix: '', ...span }, signal === undefined ? {} : { signal })) {
          await this.#take(page, this.#behind(page));
          if (isOver()) return this.#part;
          if (now() - saved >= SAVE_AFTER) {
            await save(this.#part);
            saved = now();
          }
        }
      }
    } catch (error) {
      await save(this.#part);
      throw error;
    }
    return this.#completed();
  }

  #spans() {
    const { area, ledgers } = this.#input.part;
    return spansBetween([...area, ...ledgers], this.#part.pass.cursor);
  }

  /** The cursor behind a page. What a page out of order held would never be listed by a later slice. */
  #behind(page: ListedPage): string | null {
    const { cursor } = this.#part.pass;
    const [first, last] = [page.at(0)?.key, page.at(-1)?.key];
    if (cursor !== null && first !== undefined && compareKeys(first, cursor) <= 0) {
      throw new StoreError(
        'unavailable',
        `${this.#input.part.name} listed '${first}' after '${cursor}', so what is outside the area is not known. This store does not list in the order of keys`,
      );
    }
    return last ?? cursor;
  }

  async #take(page: ListedPage, cursor: string | null): Promise<void> {
    const { part, onListed } = this.#input;
    const outside = [...page].filter(({ key, special }) => special === undefined && !isInside(part, key));
    const listed = outside.filter(({ key }) => isRootKey(key));
    const known = { roots: this.#part.roots, vanished: [] };
    const { roots, vanished } = listed.length === 0 ? known : await readListed(this.#input, listed, known.roots);
    // Of one that has vanished the folder is known, and is listed again with the other known folders.
    const held = new Set(listed.length === 0 ? [] : roots.map(({ key }) => key));
    const gone = new Set<ListedObject>(vanished);
    const folders = listed
      .filter((object) => held.has(`${part.base}${object.key}`) || gone.has(object))
      .map(({ key }) => rootFolderOf(key));
    const { pass } = this.#part;
    this.#part = {
      ...this.#part,
      roots: [...roots],
      folders: union(this.#part.folders, folders),
      pass: { ...pass, cursor, listed: pass.listed + outside.length, folders: union(pass.folders, folders) },
    };
    onListed?.(this.#part.pass.listed);
  }

  /**
   * From now on only the folders count in which this pass has found roots. Where it had to leave something out, what was
   * known before counts too: that it was not found again tells nothing.
   */
  #completed(): ScopePart {
    const { pass, roots } = this.#part;
    const { base, leftOut } = this.#input.part;
    const folderOf = ({ key }: (typeof roots)[number]): string => rootFolderOf(key.slice(base.length));
    const isWhole = (leftOut?.() ?? []).length === 0;
    const folders = isWhole ? pass.folders : union(pass.folders, roots.map(folderOf));
    const counts = new Set(folders);
    return {
      pass: null,
      completed: isoTime(this.#input.now()),
      listed: pass.listed,
      failure: null,
      folders,
      roots: roots.filter((root) => counts.has(folderOf(root))),
    };
  }
}

function union(known: readonly string[], more: readonly string[]): string[] {
  return more.length === 0 ? [...known] : [...new Set([...known, ...more])];
}
