import { describe, expect, it } from 'vitest';
import { BUCKET, type ServedS3, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, bucketOf, check, putRules, reach, serveFiles, serveJob, useCredentials, WEEK } from './rules-bucket.ts';
import { documentOf, type Ran, steward } from './steward.ts';

/** Rules that take nothing today, that take files outside the area, or that nobody understands. */

const serve = useEmbeddedS3();
const makeDirectory = useTempDirectories();
useCredentials();

const FOREVER = { ID: 'ours', Status: 'Enabled', Filter: { Prefix: '' }, AbortIncompleteMultipartUpload: {} };

function findingsOf(ran: Ran): unknown {
  return documentOf(ran).findings;
}

async function checkFile(rules: readonly object[], command: readonly string[], area = AREA): Promise<Ran> {
  const { s3 } = await serveJob(serve);
  const Rules = rules.map((rule) => ({ Status: 'Enabled', Filter: { Prefix: 'flink/' }, ...rule }));
  const cwd = await makeDirectory({ 'rules.json': JSON.stringify({ Rules }) });
  return await steward(cwd, [...command, area, '--lifecycle', 'rules.json', ...reach(s3), '--json']);
}

describe('A rule inside the area', () => {
  it.each([
    ['deletes', { Expiration: { Days: 7 } }],
    ['deletes', { Expiration: { Date: '2027-06-01' } }],
    ['archives', { Transitions: [{ Days: 10, StorageClass: 'GLACIER' }] }],
  ])('that %s what will come is a finding and in no safe set, however high the area is named', async (verb, action) => {
    // Prepare
    const served = await serveJob(serve);
    await putRules(served, [{ ID: 'savepoints', Filter: { Prefix: 'flink/savepoints/' }, ...action }]);

    // Act
    const ran = [];
    for (const area of [`s3://${BUCKET}`, AREA]) {
      ran.push(await steward('/', ['rules', 'check', area, ...reach(served.s3), '--json']));
    }

    // Assess
    for (const one of ran) {
      const { replacement } = bucketOf(one);
      expect(one.status).toBe(1);
      expect(findingsOf(one)).toEqual([
        {
          kind: 'lifecycle-rule',
          sentence: `Rule "savepoints" ${verb} objects below 'flink/savepoints/' by age or date. No root needs one of them today, but a checkpoint or savepoint that comes to need one will break.`,
        },
      ]);
      expect(replacement.changes[0]).toEqual({
        action: 'removed',
        rule: 'savepoints',
        why: `it ${verb} what checkpoints and savepoints below 'flink/savepoints/' will need`,
      });
      expect(JSON.stringify(replacement.json)).not.toContain('savepoints');
      expect(replacement.terraform).not.toContain('id     = "savepoints"');
    }
  });

  it('is a finding of audit too', async () => {
    const served = await serveJob(serve);
    await putRules(served, [{ Filter: { Prefix: 'flink/savepoints/' }, ...WEEK }]);

    const { status, out } = await steward('/', ['audit', AREA, ...reach(served.s3)]);

    expect(status).toBe(1);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'Rule "rule-1" deletes objects below \'flink/savepoints/\' by age or date. No root needs',
    );
  });

  it('is told by tag, with its condition in each place', async () => {
    const served = await serveJob(serve);
    await putRules(served, [{ ID: 'tagged', Filter: { Tag: { Key: 'team', Value: 'a' } }, ...WEEK }]);

    const ran = await steward('/', ['rules', 'check', AREA, ...reach(served.s3)]);

    expect(ran.status).toBe(1);
    const out = ran.out.replaceAll(/\n#? +/g, ' ');
    const condition = '(if the objects carry the tag team=a, which a listing does not show)';
    expect(out).toContain(`Rule "tagged" may break 1 root of 1 job ${condition}:`);
    expect(out).toContain(
      `- removed "tagged": it may delete files that 1 root needs, the first object from 2027-03-03 on ${condition}. If its effect outside`,
    );
    expect(out).toContain(
      `"tagged" was removed: it may delete files that 1 root needs, the first object from 2027-03-03 on ${condition}.`,
    );
  });

  it('that acts only after more than ten years is told and no finding', async () => {
    const served = await serveJob(serve);
    await putRules(served, [{ ID: 'ages', Filter: { Prefix: 'flink/' }, Expiration: { Days: 10_000 } }]);

    const ran = await check(served.s3);
    const text = await steward('/', ['rules', 'check', AREA, ...reach(served.s3)]);

    expect({ status: ran.status, findings: findingsOf(ran) }).toEqual({ status: 0, findings: [] });
    const told = text.out.replaceAll(/\s+/g, ' ');
    expect(told).toContain('loses its first object on 2054-07-12');
    expect(told).toContain('That is more than ten years away, so it is no finding.');
    expect(bucketOf(ran).replacement.changes[0]).toMatchObject({ action: 'removed', rule: 'ages' });
  });
});

describe('A file of the bucket outside the area', () => {
  const SEGMENTS = [1, 2, 3].map((number) => `flink/changelog/${JOB}/dstl/${uuid(number)}`);

  async function serveChangelog(): Promise<ServedS3> {
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store, `flink/checkpoints/${JOB}/`, `s3a://${BUCKET}`);
    job.complete(6, [job.upload(9), ...SEGMENTS.slice(0, 2)], NOW - 3 * DAY);
    job.complete(7, [job.file(9), ...SEGMENTS], NOW - 2 * DAY);
    for (const key of SEGMENTS) store.put(key, 'x'.repeat(100), NOW - 4 * DAY);
    return await serveFiles(serve, store.files());
  }
  const RULE = { ID: 'changelog-7d', Filter: { Prefix: 'flink/changelog/' }, ...WEEK };
  const ROOTS = [7, 6].map((id) => `flink/checkpoints/${JOB}/chk-${id}/_metadata`);
  const INNER = `s3://${BUCKET}/flink/checkpoints`;
  const SENTENCE = `Rule "changelog-7d" breaks 2 roots of 1 job: chk-7 of ${JOB}, the newest of its job, loses its first object by 2027-03-05: ${SEGMENTS[0]}, which is outside the area, written 2027-02-26 or earlier and so older than the checkpoint itself (2027-02-27).`;

  it.each(['rules check', 'audit'])('that roots name counts in %s, as the listed ones do', async (command) => {
    // Prepare
    const served = await serveChangelog();
    await putRules(served, [RULE, { Filter: { Prefix: 'logs/' }, ...WEEK }]);

    // Act
    const ran = await steward('/', [...command.split(' '), INNER, ...reach(served.s3), '--json']);

    // Assess
    expect(ran.status).toBe(1);
    expect(findingsOf(ran)).toEqual([{ kind: 'lifecycle-rule', sentence: SENTENCE }]);
    const { buckets } = documentOf(ran);
    expect(buckets).toMatchObject([
      {
        elsewhere: 1,
        judgement: {
          rules: [
            {
              id: 'changelog-7d',
              roots: 2,
              newestRoots: 1,
              hazards: [
                { rootKey: ROOTS[1], objects: 2, bytes: 0, firstObject: { key: SEGMENTS[0], outside: true } },
                { rootKey: ROOTS[0], objects: 3, bytes: 0, firstObject: { key: SEGMENTS[0], outside: true } },
              ],
            },
          ],
        },
        replacement: {
          changes: [
            {
              action: 'removed',
              rule: 'changelog-7d',
              why: 'it deletes files that 2 roots need, the first object from 2027-03-05 on',
            },
            { action: 'kept', rule: 'rule-2' },
            { action: 'added' },
          ],
        },
      },
    ]);
  });

  it.each(['rules check', 'audit'])('counts too where %s takes the rules from a file', async (command) => {
    const served = await serveChangelog();
    const Rules = [{ Status: 'Enabled', ...RULE }];
    const cwd = await makeDirectory({
      'rules.json': JSON.stringify({ Rules }),
      'steward.json': JSON.stringify({ outside: [`s3://${BUCKET}/flink/changelog`] }),
    });

    const args = [...command.split(' '), INNER, '--lifecycle', 'rules.json', ...reach(served.s3), '--json'];
    const ran = await steward(cwd, args);

    expect({ status: ran.status, findings: findingsOf(ran) }).toEqual({
      status: 1,
      findings: [{ kind: 'lifecycle-rule', sentence: SENTENCE }],
    });
  });

  it('is nothing to a rule of another bucket, nor to one beside it', async () => {
    const served = await serveChangelog();
    await putRules(served, [{ ...RULE, Filter: { Prefix: 'flink/changelogs/' } }]);

    const ran = await steward('/', ['rules', 'check', INNER, ...reach(served.s3), '--json']);

    expect({ status: ran.status, findings: findingsOf(ran) }).toEqual({ status: 0, findings: [] });
  });
});

describe('A rule that is not understood', () => {
  it.each([
    ['a remote tier of MinIO', { Transitions: [{ Days: 1, StorageClass: 'COLD' }] }],
    ['a class of OSS', { Transitions: [{ Days: 1, StorageClass: 'Archive' }] }],
    ['an element of OSS', { Expiration: { CreatedBeforeDate: '2027-01-01T00:00:00.000Z' } }],
    ['an element of MinIO', { DelMarkerExpiration: { Days: 1 } }],
    ['the words of CloudFormation', { ExpirationInDays: 7 }],
    ['a condition of its own', { Filter: { Prefix: 'flink/', Not: { Prefix: 'flink/tmp/' } }, ...WEEK }],
  ])('ends with 3: %s', async (_, rule) => {
    const checked = await checkFile([{ ID: 'odd', ...rule }], ['rules', 'check']);
    const audited = await checkFile([{ ID: 'odd', ...rule }], ['audit']);

    expect([checked.status, audited.status]).toEqual([3, 3]);
    expect(findingsOf(checked)).toHaveLength(1);
    expect(bucketOf(checked).replacement.json.Rules[0]).toMatchObject({ ID: 'odd', Status: 'Disabled' });
  });

  it.each([
    ['is about other keys', { Filter: { Prefix: 'logs/' } }],
    ['is disabled', { Status: 'Disabled' }],
  ])('is nothing to say where it %s', async (_, part) => {
    const rules = [FOREVER, { ID: 'odd', ExpirationInDays: 7, ...part }];

    const ran = [await checkFile(rules, ['rules', 'check']), await checkFile(rules, ['audit'])];

    expect(ran.map(({ status }) => status)).toEqual([0, 0]);
  });
});
