import { Buffer } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import pMap, { pMapIterable } from 'p-map';
import * as z from 'zod';
import {
  checksum,
  type FileStore,
  LostPartError,
  type Part,
  partSchema,
  readLines,
  writeLines,
} from '#operations/ledger/line-parts.ts';

/**
 * What the items of a run in shards leave for one another: of each item a file with its facts and the names of its lists,
 * of each phase a file with the names of its items. Both are written last and name what they are made of by checksums, and
 * the run is a part of every path. So what an interrupted item, phase or run has left is never taken for whole.
 */

/** What an item found. */
export interface ItemOutput {
  /** Small; anything that JSON has. */
  readonly facts: unknown;
  /** Long lists, by names of letters, digits and `-`. */
  readonly lists: Readonly<Record<string, Iterable<unknown>>>;
}

/** What an item of a finished phase found. */
export interface ItemFound {
  readonly item: string;
  readonly facts: unknown;
  /** The lines of a list; none where the item has no list of that name. @throws LostPartError, StoreError */
  lines(list: string): AsyncGenerator<unknown, void, undefined>;
  /** The names of its lists that have lines. */
  readonly lists: readonly string[];
}

const itemSchema = z.object({ facts: z.unknown(), lists: z.record(z.string(), z.array(partSchema)) });
const phaseSchema = z.object({ items: z.array(z.object({ item: z.string(), sha256: z.string() })) });

/** Requests for the facts of items at once: a phase may have thousands. */
const AT_ONCE = 16;
/** Read once or a few times within an hour: speed counts more than bytes. */
const COMPRESSION = 1;

/** The files of one run in shards. */
export class ShardFiles {
  readonly #store: FileStore;
  readonly #folder: string;
  readonly #phases = new Map<string, ReadonlyMap<string, string>>();

  /** @param run its id, of letters, digits, `-` and `_`. */
  constructor(store: FileStore, run: string) {
    this.#store = store;
    this.#folder = `shards/${run}`;
  }

  /** Writes what an item found, over what an earlier attempt left. @throws StoreError */
  async write(phase: string, item: string, { facts, lists }: ItemOutput): Promise<void> {
    const written: Record<string, Part[]> = {};
    for (const [name, lines] of Object.entries(lists)) {
      const prefix = `${this.#folder}/${phase}/${item}-${name}-`;
      const parts = await writeLines(this.#store, prefix, lines, COMPRESSION);
      if (parts.length > 0) written[name] = parts;
    }
    await this.#store.writeFile(this.#pathOf(phase, item), jsonOf({ facts, lists: written }));
  }

  /**
   * Says that a phase is done; a second time changes nothing.
   *
   * @param items all of it.
   * @throws LostPartError where one of them is not, or the phase was done before with other files: a late attempt must not
   * take the place of what later phases have read. StoreError
   */
  async close(phase: string, items: readonly string[]): Promise<void> {
    const found = await pMap(
      items,
      async (item) => ({ item, sha256: checksum(await this.#contentOf(this.#pathOf(phase, item))) }),
      { concurrency: AT_ONCE },
    );
    const path = this.#pathOf(phase, 'done');
    const content = jsonOf({ items: found });
    const before = await this.#store.readFile(path);
    if (before !== null && checksum(await buffer(before)) !== checksum(content)) {
      throw new LostPartError(
        `Phase ${phase} of ${this.#folder} in ${this.#store.name} has ended before, with other files.`,
      );
    }
    await this.#store.writeFile(path, content);
  }

  /** Whether a phase is done. @throws StoreError */
  async hasEnded(phase: string): Promise<boolean> {
    return (await this.#store.readFile(this.#pathOf(phase, 'done'))) !== null;
  }

  /** The items of a finished phase, in their order. @throws LostPartError where it has not ended, StoreError */
  async items(phase: string): Promise<readonly string[]> {
    return [...(await this.#phase(phase)).keys()];
  }

  /** @throws LostPartError where that item of a finished phase is not what it was then, StoreError */
  async read(phase: string, item: string): Promise<ItemFound> {
    const path = this.#pathOf(phase, item);
    const content = await this.#contentOf(path);
    if (checksum(content) !== (await this.#phase(phase)).get(item)) {
      throw lost(`${path} of ${this.#store.name} is not what was written when its phase ended`);
    }
    const { facts, lists } = itemSchema.parse(JSON.parse(content.toString('utf8')));
    return {
      item,
      facts,
      lines: (list) => readLines(this.#store, lists[list] ?? []),
      lists: Object.keys(lists),
    };
  }

  /** All items of a finished phase, one after the other. */
  async *readAll(phase: string): AsyncGenerator<ItemFound, void, undefined> {
    const items = await this.items(phase);
    yield* pMapIterable(items, (item) => this.read(phase, item), { concurrency: AT_ONCE, backpressure: AT_ONCE });
  }

  async #phase(phase: string): Promise<ReadonlyMap<string, string>> {
    const known = this.#phases.get(phase);
    if (known !== undefined) return known;
    const content = await this.#contentOf(this.#pathOf(phase, 'done'));
    const { items } = phaseSchema.parse(JSON.parse(content.toString('utf8')));
    const found = new Map(items.map(({ item, sha256 }) => [item, sha256]));
    this.#phases.set(phase, found);
    return found;
  }

  async #contentOf(path: string): Promise<Buffer> {
    const chunks = await this.#store.readFile(path);
    if (chunks === null) throw lost(`${path} of ${this.#store.name} is missing`);
    return await buffer(chunks);
  }

  #pathOf(phase: string, item: string): string {
    return `${this.#folder}/${phase}/${item}.json`;
  }
}

function lost(what: string): LostPartError {
  return new LostPartError(`${what}. What a phase has found is lost, so nothing is decided; run again.`);
}

function jsonOf(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
