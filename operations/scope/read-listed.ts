import pMap from 'p-map';
import type { OutsideRoot } from '#core/scope/outside-root.ts';
import type { ListedObject } from '#ports/object-store.ts';
import { type OutsideInput, readOutsideRoot } from './read-outside-root.ts';

const ROOTS_AT_ONCE = 16;

/** What came of reading listed objects that have the name of a root. */
export interface ReadListed {
  /** All that are known by now. */
  readonly roots: readonly OutsideRoot[];
  /** Listed, and gone when they were to be read. */
  readonly vanished: readonly ListedObject[];
}

/**
 * Reads what is not known yet. What a content references never changes, so a root that was read to its last byte is read
 * once; one that could not be read is tried again.
 *
 * @param known roots of earlier listings; what is listed here takes their place, by key.
 */
export async function readListed(
  input: OutsideInput,
  listed: readonly ListedObject[],
  known: readonly OutsideRoot[],
): Promise<ReadListed> {
  const roots = new Map(known.map((root) => [root.key, root]));
  const vanished: ListedObject[] = [];
  const fresh = listed.filter(({ key, etag }) => {
    const before = roots.get(`${input.part.base}${key}`);
    return before === undefined || before.etag !== etag || before.failure !== null;
  });
  await pMap(
    fresh,
    async (object) => {
      const outcome = await readOutsideRoot(input, object);
      const whole = `${input.part.base}${object.key}`;
      if (outcome === 'no-root' || outcome === 'vanished') {
        roots.delete(whole);
        if (outcome === 'vanished') vanished.push(object);
      } else {
        roots.set(whole, outcome);
      }
    },
    { concurrency: ROOTS_AT_ONCE },
  );
  return { roots: [...roots.values()].sort((a, b) => (a.key < b.key ? -1 : 1)), vanished };
}
