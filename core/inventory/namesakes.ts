import { BitColumn, numberAt } from './columns.ts';
import { NameFilter, scaled } from './name-filter.ts';

/** The names of some objects, as far as it takes to find those that are the same. */
export interface NamedObjects {
  readonly size: number;
  /** Whether the object has a name of a state file, of which no two are made. */
  isStateFile(object: number): boolean;
  /** A word of 32 bits that depends on the name and the seed, and on nothing else. */
  hash(object: number, seed: number): number;
  isSameName(object: number, other: number): boolean;
}

/** Slots of the table for each object in it: so few of them are taken that the next free one is near. */
const SLOTS_PER_OBJECT = 1.5;
const FIRST_SEED = 1;
const SECOND_SEED = 2;

/**
 * Tells of every pair of a wanted object and another one with its name, in no order that matters. A filter over the
 * wanted names leaves only those of the others that have a namesake, and two in a thousand besides; these are put into
 * a table, in which each wanted name is looked up. So it takes three passes and, where nothing has a copy, two bytes
 * for each wanted object; six more for each that has.
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
  const slots = new Uint32Array(Math.ceil(found.count * SLOTS_PER_OBJECT) + 1);
  const slotOf = (object: number): number => scaled(objects.hash(object, FIRST_SEED), slots.length);
  const next = (slot: number): number => (slot + 1 === slots.length ? 0 : slot + 1);
  for (let object = 0; object < objects.size; object++) {
    if (found.objects.has(object)) {
      let slot = slotOf(object);
      while (numberAt(slots, slot) !== 0) {
        slot = next(slot);
      }
      slots[slot] = object + 1;
    }
  }
  for (let object = 0; object < objects.size; object++) {
    if (isWanted(object) && objects.isStateFile(object)) {
      for (let slot = slotOf(object); numberAt(slots, slot) !== 0; slot = next(slot)) {
        const other = numberAt(slots, slot) - 1;
        if (objects.isSameName(object, other)) {
          tell(object, other);
        }
      }
    }
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
    if (
      isOther(object) &&
      objects.isStateFile(object) &&
      filter.mayHold(objects.hash(object, FIRST_SEED), objects.hash(object, SECOND_SEED))
    ) {
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
    if (isWanted(object) && objects.isStateFile(object)) {
      filter.add(objects.hash(object, FIRST_SEED), objects.hash(object, SECOND_SEED));
    }
  }
  return filter;
}
