import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALWAYS } from '#test/infra/synthesise.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const PYTHON = process.env.STEWARD_MOTO_PYTHON ?? 'python3';
const STACK = 'FlinkSteward';
const runFile = promisify(execFile);

/**
 * Types of resources that moto 5.2 passes over without a word when it plays CloudFormation. Of those that it makes it
 * passes over the versioning of buckets, their public access block, and the architecture and layers of functions; and it
 * makes no custom resource, since it has no container to run a function in. For all of these there is the template.
 */
const PASSED_OVER_BY_MOTO = [
  'AWS::CloudWatch::Alarm',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
];

let folder: string;
let moto: ChildProcess;
let environment: NodeJS.ProcessEnv;
let made: Readonly<
  Record<string, { readonly type: string; readonly is?: Readonly<Record<string, unknown>>; readonly missing?: string }>
>;
let layers: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flink-steward-deploy-'));
  const port = await freePort();
  moto = spawn(PYTHON, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  environment = {
    ...process.env,
    // The command line of CDK puts bucket names before the host, which only a name can bear.
    AWS_ENDPOINT_URL: `http://localhost:${port}`,
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: '1',
    CDK_DISABLE_VERSION_CHECK: '1',
  };
  await answering(port);
  await cdk('bootstrap', 'aws://123456789012/eu-central-1');
  await cdk('deploy', '--require-approval', 'never');
  ({ made, layers } = JSON.parse(await ask(STACK)));
});

afterAll(async () => {
  moto.kill();
  await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answering(port: number): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt++) {
    const isThere = await fetch(`http://127.0.0.1:${port}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await sleep(500);
  }
  throw new Error('moto did not begin to answer within a minute.');
}

async function cdk(...args: readonly string[]): Promise<void> {
  await runFile('npx', ['cdk', ...args, '--output', join(folder, 'out')], { cwd: TOP, env: environment });
}

async function ask(...args: readonly string[]): Promise<string> {
  const { stdout } = await runFile(PYTHON, [join(TOP, 'test/deploy/ask.py'), ...args], { env: environment });
  return stdout;
}

function ofType(type: string) {
  return Object.entries(made)
    .filter(([, resource]) => resource.type === type)
    .map(([id, resource]) => ({ id, ...resource }));
}

describe('The deployed stack', () => {
  it('has every resource of the template but those that moto passes over', () => {
    // Prepare
    const template: { readonly Resources: Readonly<Record<string, { readonly Type: string }>> } = JSON.parse(
      readFileSync(join(folder, 'out', `${STACK}.template.json`), 'utf8'),
    );

    // Assess
    const lacking = Object.entries(template.Resources).filter(([id]) => !Object.hasOwn(made, id));
    expect([...new Set(lacking.map(([, { Type }]) => Type))].sort()).toEqual(PASSED_OVER_BY_MOTO);
    expect(Object.entries(made).filter(([, { missing }]) => missing !== undefined)).toEqual([]);
  });

  it('has two encrypted buckets', () => {
    expect(ofType('AWS::S3::Bucket').map(({ is }) => is)).toEqual([{ encryption: 'AES256' }, { encryption: 'AES256' }]);
  });

  it('has a function of each name, with its environment and its role', () => {
    // Act
    const functions = ofType('AWS::Lambda::Function');

    // Assess
    expect(functions).toHaveLength(ALWAYS.length);
    for (const { id, is } of functions) {
      expect(is, id).toMatchObject({ runtime: 'nodejs24.x', handler: 'index.handler' });
      expect(is?.concurrency, id).toBe(id.startsWith('StewardSweep') ? 1 : null);
    }
    expect(layers).toEqual(['steward.json of Flink Steward']);
  });

  it('has a role for each function, of which one may delete', () => {
    // Act
    const roles = ofType('AWS::IAM::Role');

    // Assess: those of the functions, and that of the schedules.
    expect(roles).toHaveLength(ALWAYS.length + 1);
    const deleting = roles.filter(({ is }) => Object.values(is ?? {}).includes('DeleteByETag'));
    expect(deleting.map(({ id }) => id.replace(/Role.*/, ''))).toEqual(['StewardSweep']);
  });

  it('has queues, the one of the checkpoints with its dead letters, and a function that reads it', () => {
    expect(ofType('AWS::SQS::Queue').filter(({ is }) => is?.redrive !== null)).toMatchObject([
      { is: { redrive: { maxReceiveCount: 5 }, visibility: '720' } },
    ]);
    expect(ofType('AWS::Lambda::EventSourceMapping')).toMatchObject([
      { is: { batch: 50, types: ['ReportBatchItemFailures'] } },
    ]);
  });

  it('keeps both buckets when it goes, and nothing else', async () => {
    // Act
    await cdk('destroy', '--force');

    // Assess
    const left: { readonly buckets: readonly string[]; readonly functions: readonly string[] } = JSON.parse(
      await ask(STACK, 'left'),
    );
    expect(left.functions).toEqual([]);
    expect(left.buckets.filter((name) => name.startsWith('flinksteward-')).map((name) => name.split('-')[1])).toEqual([
      expect.stringMatching(/^stewardcheckpoints/),
      expect.stringMatching(/^stewardledger/),
    ]);
  });
});
