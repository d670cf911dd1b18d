import type { Errand } from '#test/model/steward.ts';

/**
 * What somebody does in a world, in one step; only a run of a steward takes one for each call of a port. Objects go by
 * their short names.
 */
export type Deed =
  /** Flink writes a state file. */
  | { readonly does: 'uploads'; readonly file: string }
  /** A `_metadata` is written. Until then its job may name every file that it has uploaded. */
  | {
      readonly does: 'completes';
      readonly root: string;
      readonly names: readonly string[];
      readonly needs: readonly string[];
    }
  /** Flink deletes one object. */
  | { readonly does: 'deletes'; readonly object: string }
  /** A job goes on from a root, to which it goes back until it has completed one; it uploads its first file. */
  | { readonly does: 'starts'; readonly from: string; readonly file: string }
  /** Somebody else writes an object, which is nobody's to delete. */
  | { readonly does: 'writes'; readonly object: string }
  /** Somebody copies an object: to keep a root under another name, as a backup, or onto itself. */
  | { readonly does: 'copies'; readonly object: string; readonly to: string }
  | { readonly does: 'lies'; readonly root: string; readonly how: 'denied' | 'old content' | 'unreadable' }
  /** An object is moved into an archive. */
  | { readonly does: 'archives'; readonly object: string }
  /** The store does not delete an object any more. */
  | { readonly does: 'refuses'; readonly object: string }
  /** Each page of a listing leads to itself from now on. */
  | { readonly does: 'repeats pages' }
  /** What a ledger holds in a folder can't be read any more. */
  | { readonly does: 'damages'; readonly ledger: string; readonly folder: string }
  /** The store tells the truth again, and deletes what it is told to. */
  | { readonly does: 'heals' }
  /** A document of a ledger is lost. */
  | { readonly does: 'forgets'; readonly ledger: string; readonly document: string }
  /** All that a ledger holds is put in place of all that another one does. */
  | { readonly does: 'copies ledger'; readonly from: string; readonly to: string }
  /** For so long nothing happens, whoever is at work. */
  | { readonly does: 'passes'; readonly seconds: number }
  /** Whoever waits does so together with all others that do. */
  | { readonly does: 'waits'; readonly hours: number }
  | { readonly does: 'runs'; readonly errand: Errand; readonly charge: string };

export type DeedOf<D extends Deed['does']> = Extract<Deed, { readonly does: D }>;

export const uploads = (file: string): Deed => ({ does: 'uploads', file });
/** @param needs what a restore needs though nothing names it. */
export const completes = (root: string, names: readonly string[], needs: readonly string[] = []): Deed => ({
  does: 'completes',
  root,
  names,
  needs,
});
export const deletes = (object: string): Deed => ({ does: 'deletes', object });
export const starts = (from: string, file: string): Deed => ({ does: 'starts', from, file });
export const writes = (object: string): Deed => ({ does: 'writes', object });
export const copies = (object: string, to: string): Deed => ({ does: 'copies', object, to });
export const lies = (root: string, how: DeedOf<'lies'>['how']): Deed => ({ does: 'lies', root, how });
export const archives = (object: string): Deed => ({ does: 'archives', object });
export const refuses = (object: string): Deed => ({ does: 'refuses', object });
export const repeatsPages: Deed = { does: 'repeats pages' };
export const damages = (folder: string, ledger = 'ledger'): Deed => ({ does: 'damages', folder, ledger });
export const heals: Deed = { does: 'heals' };
export const forgets = (document: string, ledger = 'ledger'): Deed => ({ does: 'forgets', document, ledger });
export const copiesLedger = (from: string, to: string): Deed => ({ does: 'copies ledger', from, to });
export const passes = (seconds: number): Deed => ({ does: 'passes', seconds });
export const waits = (hours: number): Deed => ({ does: 'waits', hours });

const runs = (errand: Errand, charge: string): Deed => ({ does: 'runs', errand, charge });
export const collects = (charge = 'main'): Deed => runs({ does: 'collect' }, charge);
export const collectsInShards = (shards: number, charge = 'main'): Deed =>
  runs({ does: 'collect-in-shards', shards }, charge);
export const undoes = (charge = 'main'): Deed => runs({ does: 'undo' }, charge);
export const pauses = (charge = 'main'): Deed => runs({ does: 'pause' }, charge);
export const resumes = (charge = 'main'): Deed => runs({ does: 'resume' }, charge);
/** @param root its short name. */
export const pins = (root: string, charge = 'main'): Deed => runs({ does: 'pin', url: root }, charge);

/** A deed as a sentence. */
export function sentenceOf(who: string, deed: Deed): string {
  switch (deed.does) {
    case 'uploads':
      return `${who} uploads ${deed.file}.`;
    case 'completes':
      return `${who} completes ${deed.root}, which references ${deed.names.join(', ') || 'nothing'}${deed.needs.length === 0 ? '' : `, and needs ${deed.needs.join(', ')}`}.`;
    case 'deletes':
      return `${who} deletes ${deed.object}.`;
    case 'starts':
      return `${who} is started from ${deed.from} and uploads ${deed.file}.`;
    case 'writes':
      return `${who} writes ${deed.object}.`;
    case 'copies':
      return `${who} copies ${deed.object} to ${deed.to}.`;
    case 'lies':
      return `From now on a reading of ${deed.root} gives: ${deed.how}.`;
    case 'archives':
      return `${who} moves ${deed.object} into an archive.`;
    case 'refuses':
      return `From now on the store does not delete ${deed.object}.`;
    case 'repeats pages':
      return 'From now on each page of a listing is empty and leads to itself.';
    case 'damages':
      return `What ${deed.ledger} holds in ${deed.folder} can't be read any more.`;
    case 'heals':
      return 'The store does again as it is told.';
    case 'forgets':
      return `The document ${deed.document} of ${deed.ledger} is lost.`;
    case 'copies ledger':
      return `${who} copies ${deed.from} to ${deed.to}.`;
    case 'passes':
      return `${deed.seconds} seconds pass.`;
    case 'waits':
      return `${deed.hours} hours pass.`;
    case 'runs':
      return `${who} begins: ${'url' in deed.errand ? `${deed.errand.does} ${deed.errand.url}` : deed.errand.does}${deed.charge === 'main' ? '' : ` in ${deed.charge}`}.`;
  }
}
