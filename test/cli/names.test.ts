import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, JOB, NOW, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { bucketFiles, damagedJob, documentOf, linesOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const AS = ['--as', 's3://bucket'];

/** Everything that would move a cursor, colour a terminal or turn the direction of reading. */
const NOT_PRINTABLE = /[^\P{C}\n]/u;

/** A savepoint and a job directory in folders with names that nobody should give. */
const ODD = 'line\nbreak \u001b[31mred\u001b[0m \u202etxt.exe  two  spaces\t\u0007';

async function oddPlace(): Promise<string> {
  return await makeDirectory(
    bucketFiles((store) => {
      const job = new PlayedJob(store, `${ODD}/${JOB}/`);
      job.complete(7, [job.upload(1), job.file(3)], NOW - 3 * DAY);
      job.upload(2);
      store.put(`${ODD}/_metadata`, job.metadata(9, [job.file(1)], 'savepoint-native'), NOW - DAY);
      store.put(`${ODD}/an\u001b[1m odd file`, 'x', NOW - 5 * DAY);
    }),
  );
}

describe('Names with control characters', () => {
  it.each([
    ['audit', []],
    ['plan', []],
    ['restore-points', []],
    ['explain', [`${ODD}/an\u001b[1m odd file`]],
    ['explain', [`${ODD}/${JOB}/shared/${uuid(1)}`]],
    ['explain', [`${ODD}/_metadata`]],
  ])('are escaped in what %s prints', async (command, rest) => {
    const cwd = await oddPlace();

    const { out, err } = await steward(cwd, [command, '.', ...rest, ...AS]);

    expect(out).not.toMatch(NOT_PRINTABLE);
    expect(err).toBe('');
    expect(out.length).toBeGreaterThan(100);
  });

  it('are escaped in the reasons of an undecidable area', async () => {
    const cwd = await oddPlace();

    const { out, status } = await steward(cwd, ['audit', '.']);

    expect(status).toBe(3);
    expect(out).not.toMatch(NOT_PRINTABLE);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('line\\x0abreak \\x1b[31mred\\x1b[0m \\u202etxt.exe');
  });

  it('are escaped in what is refused', async () => {
    const cwd = await makeDirectory({ ...damagedJob(), [`${ODD}/_metadata`]: 'no checkpoint' });

    const runs = await Promise.all([
      steward(cwd, ['explain', `${ODD} none`, '.', ...AS]),
      steward(cwd, ['explain', ODD, '.', ...AS]),
      steward(cwd, ['plan', `${ODD}/none`]),
      steward(cwd, ['inspect', ODD]),
      steward(cwd, ['inspect', `${ODD}/none`]),
    ]);

    expect(runs.map(({ status }) => status)).toEqual([2, 3, 2, 3, 2]);
    for (const { out, err } of runs) {
      expect(out + err.replaceAll('\n', '')).not.toMatch(NOT_PRINTABLE);
    }
    expect(runs[3]?.err.split('\n').length).toBe(2);
  });

  it('are exact in JSON and in the verdicts', async () => {
    // Prepare
    const cwd = await oddPlace();
    const file = join(await makeDirectory(), 'v');

    // Act
    const json = documentOf(await steward(cwd, ['audit', '.', ...AS, '--json', '--now', '2027-03-02']));
    await steward(cwd, ['plan', '.', ...AS, '--verdicts', file]);
    const explained = documentOf(await steward(cwd, ['explain', `${ODD}/_metadata`, '.', ...AS, '--json']));

    // Assess
    const verdicts = linesOf(await readFile(file, 'utf8'));
    expect(verdicts.map(({ key }) => key)).toEqual([
      `${ODD}/${JOB}/chk-7/_metadata`,
      `${ODD}/${JOB}/shared/${uuid(1)}`,
      `${ODD}/${JOB}/shared/${uuid(2)}`,
      `${ODD}/_metadata`,
      `${ODD}/an\u001b[1m odd file`,
    ]);
    expect(json).toMatchObject({ jobs: [{ directory: `s3://bucket/${ODD}/${JOB}/` }, { label: ODD }] });
    expect(explained).toMatchObject({ key: `${ODD}/_metadata` });
  });

  it('stand in a command as one word of a shell', async () => {
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store, `it's; rm -rf/${JOB}/`);
        job.complete(7, [job.upload(1)]);
      }),
    );

    const { out } = await steward(cwd, ['restore-points', '.', ...AS]);

    expect(out).toContain(`flink run -s 's3a://bucket/it'\\''s; rm -rf/${JOB}/chk-7' -restoreMode no_claim job.jar\n`);
  });
});
