import { classifyDirectory } from '#core/flink/layout.ts';
import { takes } from '#core/lifecycle/loss.ts';
import type { Healed, LostObject } from '#operations/ledger/lost-objects.ts';
import type { LastContent } from '#ports/area-writer.ts';
import type { WriterPlaces } from './taken-roots.ts';

/** Brings one lost object back by taking away the delete markers that hide it. */

const DAY = 24 * 60 * 60 * 1_000;
/** What a rule takes of one restore point it takes within some nights: S3 does not do all at once. */
const TOGETHER = 3 * DAY;

/** @throws StoreError */
export async function bringBack(lost: LostObject, { area, writers }: WriterPlaces): Promise<Healed> {
  const { url, bytes } = lost;
  const gone = (why: string): Healed => ({ url, outcome: 'lost', why });
  const place = area.placeOfUrl(url);
  const writer = place === null ? undefined : writers[place.location];
  if (place === null || writer?.lastContent === undefined) return gone(`${url} is in a place that keeps no versions.`);
  const key = area.storeKey(place.location, place.key);
  const last = await writer.lastContent(key);
  if (last === null) return gone(`${url} has no version left.`);
  if (bytes >= 0 && !isAsExpected(place.key, last.bytes, bytes)) {
    return gone(`The newest version of ${url} has ${last.bytes} bytes, and the checkpoint expects ${bytes}.`);
  }
  if (!isTakenSo(lost, place.key, last)) {
    return gone(
      `${url} was not deleted by the rule that took its checkpoint or savepoint. Whoever did it may have meant it; "heal": "all" brings such objects back too.`,
    );
  }
  const outcome = await writer.restore({ key, etag: last.etag });
  return { url, outcome: outcome.outcome, why: outcome.outcome === 'lost' ? outcome.why : null };
}

/** Of what nobody has told by itself, whether the rules that took its root can have done it, and about then. */
function isTakenSo({ takenBy }: LostObject, key: string, { bytes, hidden }: LastContent): boolean {
  if (takenBy === undefined || hidden === null) return true;
  const { filters, since } = takenBy;
  if (Math.abs(hidden - since) > TOGETHER) return false;
  // A rule that is gone by now told nothing of what it took.
  return filters.length === 0 || filters.some((filter) => takes(filter, { key, bytes, outside: false }));
}

/** A file of a changelog begins with a byte that Flink does not count, and may hold more than one checkpoint took of it. */
function isAsExpected(key: string, bytes: number, expected: number): boolean {
  const { role } = classifyDirectory(key.slice(0, key.lastIndexOf('/') + 1));
  return role === 'changelog' ? bytes >= expected : bytes === expected;
}
