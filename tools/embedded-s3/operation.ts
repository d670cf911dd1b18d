/**
 * Which operation of S3 a request is: by method, place and query, never by the `x-id` that SDKs add for logs.
 */
import { S3Error } from '#tools/embedded-s3/s3-error.ts';

export type Operation =
  | 'AbortMultipartUpload'
  | 'CompleteMultipartUpload'
  | 'CopyObject'
  | 'CreateBucket'
  | 'CreateMultipartUpload'
  | 'DeleteBucket'
  | 'DeleteBucketLifecycle'
  | 'DeleteObject'
  | 'DeleteObjects'
  | 'GetBucketLifecycleConfiguration'
  | 'GetBucketLocation'
  | 'GetBucketNotificationConfiguration'
  | 'GetBucketVersioning'
  | 'GetObject'
  | 'HeadBucket'
  | 'HeadObject'
  | 'ListBucketIntelligentTieringConfigurations'
  | 'ListBuckets'
  | 'ListMultipartUploads'
  | 'ListObjectVersions'
  | 'ListObjects'
  | 'ListObjectsV2'
  | 'ListParts'
  | 'PutBucketLifecycleConfiguration'
  | 'PutBucketNotificationConfiguration'
  | 'PutBucketVersioning'
  | 'PutObject'
  | 'UploadPart';

/** The target of a request. An empty bucket means the service, an empty key the bucket. */
export interface Target {
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
}

/**
 * @param url path and query as they stand in the request line. Nothing is normalised: `a/../b` and `a//b` are keys.
 * @throws S3Error `InvalidURI`
 */
export function parseTarget(url: string): Target {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const slash = path.indexOf('/', 1);
  const bucket = decode(slash < 0 ? path.slice(1) : path.slice(1, slash));
  const key = slash < 0 ? '' : decode(path.slice(slash + 1));
  const query = new Map<string, string>();
  for (const field of mark < 0 ? [] : url.slice(mark + 1).split('&')) {
    const equals = field.indexOf('=');
    const name = decodeField(equals < 0 ? field : field.slice(0, equals));
    if (name !== '' && !query.has(name)) {
      query.set(name, equals < 0 ? '' : decodeField(field.slice(equals + 1)));
    }
  }
  return { bucket, key, query };
}

function decodeField(text: string): string {
  return decode(text.replaceAll('+', ' '));
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI');
  }
}

/** Operations by method and the first query field that is there; an empty field stands for none of them. */
type Table = Readonly<Record<string, readonly (readonly [field: string, operation: Operation])[]>>;

const ON_BUCKET: Table = {
  GET: [
    ['versioning', 'GetBucketVersioning'],
    ['lifecycle', 'GetBucketLifecycleConfiguration'],
    ['notification', 'GetBucketNotificationConfiguration'],
    ['intelligent-tiering', 'ListBucketIntelligentTieringConfigurations'],
    ['location', 'GetBucketLocation'],
    ['uploads', 'ListMultipartUploads'],
    ['versions', 'ListObjectVersions'],
    ['list-type', 'ListObjectsV2'],
    ['', 'ListObjects'],
  ],
  HEAD: [['', 'HeadBucket']],
  PUT: [
    ['versioning', 'PutBucketVersioning'],
    ['lifecycle', 'PutBucketLifecycleConfiguration'],
    ['notification', 'PutBucketNotificationConfiguration'],
    ['', 'CreateBucket'],
  ],
  DELETE: [
    ['lifecycle', 'DeleteBucketLifecycle'],
    ['', 'DeleteBucket'],
  ],
  POST: [['delete', 'DeleteObjects']],
};

const ON_OBJECT: Table = {
  GET: [
    ['uploadId', 'ListParts'],
    ['', 'GetObject'],
  ],
  HEAD: [['', 'HeadObject']],
  PUT: [
    ['uploadId', 'UploadPart'],
    ['', 'PutObject'],
  ],
  DELETE: [
    ['uploadId', 'AbortMultipartUpload'],
    ['', 'DeleteObject'],
  ],
  POST: [
    ['uploads', 'CreateMultipartUpload'],
    ['uploadId', 'CompleteMultipartUpload'],
  ],
};

/** Sub-resources that are none of the operations above; to take them for a plain GET or PUT would do harm. */
const NOT_HERE = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'encryption',
  'inventory',
  'legal-hold',
  'logging',
  'metrics',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'website',
];

/** @throws S3Error `NotImplemented`, `MethodNotAllowed` */
export function operationOf(method: string, { bucket, key, query }: Target, isCopy: boolean): Operation {
  const isOneTiering = query.has('intelligent-tiering') && (method !== 'GET' || key !== '' || query.has('id'));
  if (isOneTiering || NOT_HERE.some((field) => query.has(field))) throw new S3Error('NotImplemented');
  if (bucket === '') {
    if (method === 'GET') return 'ListBuckets';
    throw new S3Error('MethodNotAllowed');
  }
  const table = key === '' ? ON_BUCKET : ON_OBJECT;
  const operation = table[method]?.find(([field]) => field === '' || query.has(field))?.[1];
  if (operation === undefined) throw new S3Error('MethodNotAllowed');
  if (!isCopy) return operation;
  if (operation === 'PutObject') return 'CopyObject';
  throw new S3Error('NotImplemented');
}
