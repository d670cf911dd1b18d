import { describe, expect, it, vi } from 'vitest';
import { parseConfigObject, type StewardJson } from '#config/steward-config.ts';
import { adoptedBuckets } from '#infra/area-of.ts';
import { findVersionedBuckets } from '#infra/find-versioned-buckets.ts';
import { useCredentials } from '#test/cli/rules-bucket.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';

const serve = useEmbeddedS3();
useCredentials();

function adopted(configuration: StewardJson) {
  return adoptedBuckets(parseConfigObject(configuration, 'steward.json'));
}

describe('Synthesis', () => {
  it('asks each bucket of which the configuration does not say it whether it keeps versions', async () => {
    // Prepare
    const { s3 } = await serve({ buckets: ['without'] });
    s3.createBucket('with', { versioning: 'Enabled' });
    s3.createBucket('stopped', { versioning: 'Suspended' });
    vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.url);

    // Act
    const found = await findVersionedBuckets(
      adopted({
        area: ['s3://with/a', 's3://with/b', 's3://without', 's3://stopped', { bucket: 's3://said', versioned: true }],
      }),
      'us-east-1',
    );

    // Assess
    expect(found).toEqual({
      versioned: ['with', 'stopped'],
      notes: [
        'The bucket with keeps versions, so the role of undo may remove delete markers there.',
        'The bucket stopped keeps versions, so the role of undo may remove delete markers there.',
      ],
    });
    expect(s3.log.requests.map(({ operation, bucket }) => `${operation} ${bucket}`)).toEqual([
      'GetBucketVersioning with',
      'GetBucketVersioning without',
      'GetBucketVersioning stopped',
    ]);
  });

  it('goes on where a bucket gives no answer, and says what follows and what to write', async () => {
    // Prepare
    const { s3 } = await serve({ buckets: ['closed'] });
    s3.faults.add({ match: { operation: 'GetBucketVersioning' }, do: { kind: 'answer', code: 'AccessDenied' } });
    vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.url);

    // Act
    const found = await findVersionedBuckets(adopted({ area: ['s3://closed'] }), 'us-east-1');

    // Assess
    expect(found.versioned).toEqual([]);
    expect(found.notes).toEqual([
      expect.stringMatching(/^s3:\/\/closed's versioning can't be read: .*write "versioned": true in its entry/s),
    ]);
  });

  it('goes on where a bucket never answers', async () => {
    // Prepare
    const { s3 } = await serve({ buckets: ['silent'] });
    s3.faults.add({ match: { operation: 'GetBucketVersioning' }, do: { kind: 'hang' } });
    vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.url);

    // Act
    const found = await findVersionedBuckets(adopted({ area: ['s3://silent', 's3://next'] }), 'us-east-1', 50);

    // Assess
    expect(found.versioned).toEqual([]);
    expect(found.notes).toEqual([
      expect.stringMatching(/^s3:\/\/silent did not answer in time whether it keeps versions\. So the role of undo /),
      expect.stringMatching(/^s3:\/\/next did not answer in time whether it keeps versions\. So the role of undo /),
    ]);
  });
});
