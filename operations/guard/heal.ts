import pMap from 'p-map';
import { classifyDirectory } from '#core/flink/layout.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import type { Healed, LostObject } from '#operations/ledger/lost-objects.ts';
import { readState } from '#operations/ledger/state.ts';
import type { Pace } from '#operations/pace.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { absentOf } from './absent.ts';
import { namedBy, type RootPlaces } from './current-roots.ts';

/**
 * Brings lost objects back by taking away the delete markers that hide them. No lease is needed: what is brought back is
 * named by a root that is there, so no run has judged it garbage, and none can until that root is gone.
 */

/** What healing takes. */
export interface HealInput extends RootPlaces {
  /** By location. */
  readonly writers: readonly AreaWriter[];
  readonly ledger: LedgerStore;
  readonly pace: Pick<Pace, 'take'>;
}

/** What became of each, and why it ended early; null where it did not. */
export interface HealResult {
  readonly healed: readonly Healed[];
  readonly stopped: string | null;
}

/** Objects between two looks at whether deleting is paused. */
const BATCH = 100;
const AT_ONCE = 16;

/** @throws StoreError, LedgerError where it is not known what the roots name, or whether deleting is paused. */
export async function heal(lost: readonly LostObject[], input: HealInput): Promise<HealResult> {
  // Files before roots, so that no root is seen without its files.
  const ordered = [...lost.filter(({ url }) => !isRoot(url)), ...lost.filter(({ url }) => isRoot(url))];
  const needed = await stillNeeded(ordered, input);
  const absent = await absentOf(
    ordered.map(({ url }) => url),
    input,
  );
  const healed: Healed[] = [];
  for (let at = 0; at < ordered.length; at += BATCH) {
    const { paused } = await readState(input.ledger);
    if (paused !== null)
      return { healed, stopped: `Deleting is paused (${paused.why}), so nothing more was brought back.` };
    if (input.signal?.aborted)
      return {
        healed,
        stopped: 'The time of the function was over; "steward restore-points" says what is missing still.',
      };
    const batch = ordered.slice(at, at + BATCH);
    await input.pace.take(batch.length, input.signal);
    healed.push(
      ...(await pMap(
        batch,
        async (object): Promise<Healed> => {
          if (!absent.has(object.url)) return { url: object.url, outcome: 'present', why: null };
          if (!needed.has(object.url)) return { url: object.url, outcome: 'unneeded', why: null };
          return { url: object.url, ...(await bringBack(object, input)) };
        },
        { concurrency: AT_ONCE },
      )),
    );
  }
  return { healed, stopped: null };
}

/** What the roots of now name of it; and the roots themselves, since what a rule has deleted was there until then. */
async function stillNeeded(lost: readonly LostObject[], input: HealInput): Promise<ReadonlySet<string>> {
  const files = lost.filter(({ url }) => !isRoot(url));
  const wanted = new Set(files.map(({ url }) => url));
  const roots = [...new Set(files.flatMap((file) => file.roots))];
  const named = await pMap(roots, async (root) => (await namedBy(root, wanted, input))?.found ?? [], {
    concurrency: AT_ONCE,
  });
  return new Set([
    ...named.flat().map(({ url }) => url),
    ...lost.filter(({ url }) => isRoot(url)).map(({ url }) => url),
  ]);
}

async function bringBack(
  { url, bytes }: LostObject,
  { area, writers }: HealInput,
): Promise<Pick<Healed, 'outcome' | 'why'>> {
  const place = area.placeOfUrl(url);
  const writer = place === null ? undefined : writers[place.location];
  if (place === null || writer?.lastContent === undefined) {
    return { outcome: 'lost', why: `${url} is in a place that keeps no versions.` };
  }
  const key = area.storeKey(place.location, place.key);
  const last = await writer.lastContent(key);
  if (last === null) return { outcome: 'lost', why: `${url} has no version left.` };
  if (bytes >= 0 && !isAsExpected(place.key, last.bytes, bytes)) {
    return {
      outcome: 'lost',
      why: `The newest version of ${url} has ${last.bytes} bytes, and the checkpoint expects ${bytes}.`,
    };
  }
  const outcome = await writer.restore({ key, etag: last.etag });
  return { outcome: outcome.outcome, why: outcome.outcome === 'lost' ? outcome.why : null };
}

/** A file of a changelog begins with a byte that Flink does not count, and may hold more than one checkpoint took of it. */
function isAsExpected(key: string, bytes: number, expected: number): boolean {
  const { role } = classifyDirectory(key.slice(0, key.lastIndexOf('/') + 1));
  return role === 'changelog' ? bytes >= expected : bytes === expected;
}

function isRoot(url: string): boolean {
  return url.endsWith(`/${METADATA_NAME}`);
}
