import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { ENV } from '#functions/shared/environment.ts';
import { jobIds, recordedBucket, SHORT_RULES } from '#test/support/corpus.ts';
import { garbageFree, keysOf } from './recordings.ts';
import { useTeam } from './team.ts';

/** What a team has of "shards": "auto" whose area has outgrown one function. Here shards are small. */
describe('A bucket that is collected in shards', async () => {
  const team = useTeam('shards', 'FlinkSteward-shards');
  const flink = await recordedBucket('seed-bucket');
  const bucket = 'collected-in-shards';
  let ledger: string;

  it('is looked at by one function, as long as one is enough', async () => {
    // Prepare
    await team.buckets.create(bucket);
    await team.buckets.fill(bucket, flink);
    await sleep(5_000);

    // Act
    const outputs = await team.deploy({
      mode: 'collect',
      collect: SHORT_RULES,
      area: [`s3://${bucket}`],
      aliases: { [`s3://${flink.bucket}`]: `s3://${bucket}` },
      deadJobs: jobIds(flink),
      deploy: { schedules: 'off', shards: 'auto' },
    });
    const survey = await team.invoke('StewardSurvey', {});

    // Assess
    ledger = outputs.LedgerBucketName ?? '';
    expect(survey).toMatchObject({ result: 'observed', total: { objects: keysOf(flink).length } });
  });

  it('loses its garbage and nothing else, by many functions at once, of which some fail at first', async () => {
    // Prepare
    await sleep(3_000);
    const ofShards = { [ENV.shardObjects]: '100' };
    for (const id of ['StewardCollect', 'StewardShards']) await team.stack.setVariables(id, ofShards);
    await team.stack.setVariables('StewardShard', { [ENV.ledger]: 's3://no-such-bucket' });

    // Act: items that fail are tried again after some seconds.
    const executionArn = await team.stack.startCollection();
    await sleep(4_000);
    await team.stack.setVariables('StewardShard', { [ENV.ledger]: `s3://${ledger}` });
    const { status, output } = await team.stack.lastExecution();

    // Assess
    expect(status).toBe('SUCCEEDED');
    expect(output).toMatchObject({ result: 'done', deleted: { objects: flink.may_delete.length } });
    expect(await team.buckets.keys(bucket)).toEqual([MARKER_NAME, ...garbageFree(flink)].sort());
    const runs = await team.stack.mapRuns(executionArn);
    expect(new Set(runs.map((run) => run.status))).toEqual(new Set(['SUCCEEDED']));
    expect(runs.filter(({ items }) => items === Math.ceil(flink.objects.length / 100)).length).toBeGreaterThan(5);
    const failures = (await team.stack.log('StewardShard')).filter((line) => line.includes('no-such-bucket'));
    expect(failures.length).toBeGreaterThan(0);
  });

  it('is on record as one run, which is proven, and which a run of one function goes on from', async () => {
    // Act
    const [run] = (await team.runs()).slice(-1);
    const proof = await team.invoke('StewardSurvey', { only: 'proof' });
    const survey = await team.invoke('StewardSurvey', {});

    // Assess
    expect(proof).toMatchObject({ result: 'proven', verified: 1, proven: 1 });
    expect(run).toMatchObject({ command: 'collect', result: 'done', deleted: { objects: flink.may_delete.length } });
    expect(survey).toMatchObject({ result: 'observed', deletable: { objects: 0 }, breakers: [] });
  });
});
