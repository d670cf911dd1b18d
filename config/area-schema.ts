import * as z from 'zod';
import { ANY_URL, urlSchema } from './field-schemas.ts';

/** A place that is surveyed: a bucket (or a prefix of one), or a directory, perhaps as a copy or mount of `as`. */
export type AreaEntry =
  | { readonly kind: 's3'; readonly url: string }
  | { readonly kind: 'directory'; readonly path: string; readonly as?: string };

const directory = z
  .string({ error: 'Write the path of a directory.' })
  .min(1, { error: 'Write the path of a directory.' })
  .refine((path) => !ANY_URL.test(path), { error: 'Write a path here: only a directory can stand for another place.' });

export const areaEntrySchema = z.union(
  [
    z
      .string()
      .min(1, { error: 'Write "s3://bucket/prefix" or the path of a directory.' })
      .superRefine((place, context) => {
        const problem = areaProblem(place);
        if (problem !== undefined) {
          context.addIssue({ code: 'custom', message: problem });
        }
      })
      .transform(
        (place): AreaEntry =>
          place.startsWith('s3://') ? { kind: 's3', url: place } : { kind: 'directory', path: place },
      ),
    z
      .strictObject({
        path: directory.describe('The directory, relative to this file.'),
        as: urlSchema.describe(
          'The URL that references use for it: "s3://my-bucket" or "file:///opt/flink/checkpoints".',
        ),
      })
      .transform(({ path, as }): AreaEntry => ({ kind: 'directory', path, as })),
  ],
  { error: 'Write "s3://bucket/prefix", the path of a directory, or {"path": "./copy", "as": "s3://my-bucket"}.' },
);

function areaProblem(place: string): string | undefined {
  if (!ANY_URL.test(place)) {
    return undefined;
  }
  if (/^s3[anp]:\/\//.test(place)) {
    return `Write it as "s3://${place.slice(6)}": the steward knows that s3a, s3n and s3p mean the same place.`;
  }
  if (/^file:/.test(place)) {
    return 'Write the path of the directory instead of a URL.';
  }
  const bucket = /^s3:\/\/([^/]+)/.exec(place)?.[1];
  if (bucket === undefined) {
    return 'Write "s3://bucket/prefix" or the path of a directory: no other places can be surveyed.';
  }
  return bucket.endsWith('--x-s3')
    ? 'Name a general purpose bucket: directory buckets keep no order of keys and are not supported.'
    : undefined;
}
