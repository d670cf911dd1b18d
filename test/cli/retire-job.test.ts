import { describe, expect, it } from 'vitest';
import { JOB, OTHER_JOB, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, at, filesBelow, twoJobs } from './acting.ts';
import { steward } from './steward.ts';

/** `retire --job`: what the operator says of one job directory, in place of the policy. */

const makeDirectory = useTempDirectories();
const DIRECTORY = `flink/${OTHER_JOB}`;
const NOW = ['--now', at(20)];
const ROOTLESS = 'd'.repeat(32);

async function rootsLeft(cwd: string): Promise<readonly string[]> {
  const files = [...(await filesBelow(cwd)).keys()].map((key) => key.replaceAll('\\', '/'));
  return files.filter((key) => key.startsWith(`bucket/${DIRECTORY}/`) && key.endsWith('/_metadata'));
}

describe('That a job is over, on the command line,', () => {
  it.each([
    DIRECTORY,
    `s3://bucket/${DIRECTORY}`,
    `s3a://bucket/${DIRECTORY}/`,
    OTHER_JOB,
    OTHER_JOB.slice(0, 4).toUpperCase(),
    'customers',
  ])('retires all checkpoints of %s with --execute, and none without', async (name) => {
    const labels = { labels: [{ jobId: OTHER_JOB, job: 'customers' }] };
    const cwd = await makeDirectory({ ...twoJobs(), 'steward.json': JSON.stringify(labels) });
    const words = ['retire', ...AREA, '--job', name, '--all', ...NOW];

    const dry = await steward(cwd, words);
    const before = await rootsLeft(cwd);
    const ran = await steward(cwd, [...words, '--execute']);

    expect([dry.status, before.length, ran.status]).toEqual([0, 2, 0]);
    expect(await rootsLeft(cwd)).toEqual([]);
  });

  it('is refused where a label or digits mean several directories, which are listed', async () => {
    const labels = { labels: [{ path: 'flink/{jobId}', job: 'orders' }] };
    const cwd = await makeDirectory({ ...twoJobs(), 'steward.json': JSON.stringify(labels) });

    const { status, err } = await steward(cwd, ['retire', ...AREA, '--job', 'orders', '--all', ...NOW, '--execute']);

    expect(status).toBe(2);
    expect(err).toContain(
      `Job orders has several directories: s3://bucket/flink/${JOB}/, s3://bucket/${DIRECTORY}/. They may be of different jobs.`,
    );
    expect((await rootsLeft(cwd)).length).toBe(2);
  });

  it.each(['digits mean', 'a label means'])('is refused where %s a job without checkpoints too', async (what) => {
    // Prepare
    const other = `${OTHER_JOB.slice(0, 8)}${'0'.repeat(24)}`;
    const labels = { labels: [OTHER_JOB, other].map((jobId) => ({ jobId, job: 'customers' })) };
    const files = { ...twoJobs(), [`bucket/flink/${other}/shared/${uuid(99)}`]: 'x' };
    const cwd = await makeDirectory({ ...files, 'steward.json': JSON.stringify(labels) });
    const name = what === 'digits mean' ? OTHER_JOB.slice(0, 6) : 'customers';

    // Act
    const { status, err } = await steward(cwd, ['retire', ...AREA, '--job', name, '--all', ...NOW, '--execute']);

    // Assess
    expect(status).toBe(2);
    expect(err).toContain(other);
    expect((await rootsLeft(cwd)).length).toBe(2);
  });

  it('is refused where no directory is meant, or the words do not fit together, and nothing is changed', async () => {
    const cwd = await makeDirectory({ ...twoJobs(), [`bucket/flink/${ROOTLESS}/shared/${uuid(99)}`]: 'x' });
    const said = async (...words: readonly string[]) => {
      const { status, err } = await steward(cwd, ['retire', ...AREA, ...NOW, '--execute', ...words]);
      return `${status} ${err.split('.')[0]}`;
    };

    expect(await said('--job', ROOTLESS, '--all')).toBe(`2 No job in the area is called ${ROOTLESS}`);
    expect(await said('--job', 'flink/nobody', '--all')).toBe('2 No job in the area is called flink/nobody');
    expect(await said('--job', DIRECTORY)).toContain('2 To retire the checkpoints of one job');
    expect(await said('--all')).toContain('2 To retire the checkpoints of one job');
    expect(await said('--job', DIRECTORY, '--before', 'soon')).toBe('2 soon is not a time');
    expect(await said('--job', DIRECTORY, '--before', at(0), '--savepoints')).toContain('2 --savepoints needs --all');
    expect((await rootsLeft(cwd)).length).toBe(2);
  });
});
