import { BitColumn, numberAt } from './columns.ts';
import { NameFilter, scaled } from './name-filter.ts';

/** The names of some objects, as far as it takes to find those that are the same. */
export interface NamedObjects {
  readonly size: number;
  /** A number of 32 bits that depends on nothing but the name, which is one of a state file; -1 for any other. */
  hash(object: number): number;
  isSameName(object: number, other: number): boolean;
}

/** Slots of the table for each object in it: so few of them are taken that the next free one is near. */
const SLOTS_PER_OBJECT = 1.5;
const TAG = 0xff;

/**
 * Tells of every pair of a wanted object and another one with its name, in no order that matters. A filter over the
 * wanted names leaves only those of the others that have a namesake, and three in a thousand besides; these are put into
 * a table, in which each wanted name is looked up. So it takes three passes and, where nothing has a copy, two bytes
 * for each wanted object; eight more for each that has.
 *
 * @param isWanted never true of an object that is one of the others.
 */
export function forEachNamesake(
  objects: NamedObjects,
  isWanted: (object: number) => boolean,
  isOther: (object: number) => boolean,
  tell: (wanted: number, other: number) => void,
): void {
  const found = othersThatMayShare(objects, isWanted, isOther);
  if (found.count === 0) {
    return;
  }
  const table = new ObjectsByHash(found.count);
  for (let object = 0; object < objects.size; object++) {
    if (found.objects.has(object)) {
      table.add(object, objects.hash(object));
    }
  }
  for (let object = 0; object < objects.size; object++) {
    const hash = isWanted(object) ? objects.hash(object) : -1;
    for (let slot = table.firstLike(hash); slot !== -1; slot = table.nextLike(slot, hash)) {
      const other = table.at(slot);
      if (objects.isSameName(object, other)) {
        tell(object, other);
      }
    }
  }
}

/** Objects by their hashes, in slots side by side: one whose slot is taken has the next free one. */
class ObjectsByHash {
  /** Each object and 1, because 0 is no object. */
  readonly #slots: Uint32Array;
  /** A part of the hash of each, so that few names must be compared that are not the same. */
  readonly #tags: Uint8Array;

  constructor(objects: number) {
    this.#slots = new Uint32Array(Math.ceil(objects * SLOTS_PER_OBJECT) + 1);
    this.#tags = new Uint8Array(this.#slots.length);
  }

  add(object: number, hash: number): void {
    let slot = scaled(hash, this.#slots.length);
    while (numberAt(this.#slots, slot) !== 0) {
      slot = this.#next(slot);
    }
    this.#slots[slot] = object + 1;
    this.#tags[slot] = hash & TAG;
  }

  /** The first slot with an object that may have this hash; -1 where there is none, as of the hash -1. */
  firstLike(hash: number): number {
    return hash === -1 ? -1 : this.#from(scaled(hash, this.#slots.length), hash);
  }

  /** The one after that. */
  nextLike(slot: number, hash: number): number {
    return this.#from(this.#next(slot), hash);
  }

  /** The object in a slot that is taken. */
  at(slot: number): number {
    return numberAt(this.#slots, slot) - 1;
  }

  #from(first: number, hash: number): number {
    let slot = first;
    while (numberAt(this.#slots, slot) !== 0) {
      if (this.#tags[slot] === (hash & TAG)) return slot;
      slot = this.#next(slot);
    }
    return -1;
  }

  #next(slot: number): number {
    return slot + 1 === this.#slots.length ? 0 : slot + 1;
  }
}

function othersThatMayShare(
  objects: NamedObjects,
  isWanted: (object: number) => boolean,
  isOther: (object: number) => boolean,
): { readonly objects: BitColumn; readonly count: number } {
  const found = new BitColumn();
  const filter = filterOf(objects, isWanted);
  let count = 0;
  for (let object = 0; filter !== null && object < objects.size; object++) {
    const hash = isOther(object) ? objects.hash(object) : -1;
    if (hash !== -1 && filter.mayHold(hash)) {
      found.add(object);
      count++;
    }
  }
  return { objects: found, count };
}

/** Null where nothing is wanted. */
function filterOf(objects: NamedObjects, isWanted: (object: number) => boolean): NameFilter | null {
  let wanted = 0;
  for (let object = 0; object < objects.size; object++) {
    wanted += Number(isWanted(object));
  }
  if (wanted === 0) {
    return null;
  }
  const filter = new NameFilter(wanted);
  for (let object = 0; object < objects.size; object++) {
    const hash = isWanted(object) ? objects.hash(object) : -1;
    if (hash !== -1) {
      filter.add(hash);
    }
  }
  return filter;
}
