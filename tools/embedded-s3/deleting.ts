/**
 * DeleteObject and DeleteObjects, of objects that are in this process's memory and nowhere else.
 */
import type { OutgoingHttpHeaders } from 'node:http';
import type { Bucket, Deletion } from '#tools/embedded-s3/bucket.ts';
import { requireUnchanged } from '#tools/embedded-s3/conditions.ts';
import {
  bucketOf,
  type Handlers,
  headerOf,
  type S3Answer,
  type S3Request,
  type World,
  xmlAnswer,
} from '#tools/embedded-s3/request.ts';
import { hasChecksum } from '#tools/embedded-s3/request-body.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';
import { childrenNamed, childText, parseXml, type XmlElement } from '#tools/embedded-s3/xml-reader.ts';
import { element, optionalElement, s3Document, type XmlText } from '#tools/embedded-s3/xml-writer.ts';

export const deletingHandlers = { DeleteObject: deleteOne, DeleteObjects: deleteMany } satisfies Handlers;

const MOST_KEYS = 1_000;

interface Doomed {
  readonly key: string;
  readonly versionId?: string | undefined;
  /** It is deleted only while it has this ETag. Judged by the newest version, even where another is named. */
  readonly etag?: string | undefined;
}

/** @throws S3Error `PreconditionFailed`, `NoSuchKey` where an ETag is given and nothing is there */
function remove(world: World, bucket: Bucket, { key, versionId, etag }: Doomed, request: S3Request): Deletion {
  const refusal = request.refusal(key);
  if (refusal !== null) throw refusal;
  if (etag !== undefined && !request.ignoresConditions) requireUnchanged(bucket.current(key), etag);
  return versionId === undefined ? bucket.remove(key, world.now(), world.newId) : bucket.removeVersion(key, versionId);
}

function deleteOne(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  const { key, query } = request;
  const doomed = { key, versionId: query.get('versionId'), etag: headerOf(request, 'if-match') };
  const { versionId, deleteMarker } = remove(world, bucket, doomed, request);
  const headers: OutgoingHttpHeaders = {
    ...(versionId === undefined ? {} : { 'x-amz-version-id': versionId }),
    ...(deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  };
  return { status: 204, headers };
}

function deleteMany(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  if (!hasChecksum(request.headers)) {
    throw new S3Error('InvalidRequest', { message: 'Missing required header for this request: Content-MD5' });
  }
  const root = parseXml(request.body.toString('utf8'), 'Delete');
  const objects = childrenNamed(root, 'Object').map(doomedOf);
  if (objects.length === 0 || objects.length > MOST_KEYS) throw new S3Error('MalformedXML');
  const isQuiet = childText(root, 'Quiet')?.trim() === 'true';
  const results = objects.map((doomed) => {
    try {
      const deletion = remove(world, bucket, doomed, request);
      return isQuiet ? '' : deletedEntry(doomed, deletion);
    } catch (error) {
      if (error instanceof S3Error) return errorEntry(doomed, error);
      throw error;
    }
  });
  return xmlAnswer(s3Document('DeleteResult', results.join('')));
}

/** @throws S3Error `MalformedXML` */
function doomedOf(object: XmlElement): Doomed {
  const key = childText(object, 'Key');
  if (key === undefined || key === '') throw new S3Error('MalformedXML');
  return { key, versionId: childText(object, 'VersionId'), etag: childText(object, 'ETag') };
}

function deletedEntry({ key, versionId }: Doomed, deletion: Deletion): XmlText {
  const marker = deletion.deleteMarker
    ? element('DeleteMarker', 'true') + optionalElement('DeleteMarkerVersionId', deletion.versionId)
    : '';
  return `<Deleted>${element('Key', key)}${optionalElement('VersionId', versionId)}${marker}</Deleted>`;
}

function errorEntry({ key, versionId }: Doomed, { code, message }: S3Error): XmlText {
  return `<Error>${element('Key', key)}${optionalElement('VersionId', versionId)}${element('Code', code)}${element('Message', message)}</Error>`;
}
