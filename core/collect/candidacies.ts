/** Objects of one block share one allocation. */
const BLOCK_BITS = 12;
const BLOCK = 1 << BLOCK_BITS;
const MASK = BLOCK - 1;

interface Block {
  /** Epoch milliseconds; NaN where nothing is remembered. */
  readonly since: Float64Array;
  readonly runs: Uint8Array;
}

const MOST_RUNS = 255;

/**
 * Since when objects have been garbage, by their index. Garbage is a small part of most areas and lies together, so
 * memory is taken only where there is some.
 */
export class Candidacies {
  readonly #blocks: (Block | undefined)[] = [];

  /** @param runs how many decidable runs found it garbage; more than 255 count as 255. */
  set(object: number, since: number, runs: number): void {
    const at = object >>> BLOCK_BITS;
    let block = this.#blocks[at];
    if (block === undefined) {
      block = { since: new Float64Array(BLOCK).fill(Number.NaN), runs: new Uint8Array(BLOCK) };
      this.#blocks[at] = block;
    }
    block.since[object & MASK] = since;
    block.runs[object & MASK] = Math.min(runs, MOST_RUNS);
  }

  get(object: number): { readonly since: number; readonly runs: number } | null {
    const block = this.#blocks[object >>> BLOCK_BITS];
    const since = block?.since[object & MASK] ?? Number.NaN;
    const runs = block?.runs[object & MASK] ?? 0;
    return Number.isNaN(since) ? null : { since, runs };
  }
}
