import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import {
  AREA,
  bucketOf,
  check,
  prefixed,
  putRules,
  reach,
  serveFiles,
  serveJob,
  useCredentials,
  WEEK,
} from './rules-bucket.ts';
import { documentOf, restUnseen, smallJob, steward } from './steward.ts';

const serve = useEmbeddedS3();
useMachineClock(NOW);
const makeDirectory = useTempDirectories();

useCredentials();

describe('steward rules check', () => {
  it('says what breaks, what is missing, and what the rules should be', async () => {
    const served = await serveJob(serve);
    await putRules(served, [{ ID: 'expire-after-a-week', Filter: { Prefix: 'flink/' }, ...WEEK }]);

    const { status, out, err } = await steward('/', ['rules', 'check', AREA, ...reach(served.s3)], 80);

    expect({ status, err }).toEqual({ status: 1, err: restUnseen(BUCKET) });
    expect(out).toBe(`Lifecycle rules for s3://checkpoints/flink, as of 2027-03-01 00:00:00 UTC

Lifecycle rules of s3://checkpoints:
  - Rule "expire-after-a-week" breaks 1 root of 1 job: chk-7 of
    9468946f38e9d60efc7468a374aec04f, the newest of its job, loses its first
    object on 2027-03-03: shared/00000001… written 2027-02-24 and so older than
    the checkpoint itself (2027-02-27).
      Rule "expire-after-a-week" deletes 2 objects that chk-7 of
      9468946f38e9d60efc7468a374aec04f needs; the first is deleted on
      2027-03-03: shared/00000001… written 2027-02-24, while the checkpoint
      itself is from 2027-02-27. After that the checkpoint can't be restored,
      and the running job does not notice.

Missing:
  - a rule that aborts incomplete multipart uploads below 'flink/'. There are
    none now. They are billed, but a listing of objects does not show them. If a
    file sink writes there, its checkpoints need the uploads that they
    reference: then wait longer than a job may be down, or leave the rule out.

Safe rules for s3://checkpoints:
  - removed "expire-after-a-week": it deletes files that 1 root needs, the first
    object from 2027-03-03 on.
  - added "flink-steward-abort-uploads:flink/": no rule of this prefix did this.

As JSON, to save as safe-rules.json:

{
  "Rules": [
    {
      "ID": "flink-steward-abort-uploads:flink/",
      "Filter": {
        "Prefix": "flink/"
      },
      "Status": "Enabled",
      "AbortIncompleteMultipartUpload": {
        "DaysAfterInitiation": 7
      }
    }
  ]
}

aws s3api put-bucket-lifecycle-configuration --bucket checkpoints --endpoint-url ${served.s3.url} --region eu-west-1 --transition-default-minimum-object-size all_storage_classes_128K --lifecycle-configuration file://safe-rules.json

The same for Terraform. Manage the rules in one place only:

# "expire-after-a-week" was removed: it deletes files that 1 root needs, the first object from
#   2027-03-03 on.
resource "aws_s3_bucket_lifecycle_configuration" "checkpoints" {
  bucket                                 = "checkpoints"
  transition_default_minimum_object_size = "all_storage_classes_128K"

  rule {
    id     = "flink-steward-abort-uploads:flink/"
    status = "Enabled"

    filter {
      prefix = "flink/"
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

Nothing was changed.
`);
  });

  it('finds nothing more to say of the rules that it gave', async () => {
    const served = await serveJob(serve);
    served.s3.bucket(BUCKET).versioning = 'Enabled';
    await putRules(served, [{ Prefix: '', ...WEEK }]);
    await putRules(served, bucketOf(await check(served.s3)).replacement.json.Rules);

    const ran = await check(served.s3);
    const { status, out } = await steward('/', ['rules', 'check', AREA, ...reach(served.s3)]);

    expect(status).toBe(0);
    expect(bucketOf(ran)).toMatchObject({ missing: [], replacement: { changed: false } });
    expect(out).toContain('\nThe rules of s3://checkpoints need no change.\n');
  });

  it('leads the AWS CLI to the store that the configuration names', async () => {
    const served = await serveJob(serve);
    await putRules(served, [{ ID: 'expire-after-a-week', Filter: { Prefix: 'flink/' }, ...WEEK }]);
    const bucket = { bucket: AREA, endpoint: served.s3.url, region: 'eu-west-1', pathStyle: true };
    const cwd = await makeDirectory({ 'steward.json': JSON.stringify({ area: [bucket] }) });

    const configured = await steward(cwd, ['rules', 'check']);
    const typed = await steward(cwd, ['rules', 'check', AREA, '--region', 'eu-west-2']);

    const command = `\naws s3api put-bucket-lifecycle-configuration --bucket checkpoints --endpoint-url ${served.s3.url} --region`;
    expect(configured.out).toContain(`${command} eu-west-1 `);
    expect(typed.out).toContain(`${command} eu-west-2 `);
  });

  it('takes the times of the configuration', async () => {
    const served = await serveJob(serve);
    served.s3.bucket(BUCKET).versioning = 'Suspended';
    const cwd = await makeDirectory({
      'steward.json': JSON.stringify({
        lifecycle: { manage: 'check', abortIncompleteUploadsAfter: '2w', noncurrentVersionsFor: '5d' },
      }),
    });

    const ran = await steward(cwd, ['rules', 'check', AREA, ...reach(served.s3), '--json']);

    expect(bucketOf(ran).replacement.json.Rules).toMatchObject([
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 14 } },
      { NoncurrentVersionExpiration: { NoncurrentDays: 5 } },
      { Expiration: { ExpiredObjectDeleteMarker: true } },
    ]);
    expect(ran.err).toBe(restUnseen(BUCKET));
  });

  it('counts what piles up unseen', async () => {
    // Prepare
    const served = await serveJob(serve);
    const { s3, client } = served;
    s3.bucket(BUCKET).versioning = 'Enabled';
    await putRules(served, [
      { Filter: {}, NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 1 } },
    ]);
    const upload = { Bucket: BUCKET, Key: 'flink/x' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
    await client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: 'y'.repeat(1_234) }));
    s3.put(BUCKET, 'flink/gone', 'z'.repeat(50));
    s3.bucket(BUCKET).remove('flink/gone', NOW, () => 'marker');

    // Act
    const { out } = await steward('/', ['rules', 'check', AREA, ...reach(s3)], 200);
    const report = bucketOf(await check(s3));

    // Assess
    expect(report).toMatchObject({
      versioning: 'Enabled',
      uploads: { count: 1, bytes: 1_234, oldest: NOW, atLeast: false },
      versions: { noncurrent: 1, noncurrentBytes: 50, deleteMarkers: 1, atLeast: false },
    });
    const text = out.replaceAll(/\s+/g, ' ');
    expect(text).toContain("uploads below 'flink/'. Found 1 upload with 1.2 kB, the oldest since 2027-03-01. They");
    expect(text).toContain(
      'versions below \'flink/\' (rule "rule-1" keeps the newest noncurrent version of each key, and Flink writes each key once). Found 1 noncurrent version with 50 B. Every',
    );
    expect(text).toContain("without noncurrent versions below 'flink/'. Found 1 delete marker. Each");
  });

  it('says that expired objects of a versioned bucket can be put back', async () => {
    const served = await serveJob(serve);
    served.s3.bucket(BUCKET).versioning = 'Enabled';
    await putRules(served, [
      { Filter: {}, ...WEEK },
      { ID: 'b', Filter: { Prefix: 'logs/' }, ...WEEK },
    ]);

    const { out } = await steward('/', ['rules', 'check', AREA, ...reach(served.s3)]);

    const text = out.replaceAll(/\s+/g, ' ');
    expect(text).toContain('The bucket keeps versions: as long as the noncurrent version');
    expect(text).toContain('1 more rule applies to other keys only.');
  });

  it('finds rules that take what jobs need and no checkpoint names', async () => {
    const served = await serveJob(serve);
    const key = `flink/${JOB}/taskowned/${uuid(9)}`;
    served.s3.put(BUCKET, key, 'log', { lastModified: NOW - DAY });
    await putRules(served, [{ Filter: { Prefix: `flink/${JOB}/taskowned/` }, ...WEEK }]);

    const { status, out } = await steward('/', ['rules', 'check', AREA, ...reach(served.s3)], 400);

    expect(status).toBe(1);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      `Rule "rule-1" deletes 1 file that jobs need even if no checkpoint references them (high-availability storage, task-owned state, working files), such as ${key}.`,
    );
    expect(out).toContain('removed "rule-1"');
  });

  it('warns where noncurrent versions may be what a damaged checkpoint lacks', async () => {
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store, `flink/${JOB}/`, `s3a://${BUCKET}`);
    job.complete(7, [job.upload(1), job.file(2)]);
    const served = await serveFiles(serve, store.files());
    served.s3.bucket(BUCKET).versioning = 'Enabled';

    const { out } = await steward('/', ['rules', 'check', AREA, ...reach(served.s3)]);

    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'Before you write these rules: checkpoints in this bucket lack files.',
    );
  });

  it('judges each bucket by what is live in it, whoever names it', async () => {
    // Prepare: a savepoint in one bucket names a file in the other.
    const served = await serveJob(serve);
    served.s3.createBucket('savepoints');
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store, `saved/${OTHER_JOB}/`, `s3a://${BUCKET}`);
    job.complete(3, [`flink/${JOB}/shared/${uuid(2)}`], NOW - DAY);
    for (const [key, { content, modified }] of Object.entries(store.files())) {
      served.s3.put('savepoints', key, content, { lastModified: modified });
    }
    await putRules(served, [{ Filter: { Prefix: `flink/${JOB}/shared/${uuid(2)}` }, ...WEEK }]);

    // Act
    const ran = await steward('/', ['rules', 'check', AREA, 's3://savepoints', ...reach(served.s3), '--json']);

    // Assess
    expect(ran.status).toBe(1);
    const { buckets } = documentOf(ran);
    expect(buckets).toMatchObject([
      {
        bucket: `s3://${BUCKET}`,
        prefixes: ['flink/'],
        judgement: {
          rules: [{ hazards: [{ rootKey: `s3://savepoints/saved/${OTHER_JOB}/chk-3/_metadata`, objects: 1 }] }],
        },
      },
      { bucket: 's3://savepoints', prefixes: [''], judgement: { rules: [] }, missing: [{ prefixes: [''] }] },
    ]);
  });

  it('ends with 3 where the rules may not be read, and says what to grant', async () => {
    const { s3 } = await serveJob(serve);
    s3.faults.add({
      match: { operation: ['GetBucketLifecycleConfiguration', 'GetBucketVersioning', 'ListMultipartUploads'] },
      do: { kind: 'answer', code: 'AccessDenied' },
    });

    const { status, out, err } = await steward('/', ['rules', 'check', AREA, ...reach(s3)]);
    const audited = await steward('/', ['audit', AREA, ...reach(s3)]);

    expect({ status, err }).toEqual({ status: 3, err: restUnseen(BUCKET) });
    for (const permission of ['GetLifecycleConfiguration', 'GetBucketVersioning', 'ListBucketMultipartUploads']) {
      expect(out.replaceAll(/\s+/g, ' ')).toContain(`Grant s3:${permission} on arn:aws:s3:::${BUCKET} to these`);
    }
    // What an audit is about was read.
    expect(audited.status).toBe(0);
    expect(audited.out).toContain(`Not known about s3://${BUCKET}:`);
  });

  it('ends with 3 where the bucket tells rules that no one can read', async () => {
    const { s3 } = await serveJob(serve);
    const xml = '<LifecycleConfiguration><Rule><Status>On</Status></Rule></LifecycleConfiguration>';
    s3.bucket(BUCKET).lifecycle = { xml, transitionDefaultMinimumObjectSize: 'all_storage_classes_128K' };

    const { status, out } = await steward('/', ['rules', 'check', AREA, ...reach(s3)]);

    expect(status).toBe(3);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('rule 1: Status must be "Enabled" or "Disabled", but is "On"');
  });

  it('checks rules from a file against a copy', async () => {
    const rules = { Rules: [{ ID: 'a', Status: 'Enabled', Filter: { Prefix: 'flink/' }, ...WEEK }], Owner: 'x' };
    const cwd = await makeDirectory({ ...prefixed('copy', smallJob()), 'rules.json': JSON.stringify(rules) });
    const args = ['rules', 'check', 'copy', '--as', 's3://bucket', '--lifecycle', 'rules.json'];

    const { status, out } = await steward(cwd, args);

    // Nobody knows what the unknown part does.
    expect(status).toBe(3);
    const text = out.replaceAll(/\s+/g, ' ');
    expect(text).toContain('Lifecycle rules of s3://bucket: - Rule "a" breaks 1 root of 1 job');
    expect(text).toContain('Parts of the configuration that were not understood: Owner.');
    expect(out.match(/rules\.json contains only/g)).toHaveLength(1);
  });

  it.each([
    [
      ['copy', '--as', 's3://bucket'],
      /^copy: a directory has no lifecycle rules, so there is nothing to check\. Give the bucket itself/m,
    ],
    [
      ['copy', 'other', '--lifecycle', 'rules.json'],
      /^rules\.json contains the rules of one bucket, but the locations are in several: /,
    ],
    [['copy', '--lifecycle', 'none.json'], /^none\.json can't be read: no such file\./],
  ])('refuses %j', async (args, expected) => {
    const cwd = await makeDirectory({
      ...prefixed('copy', smallJob()),
      ...prefixed('other', smallJob(`other/${OTHER_JOB}/`)),
      'rules.json': '{"Rules": []}',
      'steward.json': JSON.stringify({
        area: [
          { path: 'copy', as: 's3://bucket/copy' },
          { path: 'other', as: 's3://b' },
        ],
      }),
    });

    const { status, err } = await steward(cwd, ['rules', 'check', ...args]);

    expect(status).toBe(2);
    expect(err).toMatch(expected);
  });
});

describe('steward audit of a bucket', () => {
  it('judges its rules by itself, and points to the safe ones', async () => {
    const served = await serveJob(serve);
    await putRules(served, [{ ID: 'week', Filter: {}, ...WEEK }]);

    const ran = await steward('/', ['audit', AREA, ...reach(served.s3)]);
    const json = documentOf(await steward('/', ['audit', AREA, ...reach(served.s3), '--json']));

    expect(ran.status).toBe(1);
    expect(ran.out).toContain(`Lifecycle rules of s3://${BUCKET}:`);
    expect(ran.out.replaceAll(/\s+/g, ' ')).toContain(
      `as JSON and for Terraform: steward rules check ${AREA} --endpoint ${served.s3.url} --region eu-west-1 --path-style `,
    );
    expect(json).toMatchObject({
      findings: [{ kind: 'lifecycle-rule' }],
      lifecycle: { rules: [{ id: 'week' }] },
      buckets: [{ bucket: `s3://${BUCKET}`, missing: [{ tidying: 'uploads' }] }],
    });
  });

  it('says that there are no rules, or none about these keys', async () => {
    const served = await serveJob(serve);
    const bare = await steward('/', ['audit', AREA, ...reach(served.s3)]);
    await putRules(served, [{ Filter: { Prefix: 'logs/' }, ...WEEK }]);
    const others = await steward('/', ['audit', AREA, ...reach(served.s3)]);

    expect(bare.out).toContain(
      `Lifecycle rules of s3://${BUCKET}: there are none, so S3 deletes none of these keys by age.`,
    );
    expect(others.out).toContain(`s3://${BUCKET}: none applies to these keys, so S3 deletes none of these keys by`);
  });

  it('takes the rules of a file in place of the bucket’s', async () => {
    const served = await serveJob(serve);
    await putRules(served, [{ Filter: {}, ...WEEK }]);
    const cwd = await makeDirectory({ 'rules.json': '{"Rules": []}' });

    const ran = await steward(cwd, ['audit', AREA, ...reach(served.s3), '--lifecycle', 'rules.json', '--json']);

    expect(ran.status).toBe(0);
    expect(documentOf(ran)).toMatchObject({ lifecycle: { rules: [] }, buckets: [] });
    expect(served.s3.log.count('GetBucketLifecycleConfiguration')).toBe(0);
  });
});
