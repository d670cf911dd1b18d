import { base64Hashes, HashList, hashesOf, linesOfHashes, nameHash } from '#operations/ledger/name-hashes.ts';
import { partsOf, type ShardContext } from './context.ts';

/** Hashes of names in parts, so that no item has to hold those of the whole area. */

/** So many first bits of a hash say which part it is in. */
export async function partBits(context: ShardContext): Promise<number> {
  return Math.ceil(Math.log2(await partsOf(context)));
}

/** The names of all parts. */
export function hashParts(bits: number): readonly string[] {
  return Array.from({ length: 2 ** bits }, (_, part) => String(part));
}

/** Hashes that are added one by one, for the items of the parts. */
export class HashesByPart {
  readonly #shift: bigint;
  readonly #parts: readonly HashList[];

  /** @param bits as of {@link partBits}. */
  constructor(bits: number) {
    this.#shift = BigInt(64 - bits);
    this.#parts = hashParts(bits).map(() => new HashList());
  }

  /** @param name the last part of a path. */
  add(name: string): void {
    const hash = nameHash(name);
    this.#parts[Number(hash >> this.#shift)]?.add(hash);
  }

  /** As the lists of an item, and how many there are. Nothing may be added afterwards. */
  end(): { readonly lists: Readonly<Record<string, Iterable<string>>>; readonly count: number } {
    const ascending = this.#parts.map((part) => part.ascending());
    return {
      lists: Object.fromEntries(ascending.map((hashes, part) => [hashList(String(part)), linesOfHashes(hashes)])),
      count: ascending.reduce((sum, { length }) => sum + length, 0),
    };
  }
}

/** The list that an item has of a part. */
export function hashList(part: string): string {
  return `hashes-${part}`;
}

/** The hashes of such a list, some thousand at a time. */
export async function* readHashes(lines: AsyncIterable<unknown>): AsyncGenerator<BigUint64Array, void, undefined> {
  for await (const line of lines) yield hashesOf([base64Hashes(line as string)]);
}
