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

const LOCKED = /object lock|legal hold|retention|worm/i;

/** Object Lock answers like a missing permission, and says more only in its message. */
function remedyFor(why: string, locations: readonly Place[]): string {
  if (LOCKED.test(why)) {
    return 'Locked objects stay until their lock ends; then a run deletes them.';
  }
  const statement = statementFor(why, locations);
  return statement === null
    ? 'The next run tries again.'
    : `Grant it, unless the policy of the bucket denies it: ${JSON.stringify(statement)}`;
}

/** The right that is missing, as a statement of IAM; null where the store refused for another reason. */
export function statementFor(why: string, locations: readonly Place[]) {
  const isDenied = !LOCKED.test(why) && /access ?denied|forbidden|not authorized|\b403\b/i.test(why);
  const resources = locations.flatMap(({ store, prefix }) => {
    const bucket = /^s3:\/\/(.+)$/.exec(store)?.[1];
    return bucket === undefined ? [] : [`arn:aws:s3:::${bucket}/${prefix}*`];
  });
  if (!isDenied || resources.length === 0) return null;
  return { Effect: 'Allow', Action: 's3:DeleteObject', Resource: resources } as const;
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
