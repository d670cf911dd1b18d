import type { AreaLocation } from '../area/area.ts';
import { count } from '../quantity.ts';

type Place = Pick<AreaLocation, 'store' | 'prefix'>;

/**
 * Deletions that the store refused, as a sentence: how many, why in the store's words, and what to do.
 *
 * @param why the first refusal, in the store's words.
 */
export function sayRefused(refused: number, why: string, locations: readonly Place[]): string {
  const objects = count(refused, 'object was', 'objects were');
  return `${objects} not deleted, because the store refused: ${ended(why)} ${remedyFor(why, locations)}`;
}

/** Object Lock answers like a missing permission, and says more only in its message. */
function remedyFor(why: string, locations: readonly Place[]): string {
  if (/object lock|legal hold|retention|worm/i.test(why)) {
    return 'Locked objects stay until their lock ends; then a run deletes them.';
  }
  const isDenied = /access ?denied|forbidden|not authorized|\b403\b/i.test(why);
  const resources = locations.flatMap(({ store, prefix }) => {
    const bucket = /^s3:\/\/(.+)$/.exec(store)?.[1];
    return bucket === undefined ? [] : [`arn:aws:s3:::${bucket}/${prefix}*`];
  });
  if (!isDenied || resources.length === 0) {
    return 'The next run tries again.';
  }
  const statement = { Effect: 'Allow', Action: 's3:DeleteObject', Resource: resources };
  return `Grant it, unless the policy of the bucket denies it: ${JSON.stringify(statement)}`;
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
