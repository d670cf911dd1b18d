import { describe, expect, it } from 'vitest';
import { type PlayedCluster, useFlinkClusters } from '#test/support/flink-cluster.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { bucketFiles, documentOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const serve = useFlinkClusters();

const OLD = NOW - 20 * DAY;

/** A copy of a bucket with a job that has been quiet for twenty days, and a file that only a word of Flink keeps. */
async function copy(config: object): Promise<string> {
  const files = bucketFiles((store) => {
    const job = new PlayedJob(store);
    job.complete(7, [job.upload(1, OLD)], OLD);
    job.upload(2, OLD);
  });
  const area = [{ path: '.', as: 's3://bucket' }];
  return await makeDirectory({
    ...files,
    'steward.json': { content: JSON.stringify({ area, ...config }), modified: OLD },
  });
}

async function running(...jobs: readonly PlayedCluster[]): Promise<{ readonly flinkRest: readonly string[] }> {
  return { flinkRest: [(await serve(jobs)).endpoint] };
}

function unwrap(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** How much of the copy could be reclaimed. */
async function reclaimable(config: object): Promise<unknown> {
  return documentOf(await steward(await copy(config), ['audit', '--json'])).groups;
}

describe('flinkRest in steward.json', () => {
  it('keeps what a running job may still use, however quiet it is', async () => {
    const one = { objects: 1, bytes: 100 };
    const none = { objects: 0, bytes: 0 };

    expect(await reclaimable({})).toMatchObject({ reclaimable: one, inProgress: none });
    expect(await reclaimable(await running({ jobId: OTHER_JOB }))).toMatchObject({
      reclaimable: one,
      inProgress: none,
    });
    expect(await reclaimable(await running({ jobId: JOB, state: 'FINISHED' }))).toMatchObject({ reclaimable: one });
    expect(await reclaimable(await running({ jobId: JOB }))).toMatchObject({ reclaimable: none, inProgress: one });
  });

  it('is acted on, and so nothing says that it is not', async () => {
    const ran = await steward(await copy(await running({ jobId: JOB })), ['plan']);

    expect(ran).toMatchObject({ status: 0, err: '' });
  });

  it('lets a declaration lapse that Flink contradicts, and says so', async () => {
    const flink = await running({ jobId: JOB, name: 'orders-cdc', state: 'RESTARTING' });
    const cwd = await copy({ deadJobs: [JOB], ...flink });

    const { out, status } = await steward(cwd, ['audit']);

    expect(status).toBe(0);
    expect(unwrap(out)).toContain(
      `Job ${JOB} is declared dead, but ${flink.flinkRest[0]} reports it as RESTARTING ("orders-cdc"), so the declaration has no effect.`,
    );
  });

  it.each(['audit', 'plan', 'restore-points'])('ends %s with 3 while an endpoint does not answer', async (command) => {
    // Prepare
    const { endpoint, close } = await serve();
    await close();
    const cwd = await copy({ flinkRest: [endpoint] });

    // Act
    const { out, err, status } = await steward(cwd, [command]);
    const json = documentOf(await steward(cwd, [command, '--json']));

    // Assess
    expect({ status, err }).toEqual({ status: 3, err: '' });
    expect(unwrap(out)).toContain(
      `${endpoint} (flinkRest) did not report which jobs run: nothing listens at this address (ECONNREFUSED). Any job of this area may be running there, so nothing in this area is deleted; make it reachable, or remove it from flinkRest, then run again.`,
    );
    expect(json).toMatchObject({ undecidable: [{ code: 'flink-unreachable', object: endpoint }] });
  });

  it('counts the endpoints that fail alike', async () => {
    const [first, second] = [await serve(), await serve()];
    await Promise.all([first.close(), second.close()]);
    const cwd = await copy({ flinkRest: [first.endpoint, second.endpoint] });

    expect(unwrap((await steward(cwd, ['plan'])).out)).toContain('then run again (1 more endpoint like it).');
  });

  it('is asked of today, though --now judges a copy as of the day it was made, and that is said', async () => {
    const cwd = await copy(await running({ jobId: JOB }));

    const { err, out, status } = await steward(cwd, ['plan', '--now', new Date(NOW).toISOString()]);

    expect(status).toBe(0);
    expect(err).toBe(
      'Note: --now sets the clock of a copy, but the clusters in flinkRest report the jobs that run today. Such a job counts as running in the copy too.\n',
    );
    expect(out).toContain('keep-in-progress');
  });

  it.each(['http://[', 'http://host:port'])('is refused where it is no address: %s', async (address) => {
    const { err, status } = await steward(await copy({ flinkRest: [address] }), ['plan']);

    expect(status).toBe(2);
    expect(err).toContain(
      `flinkRest[0] is ${JSON.stringify(address)}, so the file is refused. Write an address such as "http://jobmanager:8081".`,
    );
  });
});
