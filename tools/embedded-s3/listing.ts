/**
 * ListObjectsV2, and ListObjects for older tools.
 */
import { Buffer } from 'node:buffer';
import type { Bucket } from '#tools/embedded-s3/bucket.ts';
import {
  bucketOf,
  countOf,
  type Handlers,
  headerOf,
  type S3Answer,
  type S3Request,
  type World,
  xmlAnswer,
} from '#tools/embedded-s3/request.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';
import type { StoredVersion } from '#tools/embedded-s3/stored-version.ts';
import { type Page, type Place, placeBehind, walk } from '#tools/embedded-s3/walk.ts';
import { element, escapeXml, s3Document, urlEncodedKey, type XmlText, xmlTime } from '#tools/embedded-s3/xml-writer.ts';

export const listingHandlers = { ListObjects: listObjects, ListObjectsV2: listObjectsV2 } satisfies Handlers;

const MOST_KEYS = 1_000;
export const OWNER = `<Owner>${element('ID', 'embedded')}</Owner>`;

export type Encode = (text: string) => string;

/** How names are written in the answer. @throws S3Error `InvalidArgument` */
export function encodingOf({ query }: S3Request): { readonly encode: Encode; readonly stated: XmlText } {
  const type = query.get('encoding-type');
  if (type === undefined) return { encode: (text) => text, stated: '' };
  if (type !== 'url') throw new S3Error('InvalidArgument', { message: 'Invalid Encoding Method specified in Request' });
  return { encode: urlEncodedKey, stated: element('EncodingType', type) };
}

function listObjectsV2(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  const build = () => pageV2(bucket, request, world.newId);
  const isKept = bucket.pages !== null && request.page === undefined;
  return xmlAnswer(isKept ? bucket.pages.get(request.query, build) : build());
}

function pageV2(bucket: Bucket, request: S3Request, newId: () => string): XmlText {
  const { query } = request;
  const { encode, stated } = encodingOf(request);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const startAfter = query.get('start-after');
  const token = request.page === 'turn-back' ? undefined : query.get('continuation-token');
  const most = countOf(request, 'max-keys', MOST_KEYS);
  const after = token === undefined ? placeBehind(startAfter ?? '', prefix, delimiter) : placeOf(token);
  const walked = walk(bucket.objects, { prefix, delimiter, most, after });
  const { objects, folders, next } =
    request.page === 'empty-page'
      ? { objects: [], folders: [], next: tokenOf(after ?? START, newId()) }
      : turn(walked, request);
  return s3Document(
    'ListBucketResult',
    element('Name', bucket.name) +
      element('Prefix', encode(prefix)) +
      (startAfter === undefined ? '' : element('StartAfter', encode(startAfter))) +
      (token === undefined ? '' : element('ContinuationToken', token)) +
      (next === null ? '' : element('NextContinuationToken', next)) +
      element('KeyCount', objects.length + folders.length) +
      element('MaxKeys', most) +
      (delimiter === '' ? '' : element('Delimiter', encode(delimiter))) +
      stated +
      element('IsTruncated', String(next !== null)) +
      contents(objects, encode, query.get('fetch-owner') === 'true' ? OWNER : '', asksForRestores(request)) +
      commonPrefixes(folders, encode),
  );
}

function listObjects(world: World, request: S3Request): S3Answer {
  const { query } = request;
  const bucket = bucketOf(world, request.bucket);
  const { encode, stated } = encodingOf(request);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const marker = query.get('marker') ?? '';
  const most = countOf(request, 'max-keys', MOST_KEYS);
  const after = placeBehind(marker, prefix, delimiter);
  const { objects, folders, next } = walk(bucket.objects, { prefix, delimiter, most, after });
  return xmlAnswer(
    s3Document(
      'ListBucketResult',
      element('Name', bucket.name) +
        element('Prefix', encode(prefix)) +
        element('Marker', encode(marker)) +
        (next === null || delimiter === '' ? '' : element('NextMarker', encode(next.after))) +
        element('MaxKeys', most) +
        (delimiter === '' ? '' : element('Delimiter', encode(delimiter))) +
        stated +
        element('IsTruncated', String(next !== null)) +
        contents(objects, encode, OWNER, asksForRestores(request)) +
        commonPrefixes(folders, encode),
    ),
  );
}

/** Appended piece by piece, which is half as fast again as one template for each object. */
function contents(objects: readonly StoredVersion[], encode: Encode, owner: XmlText, withRestores: boolean): XmlText {
  // What is encoded for a URL has nothing left to escape.
  const written = encode === urlEncodedKey ? urlEncodedKey : escapeXml;
  let xml = '';
  for (const object of objects) {
    xml += '<Contents><Key>';
    xml += written(object.key);
    xml += '</Key><LastModified>';
    xml += xmlTime(object.modified);
    xml += '</LastModified><ETag>&quot;';
    xml += object.etag;
    xml += '&quot;</ETag><Size>';
    xml += object.bytes;
    xml += '</Size>';
    xml += owner;
    if (withRestores) xml += restoreStatus(object);
    xml += '<StorageClass>';
    xml += object.storageClass;
    xml += '</StorageClass></Contents>';
  }
  return xml;
}

function asksForRestores(request: S3Request): boolean {
  return headerOf(request, 'x-amz-optional-object-attributes') === 'RestoreStatus';
}

function restoreStatus({ restore }: StoredVersion): XmlText {
  if (restore === null) return '';
  const until = restore === 'under-way' ? '' : element('RestoreExpiryDate', xmlTime(restore));
  return `<RestoreStatus>${element('IsRestoreInProgress', String(restore === 'under-way'))}${until}</RestoreStatus>`;
}

export function commonPrefixes(folders: readonly string[], encode: Encode): XmlText {
  return folders.map((folder) => `<CommonPrefixes>${element('Prefix', encode(folder))}</CommonPrefixes>`).join('');
}

const START: Place = { after: '', wholeFolder: false };

function turn(
  { objects, folders, next }: Page,
  { page }: S3Request,
): { readonly objects: readonly StoredVersion[]; readonly folders: readonly string[]; readonly next: string | null } {
  const token = next === null ? null : tokenOf(next);
  return { objects, folders, next: page === 'turn-back' ? tokenOf(START) : token };
}

/**
 * Base64 with all its characters, as real tokens have them: one that is not encoded for the URL breaks.
 *
 * @param salt makes one of several tokens for one place.
 */
function tokenOf({ after, wholeFolder }: Place, salt?: string): string {
  const token = Buffer.from(`${wholeFolder ? 'ÿ>' : 'ÿ?'}${after}`).toString('base64');
  return salt === undefined ? token : `${token}.${salt}`;
}

function placeOf(token: string): Place {
  const [encoded = '', salt] = token.split('.');
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const place = { after: text.slice(2), wholeFolder: text.startsWith('ÿ>') };
  if (encoded === '' || tokenOf(place, salt) !== token) {
    throw new S3Error('InvalidArgument', { message: 'The continuation token provided is incorrect' });
  }
  return place;
}
