import { Buffer } from 'node:buffer';
import type { LedgerDocument } from '#ports/ledger-store.ts';
import { LedgerContent } from '#test/support/memory-ledger.ts';

/** What a ledger was told, and what it has retired. */
export interface LedgerState {
  readonly paused: { readonly at: string } | null;
  readonly pins: readonly { readonly url: string; readonly at: string }[];
  readonly retired: readonly { readonly url: string; readonly etag: string; readonly state: string }[];
}

/** A ledger that knows which roots were pinned while it did not say yet that they are retired. */
export class WatchedLedger extends LedgerContent {
  /** URLs. */
  readonly pinnedFirst = new Set<string>();
  override readonly documents = new WatchedDocuments((state) => this.#told(state));

  /** Takes over all that another one holds, as a copy of its folder does. */
  copy({ documents, files, writes }: LedgerContent): void {
    this.files.clear();
    this.documents.clear();
    for (const [path, file] of files) this.files.set(path, file);
    for (const [path, document] of documents) this.documents.set(path, document);
    this.writes = Math.max(this.writes, writes);
  }

  /** What it holds in a folder is not what was written there any more. */
  damage(folder: string): void {
    for (const path of this.files.keys()) {
      if (path.startsWith(folder)) this.files.set(path, Buffer.from('?'));
    }
  }

  #told({ pins, retired }: LedgerState): void {
    const isPinned = (url: string): boolean => pins.some((pin) => pin.url === url);
    for (const { url } of pins) {
      if (!retired.some((entry) => entry.url === url && entry.state !== 'restored')) this.pinnedFirst.add(url);
    }
    for (const url of this.pinnedFirst) {
      if (!isPinned(url)) this.pinnedFirst.delete(url);
    }
  }
}

class WatchedDocuments extends Map<string, LedgerDocument> {
  readonly #told: (state: LedgerState) => void;

  constructor(told: (state: LedgerState) => void) {
    super();
    this.#told = told;
  }

  override set(path: string, document: LedgerDocument): this {
    if (path === 'state') this.#told(JSON.parse(document.text));
    return super.set(path, document);
  }
}

/** What it says now. */
export function stateOf({ documents }: LedgerContent): LedgerState {
  const text = documents.get('state')?.text;
  return text === undefined ? { paused: null, pins: [], retired: [] } : JSON.parse(text);
}
