import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob, uuid } from '#test/support/played-job.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { documentOf, restUnseen, steward } from './steward.ts';

const serve = useEmbeddedS3();
useMachineClock(NOW);
const PREFIX = `flink/${JOB}/`;

describe('A bucket', () => {
  beforeEach(() => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('is planned as it lies, by the clock of the store', async () => {
    const s3 = await serveJob();

    const { status, out, err } = await steward('/', ['plan', `s3a://${BUCKET}/flink`, ...reach(s3), '--json']);

    expect({ status, err }).toEqual({
      status: 0,
      err: restUnseen(BUCKET),
    });
    expect(documentOf({ status, out, err })).toMatchObject({
      start: new Date(NOW).toISOString(),
      area: [`s3a://${BUCKET}/flink`],
    });
    expect(s3.log.counts()).not.toHaveProperty('DeleteObjects');
  });

  it('has its objects explained by their URLs', async () => {
    const s3 = await serveJob();
    const object = (number: number): string => `s3://${BUCKET}/${PREFIX}shared/${uuid(number)}`;
    const explain = (url: string) => steward('/', ['explain', url, `s3://${BUCKET}/flink`, ...reach(s3), '--json']);

    expect(documentOf(await explain(object(1)))).toMatchObject({ verdict: 'keep-live', job: JOB });
    expect(documentOf(await explain(object(2)))).toMatchObject({ verdict: 'quarantined', job: JOB });
  });

  it('is judged as a whole, with a note, where only the URL of an object is typed', async () => {
    const s3 = await serveJob();

    const ran = await steward('/', ['explain', `s3a://${BUCKET}/${PREFIX}shared/${uuid(1)}`, ...reach(s3), '--json']);

    expect(documentOf(ran)).toMatchObject({ location: `s3://${BUCKET}`, verdict: 'keep-live' });
    expect(ran.err).toContain(
      `so the bucket s3://${BUCKET} is judged. Checkpoints in other buckets were not looked at.`,
    );
  });

  it.each(['chk-7/_metadata', 'chk-7/', 'chk-7'])('has its checkpoints inspected: %s', async (name) => {
    const s3 = await serveJob();

    const ran = await steward('/', ['inspect', `s3://${BUCKET}/${PREFIX}${name}`, ...reach(s3), '--json']);

    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(documentOf(ran)).toMatchObject({
      checkpointId: '7',
      references: [{ resolved: `s3a://${BUCKET}/${PREFIX}shared/${uuid(1)}` }],
    });
  });

  it('that does not hold what was to be inspected is wrong usage', async () => {
    const s3 = await serveJob();

    const { status, err } = await steward('/', ['inspect', `s3://${BUCKET}/none`, ...reach(s3)]);

    expect({ status, err }).toEqual({
      status: 2,
      err: `s3://${BUCKET}/none: there is no such file. Give a _metadata file, or the directory that contains it.\n`,
    });
  });

  it('that does not exist is wrong usage', async () => {
    const s3 = await serveJob();

    const { status, err } = await steward('/', ['audit', 's3://none', ...reach(s3)]);

    expect(status).toBe(2);
    expect(err).toContain('There is no bucket none');
  });

  it('that may not be listed leaves everything undecided', async () => {
    const s3 = await serveJob();
    s3.faults.add({ match: { nth: (nth) => nth > 1 }, do: { kind: 'answer', code: 'AccessDenied' } });

    const { status, err } = await steward('/', ['audit', `s3://${BUCKET}/flink`, ...reach(s3)]);

    expect(status).toBe(3);
    expect(err).toContain(`Grant s3:ListBucket on arn:aws:s3:::${BUCKET} to these credentials.`);
  });
});

/** A job with one restore point, one live file and one that is garbage. */
async function serveJob(): Promise<EmbeddedS3> {
  const { s3 } = await serve({ clock: () => NOW });
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store, PREFIX, `s3a://${BUCKET}`);
  job.complete(7, [job.upload(1)], NOW - 2 * DAY);
  job.upload(2);
  for (const [key, { content, modified }] of Object.entries(store.files())) {
    s3.put(BUCKET, key, content, { lastModified: modified });
  }
  return s3;
}

function reach(s3: EmbeddedS3): readonly string[] {
  return ['--endpoint', s3.url, '--region', 'eu-west-1', '--path-style'];
}
