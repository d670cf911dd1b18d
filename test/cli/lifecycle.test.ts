import { describe, expect, it } from 'vitest';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { type Tree, useTempDirectories } from '#test/support/temp-directory.ts';
import { bucketFiles, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();

/** The document of rules that hold for all keys, but for what each says. */
function rules(...list: readonly object[]): string {
  return JSON.stringify({
    Rules: list.map((rule, at) => ({ ID: `rule-${at + 1}`, Status: 'Enabled', Filter: { Prefix: '' }, ...rule })),
  });
}

const WEEK = { Expiration: { Days: 7 } };
const GLACIER = { Transitions: [{ Days: 7, StorageClass: 'GLACIER' }] };

/** Two runs of jobs with one label, the second with more checkpoints than are shown. */
function twoRuns(label = 'orders'): Tree {
  return {
    ...bucketFiles((store) => {
      const first = new PlayedJob(store);
      first.complete(7, [first.upload(1, NOW - 9 * DAY)], NOW - 8 * DAY);
      const second = new PlayedJob(store, `flink/${OTHER_JOB}/`);
      const file = second.upload(2, NOW - 4 * DAY);
      for (let checkpoint = 1; checkpoint <= 11; checkpoint++) {
        second.complete(checkpoint, [file], NOW - 3 * DAY + checkpoint * 3_600_000);
      }
    }),
    'steward.json': JSON.stringify({ labels: [JOB, OTHER_JOB].map((jobId) => ({ jobId, job: label })) }),
  };
}

/** What audit says of the rules, up to the next empty line. */
async function judge(tree: Tree, document: string, columns = 100): Promise<string> {
  const cwd = await makeDirectory(tree);
  const file = `${await makeDirectory({ 'rules.json': document })}/rules.json`;
  const { out } = await steward(cwd, ['audit', 'flink', '--as', 's3://bucket/flink', '--lifecycle', file], columns);
  const [, text = ''] = out.split('\nLifecycle rules of the bucket:');
  return text.slice(0, text.indexOf('\n\n') + 1);
}

function tableOf(text: string): readonly string[] {
  return text.slice(text.indexOf('      root')).split('\n').slice(0, -1);
}

describe('What audit says of lifecycle rules', () => {
  it('is a table where a rule breaks many checkpoints, newest first, with the jobs of one label told apart', async () => {
    const text = await judge(twoRuns(), rules(WEEK));

    expect(tableOf(text)).toEqual([
      '      root                                completed   oldest file  breaks                    files',
      '      chk-7 of orders (946894…)   newest  2027-02-21  2027-02-20   any day since 2027-02-27      2',
      '      chk-11 of orders (e8281d…)  newest  2027-02-26  2027-02-25   on 2027-03-04                 2',
      ...['1', '10', '2', '3', '4', '5', '6', '7'].map(
        (id) =>
          `      ${`chk-${id} of orders (e8281d…)`.padEnd(26)}          2027-02-26  2027-02-25   on 2027-03-04                 2`,
      ),
      '      … and 2 more (see --json)',
      "      A root can't be restored once the first of its files is deleted, and no job notices that.",
    ]);
  });

  it('fits 80 columns without the dates that can be done without', async () => {
    const text = await judge(twoRuns('a label that somebody made much too long'), rules(WEEK), 80);

    expect(tableOf(text).slice(0, 3)).toEqual([
      '      root                                        oldest file  breaks      files',
      '      chk-7 of a label …o long (946894…)  newest  2027-02-20   any day         2',
      '      chk-11 of a label…o long (e8281d…)  newest  2027-02-25   2027-03-04      2',
    ]);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([80, 100])('names the storage class that files go to, within %i columns', async (columns) => {
    const anySize = { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' };
    const document = JSON.stringify({ ...JSON.parse(rules(GLACIER)), ...anySize });

    const text = await judge(twoRuns(), document, columns);

    expect(text).toMatch(columns === 80 ? / {2}2027-03-04, GLACIER {2}/ : / on 2027-03-04, to GLACIER {2}/);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'is deleted, or while that file is archived, and no job notices that.',
    );
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it('is told in sentences where a rule breaks few', async () => {
    const text = await judge(smallJob(), rules(WEEK));

    expect(text.replaceAll(/\s+/g, ' ')).toMatch(
      /^ - Rule "rule-1" breaks 1 root of 1 job: chk-7 of \S+, the newest of its job, loses its first object on 2027-03-03: .* Rule "rule-1" deletes 2 objects that chk-7 of .* needs;/,
    );
    expect(text).not.toContain('oldest file');
  });

  it('is that there are none, where the document has none', async () => {
    expect(await judge(smallJob(), '{"Rules": []}')).toBe(' there are none, so S3 deletes nothing by age.\n');
  });

  it.each([
    ['is disabled', { ...WEEK, Status: 'Disabled' }, 'Rule "rule-1" is disabled and changes nothing.'],
    [
      'ends uploads',
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 } },
      'Rule "rule-1" is harmless to live state: it aborts incomplete multipart uploads',
    ],
    [
      'holds something new',
      { Filter: { Prefix: '' }, Vaporize: { Days: 1 } },
      'Rule "rule-1" may do harm: it has parts that the steward does not understand:',
    ],
    [
      'takes other keys',
      { ...WEEK, Filter: { Prefix: 'logs/' } },
      'Rule "rule-1" deletes objects by age or date, but none that a root needs today.',
    ],
    [
      'asks for a tag',
      { ...WEEK, Filter: { Tag: { Key: 'team', Value: 'a' } } },
      'Rule "rule-1" may break 1 root of 1 job (if the objects carry the tag team=a, which a listing does not show)',
    ],
  ])('is a sentence of each rule: one that %s', async (_, rule, expected) => {
    const text = await judge(smallJob(), rules(rule));

    expect(text.replaceAll(/\s+/g, ' ')).toContain(`- ${expected}`);
  });

  it('is said of every rule, in the order of the document', async () => {
    const text = await judge(smallJob(), rules({ ...WEEK, Status: 'Disabled' }, WEEK, GLACIER));

    expect([...text.matchAll(/^ {2}- Rule "(rule-\d)"/gm)].map((match) => match[1])).toEqual([
      'rule-1',
      'rule-2',
      'rule-3',
    ]);
  });

  it('knows a directory without job id by its label', async () => {
    const tree = bucketFiles((store) => {
      const job = new PlayedJob(store, 'flink/loose/');
      for (let checkpoint = 1; checkpoint <= 3; checkpoint++) {
        job.complete(checkpoint, [job.upload(1)], NOW - (5 - checkpoint) * DAY);
      }
    });

    const [, first] = tableOf(await judge(tree, rules(WEEK)));

    expect(first).toMatch(/^ {6}chk-3 of \S*loose {2}newest {2}/);
  });
});
