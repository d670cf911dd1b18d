import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FlinkRest } from '#adapters/flink-rest/flink-rest.ts';
import { RunningJobsError } from '#ports/running-jobs.ts';
import { errorBody, type PlayedCluster, useFlinkClusters } from '#test/support/flink-cluster.ts';

const JOB = '9468946f38e9d60efc7468a374aec04f';
const OTHER_JOB = 'e8281d81fc468ee47e6eaa5a31fdb2d1';
const CHECKPOINTS = `/jobs/${JOB}/checkpoints`;
const D = 's3a://bucket/flink/checkpoints';
const AT_ONCE = { pause: 0 };

const serve = useFlinkClusters();

async function jobsOf(...jobs: readonly PlayedCluster[]) {
  const { endpoint } = await serve(jobs);
  return await new FlinkRest(endpoint, AT_ONCE).jobs();
}

async function jobOf(job: Omit<PlayedCluster, 'jobId'>) {
  const [only] = await jobsOf({ ...job, jobId: JOB });
  return only;
}

/** The message of the error, with the address that changes from run to run taken out. */
async function refusal(endpoint: string, options = {}): Promise<string> {
  const failure: unknown = await new FlinkRest(endpoint, { ...AT_ONCE, ...options }).jobs().catch((error) => error);
  expect(failure).toBeInstanceOf(RunningJobsError);
  return failure instanceof Error ? failure.message.replace(endpoint, 'FLINK') : '';
}

/** A server that is none of Flink's. @returns its address. */
async function listen(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('A cluster', () => {
  it('tells of each job its timeout, what is in progress, and what it was restored from', async () => {
    // Prepare
    const from = `${D}/${OTHER_JOB}/chk-41`;

    // Act
    const jobs = await jobsOf({
      jobId: JOB,
      name: 'orders-cdc',
      timeout: 1_800_000,
      restored: { id: 41, path: from },
      history: [
        { id: 45, status: 'IN_PROGRESS' },
        { id: 44, status: 'FAILED' },
        { id: 43, path: `${D}/${JOB}/chk-43` },
        { id: 42, path: `${D}/${JOB}/chk-42` },
      ],
    });

    // Assess
    expect(jobs).toEqual([
      {
        jobId: JOB,
        name: 'orders-cdc',
        state: 'RUNNING',
        checkpointTimeout: 1_800_000,
        inProgress: [45n],
        inProgressUnnamed: 0,
        restoredFrom: { path: from, isSavepoint: false, id: 41n },
        restoreKnown: true,
        completedCheckpoints: 2,
        completedPaths: [`${D}/${JOB}/chk-43`, `${D}/${JOB}/chk-42`],
      },
    ]);
  });

  it('has as running whatever has not ended for good', async () => {
    const states = ['INITIALIZING', 'CREATED', 'RUNNING', 'FAILING', 'CANCELLING', 'RESTARTING', 'SUSPENDED'];
    const further = ['RECONCILING', 'A_STATE_OF_FLINK_9'];
    const ended = ['FINISHED', 'CANCELED', 'FAILED'];
    const all = [...states, ...further, ...ended];

    const jobs = await jobsOf(...all.map((state, at) => ({ jobId: at.toString(16).padStart(32, '0'), state })));

    expect(jobs.map(({ state }) => state)).toEqual([...states, ...further]);
  });

  it('counts a job as running that either of its lists has so', async () => {
    const cluster = await serve();
    const rest = new FlinkRest(cluster.endpoint, AT_ONCE);
    cluster.answer('/jobs', {
      body: {
        jobs: [
          { id: JOB, status: 'RUNNING' },
          { id: OTHER_JOB, status: 'FINISHED' },
        ],
      },
    });
    cluster.answer('/jobs/overview', {
      body: { jobs: [{ jid: OTHER_JOB, name: 'late', state: 'RUNNING', duration: 1 }] },
    });

    const jobs = await rest.jobs();

    expect(jobs.map(({ jobId, name, state }) => ({ jobId, name, state }))).toEqual([
      { jobId: JOB, name: JOB, state: 'RUNNING' },
      { jobId: OTHER_JOB, name: 'late', state: 'RUNNING' },
    ]);
  });

  it('that runs nothing is asked nothing more', async () => {
    const cluster = await serve();

    expect(await new FlinkRest(cluster.endpoint).jobs()).toEqual([]);
    expect(cluster.asked).toEqual(['/jobs', '/jobs/overview']);
  });

  it('may lie behind a path and a login, which no message shows', async () => {
    // Prepare
    const cluster = await serve();
    cluster.answer('/flink/jobs', { body: { jobs: [] } });
    const host = cluster.endpoint.slice('http://'.length);
    const rest = new FlinkRest(`http://ops:p%40ss@${host}/flink/`, AT_ONCE);

    // Act
    const failure = await rest.jobs().catch((error) => String(error));

    // Assess
    expect(rest.name).toBe(`http://${host}/flink`);
    expect(cluster.headers().authorization).toBe(`Basic ${Buffer.from('ops:p@ss').toString('base64')}`);
    expect(cluster.asked).toEqual(['/flink/jobs', '/flink/jobs/overview']);
    expect(failure).not.toContain('p%40ss');
    expect(failure).toContain(`http://${host}/flink did not report which jobs run`);
  });

  it('ends with the reason of whoever gives up asking', async () => {
    const cluster = await serve([{ jobId: JOB }]);
    const controller = new AbortController();
    const reason = new Error('enough');
    cluster.onRequest((path) => {
      if (path === CHECKPOINTS) controller.abort(reason);
    });

    await expect(new FlinkRest(cluster.endpoint).jobs(controller.signal)).rejects.toBe(reason);
  });
});

describe('Completed checkpoints', () => {
  const restored = { id: 41, path: `${D}/${OTHER_JOB}/chk-41`, at: Date.UTC(2026, 0, 31, 12) };
  const AFTER = restored.at + 1;

  it.each([
    ['of a later number and time', { id: 42, triggered: AFTER }, 1],
    ['triggered in the very millisecond of the restore', { id: 42, triggered: restored.at }, 1],
    ['triggered before the restore', { id: 42, triggered: restored.at - 1 }, 0],
    ['that it was restored from', { id: 41, triggered: AFTER }, 0],
    ['that failed', { id: 42, triggered: AFTER, status: 'FAILED' }, 0],
    ['that are savepoints', { id: 42, triggered: AFTER, savepoint: true }, 0],
  ] as const)('%s since the restore: of such there are as many as told', async (_, checkpoint, count) => {
    expect(await jobOf({ restored, history: [checkpoint] })).toMatchObject({ completedCheckpoints: count });
  });

  it('are seen where the cluster keeps no history, and counted once where it does', async () => {
    const latestCompleted = { id: 42, triggered: AFTER, path: `${D}/${JOB}/chk-42` };

    const without = await jobOf({ restored, latestCompleted });
    const withHistory = await jobOf({ restored, latestCompleted, history: [latestCompleted] });

    const expected = { completedCheckpoints: 1, completedPaths: [`${D}/${JOB}/chk-42`] };
    expect([without, withHistory]).toMatchObject([expected, expected]);
  });

  it('are none where a savepoint stands as the latest one', async () => {
    expect(await jobOf({ restored, latestCompleted: { id: 42, triggered: AFTER, savepoint: true } })).toMatchObject({
      completedCheckpoints: 0,
      completedPaths: [],
    });
  });

  it('have no path where the JobManager holds them in its memory', async () => {
    expect(await jobOf({ history: [{ id: 1, path: '<checkpoint-not-externally-addressable>' }] })).toMatchObject({
      completedCheckpoints: 1,
      completedPaths: [],
    });
  });
});

describe('What a job was restored from', () => {
  it('is known where it has been running for a minute, and was restored from nothing', async () => {
    const nothing = { restoredFrom: null, restoreKnown: true };

    for (const state of ['RUNNING', 'RESTARTING', 'FAILING', 'CANCELLING']) {
      expect(await jobOf({ state, duration: 60_000 })).toMatchObject(nothing);
    }
  });

  it.each(['INITIALIZING', 'CREATED', 'RECONCILING', 'SUSPENDED'])('is not known while it is %s', async (state) => {
    expect(await jobOf({ state })).toMatchObject({ restoredFrom: null, restoreKnown: false });
  });

  it('is not known in its first minute, when statistics may be older than its restore', async () => {
    expect(await jobOf({ duration: 59_999 })).toMatchObject({ restoreKnown: false });
  });

  it('is not known while it is being restored again, and what completed before does not count', async () => {
    expect(await jobOf({ restores: 2, history: [{ id: 42 }] })).toMatchObject({
      restoredFrom: null,
      restoreKnown: false,
      completedCheckpoints: 0,
    });
  });

  it.each([null, '<checkpoint-not-externally-addressable>'])('is not known where its path is %s', async (path) => {
    expect(await jobOf({ restored: { id: 3, path, savepoint: true } })).toMatchObject({
      restoredFrom: { path: null, isSavepoint: true, id: 3n },
      restoreKnown: false,
    });
  });

  it('of a job that starts is not asked: Flink would answer of an earlier one, or 500', async () => {
    const cluster = await serve([{ jobId: JOB, state: 'INITIALIZING', restored: { id: 1, path: 's3://b/of/old' } }]);

    const jobs = await new FlinkRest(cluster.endpoint, AT_ONCE).jobs();

    expect(jobs).toMatchObject([{ jobId: JOB, restoredFrom: null, restoreKnown: false, checkpointTimeout: null }]);
    expect(cluster.asked).toEqual(['/jobs', '/jobs/overview']);
  });
});

describe('Checkpoints in progress', () => {
  it('that the history does not show are counted', async () => {
    expect(await jobOf({ inProgress: 3, history: [{ id: 9, status: 'IN_PROGRESS' }] })).toMatchObject({
      inProgress: [9n],
      inProgressUnnamed: 2,
    });
  });
});

describe('A job that is unknown when its details are asked for', () => {
  it('has ended meanwhile, and counts as running', async () => {
    const cluster = await serve([{ jobId: JOB }]);
    const gone = { status: 404, body: errorBody('NotFoundException', `Job ${JOB} not found`) };
    cluster.answer(CHECKPOINTS, gone);
    cluster.answer(`${CHECKPOINTS}/config`, gone);

    expect(await new FlinkRest(cluster.endpoint, AT_ONCE).jobs()).toEqual([
      {
        jobId: JOB,
        name: 'orders',
        state: 'RUNNING',
        checkpointTimeout: null,
        inProgress: [],
        inProgressUnnamed: 0,
        restoredFrom: null,
        restoreKnown: false,
        completedCheckpoints: 0,
        completedPaths: [],
      },
    ]);
  });

  it.each([
    ['RUNNING', true],
    ['CREATED', false],
  ])('takes no checkpoints where Flink says so; restored from nothing, while %s: %s', async (state, known) => {
    const cluster = await serve([{ jobId: JOB, state }]);
    cluster.answer(CHECKPOINTS, {
      status: 404,
      body: errorBody('handler.RestHandlerException', 'Checkpointing has not been enabled.'),
    });
    cluster.answer(`${CHECKPOINTS}/config`, {
      status: 404,
      body: { errors: [`Checkpointing is not enabled for this job (${JOB}).`] },
    });

    expect(await new FlinkRest(cluster.endpoint, AT_ONCE).jobs()).toMatchObject([
      { jobId: JOB, checkpointTimeout: null, restoreKnown: known },
    ]);
  });
});

describe('An endpoint that gives no whole answer', () => {
  it('is not listening', async () => {
    const { endpoint, close } = await serve();
    await close();

    expect(await refusal(endpoint)).toBe(
      'FLINK did not report which jobs run: nothing listens at this address (ECONNREFUSED).',
    );
  });

  it('hangs', async () => {
    const endpoint = await listen(() => undefined);

    expect(await refusal(endpoint, { timeout: 50 })).toBe(
      'FLINK did not report which jobs run: it did not answer /jobs within 0.05 s.',
    );
  });

  it('hangs up', async () => {
    const endpoint = await listen((socket) => socket.end());

    expect(await refusal(endpoint)).toBe(
      'FLINK did not report which jobs run: it closed the connection before it answered /jobs.',
    );
  });

  it('speaks no HTTP that fetch would understand', async () => {
    const endpoint = await listen((socket) => socket.end('220 mail.example.org ESMTP\r\n'));

    expect(await refusal(endpoint)).toMatch(
      /^FLINK did not report which jobs run: the request for \/jobs failed \(.+\)\.$/,
    );
  });

  it.each([
    [
      'is a standby without a leader',
      {
        status: 503,
        body: { errors: ['Service temporarily unavailable due to an ongoing leader election. Please refresh.'] },
      },
      'it answered /jobs with status 503 ("Service temporarily unavailable due to an ongoing leader election. Please refresh.")',
    ],
    [
      'fails inside, of which only the first line is told',
      {
        status: 500,
        body: {
          errors: [
            'Internal server error.',
            '<Exception on server side:\njava.util.concurrent.TimeoutException: Ask timed out\n\tat x.y(Z.java:1)\nEnd of exception on server side>',
          ],
        },
      },
      'it answered /jobs with status 500 ("java.util.concurrent.TimeoutException: Ask timed out")',
    ],
    [
      'fails without a word',
      { status: 500, body: { errors: ['Internal server error.'] } },
      'it answered /jobs with status 500 ("Internal server error.")',
    ],
    [
      'is a proxy that finds nobody',
      { status: 502, body: '<html>Bad Gateway</html>' },
      'it answered /jobs with status 502',
    ],
    ['is busy', { status: 429 }, 'it answered /jobs with status 429'],
    ['says nothing', { status: 204, body: '' }, 'it answered /jobs with status 204'],
    ['wants a login', { status: 401 }, 'it refuses /jobs: the login is missing or wrong (401)'],
    ['forbids', { status: 403 }, 'it refuses /jobs: the login is missing or wrong (403)'],
    [
      'redirects to another JobManager',
      { status: 307, headers: { location: 'http://other:8081/jobs' } },
      'it redirects to http://other:8081/jobs (307), and redirects are not followed; if that address is right, configure it',
    ],
    [
      'redirects to nowhere',
      { status: 302 },
      'it redirects to an unknown address (302), and redirects are not followed; if that address is right, configure it',
    ],
    [
      'is a history server, which knows ended jobs only',
      { status: 404, body: { errors: ['File not found.'] } },
      'it does not know /jobs (404), so it is not a JobManager: it may be a history server, or a proxy that needs a path',
    ],
    [
      'is a web page',
      { body: '<!doctype html>' },
      "its answer to /jobs is not JSON, so this is not Flink's REST endpoint",
    ],
    [
      'is cut off',
      { body: '{"jobs":[{"id":"94' },
      "its answer to /jobs is not JSON, so this is not Flink's REST endpoint",
    ],
    [
      'is something else that speaks JSON',
      { body: {} },
      'its answer to /jobs is not an answer of Flink 1.15 to 2.3 (Invalid input: expected array, received undefined at jobs)',
    ],
    [
      'answers a mere text',
      { body: '"jobs"' },
      'its answer to /jobs is not an answer of Flink 1.15 to 2.3 (Invalid input: expected object, received string)',
    ],
    [
      'has jobs with other ids',
      { body: { jobs: [{ id: '../..', status: 'RUNNING' }] } },
      'its answer to /jobs is not an answer of Flink 1.15 to 2.3 (not 32 hex digits at jobs.0.id)',
    ],
  ])('%s', async (_, answer, why) => {
    const cluster = await serve();
    cluster.answer('/jobs', answer);

    expect(await refusal(cluster.endpoint)).toBe(`FLINK did not report which jobs run: ${why}.`);
  });

  it('does not end its answer', async () => {
    const cluster = await serve();
    cluster.answer('/jobs', { body: `{"jobs": []${' '.repeat(2000)}}` });

    expect(await refusal(cluster.endpoint, { mostBytes: 1000 })).toBe(
      'FLINK did not report which jobs run: its answer to /jobs is longer than 1000 bytes.',
    );
    expect(await new FlinkRest(cluster.endpoint, { ...AT_ONCE, mostBytes: 2013 }).jobs()).toEqual([]);
  });

  it('fails for one job of many', async () => {
    const cluster = await serve([{ jobId: OTHER_JOB }, { jobId: JOB }]);
    cluster.answer(CHECKPOINTS, { status: 500 });

    expect(await refusal(cluster.endpoint)).toBe(
      `FLINK did not report which jobs run: it answered ${CHECKPOINTS} with status 500.`,
    );
  });

  it('lacks what is needed of a job', async () => {
    const cluster = await serve([{ jobId: JOB }]);
    cluster.answer(`${CHECKPOINTS}/config`, { body: { interval: 1 } });

    expect(await refusal(cluster.endpoint)).toContain('expected number, received undefined at timeout');
  });

  it('is asked once more where that may help, and no more', async () => {
    // Prepare
    const cluster = await serve([{ jobId: JOB }]);
    cluster.answer('/jobs/overview', { status: 503 }, { body: { jobs: [] } });
    const stubborn = await serve();
    stubborn.answer('/jobs', { status: 503 });
    const strict = await serve();
    strict.answer('/jobs', { status: 401 });

    // Act
    const jobs = await new FlinkRest(cluster.endpoint, AT_ONCE).jobs();
    await refusal(stubborn.endpoint);
    await refusal(strict.endpoint);

    // Assess
    expect(jobs.map(({ jobId }) => jobId)).toEqual([JOB]);
    expect(stubborn.asked).toEqual(['/jobs', '/jobs']);
    expect(strict.asked).toEqual(['/jobs']);
  });

  it('has an address that is none', () => {
    expect(() => new FlinkRest('http://')).toThrow(
      new RunningJobsError('http://', 'it is not an address. Use one such as "http://jobmanager:8081"'),
    );
  });
});
