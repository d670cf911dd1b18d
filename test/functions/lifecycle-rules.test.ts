import { GetBucketLifecycleConfigurationCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { lifecycleRulesHandler } from '#functions/lifecycle-rules/handler.ts';
import { ENV } from '#functions/shared/environment.ts';
import type { ServedS3 } from '#test/support/embedded-s3.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { AREA, type Deployed, putRules, useDeployments } from './deployed.ts';

const deploy = useDeployments();

const WRITING = { area: [AREA, `s3://${BUCKET}/savepoints`], lifecycle: { manage: 'write' } };
const UPLOADS = 'flink-steward-abort-uploads:';

/** One of every shape that S3 takes. */
const FOREIGN = [
  { ID: 'whole bucket', Status: 'Enabled', Filter: {}, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } },
  { ID: 'prefix', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 7 } },
  { ID: 'tag', Status: 'Disabled', Filter: { Tag: { Key: 'a&b', Value: '<c> "d"' } }, Expiration: { Days: 30 } },
  {
    ID: 'and',
    Status: 'Enabled',
    Filter: {
      And: {
        Prefix: 'tmp/ü +%/',
        Tags: [
          { Key: 'k', Value: 'v' },
          { Key: 'l', Value: '' },
        ],
        ObjectSizeGreaterThan: 1024,
        ObjectSizeLessThan: 1_000_000,
      },
    },
    Expiration: { Days: 1 },
  },
  { ID: 'date', Status: 'Enabled', Filter: { Prefix: 'old/' }, Expiration: { Date: '2030-01-01T00:00:00.000Z' } },
  {
    ID: 'size',
    Status: 'Enabled',
    Filter: { ObjectSizeGreaterThan: 5 },
    Transitions: [{ Days: 30, StorageClass: 'GLACIER_IR' }],
  },
  {
    ID: 'transitions',
    Status: 'Enabled',
    Filter: { Prefix: 'archive/' },
    Transitions: [
      { Days: 30, StorageClass: 'STANDARD_IA' },
      { Date: '2031-06-01T00:00:00.000Z', StorageClass: 'DEEP_ARCHIVE' },
    ],
  },
  {
    ID: 'noncurrent',
    Status: 'Enabled',
    Filter: { Prefix: 'v/' },
    NoncurrentVersionExpiration: { NoncurrentDays: 10, NewerNoncurrentVersions: 3 },
    NoncurrentVersionTransitions: [{ NoncurrentDays: 5, StorageClass: 'STANDARD_IA', NewerNoncurrentVersions: 1 }],
  },
  { ID: 'markers', Status: 'Enabled', Filter: { Prefix: 'm/' }, Expiration: { ExpiredObjectDeleteMarker: true } },
  { ID: 'flink-stewards', Status: 'Disabled', Filter: { Prefix: '' }, Expiration: { Days: 400 } },
];

async function rulesOf({ client }: ServedS3): Promise<readonly object[]> {
  const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET }));
  return JSON.parse(JSON.stringify(Rules));
}

async function idsOf(deployed: Deployed): Promise<readonly unknown[]> {
  return (await rulesOf(deployed)).map((rule) => ('ID' in rule ? rule.ID : null));
}

describe('lifecycle-rules', () => {
  it("writes the steward's own rules beside ten of others, which stay to the letter", async () => {
    // Prepare
    const deployed = await deploy(WRITING);
    await putRules(deployed, FOREIGN, { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' });
    const before = await rulesOf(deployed);

    // Act
    const answer = await lifecycleRulesHandler({ by: 'schedule' }, deployed.host());

    // Assess
    expect(answer.buckets).toMatchObject([{ result: 'written', foreign: 10, takenOut: [] }]);
    const after = await rulesOf(deployed);
    expect(after.slice(0, 10)).toEqual(before);
    expect(after.slice(10)).toEqual(
      [`${UPLOADS}flink/`, `${UPLOADS}savepoints/`].map((ID) => ({
        ID,
        Status: 'Enabled',
        Filter: { Prefix: ID.slice(UPLOADS.length) },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      })),
    );
    expect(deployed.s3.bucket(BUCKET).lifecycle?.transitionDefaultMinimumObjectSize).toBe('varies_by_storage_class');
  });

  it('writes nothing where all is as it should be', async () => {
    // Prepare
    const deployed = await deploy(WRITING);
    await lifecycleRulesHandler({}, deployed.host());
    deployed.s3.log.clear();

    // Act
    const answer = await lifecycleRulesHandler({}, deployed.host());

    // Assess
    expect(answer.buckets).toMatchObject([{ result: 'in-step', added: [], document: null }]);
    expect(deployed.s3.log.count('PutBucketLifecycleConfiguration')).toBe(0);
  });

  it('only compares an adopted bucket, and shows what it would write', async () => {
    // Prepare
    const deployed = await deploy({ area: [AREA] });

    // Act
    const answer = await lifecycleRulesHandler({}, deployed.host());

    // Assess
    expect(answer.buckets).toMatchObject([
      { result: 'differs', added: [`${UPLOADS}flink/`], document: { Rules: [{ ID: `${UPLOADS}flink/` }] } },
    ]);
    expect(deployed.s3.log.count('PutBucketLifecycleConfiguration')).toBe(0);
  });

  it('writes the rules of a bucket that the deployment has made, versions and delete markers where it keeps any', async () => {
    // Prepare
    const deployed = await deploy({});
    const enabled = { Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' as const } };
    await deployed.client.send(new PutBucketVersioningCommand(enabled));
    const environment = { ...deployed.environment, [ENV.bucket]: BUCKET };

    // Act
    await lifecycleRulesHandler({}, deployed.host({ environment }));

    // Assess
    const rules = await rulesOf(deployed);
    expect(rules.map((rule) => ('ID' in rule ? rule.ID : null))).toEqual([
      'flink-steward-abort-uploads',
      'flink-steward-expire-noncurrent',
      'flink-steward-remove-delete-markers',
    ]);
    // None that takes a current object.
    expect(JSON.stringify(rules)).not.toMatch(/"Expiration":\{"(?!ExpiredObjectDeleteMarker)|"Transitions"/);
  });

  it('reports a rule of its own that somebody has taken out, and leaves it out until it is asked for', async () => {
    // Prepare
    const deployed = await deploy(WRITING);
    await lifecycleRulesHandler({}, deployed.host());
    const [, savepoints] = await rulesOf(deployed);
    await putRules(deployed, [savepoints ?? {}]);

    // Act
    const answers = [
      await lifecycleRulesHandler({}, deployed.host()),
      await lifecycleRulesHandler({}, deployed.host()),
    ];
    const meanwhile = await idsOf(deployed);
    await lifecycleRulesHandler({ restore: true }, deployed.host());

    // Assess
    for (const { buckets } of answers) {
      expect(buckets).toMatchObject([{ result: 'in-step', takenOut: [`${UPLOADS}flink/`] }]);
    }
    expect(meanwhile).toEqual([`${UPLOADS}savepoints/`]);
    expect(deployed.counted.get('RulesTakenOut')).toBe(2);
    expect(await idsOf(deployed)).toEqual([`${UPLOADS}flink/`, `${UPLOADS}savepoints/`]);
  });

  it('writes nothing where it does not understand all of the rules', async () => {
    // Prepare
    const deployed = await deploy(WRITING);
    await putRules(deployed, FOREIGN.slice(0, 2));
    deployed.s3.faults.add({
      match: { operation: 'GetBucketLifecycleConfiguration' },
      do: { kind: 'rewrite-body', rewrite: (body) => body.replace('<Days>7', '<Moon>full</Moon><Days>7') },
    });

    // Act
    const answer = await lifecycleRulesHandler({}, deployed.host());

    // Assess
    expect(answer.buckets).toMatchObject([{ result: 'not-written' }]);
    expect(answer.buckets[0]?.why).toMatch(/^Its configuration holds what .* \(Expiration\.Moon of rule prefix\)/);
    expect(deployed.s3.log.count('PutBucketLifecycleConfiguration')).toBe(1);
  });

  it('says so where what it reads back is not what it wrote', async () => {
    // Prepare
    const deployed = await deploy(WRITING);
    await putRules(deployed, FOREIGN.slice(0, 2));
    deployed.s3.faults.add({
      match: { operation: 'GetBucketLifecycleConfiguration', nth: 2 },
      do: { kind: 'rewrite-body', rewrite: (body) => body.replace('<Days>7', '<Days>8') },
    });

    // Act
    const answer = await lifecycleRulesHandler({}, deployed.host());

    // Assess
    expect(answer.buckets).toMatchObject([{ result: 'not-as-written' }]);
    expect(deployed.logged.map(({ level }) => level)).toContain('error');
  });

  it('says why where the rules may not be read', async () => {
    // Prepare
    const deployed = await deploy(WRITING);
    deployed.s3.faults.add({
      match: { operation: 'GetBucketLifecycleConfiguration' },
      do: { kind: 'answer', code: 'AccessDenied' },
    });

    // Act
    const answer = await lifecycleRulesHandler({}, deployed.host());

    // Assess
    expect(answer.buckets).toMatchObject([
      { result: 'unknown', why: expect.stringContaining('s3:GetLifecycleConfiguration') },
    ]);
  });
});
