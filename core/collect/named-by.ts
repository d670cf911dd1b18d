import { numberAt } from '#core/inventory/columns.ts';
import type { ObjectSet } from '#core/inventory/object-set.ts';
import type { Root } from './roots.ts';

/** Objects for which the roots are gathered together. */
const WINDOW = 1 << 16;

/**
 * Which roots name an object, from the objects that each root names. To remember them with every object would take
 * more memory than the object itself, so they are gathered for a window of neighbours when one of them is asked for:
 * a caller that asks object by object pays for each window once.
 */
export class NamedBy {
  readonly #roots: readonly Root[];
  readonly #most: number;
  #from = -1;
  #counts = new Uint32Array();
  #first = new Uint32Array();

  /** @param most how many roots of an object are wanted. */
  constructor(roots: readonly Root[], most: number) {
    this.#roots = roots;
    this.#most = most;
  }

  /** To be called when a root was read: what was gathered before does not know it. */
  forget(): void {
    this.#from = -1;
  }

  /** How many roots name an object. */
  count(object: number): number {
    this.#look(object);
    return numberAt(this.#counts, object - this.#from);
  }

  /** The first roots that name an object, in the order in which their reading began. */
  some(object: number): readonly Root[] {
    const count = Math.min(this.count(object), this.#most);
    const from = (object - this.#from) * this.#most;
    return Array.from(this.#first.subarray(from, from + count), (index) => this.#roots[index]).filter(
      (root) => root !== undefined,
    );
  }

  #look(object: number): void {
    const from = object - (object % WINDOW);
    if (from === this.#from) {
      return;
    }
    this.#from = from;
    if (this.#counts.length === 0) {
      this.#counts = new Uint32Array(WINDOW);
      this.#first = new Uint32Array(WINDOW * this.#most);
    }
    this.#counts.fill(0);
    for (const [index, { objects }] of this.#roots.entries()) {
      this.#gather(objects, index);
    }
  }

  #gather(objects: ObjectSet, root: number): void {
    for (const object of objects.between(this.#from, this.#from + WINDOW)) {
      const place = object - this.#from;
      const count = numberAt(this.#counts, place);
      if (count < this.#most) {
        this.#first[place * this.#most + count] = root;
      }
      this.#counts[place] = count + 1;
    }
  }
}
