import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type RecordedBucket, unpack } from '#test/support/corpus.ts';

/** So many times as long as it took: five seconds of the recording stand for a day. */
export const STRETCH = 86_400 / 5;

/** The recording ends so long after its last write; stretched, it is some five hours. In milliseconds. */
const QUIET_AT_THE_END = 1_000;

/**
 * When an object of the recording was written, had it taken as many days as it took five seconds, and ended now.
 * The order of all writes stays.
 *
 * @param now epoch milliseconds; so are the times that the result takes and gives.
 */
export function stretched({ objects }: RecordedBucket, now: number): (recorded: number) => number {
  const files = objects.filter(({ key }) => !key.endsWith('/'));
  const end = Math.max(...files.map(({ mtime }) => Date.parse(mtime))) + QUIET_AT_THE_END;
  return (recorded) => Math.min(now, Math.round(now - (end - recorded) * STRETCH));
}

/**
 * Unpacks the recording below `folder`: into `bucket`, or into `bucket-2` and so on where that holds files of somebody
 * else's, which are left alone.
 *
 * @returns the name below `folder`.
 */
export async function unpackStretched(recording: RecordedBucket, folder: string, now: number): Promise<string> {
  const ours = new Set(recording.objects.map(({ key }) => key));
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'bucket' : `bucket-${number}`;
    const place = join(folder, name);
    await mkdir(place, { recursive: true });
    if ((await filesBelow(place)).every((key) => ours.has(key))) {
      await unpack(recording, place, stretched(recording, now));
      return name;
    }
  }
}

async function filesBelow(place: string): Promise<readonly string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(place.length + 1));
}
