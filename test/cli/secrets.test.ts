import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NOW, PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { bucketFiles, documentOf, linesOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const SECRET = 'wJalrXUtnFEMI';

function jobWithCredentials(bucket: string) {
  return bucketFiles((store) => {
    const job = new PlayedJob(store, undefined, `s3a://AKIAEXAMPLE:${SECRET}@${bucket}`);
    job.complete(7, [job.upload(1)]);
    job.upload(2, NOW);
  });
}

describe('Credentials in the paths that a checkpoint stores', () => {
  it('hide no file of the bucket: it is referenced, and kept', async () => {
    const cwd = await makeDirectory(jobWithCredentials('bucket'));

    const { status } = await steward(cwd, ['plan', '.', '--as', 's3://bucket', '--verdicts', 'verdicts']);

    const verdicts = linesOf(await readFile(join(cwd, 'verdicts'), 'utf8'));
    expect(status).toBe(0);
    expect(verdicts.filter(({ verdict }) => verdict === 'keep-live').map(({ kind }) => kind)).toEqual([
      'metadata',
      'shared',
    ]);
  });

  it.each([
    ['audit', '.'],
    ['plan', '.'],
    ['restore-points', '.'],
    ['explain', '.'],
    ['inspect', 'flink/9468946f38e9d60efc7468a374aec04f/chk-7/_metadata'],
  ])('are never printed by %s', async (command, place) => {
    const cwd = await makeDirectory(jobWithCredentials('elsewhere'));
    const words = command === 'explain' ? ['explain', 'chk-7', place] : [command, place];

    const text = await steward(cwd, words);
    const json = await steward(cwd, [...words, '--json']);

    expect(text.out + text.err).toContain('s3a://***@elsewhere/');
    expect(json.out).toContain('s3a://***@elsewhere/');
    expect(text.out + text.err + json.out + json.err).not.toContain(SECRET);
    expect(documentOf(json)).toBeDefined();
  });
});
