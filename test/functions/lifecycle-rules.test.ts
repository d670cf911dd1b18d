import { GetBucketLifecycleConfigurationCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { ENV } from '#functions/shared/environment.ts';
import { StoreError } from '#ports/object-store.ts';
import { ROOT } from '#test/cli/rules-bucket.ts';
import type { ServedS3 } from '#test/support/embedded-s3.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { JOB, NOW, uuid } from '#test/support/played-job.ts';
import { AREA, type Deployed, ledgerText, putRules, useDeployments } from './deployed.ts';
import { lifecycleRulesHandler } from './handlers.ts';

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

/** Others that S3 takes: filters of every kind, several actions in one, and what is easily lost or made equal. */
const MORE = [
  { ID: 'no filter at all', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 3650 } },
  { Status: 'Enabled', Filter: { Prefix: 'logs/without-an-id/' }, Expiration: { Days: 7 } },
  {
    ID: 'tags alone',
    Status: 'Disabled',
    Filter: {
      And: {
        Tags: [
          { Key: 'z', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      },
    },
    Expiration: { Days: 30 },
  },
  {
    ID: 'one tag and a prefix',
    Status: 'Enabled',
    Filter: { And: { Prefix: 'x/', Tags: [{ Key: ' k ', Value: "it's > 1 & < 2" }] } },
    Expiration: { Days: 30 },
  },
  {
    ID: 'sizes',
    Status: 'Enabled',
    Filter: { And: { ObjectSizeGreaterThan: 0, ObjectSizeLessThan: 5_497_558_138_880 } },
    Transitions: [{ Days: 0, StorageClass: 'INTELLIGENT_TIERING' }],
  },
  { ID: 'smaller', Status: 'Enabled', Filter: { ObjectSizeLessThan: 1 }, Expiration: { Days: 1 } },
  {
    ID: 'all at once',
    Status: 'Enabled',
    Filter: { Prefix: 'all/' },
    Expiration: { Days: 365 },
    Transitions: [
      { Days: 90, StorageClass: 'GLACIER' },
      { Days: 30, StorageClass: 'ONEZONE_IA' },
    ],
    NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    NoncurrentVersionTransitions: [{ NoncurrentDays: 10, StorageClass: 'GLACIER_IR' }],
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  },
  {
    ID: 'keeps markers',
    Status: 'Enabled',
    Filter: { Prefix: 'k/' },
    Expiration: { ExpiredObjectDeleteMarker: false },
  },
  { ID: 'ours, nearly: Flink-Steward-abort', Status: 'Enabled', Filter: { Prefix: 'n/' }, Expiration: { Days: 2 } },
  { ID: `${'long '.repeat(51)}`.trim(), Status: 'Enabled', Filter: { Prefix: 'l/' }, Expiration: { Days: 2 } },
];

/** As everybody wrote them before 2016: S3 takes them still, but not beside rules of the newer form. */
const OLDER = [
  { ID: 'old prefix', Status: 'Enabled', Prefix: 'logs/', Expiration: { Days: 7 } },
  { ID: 'old bucket', Status: 'Disabled', Prefix: '', Transitions: [{ Days: 30, StorageClass: 'GLACIER' }] },
  { ID: 'old date', Status: 'Enabled', Prefix: 'old/', Expiration: { Date: '2030-01-01T00:00:00.000Z' } },
];

/** The rules of others as they lie in the store, character by character. */
function foreignXml({ s3 }: Deployed): readonly string[] {
  const xml = s3.bucket(BUCKET).lifecycle?.xml ?? '';
  return [...xml.matchAll(/<Rule>.*?<\/Rule>/gs)]
    .map(([rule]) => rule)
    .filter((rule) => !rule.includes('<ID>flink-steward-'));
}

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
    const answer = await lifecycleRulesHandler({ by: 'schedule' }, deployed.runtime());

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

  it.each([
    ['ten more shapes', MORE, 'Filter'],
    ['rules of the older form', OLDER, 'Prefix'],
  ])('leaves to the letter what others wrote: %s', async (_, foreign, form) => {
    // Prepare
    const deployed = await deploy(WRITING);
    await putRules(deployed, foreign);
    const before = foreignXml(deployed);

    // Act
    const answers = [
      await lifecycleRulesHandler({}, deployed.runtime()),
      await lifecycleRulesHandler({}, deployed.runtime()),
    ];

    // Assess
    expect(answers.map(({ buckets }) => buckets[0]?.result)).toEqual(['written', 'in-step']);
    expect(before).toHaveLength(foreign.length);
    expect(foreignXml(deployed)).toEqual(before);
    const ours = (await rulesOf(deployed)).slice(foreign.length);
    expect(ours.map((rule) => form in rule)).toEqual([true, true]);
  });

  it('writes dates as S3 takes them, and knows them again however the store writes them', async () => {
    // Prepare
    const deployed = await deploy(WRITING);
    await putRules(deployed, OLDER.slice(2));
    deployed.s3.faults.add({
      match: { operation: 'GetBucketLifecycleConfiguration', nth: 1 },
      do: { kind: 'rewrite-body', rewrite: (body) => body.replace('00:00:00Z', '00:00:00.000Z') },
    });

    // Act
    const { buckets } = await lifecycleRulesHandler({}, deployed.runtime());

    // Assess
    expect(buckets).toMatchObject([{ result: 'written' }]);
    expect(await rulesOf(deployed)).toMatchObject([{ Expiration: { Date: '2030-01-01T00:00:00.000Z' } }, {}, {}]);
  });

  it('writes nothing where all is as it should be', async () => {
    // Prepare
    const deployed = await deploy(WRITING);
    await lifecycleRulesHandler({}, deployed.runtime());
    deployed.s3.log.clear();

    // Act
    const answer = await lifecycleRulesHandler({}, deployed.runtime());

    // Assess
    expect(answer.buckets).toMatchObject([{ result: 'in-step', added: [], document: null }]);
    expect(deployed.s3.log.count('PutBucketLifecycleConfiguration')).toBe(0);
  });

  it('only compares an adopted bucket, and shows what it would write', async () => {
    // Prepare
    const deployed = await deploy({ area: [AREA] });

    // Act
    const answer = await lifecycleRulesHandler({}, deployed.runtime());

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
    await lifecycleRulesHandler({}, deployed.runtime({ environment }));

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
    await lifecycleRulesHandler({}, deployed.runtime());
    const [, savepoints] = await rulesOf(deployed);
    await putRules(deployed, [savepoints ?? {}]);

    // Act
    const answers = [
      await lifecycleRulesHandler({}, deployed.runtime()),
      await lifecycleRulesHandler({}, deployed.runtime()),
    ];
    const meanwhile = await idsOf(deployed);
    await lifecycleRulesHandler({ restore: true }, deployed.runtime());

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
    const answer = await lifecycleRulesHandler({}, deployed.runtime());

    // Assess
    expect(answer.buckets).toMatchObject([{ result: 'not-written' }]);
    expect(answer.buckets[0]?.why).toMatch(
      /^Its lifecycle configuration has elements that this version does not understand \(Expiration\.Moon of rule prefix\)/,
    );
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
    const answer = await lifecycleRulesHandler({}, deployed.runtime());

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
    const answer = await lifecycleRulesHandler({}, deployed.runtime());

    // Assess
    expect(answer.buckets).toMatchObject([
      { result: 'unknown', why: expect.stringContaining('s3:GetLifecycleConfiguration') },
    ]);
  });
});

describe('What lifecycle-rules tells of hazards', () => {
  const WEEK = { ID: 'a week', Status: 'Enabled', Filter: { Prefix: 'flink/' }, Expiration: { Days: 7 } };

  it('is a gauge of the rules that take live state, and one of the bytes', async () => {
    // Prepare: beside a file of 100 bytes the root itself.
    const deployed = await deploy({ area: [AREA] });
    await putRules(deployed, [WEEK, { ...WEEK, ID: 'elsewhere', Filter: { Prefix: 'logs/' } }]);
    const root = deployed.s3.object(BUCKET, ROOT)?.content;
    const bytes = 100 + (Buffer.isBuffer(root) ? root.length : 0);

    // Act
    const { hazards } = await lifecycleRulesHandler({ by: 'schedule' }, deployed.runtime());

    // Assess
    expect(hazards).toEqual({
      rules: 1,
      bytes,
      sentences: [expect.stringMatching(/^s3:\/\/checkpoints: Rule "a week" breaks 1 root of 1 job/)],
      unknown: [],
    });
    expect(deployed.published).toEqual([
      { name: 'HazardousRules', value: 1, job: null, at: NOW },
      { name: 'BytesAtRisk', value: bytes, job: null, at: NOW },
    ]);
    expect(deployed.logged).toContainEqual({ level: 'error', sentence: hazards.sentences[0] });
    expect(JSON.parse(ledgerText(deployed, 'hazards@') ?? '')).toEqual({
      at: '2027-03-01T00:00:00.000Z',
      rules: 1,
      bytes,
      sentences: hazards.sentences,
      takers: [{ bucket: 's3://checkpoints', id: 'a week', position: 1, from: Date.parse('2027-03-03T00:00:00Z') }],
    });
  });

  it('is none where no rule takes any, nor where none did for three hours', async () => {
    // Prepare
    const deployed = await deploy(WRITING);
    await putRules(deployed, [WEEK]);
    await lifecycleRulesHandler({}, deployed.runtime());
    deployed.published.splice(0);
    await putRules(deployed, [{ ...WEEK, Filter: { Prefix: 'logs/' } }]);
    deployed.now += 3 * 3_600_000;

    // Act
    const { hazards } = await lifecycleRulesHandler({}, deployed.runtime());

    // Assess
    expect(hazards).toEqual({ rules: 0, bytes: 0, sentences: [], unknown: [] });
    expect(deployed.published).toEqual([]);
  });

  it('is zero where no rule takes any more, so that an alarm ends', async () => {
    // Prepare
    const deployed = await deploy(WRITING);
    await putRules(deployed, [WEEK]);
    await lifecycleRulesHandler({}, deployed.runtime());
    deployed.published.splice(0);
    await putRules(deployed, [{ ...WEEK, Filter: { Prefix: 'logs/' } }]);
    deployed.now += 3_600_000;

    // Act
    const { hazards } = await lifecycleRulesHandler({}, deployed.runtime());

    // Assess
    expect(hazards).toEqual({ rules: 0, bytes: 0, sentences: [], unknown: [] });
    expect(deployed.published.map(({ name, value }) => [name, value])).toEqual([
      ['HazardousRules', 0],
      ['BytesAtRisk', 0],
    ]);
  });

  it('counts a rule once that takes named and unnamed files, and the bytes of both', async () => {
    // Prepare
    const deployed = await deploy({ area: [AREA] });
    deployed.s3.put(BUCKET, `flink/${JOB}/taskowned/${uuid(3)}`, 'ahead', { lastModified: NOW });
    await putRules(deployed, [WEEK]);

    // Act
    const { hazards } = await lifecycleRulesHandler({}, deployed.runtime());

    // Assess
    expect(hazards.rules).toBe(1);
    expect(hazards.sentences).toHaveLength(2);
    const root = deployed.s3.object(BUCKET, ROOT)?.content;
    expect(hazards.bytes).toBe(100 + (Buffer.isBuffer(root) ? root.length : 0) + 'ahead'.length);
  });

  it('counts rules that take what will come, and those that are not understood, and none of more than ten years', async () => {
    // Prepare
    const deployed = await deploy({ area: [AREA] });
    const rules = [
      '<ID>sp</ID><Filter><Prefix>flink/savepoints/</Prefix></Filter><Expiration><Days>7</Days></Expiration>',
      '<ID>odd</ID><Filter><Prefix>flink/</Prefix></Filter><Vaporize><Hours>3</Hours></Vaporize>',
      '<ID>old</ID><Filter><Prefix>flink/</Prefix></Filter><Expiration><Days>10000</Days></Expiration>',
      '<ID>logs</ID><Filter><Prefix>logs/</Prefix></Filter><Expiration><Days>7</Days></Expiration>',
    ].map((rule) => `<Rule><Status>Enabled</Status>${rule}</Rule>`);
    deployed.s3.bucket(BUCKET).lifecycle = {
      xml: `<LifecycleConfiguration>${rules.join('')}</LifecycleConfiguration>`,
      transitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
    };

    // Act
    const { hazards } = await lifecycleRulesHandler({}, deployed.runtime());

    // Assess
    expect(hazards).toEqual({
      rules: 2,
      bytes: 0,
      sentences: [
        expect.stringMatching(
          /^s3:\/\/checkpoints: Rule "sp" deletes objects below 'flink\/savepoints\/' by age or date\. No/,
        ),
        expect.stringMatching(/^s3:\/\/checkpoints: Rule "odd" may do harm: it has parts that the steward does not/),
      ],
      unknown: [],
    });
    expect(deployed.published.map(({ name, value }) => [name, value])).toEqual([['HazardousRules', 2]]);
  });

  it('is nothing, and says why, where the rules may not be read', async () => {
    // Prepare
    const deployed = await deploy({ area: [AREA] });
    deployed.s3.faults.add({
      match: { operation: 'GetBucketLifecycleConfiguration' },
      do: { kind: 'answer', code: 'AccessDenied' },
    });

    // Act
    const { hazards } = await lifecycleRulesHandler({}, deployed.runtime());

    // Assess
    expect(hazards).toMatchObject({ rules: 0, unknown: [expect.stringContaining('s3:GetLifecycleConfiguration')] });
    expect(deployed.published).toEqual([]);
    expect(ledgerText(deployed, 'hazards@')).toBeNull();
  });

  it('comes after the rules are in step, whatever hinders the look', async () => {
    // Prepare
    const deployed = await deploy(WRITING);
    deployed.s3.faults.add({ match: { operation: 'ListObjectsV2' }, do: { kind: 'answer', code: 'AccessDenied' } });

    // Act
    const asked = lifecycleRulesHandler({}, deployed.runtime());

    // Assess
    await expect(asked).rejects.toThrow(StoreError);
    expect(await idsOf(deployed)).toEqual([`${UPLOADS}flink/`, `${UPLOADS}savepoints/`]);
  });
});
