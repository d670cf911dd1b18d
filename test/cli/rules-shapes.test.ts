import { describe, expect, it } from 'vitest';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { JOB } from '#test/support/played-job.ts';
import { bucketOf, check, putRules, ROOT, serveJob, useCredentials, WEEK } from './rules-bucket.ts';
import { restUnseen } from './steward.ts';

const serve = useEmbeddedS3();
useCredentials();

describe('steward rules check, on configurations of every shape,', () => {
  it.each([
    {
      shape: 'an expiry of the whole bucket',
      rules: [{ Filter: { Prefix: '' }, ...WEEK }],
      effects: ['expires'],
      hazards: [{ at: '2027-03-03', objects: 2, certain: true }],
      actions: ['removed', 'added'],
    },
    {
      shape: 'an expiry in the older form, with a prefix of its own',
      rules: [{ Prefix: 'flink/', ...WEEK }],
      effects: ['expires'],
      hazards: [{ at: '2027-03-03', objects: 2, certain: true }],
      actions: ['removed', 'added'],
    },
    {
      shape: 'an expiry of other keys',
      rules: [{ Filter: { Prefix: 'logs/' }, ...WEEK }],
      effects: [],
      hazards: [],
      actions: ['kept', 'added'],
    },
    {
      shape: 'an expiry by tag and size',
      rules: [
        {
          Filter: { And: { Prefix: 'flink/', Tags: [{ Key: 'team', Value: 'a' }], ObjectSizeGreaterThan: 500 } },
          Expiration: { Days: 3 },
        },
      ],
      effects: ['expires'],
      hazards: [{ at: '2027-03-02', objects: 1, certain: false }],
      actions: ['removed', 'added'],
    },
    {
      shape: 'an expiry on a date that has passed',
      rules: [{ Filter: {}, Expiration: { Date: '2027-01-01' } }],
      effects: ['expires'],
      // From the moment that the older of the objects was there.
      hazards: [{ at: '2027-02-24', objects: 2, certain: true, dueObjects: 2 }],
      actions: ['removed', 'added'],
    },
    {
      shape: 'an expiry on a date to come',
      rules: [{ Filter: {}, Expiration: { Date: '2027-06-01' } }],
      effects: ['expires'],
      hazards: [{ at: '2027-06-01', objects: 2, certain: true, dueObjects: 0 }],
      actions: ['removed', 'added'],
    },
    {
      shape: 'an expiry of small objects, which takes the state file and not its root',
      rules: [{ Filter: { ObjectSizeLessThan: 200 }, ...WEEK }],
      effects: ['expires'],
      hazards: [{ at: '2027-03-03', objects: 1, certain: true }],
      actions: ['removed', 'added'],
    },
    {
      shape: 'an archive for objects of any size',
      rules: [{ Filter: { ObjectSizeGreaterThan: 1 }, Transitions: [{ Days: 30, StorageClass: 'DEEP_ARCHIVE' }] }],
      effects: ['archives'],
      hazards: [{ at: '2027-03-26', objects: 2, certain: true }],
      actions: ['removed', 'added'],
    },
    {
      shape: 'an archive that leaves small objects where they are, and large ones to come not',
      rules: [{ Filter: { Prefix: 'flink/' }, Transitions: [{ Days: 30, StorageClass: 'GLACIER' }] }],
      effects: ['archives'],
      hazards: [],
      actions: ['removed', 'added'],
    },
    {
      shape: 'a way through classes of which the last is an archive',
      rules: [
        {
          Filter: { ObjectSizeGreaterThan: 1 },
          Transitions: [
            { Days: 0, StorageClass: 'INTELLIGENT_TIERING' },
            { Days: 90, StorageClass: 'GLACIER' },
          ],
        },
      ],
      effects: ['archives'],
      hazards: [{ at: '2027-05-25', objects: 2, certain: true }],
      actions: ['narrowed', 'added'],
    },
    {
      shape: 'classes that stay readable',
      rules: [{ Filter: { Prefix: 'flink/' }, Transitions: [{ Days: 30, StorageClass: 'GLACIER_IR' }] }],
      effects: ['harmless'],
      hazards: [],
      actions: ['kept', 'added'],
    },
    {
      shape: 'noncurrent versions, delete markers and uploads',
      rules: [
        {
          Filter: {},
          Expiration: { ExpiredObjectDeleteMarker: true },
          NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
        },
      ],
      effects: ['harmless'],
      hazards: [],
      actions: ['kept'],
    },
    {
      shape: 'a disabled expiry',
      rules: [{ Filter: {}, Status: 'Disabled', ...WEEK }],
      effects: ['harmless'],
      hazards: [],
      actions: ['kept', 'added'],
    },
    {
      shape: 'two rules that overlap',
      rules: [
        {
          Filter: { Prefix: 'flink/' },
          Expiration: { Days: 30 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
        },
        { ID: 'b', Filter: { Prefix: `flink/${JOB}/shared/` }, Expiration: { Days: 10 } },
      ],
      effects: ['expires', 'expires'],
      hazards: [
        { at: '2027-03-26', objects: 2, certain: true },
        { at: '2027-03-06', objects: 1, certain: true },
      ],
      actions: ['narrowed', 'removed'],
    },
  ])('knows $shape', async ({ rules, effects, hazards, actions }) => {
    // Prepare
    const served = await serveJob(serve);
    await putRules(served, rules);

    // Act
    const ran = await check(served.s3);
    const report = bucketOf(ran);

    // Assess
    expect(ran.err).toBe(restUnseen(BUCKET));
    expect(ran.status).toBe(effects.some((effect) => effect !== 'harmless') ? 1 : 0);
    expect(report.judgement.rules.map(({ effect }) => effect)).toEqual(effects);
    expect(report.judgement.rules.flatMap((rule) => rule.hazards)).toMatchObject(
      hazards.map(({ at, ...known }) => ({ ...known, rootKey: ROOT })),
    );
    expect(
      report.judgement.rules.flatMap((rule) => rule.hazards.map(({ breaksAt }) => new Date(breaksAt).toISOString())),
    ).toEqual(hazards.map(({ at }) => `${at}T00:00:00.000Z`));
    expect(report.replacement.changes.map(({ action }) => action)).toEqual(actions);
  });

  it.each([
    { prefix: '', action: 'disabled', status: 'Disabled' },
    { prefix: 'logs/', action: 'kept', status: 'Enabled' },
  ])(
    'disables what it does not understand, where it is about the area: below "$prefix"',
    async ({ prefix, action, status }) => {
      const { s3 } = await serveJob(serve);
      const filter = `<Filter><Prefix>${prefix}</Prefix></Filter>`;
      const xml = `<LifecycleConfiguration><Rule><ID>new</ID><Status>Enabled</Status>${filter}<Vaporize><Hours>3</Hours></Vaporize></Rule></LifecycleConfiguration>`;
      s3.bucket(BUCKET).lifecycle = { xml, transitionDefaultMinimumObjectSize: 'all_storage_classes_128K' };

      const { replacement } = bucketOf(await check(s3));

      expect(replacement.changes[0]).toMatchObject({ action, rule: 'new' });
      expect(replacement.json.Rules[0]).toEqual({
        ID: 'new',
        Status: status,
        Filter: { Prefix: prefix },
        Vaporize: { Hours: '3' },
      });
      expect(replacement.terraform).toContain('# "Vaporize" of the rule is unknown here');
    },
  );
});
