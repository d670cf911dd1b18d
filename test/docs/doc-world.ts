import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetObjectCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { vi } from 'vitest';
import { useCredentials } from '#test/cli/rules-bucket.ts';
import { type Ran, runCaptured } from '#test/cli/steward.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, type PlayedPlace, uuid } from '#test/support/played-job.ts';
import { type Tree, useTempDirectories, writeTree } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { requestOf, sdkCommandOf } from './aws-parameters.ts';
import { words } from './doc-commands.ts';

/** What the pages suppose that their reader has: buckets, a mounted directory, a shell in a folder of its own. */

const ENDED_JOB = 'c1eb53423df759dcb1cdfc3c6af16ca6';
/** Of the job that lies right below `s3://my-bucket/flink`. */
export const MY_JOB = { id: OTHER_JOB, root: `flink/${OTHER_JOB}/chk-7/_metadata` } as const;
const GARBAGE = [11, 12];
const BUCKETS = ['my-bucket', 'my-ledger', 'flink'];
const ENDPOINT = 'http://localhost:9000';
const MOUNT = '/mnt/flink/checkpoints';

export interface DocWorld {
  readonly s3: EmbeddedS3;
  readonly client: S3Client;
  readonly cwd: string;
  /** @param folder that it is typed in, if not {@link cwd}. */
  steward(command: string, columns?: number, folder?: string): Promise<Ran>;
  /** `aws s3 sync` and all of `aws s3api`. */
  aws(command: string): Promise<Ran>;
  /** @param configuration as `aws s3api get-bucket-lifecycle-configuration` prints it. */
  putRules(bucket: string, configuration: object): Promise<void>;
  /** Keys of `s3://my-bucket` that no checkpoint names, as far as they are there. */
  garbage(): readonly string[];
}

/** Call it once, outside the tests. The clock stands still at the tests' time until it is set. */
export function useDocWorld(): (files?: Tree) => Promise<DocWorld> {
  const serve = useEmbeddedS3();
  const makeDirectory = useTempDirectories();
  useCredentials();
  useMachineClock(NOW);
  return async (files = {}) => {
    vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
    const cwd = await makeDirectory(files);
    const { s3, client } = await serve({ buckets: BUCKETS, clock: () => Date.now() });
    // An address of numbers, so that the SDK puts the bucket into the path, as no page has to say for S3 itself.
    vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.url);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    playJobs(s3);
    const mount = join(cwd, 'mnt');
    await writeTree(mount, mountedFiles(mount));
    return {
      s3,
      client,
      cwd,
      steward: (command, columns = 100, folder = cwd) =>
        runSteward(command.replaceAll(ENDPOINT, s3.url).replaceAll(MOUNT, mount), folder, columns),
      aws: (command) => runAws(command, client, cwd),
      putRules: async (bucket, configuration) => {
        const LifecycleConfiguration: { Rules: LifecycleRule[] } = JSON.parse(JSON.stringify(configuration));
        await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration }));
      },
      garbage: () => s3.keys('my-bucket').filter((key) => GARBAGE.some((number) => key.endsWith(uuid(number)))),
    };
  };
}

/** A job that runs and one that has ended below `flink/checkpoints`, and {@link MY_JOB} beside; garbage of each that runs. */
function playJobs(s3: EmbeddedS3): void {
  const myBucket = placeIn(s3, 'my-bucket');
  playRunning(myBucket, `flink/checkpoints/${JOB}/`, 's3://my-bucket');
  playRunning(myBucket, `flink/${MY_JOB.id}/`, 's3://my-bucket');
  const ended = new PlayedJob(myBucket, `flink/checkpoints/${ENDED_JOB}/`, 's3://my-bucket');
  ended.complete(3, [ended.upload(21, NOW - 50 * DAY)], NOW - 49 * DAY);
  ended.complete(4, [ended.upload(22, NOW - 48 * DAY)], NOW - 47 * DAY);
  playRunning(placeIn(s3, 'flink'), `${JOB}/`, 's3://flink');
}

function playRunning(place: PlayedPlace, directory: string, url: string): void {
  const job = new PlayedJob(place, directory, url);
  const live = Array.from({ length: 10 }, (_, number) => job.upload(number + 1));
  job.complete(7, live, NOW - 3 * DAY);
  for (const number of GARBAGE) job.upload(number);
}

function placeIn(s3: EmbeddedS3, bucket: string): PlayedPlace {
  return {
    put: (key, content, modified) => s3.put(bucket, key, content, { lastModified: modified }),
    remove: (...keys) => s3.erase(bucket, ...keys),
  };
}

function mountedFiles(mount: string): Tree {
  const files: Record<string, { content: string | Uint8Array; modified: number }> = {};
  const place: PlayedPlace = {
    put: (key, content, modified) => {
      files[key] = { content, modified };
    },
    remove: () => {},
  };
  playRunning(place, `${JOB}/`, `file://${mount}`);
  return files;
}

async function runSteward(command: string, cwd: string, columns: number): Promise<Ran> {
  const [, ...args] = words(command.replace(/^node dist\/cli\/steward\.mjs /, 'steward '));
  return await runCaptured(args, { cwd, clock: Date.now, columns });
}

async function runAws(command: string, client: S3Client, cwd: string): Promise<Ran> {
  const [typed = '', file] = command.split(' > ');
  const out = typed.startsWith('aws s3 sync ') ? await sync(typed, client, cwd) : await send(typed, client);
  if (file !== undefined) await writeTree(cwd, { [file]: out });
  return { status: 0, out, err: '' };
}

async function send(command: string, client: S3Client): Promise<string> {
  const sdkCommand = sdkCommandOf(requestOf(command));
  if (sdkCommand === undefined) throw new Error(`There is no such command: ${command}`);
  const { $metadata: _, ...answer } = await client.send(sdkCommand as Parameters<typeof client.send>[0]);
  return `${JSON.stringify(answer, null, 4)}\n`;
}

/** A copy of a whole bucket, whose files are of the times of the objects. */
async function sync(command: string, client: S3Client, cwd: string): Promise<string> {
  const [, , , from = '', to = '', ...more] = words(command);
  const bucket = /^s3:\/\/([^/]+)$/.exec(from)?.[1];
  if (bucket === undefined || more.length > 0) throw new Error(`That is not played here: ${command}`);
  await mkdir(join(cwd, to), { recursive: true });
  let said = '';
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket })) {
    for (const { Key = '', LastModified } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const content = (await Body?.transformToByteArray()) ?? new Uint8Array();
      await writeTree(join(cwd, to), { [Key]: { content, modified: LastModified?.getTime() ?? 0 } });
      said += `download: ${from}/${Key} to ${to}/${Key}\n`;
    }
  }
  return said;
}
