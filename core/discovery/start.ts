import { classifyDirectory } from '../flink/layout.ts';
import { parentOf } from './sites.ts';

/**
 * Where to begin for a prefix that a person gave: the folder above, where that is a part of one job or one savepoint. Who
 * else references its files can't be seen from inside.
 *
 * @param prefix empty or with a closing slash.
 */
export function startFor(prefix: string): string {
  const { role, base } = classifyDirectory(prefix);
  return role === 'plain' ? prefix : parentOf(base);
}
