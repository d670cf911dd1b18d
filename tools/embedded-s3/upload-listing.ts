/**
 * ListMultipartUploads and ListParts.
 */
import { commonPrefixes, type Encode, encodingOf, OWNER } from '#tools/embedded-s3/listing.ts';
import { uploadOf } from '#tools/embedded-s3/multipart.ts';
import {
  bucketOf,
  countOf,
  type Handlers,
  type S3Answer,
  type S3Request,
  type World,
  xmlAnswer,
} from '#tools/embedded-s3/request.ts';
import { partsInOrder, type Upload } from '#tools/embedded-s3/uploads.ts';
import { folderOf, isBehind, placeBehind } from '#tools/embedded-s3/walk.ts';
import { element, s3Document, type XmlText, xmlTime } from '#tools/embedded-s3/xml-writer.ts';

export const uploadListingHandlers = {
  ListMultipartUploads: listMultipartUploads,
  ListParts: listParts,
} satisfies Handlers;

const MOST_UPLOADS = 1_000;
const MOST_PARTS = 1_000;

interface Marker {
  readonly key: string;
  readonly uploadId: string;
}

function listMultipartUploads(world: World, request: S3Request): S3Answer {
  const { query } = request;
  const bucket = bucketOf(world, request.bucket);
  const { encode, stated } = encodingOf(request);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = countOf(request, 'max-uploads', MOST_UPLOADS);
  const marker = { key: query.get('key-marker') ?? '', uploadId: query.get('upload-id-marker') ?? '' };
  const all = bucket.uploads.inOrder().filter(({ key }) => key.startsWith(prefix));
  const behind = uploadsBehind(all, marker, prefix, delimiter);
  const shown: Upload[] = [];
  const folders: string[] = [];
  let next: Marker | null = null;
  let last: Marker | null = null;
  for (const upload of behind) {
    const folder = folderOf(upload.key, prefix, delimiter);
    if (folder !== null && folder === folders.at(-1)) continue;
    if (shown.length + folders.length >= most) {
      next = last;
      break;
    }
    if (folder === null) shown.push(upload);
    else folders.push(folder);
    last = folder === null ? { key: upload.key, uploadId: upload.id } : { key: folder, uploadId: '' };
  }
  return xmlAnswer(
    s3Document(
      'ListMultipartUploadsResult',
      element('Bucket', bucket.name) +
        element('KeyMarker', encode(marker.key)) +
        element('UploadIdMarker', marker.uploadId) +
        (next === null ? '' : element('NextKeyMarker', encode(next.key))) +
        (next === null ? '' : element('NextUploadIdMarker', next.uploadId)) +
        element('Prefix', encode(prefix)) +
        (delimiter === '' ? '' : element('Delimiter', encode(delimiter))) +
        element('MaxUploads', most) +
        stated +
        element('IsTruncated', String(next !== null)) +
        shown.map((upload) => uploadEntry(upload, encode)).join('') +
        commonPrefixes(folders, encode),
    ),
  );
}

/** Without an upload's id the marker stands for all uploads of its key. */
function uploadsBehind(
  uploads: readonly Upload[],
  { key, uploadId }: Marker,
  prefix: string,
  delimiter: string,
): readonly Upload[] {
  const at = uploads.findIndex((upload) => upload.key === key && upload.id === uploadId);
  if (at >= 0) return uploads.slice(at + 1);
  const isDone = isBehind(prefix, placeBehind(key, prefix, delimiter), false);
  return uploads.filter((upload) => !isDone(upload.key));
}

function uploadEntry({ key, id, storageClass, initiated }: Upload, encode: Encode): XmlText {
  const fields =
    element('Key', encode(key)) +
    element('UploadId', id) +
    OWNER +
    element('StorageClass', storageClass) +
    element('Initiated', xmlTime(initiated));
  return `<Upload>${fields}</Upload>`;
}

function listParts(world: World, request: S3Request): S3Answer {
  const upload = uploadOf(world, request);
  const most = countOf(request, 'max-parts', MOST_PARTS);
  const marker = countOf(request, 'part-number-marker', Number.MAX_SAFE_INTEGER);
  const after = request.query.has('part-number-marker') ? marker : 0;
  const behind = partsInOrder(upload).filter(({ number }) => number > after);
  const shown = behind.slice(0, most);
  const entries = shown.map(({ number, etag, modified, content }) => {
    const fields =
      element('PartNumber', number) +
      element('LastModified', xmlTime(modified)) +
      element('ETag', `"${etag}"`) +
      element('Size', content.length);
    return `<Part>${fields}</Part>`;
  });
  return xmlAnswer(
    s3Document(
      'ListPartsResult',
      element('Bucket', request.bucket) +
        element('Key', upload.key) +
        element('UploadId', upload.id) +
        element('PartNumberMarker', after) +
        element('NextPartNumberMarker', shown.at(-1)?.number ?? after) +
        element('MaxParts', most) +
        element('IsTruncated', String(shown.length < behind.length)) +
        entries.join('') +
        element('StorageClass', upload.storageClass),
    ),
  );
}
