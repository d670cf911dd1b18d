/**
 * GetObject and HeadObject.
 */
import { Buffer } from 'node:buffer';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Bucket } from '#tools/embedded-s3/bucket.ts';
import { parseRange } from '#tools/embedded-s3/byte-range.ts';
import { isWanted } from '#tools/embedded-s3/conditions.ts';
import {
  bucketOf,
  type Handlers,
  headerOf,
  type S3Answer,
  type S3Request,
  type World,
} from '#tools/embedded-s3/request.ts';
import { base64Crc32 } from '#tools/embedded-s3/request-body.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';
import { contentBetween, STANDARD, StoredVersion } from '#tools/embedded-s3/stored-version.ts';

export const readingHandlers = { GetObject: getObject, HeadObject: headObject } satisfies Handlers;

/** Classes that must be restored before they can be read. */
const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** @throws S3Error `InvalidObjectState` */
export function requireReadable({ storageClass, restore }: StoredVersion): void {
  if (ARCHIVED.has(storageClass) && typeof restore !== 'number') {
    throw new S3Error('InvalidObjectState', { elements: { StorageClass: storageClass } });
  }
}

/**
 * The version that a request asks for.
 *
 * @throws S3Error `NoSuchKey`, `NoSuchVersion`, `MethodNotAllowed` for a delete marker that is asked for by its id.
 */
export function findVersion(bucket: Bucket, key: string, versionId: string | undefined): StoredVersion {
  const found = versionId === undefined ? bucket.objects.get(key) : bucket.version(key, versionId);
  if (found === undefined) {
    throw versionId === undefined
      ? new S3Error('NoSuchKey', { elements: { Key: key } })
      : new S3Error('NoSuchVersion', { elements: { Key: key, VersionId: versionId } });
  }
  if (!found.deleteMarker) return found;
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': found.versionId };
  throw versionId === undefined
    ? new S3Error('NoSuchKey', { elements: { Key: key }, headers })
    : new S3Error('MethodNotAllowed', { headers: { ...headers, 'last-modified': httpTime(found.modified) } });
}

function getObject(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  const found = findVersion(bucket, request.key, request.query.get('versionId'));
  const version = request.instead === undefined ? found : insteadOf(found, request.instead);
  if (!isWanted(version, request.headers)) return notModified(version);
  requireReadable(version);
  const described = describe(bucket, version);
  const range = parseRange(headerOf(request, 'range'), version.bytes);
  if (range === null) {
    return {
      status: 200,
      headers: { ...described, 'content-length': version.bytes, ...checksum(request, version) },
      body: contentBetween(version.content, 0, version.bytes - 1),
    };
  }
  return {
    status: 206,
    headers: {
      ...described,
      'content-length': range.to - range.from + 1,
      'content-range': `bytes ${range.from}-${range.to}/${version.bytes}`,
    },
    body: contentBetween(version.content, range.from, range.to),
  };
}

function insteadOf(
  { key }: StoredVersion,
  { content, lastModified }: NonNullable<S3Request['instead']>,
): StoredVersion {
  return new StoredVersion({ key, content: Buffer.from(content), modified: lastModified });
}

/** The metadata of archived objects can be read. */
function headObject(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  const version = findVersion(bucket, request.key, request.query.get('versionId'));
  if (!isWanted(version, request.headers)) return notModified(version);
  const described = describe(bucket, version);
  const range = parseRange(headerOf(request, 'range'), version.bytes);
  const bytes = range === null ? version.bytes : range.to - range.from + 1;
  return {
    status: range === null ? 200 : 206,
    headers: { ...described, 'content-length': bytes, ...(range === null ? checksum(request, version) : {}) },
  };
}

function notModified(version: StoredVersion): S3Answer {
  return { status: 304, headers: { etag: `"${version.etag}"`, 'last-modified': httpTime(version.modified) } };
}

function describe(bucket: Bucket, version: StoredVersion): OutgoingHttpHeaders {
  return {
    'content-type': 'binary/octet-stream',
    ...version.headers,
    'accept-ranges': 'bytes',
    etag: `"${version.etag}"`,
    'last-modified': httpTime(version.modified),
    ...(bucket.versioning === 'never' ? {} : { 'x-amz-version-id': version.versionId }),
    ...(version.storageClass === STANDARD ? {} : { 'x-amz-storage-class': version.storageClass }),
  };
}

/** SDKs ask for it with every whole object, and check what they receive. */
function checksum(request: S3Request, { content }: StoredVersion): OutgoingHttpHeaders {
  if (headerOf(request, 'x-amz-checksum-mode') !== 'ENABLED' || !Buffer.isBuffer(content)) return {};
  return { 'x-amz-checksum-crc32': base64Crc32(content), 'x-amz-checksum-type': 'FULL_OBJECT' };
}

export function httpTime(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toUTCString();
}
