import { setImmediate as turn } from 'node:timers/promises';
import type { BitColumn } from '#core/inventory/columns.ts';
import { HashList, nameHash } from '#operations/ledger/name-hashes.ts';
import type { Survey } from '#operations/look/survey.ts';

/** Up to so many names a certificate lists all of them: eight megabytes. */
export const MOST_WHOLE = 1 << 20;
/** More groups take more memory than they save. */
const MOST_GROUP_BITS = 24;
/** After so many objects others have their turn. */
const TURN_EVERY = 1 << 16;

type Reachable = Survey['reachability'];

interface Limits {
  /** How many names are listed whole. */
  readonly mostWhole?: number;
  readonly turnEvery?: number;
}

/**
 * The names of all files that roots need, as ascending hashes. Flink makes no name twice, so the last part of a path will do,
 * and whatever way a root writes its paths makes no difference.
 *
 * Of very many names only those are listed that are near a deleted one: the hashes are divided into as many groups as there
 * are names, and each group into which a deleted name falls is listed whole. That takes a few bytes for each deletion, where
 * all names of an area of ten million objects would take 80 MB.
 */
export class NeededNames {
  readonly #reachability: Reachable;

  private constructor(
    reachability: Reachable,
    /** How many there are, listed or not; a name that several places have counts as often. */
    readonly count: number,
    /** So many first bits of a hash say which group it is in. */
    readonly groupBits: number,
    /** Those that are listed: ascending, each once. */
    readonly hashes: BigUint64Array,
  ) {
    this.#reachability = reachability;
  }

  /** @param planned the objects that were deleted. */
  static async of(
    { objects, reachability }: Pick<Survey, 'objects' | 'reachability'>,
    planned: BitColumn,
    { mostWhole = MOST_WHOLE, turnEvery = TURN_EVERY }: Limits = {},
  ): Promise<NeededNames> {
    const missing = reachability.missingNames();
    let count = missing.length;
    for (let object = 0; object < objects.size; object++) count += Number(isNeeded(reachability, object));
    const groupBits = count <= mostWhole ? 0 : Math.min(MOST_GROUP_BITS, Math.ceil(Math.log2(count)));
    const groups = new Uint8Array(2 ** Math.max(0, groupBits - 3));
    const groupOf = (hash: bigint): number => Number(hash >> BigInt(64 - groupBits));
    const isWanted = (hash: bigint): boolean => {
      const group = groupBits === 0 ? 0 : groupOf(hash);
      return groupBits === 0 || ((groups[group >>> 3] ?? 0) & (1 << (group & 7))) !== 0;
    };
    const hashOf = (object: number): bigint => nameHash(objects.name(object));
    for (let object = 0; groupBits > 0 && object < objects.size; object++) {
      if (!planned.has(object)) continue;
      const group = groupOf(hashOf(object));
      groups[group >>> 3] = (groups[group >>> 3] ?? 0) | (1 << (group & 7));
    }
    const listed = new HashList();
    for (const name of missing) {
      const hash = nameHash(name);
      if (isWanted(hash)) listed.add(hash);
    }
    for (let object = 0; object < objects.size; object++) {
      // A million names take two seconds, in which the lease has to be renewed and a signal heard.
      if ((object + 1) % turnEvery === 0) await turn();
      if (!isNeeded(reachability, object)) continue;
      const hash = hashOf(object);
      if (isWanted(hash)) listed.add(hash);
    }
    return new NeededNames(reachability, count, groupBits, listed.ascending());
  }

  /** Whether a root needs this object, also one under another name than `_metadata`. */
  isNeeded(object: number): boolean {
    return isNeeded(this.#reachability, object);
  }

  /** Whether a hash is listed. */
  has(hash: bigint): boolean {
    let from = 0;
    let to = this.hashes.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.hashes[middle] ?? 0n) < hash) from = middle + 1;
      else to = middle;
    }
    return this.hashes[from] === hash;
  }
}

function isNeeded(reachability: Reachable, object: number): boolean {
  return reachability.isLive(object) || reachability.isKeptByRenamed(object);
}
