import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { LedgerBucket } from '#adapters/ledger/ledger-bucket.ts';
import { manualHandler } from '#functions/manual/handler.ts';
import { surveyHandler } from '#functions/survey/handler.ts';
import { newestRuns } from '#operations/ledger/run-records.ts';
import { type Ran, runCaptured } from '#test/cli/steward.ts';
import {
  AREA,
  collected,
  type Deployed,
  LEDGER,
  MINUTE,
  passQuarantine,
  swept,
  useDeployments,
} from '#test/functions/deployed.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

/**
 * The area is what people say. A checkpoint or savepoint of the same bucket outside of it may reference files of the area,
 * and whichever way people come in, those must not be deleted.
 */

const deploy = useDeployments();
const makeDirectory = useTempDirectories();
const CONFIGURATION = { area: [AREA], mode: 'collect', collect: { maxDeleteFraction: 1 } };

const LEDGER_OPTION = ['--ledger', 'ledger'];
/** Of no checkpoint of the area. */
const UNNAMED = `flink/${JOB}/shared/${uuid(2)}`;
const OUTSIDE = `other/checkpoints/${OTHER_JOB}/`;
const OUTSIDE_ROOT = `${OUTSIDE}chk-9/_metadata`;
const ADVICE = `Add s3://${BUCKET}/other/checkpoints to "area" in steward.json. If nobody will ever restore it, declare it dead instead`;

function jobOutside({ s3 }: Deployed, directory = OUTSIDE, bucket = BUCKET): PlayedJob {
  const place = {
    put: (key: string, content: string | Uint8Array, modified: number) =>
      s3.put(bucket, key, content, { lastModified: modified }),
    remove: (...keys: readonly string[]) => s3.erase(bucket, ...keys),
  };
  return new PlayedJob(place, directory, `s3a://${BUCKET}`);
}

function holds({ s3 }: Deployed, key = UNNAMED): boolean {
  return s3.object(BUCKET, key) !== undefined;
}

function ledgerOf({ client }: Deployed): LedgerBucket {
  return new LedgerBucket({ bucket: LEDGER, prefix: '', client });
}

/** What the schedules do in a day, with all that they start. */
async function aDay(deployed: Deployed): Promise<Awaited<ReturnType<typeof collected>>> {
  await surveyHandler({}, deployed.runtime());
  passQuarantine(deployed);
  return await aNight(deployed);
}

async function aNight(deployed: Deployed): Promise<Awaited<ReturnType<typeof collected>>> {
  const planned = await collected({}, deployed.runtime());
  if (planned.sweep !== null) await swept(planned.sweep, deployed.runtime());
  return planned;
}

/** The same area with a ledger of its own, by the command line: two runs, with the quarantine between them. */
async function byCommandLine(deployed: Deployed, more: object = {}, places = [AREA]): Promise<Ran> {
  const { area: _, ...configuration } = { ...CONFIGURATION, ...more };
  const cwd = await makeDirectory({ 'steward.json': JSON.stringify(configuration) });
  await typed(deployed, cwd, ['collect', ...places, ...LEDGER_OPTION]);
  passQuarantine(deployed);
  return await typed(deployed, cwd, ['collect', ...places, ...LEDGER_OPTION, '--execute']);
}

async function typed(deployed: Deployed, cwd: string, words: readonly string[]): Promise<Ran> {
  const reach = ['--endpoint', deployed.s3.url, '--region', 'us-east-1', '--path-style'];
  return await runCaptured([...words, ...reach], { cwd, clock: () => deployed.now, columns: 100 });
}

describe('A checkpoint outside the area that references a file in it', () => {
  it('keeps the functions from deleting, and they name the prefix to add', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURATION);
    jobOutside(deployed).complete(9, [UNNAMED]);

    // Act
    const planned = await aDay(deployed);

    // Assess
    expect(planned).toMatchObject({ result: 'undecidable', plan: null, sweep: null });
    expect(planned.why).toContain(`s3://${BUCKET}/${OUTSIDE_ROOT} is outside the area and references 1 file in it`);
    expect(planned.why).toContain(ADVICE);
    expect(holds(deployed)).toBe(true);
  });

  it('keeps a sweep from deleting what was planned before it was there, beside one that was known', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURATION);
    const outside = jobOutside(deployed);
    outside.complete(8, []);
    await surveyHandler({}, deployed.runtime());
    passQuarantine(deployed);
    const { sweep } = await collected({}, deployed.runtime());

    // Act: a new job directory beside the one that was found.
    jobOutside(deployed, `other/checkpoints/${'c'.repeat(32)}/`).complete(1, [UNNAMED], deployed.now);
    const answer = await swept(sweep, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ result: 'undecidable', deleted: { objects: 0 } });
    expect(holds(deployed)).toBe(true);
  });

  it('keeps the command line from deleting', async () => {
    const deployed = await deploy(CONFIGURATION);
    jobOutside(deployed).complete(9, [UNNAMED]);

    const { status, out } = await byCommandLine(deployed);

    expect({ status, holds: holds(deployed) }).toEqual({ status: 3, holds: true });
    expect(out.replaceAll(/\s+/g, ' ')).toContain(ADVICE);
  });

  it('is not looked for with "scope": "area", and every run that acts says so', async () => {
    // Prepare
    const deployed = await deploy({ ...CONFIGURATION, scope: 'area' });
    jobOutside(deployed).complete(9, [UNNAMED]);
    const note = '"scope" is "area": nothing outside the area was searched';

    // Act
    const planned = await aDay(deployed);

    // Assess: so it is this check that keeps the file above.
    expect(planned.notes).toEqual([expect.stringContaining(note)]);
    expect(holds(deployed)).toBe(false);
    const others = deployed.s3.log.requests.filter(({ operation, key }) => operation === 'ListObjectsV2' && key === '');
    expect(others).toEqual([]);
  });

  it('says it on the command line too', async () => {
    const deployed = await deploy(CONFIGURATION);
    jobOutside(deployed).complete(9, [UNNAMED]);

    const { err } = await byCommandLine(deployed, { scope: 'area' });

    expect(holds(deployed)).toBe(false);
    expect(err).toContain('"scope" is "area"');
  });

  it('holds nobody up once it is declared dead, by its ETag', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURATION);
    jobOutside(deployed).complete(9, [UNNAMED]);
    await aDay(deployed);
    const etag = deployed.s3.object(BUCKET, OUTSIDE_ROOT)?.etag ?? '';
    const root = `s3://${BUCKET}/${OUTSIDE_ROOT}`;

    // Act
    const wrong = await manualHandler(
      { action: 'declare-dead', root, etag: 'other', execute: true },
      deployed.runtime(),
    );
    const undecided = await aNight(deployed);
    const declared = await manualHandler({ action: 'declare-dead', root, etag, execute: true }, deployed.runtime());
    await surveyHandler({}, deployed.runtime());
    passQuarantine(deployed);
    await aNight(deployed);

    // Assess
    expect(wrong.error).toContain(`${root} has the ETag ${etag}, not other`);
    expect(undecided.result).toBe('undecidable');
    expect(declared).toMatchObject({ executed: true });
    expect(holds(deployed)).toBe(false);
  });

  it('is one of any bucket of the area', async () => {
    // Prepare
    const second = 's3://second/state';
    const deployed = await deploy({ ...CONFIGURATION, area: [AREA, second] });
    deployed.s3.createBucket('second');
    const there = jobOutside(deployed, 'state/job/', 'second');
    there.upload(30);
    jobOutside(deployed, `copies/${OTHER_JOB}/`, 'second').complete(9, [UNNAMED]);

    // Act
    const planned = await aDay(deployed);

    // Assess
    expect(planned.why).toContain('s3://second/copies/');
    expect(planned.why).toContain('Add s3://second/copies to "area"');
    expect(holds(deployed)).toBe(true);
  });

  it('is not one of the area where a location covers its whole bucket', async () => {
    const deployed = await deploy({ ...CONFIGURATION, area: [`s3://${BUCKET}`] });
    jobOutside(deployed).complete(9, [UNNAMED]);

    const planned = await aDay(deployed);

    expect(planned.result).toBe('observed');
    expect(planned.notes).toEqual([]);
    expect(holds(deployed)).toBe(true);
  });
});

describe('What is around the area and no doubt', () => {
  it('is a checkpoint of its own files, a Parquet dataset, and the ledger in the same bucket', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURATION);
    const outside = jobOutside(deployed);
    outside.complete(9, [outside.upload(31)]);
    deployed.s3.put(BUCKET, 'data/events/_metadata', `PAR1${'x'.repeat(40)}PAR1`);
    const ledger = `s3://${BUCKET}/steward`;
    deployed.s3.put(BUCKET, 'steward/_metadata', jobOutside(deployed).metadata(1, [UNNAMED]));
    const cwd = await makeDirectory({ 'steward.json': JSON.stringify({ collect: CONFIGURATION.collect }) });
    const words = ['collect', AREA, '--ledger', ledger];

    // Act
    await typed(deployed, cwd, words);
    passQuarantine(deployed);
    const ran = await typed(deployed, cwd, [...words, '--execute']);

    // Assess
    expect({ status: ran.status, holds: holds(deployed) }).toEqual({ status: 0, holds: false });
  });
});

describe('An outside root that can not be read', () => {
  it('makes the area undecidable, until it is declared dead', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURATION);
    const whole = jobOutside(deployed).metadata(9, [UNNAMED]);
    const { etag } = deployed.s3.put(BUCKET, OUTSIDE_ROOT, whole.subarray(0, 12));
    const root = `s3://${BUCKET}/${OUTSIDE_ROOT}`;

    // Act
    const planned = await aDay(deployed);
    const kept = holds(deployed);
    await manualHandler({ action: 'declare-dead', root, etag, execute: true }, deployed.runtime());
    await surveyHandler({}, deployed.runtime());
    passQuarantine(deployed);
    await aNight(deployed);

    // Assess
    expect(planned).toMatchObject({ result: 'undecidable', plan: null });
    expect(planned.why).toContain(`${root} is outside the area and can't be read`);
    expect([kept, holds(deployed)]).toEqual([true, false]);
  });
});

describe('The rest of a bucket that may not be listed', () => {
  it.each(['function', 'command'])(
    'is a refusal of the %s, with the statement to grant and the way out',
    async (door) => {
      // Prepare
      const deployed = await deploy(CONFIGURATION);
      deployed.s3.faults.add({
        match: { operation: 'ListObjectsV2', bucket: BUCKET, key: '' },
        do: { kind: 'answer', code: 'AccessDenied' },
      });

      // Act
      const why = door === 'function' ? `${(await aDay(deployed)).why}` : (await byCommandLine(deployed)).out;

      // Assess
      const sentence = why.replaceAll(/\s+/g, ' ');
      expect(sentence).toContain(
        `{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::${BUCKET}"},{"Effect":"Allow","Action":"s3:GetObject"`,
      );
      expect(sentence).toContain('write "scope": "area" in steward.json');
      expect(holds(deployed)).toBe(true);
    },
  );
});

describe('The first pass over the rest of a bucket', () => {
  it('is done by surveys, slice by slice, and whatever acts waits for its end', async () => {
    // Prepare: of three pages, with the checkpoint on the last of them.
    const deployed = await deploy(CONFIGURATION);
    for (let at = 0; at < 2_500; at++) deployed.s3.put(BUCKET, `data/${String(at).padStart(5, '0')}`, '');
    jobOutside(deployed).complete(9, [UNNAMED]);
    /** Each invocation has time for one page. */
    const hurried = () => deployed.runtime({ remaining: () => 3 * MINUTE });

    // Act
    await surveyHandler({}, hurried());
    passQuarantine(deployed);
    const planned = await collected({}, hurried());
    await surveyHandler({}, hurried());
    const found = await collected({}, hurried());

    // Assess
    expect(planned).toMatchObject({ result: 'stopped', plan: null, sweep: null });
    expect(planned.why).toContain('So far 2,000 objects have been listed');
    expect(planned.why).toContain('up to data/01999; each survey lists more');
    expect(found.result).toBe('undecidable');
    expect(holds(deployed)).toBe(true);
  });

  it('is repeated after a week', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURATION);
    await surveyHandler({}, deployed.runtime());
    const rest = () =>
      deployed.s3.log.requests.filter(
        ({ operation, bucket, key }) => operation === 'ListObjectsV2' && bucket === BUCKET && key === '',
      ).length;
    const first = rest();

    // Act
    deployed.now = NOW + 6 * DAY;
    await surveyHandler({}, deployed.runtime());
    const second = rest();
    deployed.now = NOW + 8 * DAY;
    jobOutside(deployed).complete(9, [UNNAMED], deployed.now);
    const answer = await surveyHandler({}, deployed.runtime());

    // Assess
    expect([first > 0, second - first, rest() > second]).toEqual([true, 0, true]);
    expect(answer).toMatchObject({ result: 'undecidable' });
  });
});

describe('A command that changes nothing', () => {
  it('lists nothing outside the area, and says when that was last done', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURATION);
    await surveyHandler({}, deployed.runtime());
    const cwd = await makeDirectory();
    const before = deployed.s3.log.requests.length;

    // Act
    const ran = await typed(deployed, cwd, ['audit', AREA, '--ledger', `s3://${LEDGER}`]);

    // Assess
    const listed = deployed.s3.log.requests
      .slice(before)
      .filter(({ operation, bucket }) => operation === 'ListObjectsV2' && bucket === BUCKET);
    expect(listed.filter(({ key }) => !key.startsWith('flink/'))).toEqual([]);
    expect(ran.out.replaceAll(/\s+/g, ' ')).toContain(
      `The rest of s3://${BUCKET}, outside the area, was last listed on 2027-03-01 00:00:00 UTC.`,
    );
  });

  it('is undecidable too where an outside checkpoint is known', async () => {
    const deployed = await deploy(CONFIGURATION);
    jobOutside(deployed).complete(9, [UNNAMED]);
    await surveyHandler({}, deployed.runtime());

    const ran = await typed(deployed, await makeDirectory(), ['audit', AREA, '--ledger', `s3://${LEDGER}`]);

    expect(ran.status).toBe(3);
  });

  it.each([['pause'], ['pin', `s3://${BUCKET}/flink/${JOB}/chk-7`]])(
    'and %s are never refused for what is outside',
    async (...words) => {
      const deployed = await deploy(CONFIGURATION);
      jobOutside(deployed).complete(9, [UNNAMED]);
      await surveyHandler({}, deployed.runtime());

      const ran = await typed(deployed, await makeDirectory(), [
        ...words,
        AREA,
        '--ledger',
        `s3://${LEDGER}`,
        '--execute',
      ]);

      expect({ status: ran.status, err: ran.err }).toEqual({ status: 0, err: '' });
    },
  );

  it('is not what undo waits for, which puts back what the outside checkpoint needs', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURATION);
    await deployed.client.send(
      new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    await aDay(deployed);
    const before = holds(deployed);
    const run = (await newestRuns(ledgerOf(deployed), 10)).find(({ deleted }) => deleted.objects > 0)?.run ?? '';
    jobOutside(deployed).complete(9, [UNNAMED]);
    await surveyHandler({}, deployed.runtime());

    // Act
    const words = ['undo', run, AREA, '--ledger', `s3://${LEDGER}`, '--execute'];
    const ran = await typed(deployed, await makeDirectory(), words);

    // Assess
    expect([before, ran.status, holds(deployed)]).toEqual([false, 0, true]);
  });
});
