import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENV } from '#functions/shared/environment.ts';
import { SHORT_RULES } from '#test/support/corpus.ts';
import { DividedStore } from './divided-store.ts';
import { useTeam } from './team.ts';

/** As the bench generates it. */
const BUCKET = 'checkpoints';
const OBJECTS_OF_A_JOB = 5_000;
const SHARDS = 10;

const objects = Number(process.env.STEWARD_CLOUD_OBJECTS);
const FUNCTIONS = ['StewardCollect', 'StewardShards', 'StewardShard', 'StewardSweep', 'StewardSurvey'];

/**
 * A large area in shards: the bucket is the embedded S3, which lists a million objects in seconds, and all else is MiniStack.
 * It runs where STEWARD_CLOUD_OBJECTS says how many objects.
 */
describe(`A bucket of ${objects} objects that is collected in shards`, () => {
  const team = useTeam('scale', 'FlinkSteward-scale');
  let server: ChildProcess;
  let store: DividedStore;
  let lines: AsyncIterator<string>;

  beforeAll(async () => {
    const main = fileURLToPath(new URL('../../tools/bench/serve-writable.ts', import.meta.url));
    const shape = [String(objects), String(Math.round(objects / OBJECTS_OF_A_JOB))];
    server = spawn(process.execPath, ['--import', 'tsx', main, ...shape], { stdio: ['ignore', 'pipe', 'inherit'] });
    lines = createInterface({ input: server.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
    const { url } = JSON.parse((await lines.next()).value ?? '') as { url: string };
    store = await DividedStore.start(BUCKET, url, team.environment.AWS_ENDPOINT_URL ?? '');
  });
  afterAll(async () => {
    await store.stop();
    server.kill('SIGKILL');
  });

  it('loses two fifths, which are its garbage, and proves it', async () => {
    // Prepare
    await team.buckets.create(BUCKET);
    await team.deploy({
      mode: 'collect',
      collect: { ...SHORT_RULES, deletesPerSecond: 3_000 },
      area: [`s3://${BUCKET}`],
      deploy: { schedules: 'off', shards: 'auto' },
    });
    const variables = { AWS_ENDPOINT_URL_S3: store.url, [ENV.shardObjects]: String(Math.ceil(objects / SHARDS)) };
    for (const id of FUNCTIONS) await team.stack.setVariables(id, variables);
    const survey = await team.invoke('StewardSurvey', {});
    // Its quarantine.
    await sleep(5_000);

    // Act
    const began = performance.now();
    const executionArn = await team.stack.startCollection();
    const { status, output } = await team.stack.lastExecution(30 * 60_000);
    const minutes = (performance.now() - began) / 60_000;
    const proof = await team.invoke('StewardSurvey', { only: 'proof' });

    // Assess
    const runs = await team.stack.mapRuns(executionArn);
    const items = runs.reduce((sum, run) => sum + run.items, 0);
    console.log(`${objects} objects in ${SHARDS} shards: ${minutes.toFixed(1)} minutes, ${items} items.`);
    expect(survey).toMatchObject({ result: 'observed', total: { objects } });
    expect({ status, result: output.result }).toEqual({ status: 'SUCCEEDED', result: 'done' });
    expect(output.deleted.objects).toBe(survey.quarantined.objects);
    expect(output.deleted.objects).toBeGreaterThan(objects / 3);
    expect(proof).toMatchObject({ result: 'proven', verified: 1, proven: 1, findings: [] });
    server.kill('SIGTERM');
    const { left } = JSON.parse((await lines.next()).value ?? '') as { left: number };
    // And one marker.
    expect(left).toBe(objects - output.deleted.objects + 1);
  });
});
