import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Bundle, buildFunctions } from '#functions/build.ts';
import { ENV } from '#functions/shared/environment.ts';
import { FUNCTION_NAMES, type FunctionName } from '#functions/shared/function-names.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { useLastingDirectory } from '#test/support/lasting-directory.ts';
import { useMetricServer } from '#test/support/metric-server.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { type Deployed, LEDGER, putAll, useDeployments } from './deployed.ts';

/** The Node that the bundles run on: that of Lambda in the deep suite, the one at hand else. */
const NODE = process.env.STEWARD_FUNCTIONS_NODE ?? process.execPath;
const NODE_MAJOR = process.env.STEWARD_FUNCTIONS_NODE === undefined ? process.versions.node.split('.')[0] : '24';
const DRIVER = fileURLToPath(new URL('drive-bundle.mjs', import.meta.url));
const MINUTES = 60_000;
const MOST_FILES_AT_START = 16;

const deploy = useDeployments();
const makeDirectory = useLastingDirectory();
const serveMetrics = useMetricServer();
let bundles: readonly Bundle[] = [];
let lambda: Server;
/** Of the functions that the bundles have started. */
let started: { readonly path: string; readonly event: object }[] = [];

beforeAll(async () => {
  bundles = await buildFunctions(await makeDirectory());
  lambda = createServer(async (request, response) => {
    started.push({ path: request.url ?? '', event: JSON.parse(await text(request)) });
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => {
    lambda.listen(0, '127.0.0.1', resolve);
  });
});

afterAll(() => {
  lambda.close();
});

interface Told {
  readonly answer?: Record<string, unknown> & { readonly run?: string };
  readonly error?: { readonly name: string; readonly message: string; readonly stack: string };
  readonly length: number;
  readonly node: string;
}

/** Hands events to a bundle in a process of its own. The clock is the machine's. */
async function invoke(
  deployed: Deployed,
  name: FunctionName,
  events: readonly unknown[],
  remaining = 15 * MINUTES,
): Promise<readonly Told[]> {
  const output = await outputOf(deployed, name, events, remaining, (await serveMetrics()).url);
  const told = output.split('\n').filter((line) => line.startsWith('ANSWER '));
  return told.map((line): Told => JSON.parse(line.slice('ANSWER '.length)));
}

/** All that a bundle prints. */
async function outputOf(
  deployed: Deployed,
  name: FunctionName,
  events: readonly unknown[],
  remaining: number,
  cloudWatch: string,
): Promise<string> {
  const { port } = lambda.address() as AddressInfo;
  const env = {
    ...deployed.environment,
    AWS_ENDPOINT_URL_S3: deployed.s3.url,
    AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch,
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_LAMBDA_FUNCTION_NAME: 'bundle',
  };
  const file = bundles.find((bundle) => bundle.name === name)?.file ?? '';
  return await new Promise<string>((resolve, reject) => {
    const child = execFile(NODE, [DRIVER, file], { env }, (error, out, err) => {
      if (error === null) resolve(out);
      else reject(new Error(`${error.message}\n${err}`));
    });
    child.stdin?.end(events.map((event) => `${JSON.stringify({ event, remaining })}\n`).join(''));
  });
}

/** The files that Node opens to load a bundle. */
function filesAtStart(file: string): ReadonlySet<string> {
  const opened = new Set<string>();
  for (const open = [file]; open.length > 0; ) {
    const next = open.pop() ?? file;
    if (opened.has(next)) continue;
    opened.add(next);
    const imported = readFileSync(next, 'utf8').matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g);
    open.push(...[...imported].map(([, name = '']) => join(dirname(file), name)));
  }
  return opened;
}

/** Rules short enough for a test. */
const COLLECT = { minAge: '1h', quarantine: '1s', checkpointTimeout: '0.5s', maxDeleteFraction: 0.9 };

/** A bucket as of now, with a job and a file of garbage in each of the places. */
async function deployNow(places: readonly string[] = ['flink']): Promise<Deployed> {
  vi.useRealTimers();
  const area = places.map((place) => `s3://${BUCKET}/${place}`);
  const deployed = await deploy({ area, mode: 'collect', collect: COLLECT }, () => {});
  deployed.s3.clock = Date.now;
  const store = new MovingStore({ now: Date.now() });
  for (const place of places) {
    const job = new PlayedJob(store, `${place}/${JOB}/`, `s3a://${BUCKET}`);
    job.complete(7, [job.upload(1, Date.now() - 5 * DAY)], Date.now() - 2 * DAY);
    job.upload(2, Date.now() - 5 * DAY);
  }
  putAll(deployed.s3, store);
  return deployed;
}

describe('The bundles', () => {
  it('hold the deleter in one of them only', () => {
    const holding = bundles.filter(({ sources }) => sources.includes('adapters/s3/s3-deleter.ts'));
    expect(holding.map(({ name }) => name)).toEqual(['sweep']);
  });

  it('contain all files that they import, at once or later', () => {
    const missing = bundles.flatMap(({ file, files }) =>
      files.flatMap((name) => {
        const code = readFileSync(join(dirname(file), name), 'utf8');
        const imported = [...code.matchAll(/(?:from|import)\s*\(?\s*"\.\/([^"]+)"/g)].map(([, other = '']) => other);
        return imported.filter((other) => !files.includes(other)).map((other) => `${name} imports ${other}`);
      }),
    );
    expect(missing).toEqual([]);
  });

  it('load no client of AWS before they are called, nor what only some of their runs need', () => {
    const later =
      /node_modules\/(?:@aws-sdk|@smithy|jsonc-parser)\/|^config\/schema\.ts$|^report\/render|^operations\/run\/run\.ts$|^adapters\/flink-rest\//;
    const loaded = bundles.flatMap(({ name, atStart }) => atStart.map((path) => `${name}: ${path}`));
    expect(loaded.filter((line) => later.test(line.replace(/^\S+ /, '')))).toEqual([]);
    expect(loaded).toContain('survey: functions/shared/lambda.ts');
  });

  it('open few files when they are loaded, since each takes time', () => {
    const opened = bundles.map(({ file }) => filesAtStart(file).size);
    expect(Math.max(...opened)).toBeLessThanOrEqual(MOST_FILES_AT_START);
  });

  it.each(FUNCTION_NAMES)('are loaded by Lambda, and tell a bad event in a sentence: %s', async (name) => {
    // Prepare
    const deployed = await deploy();

    // Act
    const [told] = await invoke(deployed, name, [{ surprise: true }]);

    // Assess: Lambda takes three parameters for a handler of the old style, which it refuses.
    expect(told?.length).toBeLessThan(3);
    expect(told?.node.split('.')[0]).toBe(NODE_MAJOR);
    const sentence = `The event is not one that ${name} understands: `;
    if (name === 'manual') {
      expect(told?.answer?.error).toContain(sentence);
    } else {
      expect(told?.error).toMatchObject({ name: 'BadEventError', message: expect.stringContaining(sentence) });
      expect(told?.error?.stack).toBe(`BadEventError: ${told?.error?.message}`);
    }
  });

  it('publish gauges and counters in the namespace of their deployment', async () => {
    // Prepare
    const deployed = await deployNow();
    const cloudWatch = await serveMetrics();
    const environment = { ...deployed.environment, [ENV.namespace]: 'FlinkSteward/Production' };
    const message = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent' });
    const batch = {
      Records: [
        { messageId: '1', body: message },
        { messageId: '2', body: 'no JSON' },
      ],
    };

    // Act
    await outputOf({ ...deployed, environment }, 'survey', [{ by: 'schedule' }], 15 * MINUTES, cloudWatch.url);
    const output = await outputOf(
      { ...deployed, environment },
      'checkpoint-completed',
      [batch],
      MINUTES,
      cloudWatch.url,
    );

    // Assess
    expect(cloudWatch.taken.map(({ Namespace }) => Namespace)).toEqual(['FlinkSteward/Production']);
    const namespaces = [...output.matchAll(/"Namespace":"([^"]+)"/g)].map(([, namespace]) => namespace);
    expect(namespaces).toEqual(['FlinkSteward/Production']);
  });

  it('take a bucket from the first survey over plan and sweep to the undo', async () => {
    // Prepare
    const deployed = await deployNow();
    started = [];

    // Act
    const [survey] = await invoke(deployed, 'survey', [{ by: 'schedule' }]);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const [collect] = await invoke(deployed, 'collect', [{ by: 'schedule' }]);
    const order = collect?.answer?.sweep;
    const [sweep, again] = await invoke(deployed, 'sweep', [order, order]);
    const left = deployed.s3.keys(BUCKET, `flink/${JOB}/shared/`);
    const [history] = await invoke(deployed, 'manual', [{ action: 'history' }]);
    const [undo] = await invoke(deployed, 'undo', [{ run: sweep?.answer?.run }]);

    // Assess
    expect(survey?.answer).toMatchObject({ result: 'observed', quarantined: { objects: 1 } });
    expect(collect?.answer).toMatchObject({ sweep: { order: 'collect' }, deletable: { objects: 1 } });
    expect(started).toEqual([]);
    expect(sweep?.answer).toMatchObject({ result: 'done', deleted: { objects: 1, bytes: 100 } });
    expect(again?.error).toMatchObject({ name: 'PlanError' });
    expect(left).toEqual([`flink/${JOB}/shared/${uuid(1)}`]);
    expect(history?.answer?.runs).toHaveLength(4);
    // The bucket keeps no versions.
    expect(undo?.answer).toMatchObject({ executed: true, objects: 0, lost: 1 });
  });

  it('take events of S3 and of EventBridge, doubled and late, and one whose checkpoint is gone', async () => {
    // Prepare
    const deployed = await deployNow();
    const key = `flink/${JOB}/chk-7/_metadata`;
    const ofS3 = (name: string) =>
      JSON.stringify({
        Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: BUCKET }, object: { key: name } } }],
      });
    const bridged = JSON.stringify({
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: { bucket: { name: BUCKET }, object: { key } },
    });
    const bodies = [ofS3(key), bridged, ofS3(key), ofS3(`flink/${JOB}/chk-6/_metadata`), 'no message'];
    const Records = bodies.map((body, at) => ({ messageId: `${at}`, body }));

    // Act
    const [first, second] = await invoke(deployed, 'checkpoint-completed', [{ Records }, { Records }]);

    // Assess
    for (const told of [first, second]) {
      expect(told?.answer).toMatchObject({
        batchItemFailures: [{ itemIdentifier: '4' }],
        outcomes: { observed: 3, gone: 1 },
      });
    }
    expect(deployed.s3.keys(LEDGER, 'observations/')).toHaveLength(1);
  });

  it('say with which part a sweep goes on whose time is over before its work is', async () => {
    // Prepare: two locations, so two batches, of which the first one takes longer than is left.
    const deployed = await deployNow(['a', 'b']);
    await invoke(deployed, 'survey', [{}]);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const [collect] = await invoke(deployed, 'collect', [{}]);
    const order = Object(collect?.answer?.sweep);
    const quicken = deployed.s3.faults.add({
      match: { operation: 'DeleteObjects', body: /\/shared\// },
      do: { kind: 'latency', milliseconds: 31_000 },
    });

    // Act
    const [first] = await invoke(deployed, 'sweep', [order], MINUTES + 30_000);
    quicken();
    const [second] = await invoke(deployed, 'sweep', [{ ...order, part: first?.answer?.nextPart }]);

    // Assess
    expect(first?.answer).toMatchObject({ result: 'stopped', deleted: { objects: 1 }, unfinished: true, nextPart: 1 });
    expect(second?.answer).toMatchObject({
      result: 'done',
      deleted: { objects: 1 },
      unfinished: false,
      nextPart: null,
    });
  });

  it('end before their time does, and the next run finds nothing in its way', async () => {
    // Prepare
    const deployed = await deployNow();

    // Act
    const [late] = await invoke(deployed, 'survey', [{}], MINUTES);
    const [next] = await invoke(deployed, 'survey', [{}]);

    // Assess
    expect(late?.error).toMatchObject({ name: 'DeadlineError' });
    expect(next?.answer).toMatchObject({ result: 'observed' });
  });
});
