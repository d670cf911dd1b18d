import { type ClassAmount, countInClass, noneOfClass, type StorageClass } from '#core/inventory/storage-class.ts';
import type { Grounds } from './evidence.ts';
import type { Outcome, Verdicts } from './judge.ts';
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
  for (const { directoryId, first, count } of objects.stretches()) {
    const owner = owners.ofDirectory(directoryId);
    const own = entry(byOwner, owner, emptyTally);
    for (const { verdict, objects: number, bytes } of runsOf({ objects }, verdicts, first, first + count)) {
      grow(area, verdict, number, bytes);
      grow(own, verdict, number, bytes);
    }
    for (let object = first; objects.holdsStorageClasses && object < first + count; object++) {
      const storageClass = objects.storageClass(object);
      if (storageClass === null) continue;
      const ofOwner = entry(byClass, owner, () => new Map<StorageClass, Map<Verdict, ClassAmount>>());
      const ofClass = entry(ofOwner, storageClass, () => new Map<Verdict, ClassAmount>());
      const amount = entry(ofClass, verdicts.verdict(object), noneOfClass);
      countInClass(amount, storageClass, objects.bytes(object));
    }
  }
  return { area, byOwner, byClass };
}

/** Neighbours for which one rule decided. */
interface Run extends Outcome {
  readonly objects: number;
  readonly bytes: number;
}

/** All objects from `first` up to but not including `end`, by runs of neighbours: most share the rule. */
function* runsOf(
  { objects }: Pick<Grounds, 'objects'>,
  verdicts: Verdicts,
  first: number,
  end: number,
): Generator<Run> {
  for (let object = first; object < end; ) {
    const outcome = verdicts.outcome(object);
    const from = object;
    let bytes = 0;
    while (object < end && verdicts.outcome(object) === outcome) {
      bytes += objects.bytes(object);
      object++;
    }
    yield { rule: outcome.rule, verdict: outcome.verdict, objects: object - from, bytes };
  }
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
