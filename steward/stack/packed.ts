import { Buffer } from 'node:buffer';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Refusal } from '#steward/refusals.ts';

/** What travels between `manual` and the command line: JSON, compressed, as text of letters that nothing has to escape. */

export interface WholeFound<Found = unknown> {
  readonly found: Found;
  readonly notes: readonly string[];
}

export interface WholeFailure {
  readonly failure: {
    readonly message: string;
    /** Whether the request is wrong, so that the same one would fail again. */
    readonly isRequest: boolean;
    readonly refusal: Refusal | null;
  };
}

export type Whole<Found = unknown> = WholeFound<Found> | WholeFailure;

/** Compressed: documents of an area repeat themselves. */
export function pack(whole: Whole): Buffer {
  return gzipSync(JSON.stringify(whole));
}

/** @param pages as they came, base64. */
export function unpack<Found>(pages: readonly string[]): Whole<Found> {
  const bytes = Buffer.concat(pages.map((page) => Buffer.from(page, 'base64')));
  return JSON.parse(gunzipSync(bytes).toString('utf8')) as Whole<Found>;
}
