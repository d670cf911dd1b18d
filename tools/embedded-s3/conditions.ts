/**
 * The conditions that requests come with, in the order of precedence of RFC 9110.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';
import type { StoredVersion } from '#tools/embedded-s3/stored-version.ts';

/**
 * @param prefix of the names of the headers: those of a copy have one.
 * @returns whether the content is to be given; else the client has it already.
 * @throws S3Error `PreconditionFailed`
 */
export function isWanted(version: StoredVersion, headers: IncomingHttpHeaders, prefix = ''): boolean {
  const ifMatch = text(headers, `${prefix}if-match`);
  const unmodifiedSince = time(headers, `${prefix}if-unmodified-since`);
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, version.etag)) throw failed('If-Match');
  } else if (unmodifiedSince !== undefined && version.modified > unmodifiedSince) {
    throw failed('If-Unmodified-Since');
  }
  const ifNoneMatch = text(headers, `${prefix}if-none-match`);
  const modifiedSince = time(headers, `${prefix}if-modified-since`);
  if (ifNoneMatch !== undefined) return !matches(ifNoneMatch, version.etag);
  return modifiedSince === undefined || version.modified > modifiedSince;
}

/**
 * Of a write. S3 knows only `*` for If-None-Match here.
 *
 * @throws S3Error `PreconditionFailed`, `NoSuchKey`, `NotImplemented`
 */
export function requireWritable(current: StoredVersion | undefined, headers: IncomingHttpHeaders): void {
  const ifNoneMatch = text(headers, 'if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw new S3Error('NotImplemented');
  if (ifNoneMatch !== undefined && current !== undefined) throw failed('If-None-Match');
  const ifMatch = text(headers, 'if-match');
  if (ifMatch !== undefined) requireUnchanged(current, ifMatch);
}

/**
 * Of a write or a deletion, against what is there now.
 *
 * @throws S3Error `PreconditionFailed`, or `NoSuchKey` where nothing is there
 */
export function requireUnchanged(current: StoredVersion | undefined, ifMatch: string): void {
  if (current === undefined) throw new S3Error('NoSuchKey');
  if (!matches(ifMatch, current.etag)) throw failed('If-Match');
}

/** Clients give ETags with quotes and without, as lists, and as `*`. */
function matches(list: string, etag: string): boolean {
  return list.split(',').some((item) => {
    const bare = item.trim().replace(/^(?:W\/)?"(.*)"$/, '$1');
    return bare === '*' || bare === etag;
  });
}

function text(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** What is no date is no condition. */
function time(headers: IncomingHttpHeaders, name: string): number | undefined {
  const epochMilliseconds = Date.parse(text(headers, name) ?? '');
  return Number.isNaN(epochMilliseconds) ? undefined : epochMilliseconds;
}

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', { elements: { Condition: condition } });
}
