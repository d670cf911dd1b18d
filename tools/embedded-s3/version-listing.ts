/**
 * ListObjectVersions.
 */

import { lessThan } from '#tools/embedded-s3/key-bounds.ts';
import { commonPrefixes, type Encode, encodingOf, OWNER } from '#tools/embedded-s3/listing.ts';
import type { ObjectIndex } from '#tools/embedded-s3/object-index.ts';
import {
  bucketOf,
  countOf,
  type Handlers,
  type S3Answer,
  type S3Request,
  type World,
  xmlAnswer,
} from '#tools/embedded-s3/request.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';
import type { StoredVersion } from '#tools/embedded-s3/stored-version.ts';
import { folderOf, isBehind, placeBehind } from '#tools/embedded-s3/walk.ts';
import { element, optionalElement, s3Document, type XmlText, xmlTime } from '#tools/embedded-s3/xml-writer.ts';

export const versionListingHandlers = { ListObjectVersions: listObjectVersions } satisfies Handlers;

const MOST_KEYS = 1_000;

/** A place between versions, of which a key may have many. */
interface VersionPlace {
  readonly key: string;
  readonly versionId: string | undefined;
}

interface VersionPage {
  readonly versions: readonly StoredVersion[];
  readonly folders: readonly string[];
  readonly next: VersionPlace | null;
}

function listObjectVersions(world: World, request: S3Request): S3Answer {
  const { query } = request;
  const bucket = bucketOf(world, request.bucket);
  const { encode, stated } = encodingOf(request);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = countOf(request, 'max-keys', MOST_KEYS);
  const marker = { key: query.get('key-marker') ?? '', versionId: query.get('version-id-marker') };
  if (marker.key === '' && marker.versionId !== undefined) {
    throw new S3Error('InvalidArgument', { message: 'A version-id marker cannot be specified without a key marker.' });
  }
  const { versions, folders, next } = walkVersions(bucket.objects, prefix, delimiter, marker, most);
  return xmlAnswer(
    s3Document(
      'ListVersionsResult',
      element('Name', bucket.name) +
        element('Prefix', encode(prefix)) +
        element('KeyMarker', encode(marker.key)) +
        element('VersionIdMarker', marker.versionId ?? '') +
        (next === null ? '' : element('NextKeyMarker', encode(next.key))) +
        optionalElement('NextVersionIdMarker', next?.versionId) +
        element('MaxKeys', most) +
        (delimiter === '' ? '' : element('Delimiter', encode(delimiter))) +
        stated +
        element('IsTruncated', String(next !== null)) +
        versions.map((version) => entry(version, version === bucket.objects.get(version.key), encode)).join('') +
        commonPrefixes(folders, encode),
    ),
  );
}

function walkVersions(
  index: ObjectIndex,
  prefix: string,
  delimiter: string,
  marker: VersionPlace,
  most: number,
): VersionPage {
  const versions: StoredVersion[] = [];
  const folders: string[] = [];
  let last: VersionPlace | null = null;
  let next = index.seek(isBehindMarker(index, prefix, marker, delimiter));
  for (let newest = next(); newest?.key.startsWith(prefix); newest = next()) {
    const folder = folderOf(newest.key, prefix, delimiter);
    if (folder !== null) {
      if (versions.length + folders.length >= most) return { versions, folders, next: last };
      folders.push(folder);
      last = { key: folder, versionId: undefined };
      next = index.seek(isBehind(prefix, { after: folder, wholeFolder: true }, index.allPlain));
      continue;
    }
    for (const version of versionsAfter(newest, marker)) {
      if (versions.length + folders.length >= most) return { versions, folders, next: last };
      versions.push(version);
      last = { key: version.key, versionId: version.versionId };
    }
  }
  return { versions, folders, next: null };
}

/** With a version marker the marker's key itself is still to be looked at. */
function isBehindMarker(
  { allPlain }: ObjectIndex,
  prefix: string,
  { key, versionId }: VersionPlace,
  delimiter: string,
): (key: string) => boolean {
  const place = placeBehind(key, prefix, delimiter);
  if (versionId === undefined || place?.wholeFolder === true) return isBehind(prefix, place, allPlain);
  const isBeforeKey = lessThan(key, allPlain);
  const isBeforePrefix = lessThan(prefix, allPlain);
  return (other) => isBeforeKey(other) || isBeforePrefix(other);
}

function versionsAfter(newest: StoredVersion, { key, versionId }: VersionPlace): readonly StoredVersion[] {
  const all = [...newest.chain()];
  if (newest.key !== key || versionId === undefined) return all;
  // A marker that has gone leaves no place to go on from but the next key.
  const at = all.findIndex((version) => version.versionId === versionId);
  return at < 0 ? [] : all.slice(at + 1);
}

function entry(version: StoredVersion, isLatest: boolean, encode: Encode): XmlText {
  const common =
    element('Key', encode(version.key)) +
    element('VersionId', version.versionId) +
    element('IsLatest', String(isLatest)) +
    element('LastModified', xmlTime(version.modified));
  if (version.deleteMarker) return `<DeleteMarker>${common}${OWNER}</DeleteMarker>`;
  const content = element('ETag', `"${version.etag}"`) + element('Size', version.bytes);
  return `<Version>${common}${content}${OWNER}${element('StorageClass', version.storageClass)}</Version>`;
}
