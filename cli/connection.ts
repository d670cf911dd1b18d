import type { BucketConnection } from '#steward/open-area.ts';
import type { Io } from './io.ts';
import { says } from './log-level.ts';

/** How a command reaches buckets: as its options say, and watched where somebody wants to know of the requests. */
export function connectionOf<T extends BucketConnection>(options: T, io: Pick<Io, 'level' | 'onRequest'>): T {
  return says(io, 'info') && io.onRequest !== undefined ? { ...options, onRequest: io.onRequest } : options;
}
