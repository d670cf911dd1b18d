import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';
import { type Part, partSchema } from './line-parts.ts';
import { LOST_FOLDER } from './lost-objects.ts';

/** Which lists of lost objects are still to be healed: what a pause, the time or a failure has ended goes on from here. */

/** More than that nobody heals; the survey tells of damage all the same. */
const MOST_LISTS = 1_000;

const documentSchema = z.object({
  lists: z.array(
    z.object({
      parts: z.array(partSchema),
      objects: z.int(),
      /** Whether it is what an attempt has left, and no list that is new. */
      left: z.boolean(),
    }),
  ),
});
type Known = z.output<typeof documentSchema>;
/** A list of lost objects, in parts as `handOver` has written them. */
export type UnhealedList = Known['lists'][number];

/** @throws StoreError, LedgerError */
export async function unhealedLists(ledger: LedgerStore): Promise<readonly UnhealedList[]> {
  return (await documentOf(ledger).read())?.value.lists ?? [];
}

/**
 * @param done parts of lists that need not be healed any more. @param more a list that is to be.
 * @returns what is there now.
 * @throws StoreError, LedgerError
 */
export async function updateUnhealed(
  ledger: LedgerStore,
  { done = [], more }: { readonly done?: readonly Part[]; readonly more?: UnhealedList },
): Promise<readonly UnhealedList[]> {
  const ended = new Set(done.map(({ file }) => file));
  const empty: Known = { lists: [] };
  const { lists } = await documentOf(ledger).update(
    () => empty,
    (known) => {
      const kept = known.lists.filter(({ parts }) => !parts.some(({ file }) => ended.has(file)));
      return { lists: [...kept, ...(more === undefined ? [] : [more])].slice(-MOST_LISTS) };
    },
  );
  return lists;
}

function documentOf(ledger: LedgerStore): JsonDocument<Known> {
  return new JsonDocument(ledger, `${LOST_FOLDER}/unhealed`, documentSchema);
}
