/**
 * The requests of multipart uploads, except their listings.
 */
import { requireWritable } from '#tools/embedded-s3/conditions.ts';
import {
  bucketOf,
  type Handlers,
  type S3Answer,
  type S3Request,
  type World,
  xmlAnswer,
} from '#tools/embedded-s3/request.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';
import { md5 } from '#tools/embedded-s3/stored-version.ts';
import { assemble, type NamedPart, type Upload } from '#tools/embedded-s3/uploads.ts';
import { keptHeaders, requireShortKey, storageClassOf, versionHeader } from '#tools/embedded-s3/writing.ts';
import { childrenNamed, childText, parseXml } from '#tools/embedded-s3/xml-reader.ts';
import { element, s3Document } from '#tools/embedded-s3/xml-writer.ts';

export const multipartHandlers = {
  AbortMultipartUpload: abort,
  CompleteMultipartUpload: complete,
  CreateMultipartUpload: create,
  UploadPart: uploadPart,
} satisfies Handlers;

const MOST_PARTS = 10_000;

function create(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  requireShortKey(request.key);
  const upload: Upload = {
    id: world.newId(),
    key: request.key,
    initiated: world.now(),
    storageClass: storageClassOf(request),
    headers: keptHeaders(request),
    parts: new Map(),
  };
  bucket.uploads.add(upload);
  return xmlAnswer(
    s3Document(
      'InitiateMultipartUploadResult',
      element('Bucket', bucket.name) + element('Key', upload.key) + element('UploadId', upload.id),
    ),
  );
}

/** @throws S3Error `NoSuchUpload` */
export function uploadOf(world: World, { bucket, key, query }: S3Request): Upload {
  return bucketOf(world, bucket).uploads.get(query.get('uploadId') ?? '', key);
}

function uploadPart(world: World, request: S3Request): S3Answer {
  const upload = uploadOf(world, request);
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS) {
    throw new S3Error('InvalidArgument', { message: `Part number must be an integer between 1 and ${MOST_PARTS}` });
  }
  const etag = md5(request.body);
  upload.parts.set(number, { number, content: request.body, etag, modified: world.now() });
  return { status: 200, headers: { etag: `"${etag}"` } };
}

function complete(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  const upload = uploadOf(world, request);
  const { content, etag } = assemble(upload, namedParts(request.body.toString('utf8')), world.minimumPartBytes);
  requireWritable(bucket.current(upload.key), request.headers);
  const { key, storageClass, headers, initiated } = upload;
  // S3 dates the object back to the beginning of its upload: it may be older than a listing that did not show it.
  const version = bucket.put({ key, content, etag, modified: initiated, storageClass, headers }, world.newId);
  bucket.uploads.end(upload);
  return xmlAnswer(
    s3Document(
      'CompleteMultipartUploadResult',
      element('Bucket', bucket.name) + element('Key', key) + element('ETag', `"${version.etag}"`),
    ),
    versionHeader(bucket, version),
  );
}

/** @throws S3Error `MalformedXML` */
function namedParts(xml: string): readonly NamedPart[] {
  const parts = childrenNamed(parseXml(xml, 'CompleteMultipartUpload'), 'Part').map((part) => ({
    number: Number(childText(part, 'PartNumber')),
    etag: (childText(part, 'ETag') ?? '').replaceAll('"', ''),
  }));
  if (parts.length === 0) throw new S3Error('MalformedXML');
  return parts;
}

function abort(world: World, request: S3Request): S3Answer {
  bucketOf(world, request.bucket).uploads.end(uploadOf(world, request));
  return { status: 204 };
}
