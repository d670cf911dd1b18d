import type { Deed } from './deeds.ts';
import { longName } from './names.ts';

/** What a step touches: which part of the world it reads, or changes. Two steps commute where neither changes what the other touches. */
export interface Touch {
  /** `key K`, `prefix P`, or `ledger NAME DOCUMENT`; `all` touches everything. */
  readonly what: 'key' | 'prefix' | 'ledger' | 'all';
  readonly name: string;
  readonly changes: boolean;
}

const EVERYTHING: Touch = { what: 'all', name: '', changes: true };

/** What a call of a port touches, by its name at the gate. */
export function touchesOfCall(call: string, ledger: string): readonly Touch[] {
  const [, verb = '', name = ''] =
    /^(ledger: .+? |list |children |read |put |delete |restore |look at versions of )(.*)$/.exec(call) ?? [];
  switch (verb.trim()) {
    case 'list':
    case 'children':
      return [{ what: 'prefix', name, changes: false }];
    case 'read':
    case 'look at versions of':
      return [{ what: 'key', name, changes: false }];
    case 'put':
    case 'delete':
    case 'restore':
      return [{ what: 'key', name, changes: true }];
    case '':
      // The time, which is the same for all, and what a cluster says, which never changes.
      return call === 'now' || call === 'rest' ? [] : [EVERYTHING];
    default:
      return [{ what: 'ledger', name: `${ledger} ${lastWord(call)}`, changes: call.startsWith('ledger: write') }];
  }
}

/** What a deed touches, by what it does and not by what it then calls. */
export function touchesOfDeed(deed: Deed): readonly Touch[] {
  const changed = (short: string): Touch => ({ what: 'key', name: longName(short), changes: true });
  switch (deed.does) {
    case 'uploads':
      return [changed(deed.file)];
    case 'completes':
      return [changed(deed.root)];
    case 'deletes':
    case 'writes':
      return [changed(deed.object)];
    case 'starts':
      return [changed(deed.from), changed(deed.file)];
    case 'copies':
      return [{ ...changed(deed.object), changes: false }, changed(deed.to)];
    case 'lies':
      return [changed(deed.root)];
    case 'archives':
    case 'refuses':
      return [changed(deed.object)];
    case 'runs':
      return deed.errand.does === 'pin' || deed.errand.does === 'pause'
        ? [
            { what: 'ledger', name: `${deed.charge} state`, changes: true },
            { what: 'ledger', name: `${deed.charge} ledger`, changes: false },
          ]
        : [EVERYTHING];
    case 'repeats pages':
    case 'heals':
    case 'damages':
    case 'forgets':
    case 'copies ledger':
    case 'passes':
    case 'waits':
      return [EVERYTHING];
  }
}

/** Whether one of two steps may see, or undo, what the other does. */
export function doConflict(some: readonly Touch[], others: readonly Touch[]): boolean {
  return some.some((one) => others.some((other) => (one.changes || other.changes) && doMeet(one, other)));
}

function doMeet(one: Touch, other: Touch): boolean {
  if (one.what === 'all' || other.what === 'all') return true;
  if ((one.what === 'ledger') !== (other.what === 'ledger')) return false;
  if (one.what === 'prefix') return other.what === 'prefix' || other.name.startsWith(one.name);
  if (other.what === 'prefix') return one.name.startsWith(other.name);
  return one.name === other.name;
}

function lastWord(call: string): string {
  return call.slice(call.lastIndexOf(' ') + 1);
}
