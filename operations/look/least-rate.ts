import { StoreError } from '#ports/object-store.ts';

/**
 * Bytes a second that a root must come with. A connection of half a megabit, shared by the sixteen roots that are read
 * side by side, gives each as much; less comes from a store that drips. Its sockets never time out, since there is
 * always another byte, and the run would be held for hours with its lease renewed.
 */
export const LEAST_RATE = 4 * 1024;
/**
 * Milliseconds over which the rate is taken, so also the time that a small root has for all its bytes. It is twice what
 * a socket may be silent for: one pause of a busy store is no failure.
 */
export const RATE_WINDOW = 60_000;

/**
 * A content as it comes, for as long as it comes fast enough. Only the waiting for it counts, not what is done with it.
 *
 * @param passed milliseconds, from any beginning.
 * @throws StoreError where it comes more slowly.
 */
export async function* atLeastRate(
  chunks: AsyncIterable<Uint8Array>,
  passed: () => number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  let waited = 0;
  let asked = passed();
  for await (const chunk of chunks) {
    waited += passed() - asked;
    bytes += chunk.length;
    if (waited >= RATE_WINDOW) {
      if (bytes * 1_000 < LEAST_RATE * waited) {
        throw new StoreError(
          'unavailable',
          `it arrives too slowly (${bytes} bytes in ${Math.round(waited / 1_000)} seconds), and the part that was read is not used.`,
        );
      }
      bytes = 0;
      waited = 0;
    }
    yield chunk;
    asked = passed();
  }
}
