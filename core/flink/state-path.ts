import { maskCredentials } from '../secrets.ts';

/**
 * Paths as Flink stores and resolves them, and the one form in which places are compared.
 *
 * Flink's `Path` (2.3.0) keeps the text decoded: a `%41` in a path is three characters of the name. So nothing is
 * percent-decoded here, and the S3 key is the text after `scheme://bucket/`.
 */

/** A path after Flink's own normalisation. */
export interface FlinkPath {
  readonly scheme: string | null;
  readonly authority: string | null;
  readonly path: string;
}

/**
 * A place that two differently written paths share if and only if they name the same object: all S3 schemes are
 * one, the key has no leading slash.
 */
export interface Place {
  /** `s3://bucket`, `file://`, `hdfs://namenode:8020`, … */
  readonly store: string;
  readonly key: string;
}

const S3_SCHEMES: ReadonlySet<string> = new Set(['s3', 's3a', 's3n', 's3p']);

/** Which schemes of the S3 family name one and the same bucket (Hadoop: s3, s3a; Presto: s3, s3p; old: s3n). */
export function isS3Scheme(scheme: string | null): boolean {
  return scheme !== null && S3_SCHEMES.has(scheme.toLowerCase());
}

/**
 * Reads a path as Flink does: backslashes become slashes, runs of slashes one, `.` and `..` are resolved, a slash at
 * the end goes.
 *
 * @returns null where Flink refuses: an empty text, a scheme that is none, a scheme whose path does not begin with a
 * slash, an authority with brackets that hold no IPv6 address. Also for what begins with `?` or `#` and has a colon
 * before the first slash, which Flink takes for an empty path: it names no file.
 */
export function parseFlinkPath(text: string): FlinkPath | null {
  if (text === '') {
    return null;
  }
  const rooted = startsWithDrive(text) ? `/${text}` : text;
  const colon = rooted.indexOf(':');
  const slash = rooted.indexOf('/');
  const hasScheme = colon !== -1 && (slash === -1 || colon < slash);
  const scheme = hasScheme ? rooted.slice(0, colon) : null;
  const afterScheme = hasScheme ? colon + 1 : 0;
  const authorityEnd = endOfAuthority(rooted, afterScheme);
  const authority = rooted.slice(afterScheme + 2, authorityEnd) || null;
  const path = resolveDots(normaliseSlashes(rooted.slice(authorityEnd)));
  if (authority !== null && !isAuthority(authority)) {
    return null;
  }
  if (scheme !== null && (!isScheme(scheme) || (authority === null && !path.startsWith('/')))) {
    return null;
  }
  return { scheme, authority, path };
}

/**
 * As `Path.toString()` prints it: `s3://bucket/key`, `file:/tmp/x`, `C:/tmp/x`, nothing encoded. Credentials in the
 * authority are masked, because people read this.
 */
export function printFlinkPath({ scheme, authority, path }: FlinkPath): string {
  if (scheme === null && authority === null) {
    return path.startsWith('/') && startsWithDrive(path.slice(1)) ? path.slice(1) : path;
  }
  return maskCredentials(`${scheme === null ? '' : `${scheme}:`}${authority === null ? '' : `//${authority}`}${path}`);
}

/**
 * Where a reference of a `_metadata` points.
 *
 * @param reference as the reader gives it.
 * @param directory the directory that holds the `_metadata`, against which a relative handle resolves.
 * @returns null where Flink itself could not build the path; then Flink can't read the root at all. Null too for
 * relative paths with a scheme or an authority of their own: Flink throws or resolves them to places nobody meant.
 */
export function resolveReference(
  reference: { readonly path: string; readonly relative: boolean },
  directory: FlinkPath,
): FlinkPath | null {
  const child = parseFlinkPath(reference.path);
  if (child === null || !reference.relative) {
    return child;
  }
  const path = child.path.startsWith('/') ? child.path.slice(1) : child.path;
  // Flink builds a URI of the text after the slash, so a colon in its first segment ends a scheme.
  if (child.scheme !== null || child.authority !== null || child.path === '/' || /^[^/]*:/.test(path)) {
    return null;
  }
  const isNowhere = directory.scheme === null && directory.authority === null && directory.path === '';
  const base = directory.path.endsWith('/') || isNowhere ? directory.path : `${directory.path}/`;
  return { ...directory, path: normaliseSlashes(resolveDots(`${base}${path}`)) };
}

/**
 * The form in which places are compared. A path without a scheme is taken for a local file. What stands before an `@` in
 * the authority of S3 is no part of the bucket's name: Hadoop 2 took credentials there.
 */
export function placeOf(path: FlinkPath): Place {
  const isS3 = isS3Scheme(path.scheme);
  const scheme = isS3 ? 's3' : (path.scheme ?? 'file').toLowerCase();
  const key = path.path.startsWith('/') ? path.path.slice(1) : path.path;
  const authority = path.authority ?? '';
  return { store: `${scheme}://${isS3 ? authority.slice(authority.lastIndexOf('@') + 1) : authority}`, key };
}

/** A place as a URL for people, without any encoding. */
export function printPlace(place: Place): string {
  return `${place.store}/${place.key}`;
}

/** The last segment of a path: of a state file its UUID. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function startsWithDrive(path: string): boolean {
  return /^[A-Za-z]:/.test(path);
}

function isScheme(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*$/.test(text);
}

function isAuthority(text: string): boolean {
  return !/[[\]]/.test(text) || /^\[[0-9A-Fa-f:.]+\](:\d+)?$/.test(text);
}

/** Where the authority ends that begins with two slashes at `start`; `start` itself where there is none. */
function endOfAuthority(text: string, start: number): number {
  if (!text.startsWith('//', start) || text.length - start === 2) {
    return start;
  }
  const slash = text.indexOf('/', start + 2);
  return slash === -1 ? text.length : slash;
}

function normaliseSlashes(path: string): string {
  const forward = path.includes('\\') ? path.replaceAll('\\', '/') : path;
  const single = forward.includes('//') ? forward.replace(/\/{2,}/g, '/') : forward;
  const isRoot = single === '/' || /^\/[A-Za-z]+:\/$/.test(single);
  return single.endsWith('/') && !isRoot ? single.slice(0, -1) : single;
}

/** `java.net.URI.normalize`: a `..` that has nothing to remove stays. */
function resolveDots(path: string): string {
  if (!path.includes('/.') && !path.startsWith('.')) {
    return path;
  }
  const absolute = path.startsWith('/');
  const kept: string[] = [];
  const segments = path.slice(absolute ? 1 : 0).split('/');
  let endsInFolder = false;
  for (const segment of segments) {
    endsInFolder = segment === '.' || segment === '..';
    if (segment === '..' && kept.length > 0 && kept.at(-1) !== '..') {
      kept.pop();
    } else if (segment === '..') {
      kept.push(segment);
      endsInFolder = false;
    } else if (segment !== '.') {
      kept.push(segment);
    }
  }
  const body = kept.join('/');
  // A colon in the first segment would read as the end of a scheme.
  const start = absolute ? '/' : kept[0]?.includes(':') ? './' : '';
  return `${start}${body}${endsInFolder && body !== '' ? '/' : ''}`;
}
