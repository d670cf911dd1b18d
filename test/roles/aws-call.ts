import type { S3Request } from '#tools/embedded-s3/request.ts';

/** What IAM is asked where a function makes a call to AWS. */
export interface AwsCall {
  /** `s3:GetObject` */
  readonly action: string;
  readonly resource: string;
  /** Condition keys and their values. */
  readonly context: Readonly<Record<string, string>>;
}

/** What a request of S3 needs: the API reference names it under "Permissions" of each operation. */
const OF_BUCKETS: Readonly<Record<string, string>> = {
  GetBucketLifecycleConfiguration: 's3:GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 's3:PutLifecycleConfiguration',
  DeleteBucketLifecycle: 's3:PutLifecycleConfiguration',
  GetBucketNotificationConfiguration: 's3:GetBucketNotification',
  PutBucketNotificationConfiguration: 's3:PutBucketNotification',
  GetBucketVersioning: 's3:GetBucketVersioning',
  ListBucketIntelligentTieringConfigurations: 's3:GetIntelligentTieringConfiguration',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  ListObjectVersions: 's3:ListBucketVersions',
  HeadBucket: 's3:ListBucket',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
};

const OF_OBJECTS: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  ListParts: 's3:ListMultipartUploadParts',
  PutObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
};

/** What a request of S3 asks of IAM. @param isThere whether the object of the request exists. */
export function callsOf(request: S3Request, isThere: boolean): readonly AwsCall[] {
  const { operation, bucket, key, query, headers } = request;
  const ofBucket = OF_BUCKETS[operation];
  if (ofBucket !== undefined) {
    const prefix = query.get('prefix');
    const isListing = ofBucket === 's3:ListBucket' && operation !== 'HeadBucket';
    return [{ action: ofBucket, resource: arn(bucket), context: isListing ? { 's3:prefix': prefix ?? '' } : {} }];
  }
  const ofObject = OF_OBJECTS[operation];
  if (ofObject !== undefined) {
    const isOfVersion = ofObject === 's3:GetObject' && query.get('versionId') !== undefined;
    const action = isOfVersion ? 's3:GetObjectVersion' : ofObject;
    const own = { action, resource: arn(bucket, key), context: {} };
    // "Conditional writes" of the user guide: the ETag can be compared only by those who may read.
    if (ofObject === 's3:PutObject') return headers['if-match'] === undefined ? [own] : [own, reading(bucket, key)];
    // Without the right to list, S3 calls denied what is not there (API reference, GetObject, "Permissions").
    return ofObject !== 's3:GetObject' || isThere
      ? [own]
      : [own, { action: 's3:ListBucket', resource: arn(bucket), context: {} }];
  }
  if (operation === 'DeleteObject') return deletionOf(bucket, key, query.get('versionId'), headers['if-match']);
  if (operation === 'DeleteObjects') {
    const entries = request.body.toString('utf8').matchAll(/<Object>(.*?)<\/Object>/gs);
    return [...entries].flatMap(([, entry = '']) =>
      deletionOf(bucket, textOf(entry, 'Key') ?? '', textOf(entry, 'VersionId'), textOf(entry, 'ETag')),
    );
  }
  throw new Error(`Say what IAM is asked for ${operation} (${bucket}/${key}).`);
}

function deletionOf(bucket: string, key: string, version: string | undefined, etag: string | undefined): AwsCall[] {
  if (version !== undefined) return [{ action: 's3:DeleteObjectVersion', resource: arn(bucket, key), context: {} }];
  const own = { action: 's3:DeleteObject', resource: arn(bucket, key), context: {} };
  // "Conditional deletes" of the user guide.
  return etag === undefined ? [own] : [{ ...own, context: { 's3:if-match': etag } }, reading(bucket, key)];
}

function reading(bucket: string, key: string): AwsCall {
  return { action: 's3:GetObject', resource: arn(bucket, key), context: {} };
}

function arn(bucket: string, key?: string): string {
  return `arn:aws:s3:::${bucket}${key === undefined ? '' : `/${key}`}`;
}

function textOf(xml: string, element: string): string | undefined {
  const text = new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(xml)?.[1];
  return text
    ?.replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll(/&#(?:x([0-9a-fA-F]+)|(\d+));/g, (_, hex?: string, decimal?: string) =>
      String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
