import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { readAllHistories } from '#operations/ledger/job-histories.ts';
import { type FlinkCluster, useFlinkClusters } from '#test/support/flink-cluster.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { below, bucketFiles, documentOf, type Ran, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const serve = useFlinkClusters();

const AREA = [{ path: 'copy', as: 's3://bucket' }];

/** A copy of a bucket with two jobs. */
async function copy(config: object): Promise<string> {
  const files = bucketFiles((store) => {
    for (const [number, id] of [JOB, OTHER_JOB].entries()) {
      const job = new PlayedJob(store, `flink/${id}/`);
      job.complete(7, [job.upload(number + 1)], NOW - DAY);
    }
  });
  return await makeDirectory({ ...below('copy', files), 'steward.json': JSON.stringify({ area: AREA, ...config }) });
}

async function reconfigure(cwd: string, config: object): Promise<void> {
  await writeFile(join(cwd, 'steward.json'), JSON.stringify({ area: AREA, ...config }));
}

function labelsOf(ran: Ran): readonly (readonly [unknown, unknown])[] {
  const jobs = documentOf(ran).jobs as { job: string; label: string }[];
  return jobs.map(({ job, label }) => [job, label] as const).sort();
}

async function audited(cwd: string): Promise<ReturnType<typeof labelsOf>> {
  return labelsOf(await steward(cwd, ['audit', '--json']));
}

function twoJobs(name: string, other: string): Promise<FlinkCluster> {
  return serve([
    { jobId: JOB, name },
    { jobId: OTHER_JOB, name: other },
  ]);
}

describe('Names that Flink reports', () => {
  it('are the labels of jobs in every report, on the page, and where a job is to be named', async () => {
    const { endpoint } = await twoJobs('orders', 'payments');
    const cwd = await copy({ flinkRest: [endpoint] });
    const expected = [
      [JOB, 'orders'],
      [OTHER_JOB, 'payments'],
    ];

    expect(await audited(cwd)).toEqual(expected);
    expect(labelsOf(await steward(cwd, ['restore-points', '--json']))).toEqual(expected);
    expect((await steward(cwd, ['audit'])).out).toMatch(/^orders /m);
    expect((await steward(cwd, ['audit', '--html', 'page.html'])).status).toBe(0);
    expect(await readFile(join(cwd, 'page.html'), 'utf8')).toContain('"label":"payments"');
    expect(labelsOf(await steward(cwd, ['restore-points', '--job', 'orders', '--json']))).toEqual([[JOB, 'orders']]);
    expect(documentOf(await steward(cwd, ['declare-dead', 'payments', '--json']))).toMatchObject({
      deadJob: OTHER_JOB,
    });
  });

  it('take the place of the id in labels of the configuration, and leave names of its own alone', async () => {
    const { endpoint } = await twoJobs('orders', 'payments');
    const labels = [
      { jobId: OTHER_JOB, job: 'money' },
      { path: '{team}/{jobId}', job: '{team}: {jobId}' },
    ];

    expect(await audited(await copy({ flinkRest: [endpoint], labels }))).toEqual([
      [JOB, 'flink: orders'],
      [OTHER_JOB, 'money'],
    ]);
  });

  it('are told apart by their ids where two clusters run a job of one name', async () => {
    const [one, two] = [
      await serve([{ jobId: JOB, name: 'insert' }]),
      await serve([{ jobId: OTHER_JOB, name: 'insert' }]),
    ];

    expect(await audited(await copy({ flinkRest: [one.endpoint, two.endpoint] }))).toEqual([
      [JOB, `insert (${JOB.slice(0, 6)})`],
      [OTHER_JOB, `insert (${OTHER_JOB.slice(0, 6)})`],
    ]);
  });

  it('are remembered in the ledger when the cluster forgets the job, and where it does not answer', async () => {
    const { endpoint, close } = await twoJobs('orders', 'payments');
    const cwd = await copy({ flinkRest: [endpoint] });
    const named = await audited(cwd);
    expect((await steward(cwd, ['collect'])).status).toBe(0);

    await close();
    const silent = await audited(cwd);
    await reconfigure(cwd, { flinkRest: [(await serve()).endpoint] });
    const forgotten = await audited(cwd);
    await steward(cwd, ['collect']);
    await reconfigure(cwd, {});

    expect(silent).toEqual(named);
    expect(forgotten).toEqual(named);
    expect(await audited(cwd)).toEqual(named);
  });

  it('are ids where the cluster does not answer and nothing is remembered', async () => {
    const { endpoint, close } = await serve();
    await close();

    const ran = await steward(await copy({ flinkRest: [endpoint] }), ['audit', '--json']);

    expect(labelsOf(ran).map(([, label]) => label)).toEqual([JOB, OTHER_JOB].sort());
    expect(documentOf(ran).undecidable).toMatchObject([{ code: 'flink-unreachable' }]);
  });

  it('continue the history that the job has under its id', async () => {
    const cwd = await copy({});
    await steward(cwd, ['collect']);
    await reconfigure(cwd, { flinkRest: [(await twoJobs('orders', 'payments')).endpoint] });

    await steward(cwd, ['collect', '--now', new Date(NOW + DAY / 2).toISOString()]);

    const histories = await readAllHistories(new LedgerFolder(join(cwd, '.steward')));
    expect(histories.map(({ label, measures, ended }) => [label, measures.length, ended]).sort()).toEqual([
      ['orders', 2, false],
      ['payments', 2, false],
    ]);
  });

  it('never decide: jobs of one name are retired by their ids, and only labels of the configuration group them', async () => {
    const { endpoint } = await twoJobs('orders', 'orders');
    const retain = [{ path: '**', endedJobs: { keepLast: 1 } }];
    const config = { retain, groupBy: 'label', minRestorePoints: 1 };
    const groups = async (more: object): Promise<readonly unknown[]> => {
      const ran = await steward(await copy({ ...config, ...more }), ['retire', '--json']);
      return (documentOf(ran).retention as { group: string }[]).map(({ group }) => group).sort();
    };

    expect(await groups({ flinkRest: [endpoint] })).toEqual(await groups({}));
  });
});
