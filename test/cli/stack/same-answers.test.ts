import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { surveyHandler } from '#functions/survey/handler.ts';
import type { Ran } from '#test/cli/steward.ts';
import { AREA, type Deployed, LEDGER, passQuarantine, useDeployments } from '#test/functions/deployed.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { StatefulJob } from '#test/support/stateful-job.ts';
import { answerBy, bothWays, comparable, folderOf, onStack, onThisMachine } from './asked.ts';
import { useFakeAws } from './fake-aws.ts';

const deploy = useDeployments();
const aws = useFakeAws();

const ROOT = `${AREA}/${JOB}/chk-7`;
const OLD_ROOT = `${AREA}/${OTHER_JOB}/chk-2`;
const GARBAGE = `${AREA}/${JOB}/shared/${uuid(2)}`;

/** A job that runs, with garbage, and one that has ended, with a checkpoint that the policy lets go. */
function play(store: MovingStore): void {
  const job = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
  job.complete(7, [job.upload(1)], NOW - 2 * DAY);
  job.upload(2);
  const ended = new PlayedJob(store, `flink/${OTHER_JOB}/`, `s3a://${BUCKET}`);
  ended.complete(2, [ended.upload(3, NOW - 60 * DAY)], NOW - 59 * DAY);
  ended.complete(3, [ended.upload(4, NOW - 58 * DAY)], NOW - 57 * DAY);
}

/** Surveyed, with garbage that has served its quarantine. */
async function surveyed(more: object = {}): Promise<Deployed> {
  const retain = [{ path: '**', endedJobs: { keepLast: 1 } }];
  const deployed = await deploy({ area: [AREA], labels: [{ jobId: JOB, job: 'orders' }], retain, ...more }, play);
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await deployed.client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
  await surveyHandler({}, deployed.runtime());
  passQuarantine(deployed);
  answerBy(aws(), deployed);
  return deployed;
}

/** A run that has deleted the garbage and retired a root. @returns its name. */
async function collected(deployed: Deployed): Promise<string> {
  const { out } = await onThisMachine(deployed, ['collect', '--execute', '--json']);
  return JSON.parse(out).run;
}

/** What the operator of Kubernetes prints of a job, for `pin --from`. */
async function writePaths(deployed: Deployed): Promise<void> {
  const status = { jobStatus: { upgradeSavepointPath: ROOT, state: 'RUNNING' } };
  const item = { kind: 'FlinkDeployment', metadata: { name: 'orders', namespace: 'x' }, spec: {}, status };
  await writeFile(join(folderOf(deployed), 'paths.json'), JSON.stringify({ items: [item] }));
}

const QUESTIONS: readonly (readonly string[])[] = [
  ['audit'],
  ['audit', '--job', 'orders'],
  ['restore-points'],
  ['restore-points', '--job', JOB.slice(0, 6)],
  ['rules', 'check'],
  ['explain', GARBAGE],
  ['explain', 'chk-7'],
  ['explain', `${AREA}/${OTHER_JOB}`],
  ['explain', 'shared'],
  ['history'],
  ['history', '--since', '2027-01-01', '--format', 'csv'],
  ['status'],
  ['audit', '--sort', 'name', '--format', 'csv'],
  ['retire'],
  ['retire', '--job', `${AREA}/${OTHER_JOB}`, '--all'],
  ['pin', ROOT, '--dry-run'],
  ['pin', ROOT, '--why', 'audit of 2027'],
  ['pin', '--from', 'paths.json', '--dry-run'],
  ['declare-dead', 'orders'],
  ['declare-dead', OTHER_JOB, '--execute'],
  ['pause', '--dry-run'],
  ['pause', '--why', 'an alarm'],
  ['resume'],
];

const REFUSALS: readonly (readonly string[])[] = [
  ['audit', '--job', 'nobody'],
  ['plan', '--job', 'nobody'],
  ['restore-points', '--job', 'nobody'],
  ['explain', 'nothing'],
  ['history', '--run', '20200101T000000000Z-00000'],
  ['history', '--object', 'nothing'],
  ['pin', 'chk-99'],
  ['unpin', 'chk-99'],
  ['undo', '20200101T000000000Z-00000'],
  ['declare-dead', 'nobody'],
  ['declare-dead', '--root', `${ROOT}/_metadata`],
];

describe('A command that asks a deployment', () => {
  it.each(QUESTIONS.map((words) => [words.join(' '), words] as const))(
    'prints what it prints on the same bucket, and ends with the same status: %s',
    async (_, words) => {
      // Prepare
      const deployed = await surveyed();
      await writePaths(deployed);

      // Act
      const { local, remote } = await bothWays(deployed, words);
      const documents = await bothWays(deployed, [...words, '--json']);

      // Assess
      expect(comparable(remote)).toEqual(comparable(local));
      expect(comparable(documents.remote)).toEqual(comparable(documents.local));
      expect(remote.out).not.toContain('--ledger');
    },
  );

  it.each([['states'], ['states', '--job', JOB.slice(0, 6)], ['verify'], ['states', '--job', 'nobody']])(
    'prints what state files tell, which the deployment reads by another function: %s %s',
    async (...words) => {
      // Prepare
      const deployed = await surveyed({ states: {} });
      const place = {
        put: (key: string, content: string | Uint8Array, lastModified: number) =>
          deployed.s3.put(BUCKET, key, content, { lastModified }),
        remove: () => {},
      };
      const job = new StatefulJob(place, { url: `s3://${BUCKET}` });
      job.complete(8, [{ id: 'a', name: 'dedupe', tables: [{ file: 60, family: 'payload' }] }]);
      // So that both find in the ledger what was read.
      await onThisMachine(deployed, ['states']);

      // Act
      const { local, remote } = await bothWays(deployed, words);
      const documents = await bothWays(deployed, [...words, '--json']);

      // Assess
      const withoutPlan = ({ err, ...ran }: Ran) => ({ ...ran, err: err.replace(/^Reading the ends.*\n/gm, '') });
      expect(withoutPlan(comparable(remote))).toEqual(withoutPlan(comparable(local)));
      expect(withoutPlan(comparable(documents.remote))).toEqual(withoutPlan(comparable(documents.local)));
    },
  );

  it.each([
    (run: string) => ['history', '--run', run],
    () => ['history', '--object', GARBAGE],
    () => ['history', '--limit', '1'],
    () => ['explain', GARBAGE],
    () => ['explain', OLD_ROOT],
    (run: string) => ['undo', run],
    (run: string) => ['verify-run', run],
    () => ['verify-run', '--last', '2', '--ledger-only'],
  ])('tells the same of what a run did: %#', async (wordsOf) => {
    // Prepare
    const deployed = await surveyed();
    const run = await collected(deployed);

    // Act
    const { local, remote } = await bothWays(deployed, wordsOf(run));
    const documents = await bothWays(deployed, [...wordsOf(run), '--json']);

    // Assess
    expect(local.out).not.toBe('');
    expect(comparable(remote)).toEqual(comparable(local));
    expect(comparable(documents.remote)).toEqual(comparable(documents.local));
  });

  it.each(REFUSALS.map((words) => [words.join(' '), words] as const))(
    'refuses what is refused here, in the same words and with the same status: %s',
    async (_, words) => {
      // Prepare
      const deployed = await surveyed();

      // Act
      const { local, remote } = await bothWays(deployed, words);
      const documents = await bothWays(deployed, [...words, '--json']);

      // Assess
      expect(local.err).not.toBe('');
      expect(comparable(remote)).toEqual(comparable(local));
      expect(comparable(documents.remote)).toEqual(comparable(documents.local));
    },
  );

  it('makes the same plan of one job', async () => {
    const deployed = await surveyed();

    const { local, remote } = await bothWays(deployed, [
      'plan',
      '--job',
      'orders',
      '--sort',
      'rule',
      '--format',
      'csv',
    ]);

    expect(comparable(remote)).toEqual(comparable(local));
    expect(remote.out).toContain('\r\ngarbage,delete,1,');
  });

  it('makes the same plan, and leaves it in the ledger', async () => {
    // Prepare
    const deployed = await surveyed();

    // Act
    const { local, remote } = await bothWays(deployed, ['plan']);
    const documents = await bothWays(deployed, ['plan', '--json']);

    // Assess
    const table = ({ out }: { out: string }) => out.slice(0, out.indexOf('Nothing was deleted'));
    expect(table(remote)).toBe(table(local));
    expect(remote.out).toMatch(/To execute it, within a day:\n {2}steward apply \S+ --stack TheStack --execute\n$/);
    expect(comparable(documents.remote)).toEqual(comparable(documents.local));
  });

  it('tells the same of what executing a plan would do', async () => {
    // Prepare
    const deployed = await surveyed();
    await onThisMachine(deployed, ['plan', '--out', 'plan.ndjson']);
    const planned = await bothWays(deployed, ['plan']);
    const [, id = ''] = /steward apply (\S+)/.exec(planned.remote.out) ?? [];

    // Act
    const local = await onThisMachine(deployed, ['apply', 'plan.ndjson']);
    const { remote } = await bothWays(deployed, ['apply', id]);

    // Assess
    const named = ({ out }: { out: string }) => out.replaceAll(id, 'PLAN').replaceAll('plan.ndjson', 'PLAN');
    expect(named({ out: comparable({ ...remote, out: remote.out.replaceAll(id, 'PLAN') }).out })).toBe(
      named(comparable(local)).replace(`PLAN ${AREA} --execute`, 'PLAN --execute'),
    );
    expect(remote.out).toContain(`steward apply ${id} --stack TheStack --execute`);
    expect(remote.status).toBe(0);
  });

  it('tells the same of an area without a checkpoint, which is an area all the same', async () => {
    // Prepare
    const deployed = await deploy({ area: [AREA] }, () => {});
    await surveyHandler({}, deployed.runtime());
    answerBy(aws(), deployed);

    // Act
    const { local, remote } = await bothWays(deployed, ['audit']);

    // Assess
    expect(local.status).toBe(2);
    expect(comparable(remote)).toEqual(comparable(local));
  });

  it('writes the same numbers for Prometheus, on this machine', async () => {
    // Prepare
    const deployed = await surveyed();
    const written = async (): Promise<string> => {
      const file = join(folderOf(deployed), 'steward.prom');
      const text = await readFile(file, 'utf8');
      await rm(file);
      return text;
    };

    // Act
    await onThisMachine(deployed, ['audit', '--openmetrics', 'steward.prom']);
    const local = await written();
    await onStack(deployed, ['audit', '--openmetrics', 'steward.prom']);
    const remote = await written();

    // Assess
    expect(local).toContain(`flink_steward_job_live_bytes{area="${AREA}",job_name="orders"}`);
    expect(remote).toBe(local);
  });

  it('records who paused', async () => {
    // Prepare
    const deployed = await surveyed();

    // Act
    await bothWays(deployed, ['pause']);

    // Assess
    expect((await onThisMachine(deployed, ['history'])).out).toContain('by ops@host');
    expect(deployed.s3.keys(LEDGER).length).toBeGreaterThan(0);
  });
});
