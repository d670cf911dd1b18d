/** Lists a bucket once, in a process of its own, and prints how many objects it saw. */
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { S3Bucket } from '#adapters/s3/s3-bucket.ts';
import { createS3Clients } from '#adapters/s3/s3-client.ts';

const [how, endpoint = '', bucket = ''] = process.argv.slice(2);

console.log(how === 'paginator' ? await withPaginator() : await withBucket());

async function withBucket(): Promise<number> {
  const clients = await createS3Clients({ endpoint, region: 'us-east-1', pathStyle: true });
  let objects = 0;
  for await (const page of new S3Bucket({ ...clients, bucket }).list({ prefix: '' })) objects += page.length;
  return objects;
}

async function withPaginator(): Promise<number> {
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
  let objects = 0;
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket })) objects += page.Contents?.length ?? 0;
  return objects;
}
