import type { Evidence } from './evidence.ts';
import type { Verdicts } from './judge.ts';
import type { Owner } from './owners.ts';
import { VERDICTS, type Verdict } from './verdicts.ts';

/** Objects and their bytes. */
export interface Amount {
  objects: number;
  bytes: number;
}

export type Tally = Readonly<Record<Verdict, Amount>>;

/** What a run decided, counted once, so that the sums of all views agree. */
export interface Totals {
  readonly area: Tally;
  readonly byOwner: ReadonlyMap<Owner, Tally>;
}

export function tally({ objects, owners }: Evidence, verdicts: Verdicts): Totals {
  const area = emptyTally();
  const byOwner = new Map<Owner, Tally>();
  for (let object = 0; object < objects.size; object++) {
    const owner = owners.ofDirectory(objects.directoryId(object));
    let own = byOwner.get(owner);
    if (own === undefined) {
      own = emptyTally();
      byOwner.set(owner, own);
    }
    const verdict = verdicts.verdict(object);
    for (const amount of [area[verdict], own[verdict]]) {
      amount.objects++;
      amount.bytes += objects.bytes(object);
    }
  }
  return { area, byOwner };
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

/** Adds tallies up. */
export function sumTallies(tallies: Iterable<Tally>): Tally {
  const sum = emptyTally();
  for (const one of tallies) {
    for (const verdict of VERDICTS) {
      sum[verdict].objects += one[verdict].objects;
      sum[verdict].bytes += one[verdict].bytes;
    }
  }
  return sum;
}

function emptyTally(): Tally {
  const none = (): Amount => ({ objects: 0, bytes: 0 });
  return {
    'keep-live': none(),
    'keep-young': none(),
    'keep-pinned': none(),
    'keep-in-progress': none(),
    'keep-protected': none(),
    'keep-unknown': none(),
    'keep-undecidable': none(),
    quarantined: none(),
    delete: none(),
  };
}
