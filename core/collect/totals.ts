import { type ClassAmount, countInClass, noneOfClass, type StorageClass } from '#core/inventory/storage-class.ts';
import type { Grounds } from './evidence.ts';
import type { Verdicts } from './judge.ts';
import type { Owner } from './owners.ts';
import { VERDICTS, type Verdict } from './verdicts.ts';

/** Objects and their bytes. */
export interface Amount {
  objects: number;
  bytes: number;
}

/** Objects and bytes by verdict. */
export type Tally = Readonly<Record<Verdict, Readonly<Amount>>>;
type GrowingTally = Record<Verdict, Amount>;

/** What a run decided, counted once, so that the sums of all views agree. */
export interface Totals<O = Owner> {
  readonly area: Tally;
  readonly byOwner: ReadonlyMap<O, Tally>;
  /** Of {@link byOwner}, what is billed otherwise than S3 Standard. Empty where nothing is. */
  readonly byClass: ReadonlyMap<O, ClassTallies>;
}

/** Objects of other storage classes than S3 Standard, by class and verdict. */
export type ClassTallies = ReadonlyMap<StorageClass, ReadonlyMap<Verdict, Readonly<ClassAmount>>>;

/** Counts the verdicts of all objects, for the area and for each owner. */
export function tally<O = Owner>(
  {
    objects,
    owners,
  }: Pick<Grounds, 'objects'> & { readonly owners: { readonly ofDirectory: (directoryId: number) => O } },
  verdicts: Verdicts,
): Totals<O> {
  const area = emptyTally();
  const byOwner = new Map<O, GrowingTally>();
  const byClass = new Map<O, Map<StorageClass, Map<Verdict, ClassAmount>>>();
  for (let object = 0; object < objects.size; object++) {
    const owner = owners.ofDirectory(objects.directoryId(object));
    let own = byOwner.get(owner);
    if (own === undefined) {
      own = emptyTally();
      byOwner.set(owner, own);
    }
    const verdict = verdicts.verdict(object);
    const bytes = objects.bytes(object);
    grow(area, verdict, 1, bytes);
    grow(own, verdict, 1, bytes);
    const storageClass = objects.holdsStorageClasses ? objects.storageClass(object) : null;
    if (storageClass !== null) {
      const ofOwner = entry(byClass, owner, () => new Map<StorageClass, Map<Verdict, ClassAmount>>());
      const ofClass = entry(ofOwner, storageClass, () => new Map<Verdict, ClassAmount>());
      countInClass(entry(ofClass, verdict, noneOfClass), storageClass, bytes);
    }
  }
  return { area, byOwner, byClass };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

/** The sum over some verdicts, all of them by default. */
export function amountOf(counted: Tally, verdicts: readonly Verdict[] = VERDICTS): Amount {
  const sum = { objects: 0, bytes: 0 };
  for (const verdict of verdicts) {
    sum.objects += counted[verdict].objects;
    sum.bytes += counted[verdict].bytes;
  }
  return sum;
}

/** Counts the verdicts of some objects. */
export function tallyOf(
  { objects }: Pick<Grounds, 'objects'>,
  verdicts: Verdicts,
  isMeant: (object: number) => boolean,
): Tally {
  const counted = emptyTally();
  for (let object = 0; object < objects.size; object++) {
    if (isMeant(object)) grow(counted, verdicts.verdict(object), 1, objects.bytes(object));
  }
  return counted;
}

/** Adds tallies up. */
export function sumTallies(tallies: Iterable<Tally>): Tally {
  const sum = emptyTally();
  for (const one of tallies) {
    for (const verdict of VERDICTS) {
      if (one[verdict] !== NONE) {
        grow(sum, verdict, one[verdict].objects, one[verdict].bytes);
      }
    }
  }
  return sum;
}

/** What nothing was counted of. Owners are many, and each of them knows two or three verdicts. */
const NONE: Amount = Object.freeze({ objects: 0, bytes: 0 });

function grow(growing: GrowingTally, verdict: Verdict, objects: number, bytes: number): void {
  if (growing[verdict] === NONE) {
    growing[verdict] = { objects: 0, bytes: 0 };
  }
  growing[verdict].objects += objects;
  growing[verdict].bytes += bytes;
}

function emptyTally(): GrowingTally {
  return {
    'keep-live': NONE,
    'keep-young': NONE,
    'keep-pinned': NONE,
    'keep-in-progress': NONE,
    'keep-protected': NONE,
    'keep-unknown': NONE,
    'keep-undecidable': NONE,
    quarantined: NONE,
    delete: NONE,
  };
}
