import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '#config/steward-config.ts';
import { keepVersions } from '#steward/keeps-versions.ts';
import { openSteward } from '#steward/steward.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';

const serve = useEmbeddedS3();
beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('Whether deleted objects stay as noncurrent versions', () => {
  it.each([
    ['Enabled', true],
    ['Suspended', false],
    [undefined, false],
  ] as const)('is asked of each bucket: %s', async (status, expected) => {
    // Prepare
    const { client, s3 } = await serve();
    if (status !== undefined) {
      const VersioningConfiguration = { Status: status };
      await client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
    }
    const steward = await openSteward({
      config: defaultConfig(),
      entries: [
        { kind: 's3', url: `s3://${BUCKET}/flink` },
        { kind: 'directory', path: 'copy' },
      ],
      ledger: null,
      cwd: '/',
      clock: Date.now,
      connection: { endpoint: s3.url, region: 'us-east-1', pathStyle: true },
    });

    // Act
    const kept = await keepVersions(steward);

    // Assess: a directory keeps none.
    expect(kept).toEqual([expected, false]);
  });

  it('is not known where the bucket does not say', async () => {
    const { s3 } = await serve();
    s3.faults.add({ match: { operation: 'GetBucketVersioning' }, do: { kind: 'answer', code: 'AccessDenied' } });
    const steward = await openSteward({
      config: defaultConfig(),
      entries: [{ kind: 's3', url: `s3://${BUCKET}` }],
      ledger: null,
      cwd: '/',
      clock: Date.now,
      connection: { endpoint: s3.url, region: 'us-east-1', pathStyle: true },
    });

    expect(await keepVersions(steward, new AbortController().signal)).toEqual([null]);
  });
});
