/**
 * The requests about buckets themselves: making and finding them, and their settings.
 */
import { compareKeys } from '#core/key-order.ts';
import { Bucket, type BucketOptions } from '#tools/embedded-s3/bucket.ts';
import { OWNER } from '#tools/embedded-s3/listing.ts';
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
import { SortedObjects } from '#tools/embedded-s3/sorted-objects.ts';
import { childrenNamed, childText, parseXml } from '#tools/embedded-s3/xml-reader.ts';
import { element, s3Document, xmlTime } from '#tools/embedded-s3/xml-writer.ts';

export const bucketHandlers = {
  CreateBucket: createBucket,
  DeleteBucket: deleteBucket,
  DeleteBucketLifecycle: deleteLifecycle,
  GetBucketLifecycleConfiguration: getLifecycle,
  GetBucketLocation: getLocation,
  GetBucketNotificationConfiguration: getNotification,
  GetBucketVersioning: getVersioning,
  HeadBucket: headBucket,
  ListBucketIntelligentTieringConfigurations: listTieringConfigurations,
  ListBuckets: listBuckets,
  PutBucketLifecycleConfiguration: putLifecycle,
  PutBucketNotificationConfiguration: putNotification,
  PutBucketVersioning: putVersioning,
} satisfies Handlers;

/** The region that S3 itself has no name for in a location constraint. */
const FIRST_REGION = 'us-east-1';
const BUCKET_NAME = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const MOST_LIFECYCLE_RULES = 1_000;
const MINIMUM_SIZE_HEADER = 'x-amz-transition-default-minimum-object-size';
const USUAL_MINIMUM_SIZE = 'all_storage_classes_128K';

/**
 * Makes an empty bucket in memory.
 *
 * @throws S3Error `InvalidBucketName`, `BucketAlreadyOwnedByYou`
 */
export function addBucket(
  { buckets, now }: Pick<World, 'buckets' | 'now'>,
  name: string,
  options: BucketOptions,
): Bucket {
  if (!BUCKET_NAME.test(name)) throw new S3Error('InvalidBucketName', { elements: { BucketName: name } });
  if (buckets.has(name)) throw new S3Error('BucketAlreadyOwnedByYou', { elements: { BucketName: name } });
  const objects = new SortedObjects();
  const bucket = new Bucket(name, now(), objects, objects, options);
  buckets.set(name, bucket);
  return bucket;
}

function createBucket(world: World, request: S3Request): S3Answer {
  const xml = request.body.toString('utf8');
  const region = xml === '' ? undefined : childText(parseXml(xml, 'CreateBucketConfiguration'), 'LocationConstraint');
  addBucket(world, request.bucket, region === undefined ? {} : { region });
  return { status: 200, headers: { location: `/${request.bucket}` } };
}

function deleteBucket(world: World, { bucket: name }: S3Request): S3Answer {
  const bucket = bucketOf(world, name);
  if (bucket.objects.size > 0 || bucket.uploads.size > 0) throw new S3Error('BucketNotEmpty');
  world.buckets.delete(name);
  return { status: 204 };
}

function headBucket(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  return { status: 200, headers: { 'x-amz-bucket-region': bucket.region ?? FIRST_REGION } };
}

function listBuckets(world: World): S3Answer {
  const entries = [...world.buckets.values()]
    .sort((a, b) => compareKeys(a.name, b.name))
    .map(
      ({ name, created }) => `<Bucket>${element('Name', name)}${element('CreationDate', xmlTime(created))}</Bucket>`,
    );
  return xmlAnswer(s3Document('ListAllMyBucketsResult', `${OWNER}<Buckets>${entries.join('')}</Buckets>`));
}

function getLocation(world: World, request: S3Request): S3Answer {
  const { region } = bucketOf(world, request.bucket);
  return xmlAnswer(s3Document('LocationConstraint', region === null || region === FIRST_REGION ? '' : region));
}

function getVersioning(world: World, request: S3Request): S3Answer {
  const { versioning } = bucketOf(world, request.bucket);
  return xmlAnswer(s3Document('VersioningConfiguration', versioning === 'never' ? '' : element('Status', versioning)));
}

function putVersioning(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  const status = childText(parseXml(request.body.toString('utf8'), 'VersioningConfiguration'), 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('MalformedXML');
  bucket.versioning = status;
  return { status: 200 };
}

function getLifecycle(world: World, request: S3Request): S3Answer {
  const { lifecycle } = bucketOf(world, request.bucket);
  if (lifecycle === null)
    throw new S3Error('NoSuchLifecycleConfiguration', { elements: { BucketName: request.bucket } });
  return xmlAnswer(lifecycle.xml, { [MINIMUM_SIZE_HEADER]: lifecycle.transitionDefaultMinimumObjectSize });
}

/** Replaces the whole document, as S3 does: there is no condition that would keep another writer's rules. */
function putLifecycle(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  const xml = request.body.toString('utf8');
  const rules = childrenNamed(parseXml(xml, 'LifecycleConfiguration'), 'Rule');
  if (rules.length === 0 || rules.length > MOST_LIFECYCLE_RULES) throw new S3Error('MalformedXML');
  const transitionDefaultMinimumObjectSize = headerOf(request, MINIMUM_SIZE_HEADER) ?? USUAL_MINIMUM_SIZE;
  bucket.lifecycle = { xml, transitionDefaultMinimumObjectSize };
  return { status: 200, headers: { [MINIMUM_SIZE_HEADER]: transitionDefaultMinimumObjectSize } };
}

function deleteLifecycle(world: World, request: S3Request): S3Answer {
  bucketOf(world, request.bucket).lifecycle = null;
  return { status: 204 };
}

function listTieringConfigurations(world: World, request: S3Request): S3Answer {
  const { tiering } = bucketOf(world, request.bucket);
  const configurations = tiering.map(({ id, status, prefix, days }) => {
    const filter = prefix === '' ? '' : `<Filter>${element('Prefix', prefix)}</Filter>`;
    const tier = `<Tiering>${element('AccessTier', 'ARCHIVE_ACCESS')}${element('Days', days)}</Tiering>`;
    const content = `${element('Id', id)}${filter}${element('Status', status)}${tier}`;
    return `<IntelligentTieringConfiguration>${content}</IntelligentTieringConfiguration>`;
  });
  return xmlAnswer(
    s3Document(
      'ListBucketIntelligentTieringConfigurationsOutput',
      `${element('IsTruncated', 'false')}${configurations.join('')}`,
    ),
  );
}

function getNotification(world: World, request: S3Request): S3Answer {
  const { notification } = bucketOf(world, request.bucket);
  return xmlAnswer(notification ?? s3Document('NotificationConfiguration', ''));
}

function putNotification(world: World, request: S3Request): S3Answer {
  const bucket = bucketOf(world, request.bucket);
  const xml = request.body.toString('utf8');
  parseXml(xml, 'NotificationConfiguration');
  bucket.notification = xml;
  return { status: 200 };
}
