import { quarantineTime } from './cutoffs.ts';
import type { Grounds } from './evidence.ts';
import type { Memory } from './memory.ts';

/** A look ahead: as if everything that is garbage now had been so for long enough. */
export function assumeQuarantined(
  memory: Memory,
  { start, settings, objects, owners }: Pick<Grounds, 'start' | 'settings' | 'objects' | 'owners'>,
): Memory {
  return {
    ...memory,
    candidacy: (object) => ({
      since: start - quarantineTime(owners.ofDirectory(objects.directoryId(object)), settings),
      runs: 1,
      etag: null,
    }),
  };
}
