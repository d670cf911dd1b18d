/**
 * PutObject and CopyObject.
 */
import { Buffer } from 'node:buffer';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Bucket } from '#tools/embedded-s3/bucket.ts';
import { isWanted, requireWritable } from '#tools/embedded-s3/conditions.ts';
import { parseTarget } from '#tools/embedded-s3/operation.ts';
import { findVersion, requireReadable } from '#tools/embedded-s3/reading.ts';
import {
  bucketOf,
  type Handlers,
  headerOf,
  type S3Answer,
  type S3Request,
  type World,
  xmlAnswer,
} from '#tools/embedded-s3/request.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';
import { STANDARD, type StoredVersion } from '#tools/embedded-s3/stored-version.ts';
import { element, s3Document, xmlTime } from '#tools/embedded-s3/xml-writer.ts';

export const writingHandlers = { CopyObject: copyObject, PutObject: putObject } satisfies Handlers;

const MOST_KEY_BYTES = 1_024;
const KEPT_HEADER = /^(?:cache-control|content-(?:disposition|encoding|language|type)|expires|x-amz-meta-.+)$/;

/** @throws S3Error `KeyTooLongError` */
export function requireShortKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes > MOST_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', {
      elements: { Size: String(bytes), MaxSizeAllowed: String(MOST_KEY_BYTES) },
    });
  }
}

/** The headers of a write that are given back with every read. */
export function keptHeaders({ headers }: Pick<S3Request, 'headers'>): OutgoingHttpHeaders {
  const kept: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!KEPT_HEADER.test(name) || value === undefined) continue;
    // How the body was sent is no property of the object.
    const lasting = name === 'content-encoding' ? String(value).replace(/^aws-chunked(?:,\s*|$)/, '') : value;
    if (lasting !== '') kept[name] = lasting;
  }
  return kept;
}

export function storageClassOf(request: Pick<S3Request, 'headers'>): string {
  return headerOf(request, 'x-amz-storage-class') ?? STANDARD;
}

export function versionHeader(bucket: Bucket, { versionId }: StoredVersion): OutgoingHttpHeaders {
  return bucket.versioning === 'never' ? {} : { 'x-amz-version-id': versionId };
}

function putObject(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  const { key, body, headers, ignoresConditions = false } = request;
  requireShortKey(key);
  if (!ignoresConditions) requireWritable(bucket.current(key), headers);
  const version = bucket.put(
    {
      key,
      content: body,
      modified: world.now(),
      storageClass: storageClassOf(request),
      headers: keptHeaders(request),
    },
    world.newId,
  );
  return { status: 200, headers: { etag: `"${version.etag}"`, ...versionHeader(bucket, version) } };
}

function copyObject(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  const from = headerOf(request, 'x-amz-copy-source') ?? '';
  const { bucket: sourceBucket, key: sourceKey, query } = parseTarget(from.startsWith('/') ? from : `/${from}`);
  const source = findVersion(bucketOf(world, sourceBucket), sourceKey, query.get('versionId'));
  if (!isWanted(source, request.headers, 'x-amz-copy-source-')) throw new S3Error('PreconditionFailed');
  requireReadable(source);
  requireShortKey(request.key);
  requireWritable(bucket.current(request.key), request.headers);
  const replaces = headerOf(request, 'x-amz-metadata-directive') === 'REPLACE';
  const storageClass = storageClassOf(request);
  const isItself = sourceBucket === request.bucket && sourceKey === request.key && !query.has('versionId');
  if (isItself && !replaces && storageClass === source.storageClass) {
    throw new S3Error('InvalidRequest', {
      message: 'This copy request is illegal because it is trying to copy an object to itself without changing it.',
    });
  }
  const version = bucket.put(
    {
      key: request.key,
      content: source.content,
      // The copy of what was uploaded in parts is of one piece and has an ETag of its own.
      ...(typeof source.content === 'number' ? { etag: source.etag } : {}),
      modified: world.now(),
      storageClass,
      headers: replaces ? keptHeaders(request) : (source.headers ?? {}),
    },
    world.newId,
  );
  return xmlAnswer(
    s3Document(
      'CopyObjectResult',
      element('ETag', `"${version.etag}"`) + element('LastModified', xmlTime(version.modified)),
    ),
    versionHeader(bucket, version),
  );
}
