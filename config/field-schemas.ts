import * as z from 'zod';
import { globProblem } from './glob.ts';
import { DURATION_PATTERN, formatDuration, formatSize, parseDuration, parseSize, SIZE_PATTERN } from './units.ts';

/*
 * The single values of `steward.json`. Every `error` is an imperative: it says what to write instead, and `problems.ts`
 * puts before it where and what is wrong. Each schema also writes its value back, to print the configuration.
 */

const DAY = 86_400_000;

/** One letter before the colon is a Windows drive. */
export const ANY_URL = /^[A-Za-z][A-Za-z0-9+.-]+:\/.*/s;

/** A text of one form. `error` says what to write instead. */
export function text(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error });
}

export const durationSchema = z.codec(
  text(
    DURATION_PATTERN,
    'Write a text of a number and a unit (s, m, h, d or w), such as "90s", "10m", "24h", "14d" or "2w".',
  ),
  z.number(),
  {
    decode: (written, context) =>
      parseDuration(written) ?? refuse(context, 'Write at most "100000d", which is as good as never.'),
    encode: formatDuration,
  },
);

/** S3's lifecycle rules count in days. */
export const daysSchema = z.codec(
  text(/^[1-9][0-9]{0,4}[dw]$/, 'Write whole days or weeks, at least "1d".'),
  z.number(),
  { decode: (written) => parseDuration(written) ?? z.NEVER, encode: (milliseconds) => `${milliseconds / DAY}d` },
);

export const sizeSchema = z.codec(
  text(SIZE_PATTERN, 'Write a text of a number and a unit, such as "500MB" (decimal) or "2TiB" (binary).'),
  z.number(),
  {
    decode: (written, context) => parseSize(written) ?? refuse(context, 'Write less than "9PB".'),
    encode: formatSize,
  },
);

/** Of a value that has the right form and is still wrong. */
export function refuse({ issues, value }: z.core.ParsePayload, message: string): never {
  issues.push({ code: 'custom', message, input: value });
  return z.NEVER;
}

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
