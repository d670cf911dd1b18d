/** Hashes of names that are asked for often: ascending, eight bytes each. */
export class NameSet {
  readonly #hashes: BigUint64Array;

  /** @param hashes in any order; they are sorted in place. */
  constructor(hashes: BigUint64Array) {
    this.#hashes = hashes.sort();
  }

  /** Whether a hash is among them. */
  has(hash: bigint): boolean {
    let [from, to] = [0, this.#hashes.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const found = this.#hashes[middle] ?? 0n;
      if (found === hash) return true;
      if (found < hash) from = middle + 1;
      else to = middle;
    }
    return false;
  }
}
