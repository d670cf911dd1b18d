/** A lifecycle rule takes state of a real job in a bucket with versions, the guard has it brought back, and Flink restores. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { guardHandler } from '#functions/guard/handler.ts';
import { ENV } from '#functions/shared/environment.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { surveyHandler } from '#functions/survey/handler.ts';
import { undoHandler } from '#functions/undo/handler.ts';
import { clientOf } from '#test/s3-contract/describe-s3.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import type { FlinkBuild, FlinkLine } from './flink-build.ts';
import { ROCKSDB } from './job-options.ts';
import { optionsOf, play } from './play.ts';
import { S3Place } from './s3-place.ts';
import { FAIL, KILL, NEW, run, type Scenario, START } from './scenarios.ts';
import type { Verifier } from './verifier.ts';

/** The scenario. It is not one of those in which the steward collects, since then nobody would know who deleted what. */
export const GUARDED: Scenario & { readonly flink: readonly FlinkLine[] } = {
  name: 'guard: a rule takes state, it comes back, Flink restores',
  flink: NEW,
  quick: NEW,
  timeout: 30,
  options: { ...ROCKSDB, 'execution.checkpointing.interval': '1 s', 'lab.rate': '300' },
  acts: [START, run(8), FAIL, run(4), { do: 'savepoint', format: 'NATIVE' }, run(4), KILL],
};

const BUCKET = 'guarded';
const LEDGER = 'guarded-ledger';
const HOUR = 3_600_000;

/** What a rule takes. */
interface Taking {
  readonly what: string;
  readonly root: string;
  /** In the order in which the rule deletes them, and is told. */
  readonly keys: readonly string[];
}

/** @returns what is wrong, in sentences. */
export async function playGuarded(
  build: FlinkBuild,
  s3: EmbeddedS3,
  verifier: Verifier,
  folder: string,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const place = new S3Place(s3, BUCKET);
  s3.createBucket(LEDGER);
  const client = clientOf(s3.url);
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
  await play(GUARDED, place, build, verifier, folder);
  const rule = { ID: 'a-day', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } } as const;
  await client.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket: BUCKET, LifecycleConfiguration: { Rules: [rule] } }),
  );
  Object.assign(process.env, place.environment);
  const deployment = await Deployment.of(s3, folder);
  await surveyHandler({}, deployment.runtime);
  const objections: string[] = [];
  for (const taking of await takings(place, verifier)) {
    objections.push(...(await take(taking, { place, client, verifier, deployment })));
  }
  client.destroy();
  return objections;
}

/** A file that the newest checkpoint shares; that checkpoint, whole; a savepoint, whole. */
async function takings(place: S3Place, verifier: Verifier): Promise<readonly Taking[]> {
  const objects = (await place.list()).toSorted((one, other) => other.modified - one.modified);
  const keys = objects.map(({ key }) => key);
  const options = optionsOf(GUARDED, place);
  const checkpoint = await firstOf(keys, /\/chk-\d+\/_metadata$/, async (key) => {
    return (await verifier.restore(place, key, options)).keys !== null;
  });
  const savepoint = await firstOf(keys, /^savepoints\/.*\/_metadata$/, async () => true);
  const named = (await verifier.references(place, checkpoint)) ?? [];
  const shared = await firstOf(keys, /\/shared\//, async (key) => named.some((path) => path.endsWith(`/${key}`)));
  const below = (root: string) => {
    const own = root.slice(0, root.lastIndexOf('/') + 1);
    return [root, ...keys.filter((key) => key.startsWith(own) && key !== root)];
  };
  return [
    { what: 'a shared file', root: checkpoint, keys: [shared] },
    {
      what: 'a checkpoint with its own files and one that it shares',
      root: checkpoint,
      keys: [...below(checkpoint), shared],
    },
    { what: 'a savepoint', root: savepoint, keys: below(savepoint) },
  ];
}

async function firstOf(
  keys: readonly string[],
  pattern: RegExp,
  isIt: (key: string) => Promise<boolean>,
): Promise<string> {
  for (const key of keys) if (pattern.test(key) && (await isIt(key))) return key;
  throw new Error(`Nothing in the bucket is what was looked for: ${pattern}.`);
}

interface World {
  readonly place: S3Place;
  readonly client: S3Client;
  readonly verifier: Verifier;
  readonly deployment: Deployment;
}

async function take(
  { what, root, keys }: Taking,
  { place, client, verifier, deployment }: World,
): Promise<readonly string[]> {
  const options = optionsOf(GUARDED, place);
  const before = await verifier.restore(place, root, options);
  for (const Key of keys) await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
  const broken = await verifier.restore(place, root, options);
  const heard = await guardHandler({ Records: keys.map(expired) }, deployment.runtime);
  const order = deployment.started.pop();
  const healed = order === undefined ? null : await undoHandler(order, deployment.runtime);
  const restored = healed !== null && 'restored' in healed && !Array.isArray(healed.restored) ? healed.restored : 0;
  const after = await verifier.restore(place, root, options);
  const survey = await surveyHandler({}, deployment.runtime);
  return [
    ...(before.keys === null ? [`Flink did not restore ${root} before anything happened: ${before.why}`] : []),
    ...(broken.keys === null ? [] : [`Flink restores ${root} without ${what}, so nothing is shown.`]),
    ...(heard.lost > 0 ? [] : [`The guard did not notice that ${what} was deleted.`]),
    ...(restored === keys.length ? [] : [`Of ${keys.length} objects of ${what}, ${restored} came back.`]),
    ...(after.keys === before.keys ? [] : [`LOST ${root}, of which a rule took ${what}: ${after.why}`]),
    ...('findings' in survey && survey.findings.length > 0
      ? [`The survey says: ${JSON.stringify(survey.findings)}`]
      : []),
  ];
}

/** As S3 tells of it (S3 user guide, "Event message structure"). */
function expired(key: string): { readonly messageId: string; readonly body: string } {
  const object = { key: encodeURIComponent(key).replaceAll('%2F', '/'), versionId: 'marker' };
  const eventTime = new Date().toISOString();
  const record = {
    eventName: 'LifecycleExpiration:DeleteMarkerCreated',
    eventTime,
    s3: { bucket: { name: BUCKET }, object },
  };
  return { messageId: key, body: JSON.stringify({ Records: [record] }) };
}

/** The functions of a deployment, in this process. */
class Deployment {
  /** What was ordered of `undo`. */
  readonly started: object[] = [];
  readonly runtime: Runtime;

  private constructor(s3: EmbeddedS3, configuration: string) {
    this.runtime = {
      environment: { [ENV.config]: configuration, [ENV.ledger]: `s3://${LEDGER}`, [ENV.undoFunction]: 'undo' },
      clock: Date.now,
      remaining: () => HOUR,
      sleep: async () => {},
      connection: { endpoint: s3.url, region: 'us-east-1', pathStyle: true },
      start: async (_, event) => void this.started.push(event),
      post: async () => {
        throw new Error('Nobody is to be told here.');
      },
      put: async () => {
        throw new Error('CloudFormation asks for nothing here.');
      },
      log: () => {},
      count: () => {},
      gauges: { publish: async () => {} },
    };
  }

  static async of(s3: EmbeddedS3, folder: string): Promise<Deployment> {
    const file = join(folder, 'steward.json');
    const bucket = { bucket: `s3://${BUCKET}`, versioned: true };
    await writeFile(file, JSON.stringify({ area: [bucket], guard: { mode: 'lifecycle', heal: true } }));
    return new Deployment(s3, file);
  }
}
