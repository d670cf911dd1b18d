import type { Deletion } from '#core/guard/deletion.ts';
import { NOW } from '#test/support/played-job.ts';

/** A deletion by a lifecycle rule. @param key or a whole URL. */
export function expired(key: string, changes: Partial<Deletion> = {}): Deletion {
  const url = key.startsWith('s3://') ? key : `s3://bucket/${key}`;
  return { url, at: NOW, by: 'rule', leavesMarker: false, requester: null, address: null, ...changes };
}

/** A deletion by somebody's request. */
export function requested(key: string, changes: Partial<Deletion> = {}): Deletion {
  return expired(key, { by: 'request', requester: '123456789012', address: '192.0.2.1', ...changes });
}
