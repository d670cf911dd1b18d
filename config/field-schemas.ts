import * as z from 'zod';
import { globProblem } from './glob.ts';
import { DURATION_PATTERN, parseDuration, parseSize, SIZE_PATTERN } from './units.ts';

/*
 * The single values of `steward.json`. Every `error` is an imperative: it says what to write instead, and `problems.ts`
 * puts before it where and what is wrong.
 */

/** One letter before the colon is a Windows drive. */
export const ANY_URL = /^[A-Za-z][A-Za-z0-9+.-]+:\/.*/s;

/** A text of one form. `error` says what to write instead. */
export function text(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error });
}

export const durationSchema = text(
  DURATION_PATTERN,
  'Write a text of a number and a unit (s, m, h, d or w), such as "90s", "10m", "24h", "14d" or "2w".',
).transform((written, context): number => {
  const milliseconds = parseDuration(written);
  if (milliseconds === undefined) {
    context.addIssue({ code: 'custom', message: 'Write at most "100000d", which will do for never.' });
    return z.NEVER;
  }
  return milliseconds;
});

/** S3's lifecycle rules count in days. */
export const daysSchema = text(/^[1-9][0-9]{0,4}[dw]$/, 'Write whole days or weeks, at least "1d".').transform(
  (written) => parseDuration(written) ?? z.NEVER,
);

export const sizeSchema = text(
  SIZE_PATTERN,
  'Write a text of a number and a unit, such as "500MB" (decimal) or "2TiB" (binary).',
).transform((written, context): number => {
  const bytes = parseSize(written);
  if (bytes === undefined) {
    context.addIssue({ code: 'custom', message: 'Write less than "9PB".' });
    return z.NEVER;
  }
  return bytes;
});

export const urlSchema = text(
  ANY_URL,
  'Write a URL with its scheme, such as "s3://bucket/prefix" or "file:///mnt/flink".',
);

export const globSchema = z
  .string({ error: 'Write a pattern such as "flink/ha/**".' })
  .superRefine((pattern, context) => {
    const problem = globProblem(pattern);
    if (problem !== undefined) {
      context.addIssue({ code: 'custom', message: problem });
    }
  });
