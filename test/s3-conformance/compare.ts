import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { type RunningServer, type ServerKind, start } from '#test/s3-conformance/servers.ts';
import { clientOf, type Differences, describeS3 } from '#test/s3-contract/describe-s3.ts';

/** Starts a server and runs the contract of the embedded S3 against it. */
export function compareWith(kind: ServerKind, differences: Differences): void {
  let server: RunningServer;
  let buckets = 0;
  const run = Date.now().toString(36);

  beforeAll(async () => {
    server = await start(kind);
  });

  afterAll(async () => {
    await server.stop();
  });

  const newPlace = async () => {
    const bucket = `conformance-${run}-${buckets++}`;
    const client = clientOf(server.endpoint);
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return { client, bucket };
  };
  describeS3(`The S3 of ${kind}`, newPlace, differences);
}
