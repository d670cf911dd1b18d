import {
  CreateMultipartUploadCommand,
  PutBucketLifecycleConfigurationCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Status } from '#cli/errors.ts';
import { runCaptured } from '#test/cli/steward.ts';
import type { ServedS3 } from '#test/support/embedded-s3.ts';
import { setMachineClock } from '#test/support/machine-clock.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { type AwsCall, callsOf } from './aws-call.ts';

/** What the command line asks of S3, by what people use it for: each of these is a policy to copy. */

export const PURPOSES = ['read-only', 'states', 'collecting', 'undo'] as const;
export type Purpose = (typeof PURPOSES)[number];

export const STATE = 'my-bucket';
export const LEDGER = 'my-ledger';
export const PREFIX = 'flink';

const AREA = `s3://${STATE}/${PREFIX}`;
const ENDED = `${PREFIX}/${OTHER_JOB}`;
const PINNED = `s3://${STATE}/${PREFIX}/${JOB}/chk-7`;
const MINUTE = 60_000;

/** What is played, in this order; what a run is called comes in place of RUN. Time goes on by what stands first. */
const PLAY: readonly (readonly [number, Purpose, ...string[]])[] = [
  [MINUTE, 'read-only', 'init', `s3://${STATE}`, '--print'],
  [MINUTE, 'read-only', 'audit'],
  [MINUTE, 'read-only', 'plan'],
  [MINUTE, 'read-only', 'explain', `s3://${STATE}/${PREFIX}/${JOB}/chk-7/_metadata`],
  [MINUTE, 'read-only', 'inspect', `s3://${STATE}/${PREFIX}/${JOB}/chk-7/_metadata`],
  [MINUTE, 'read-only', 'restore-points'],
  [MINUTE, 'states', 'states'],
  [MINUTE, 'states', 'verify'],
  [MINUTE, 'read-only', 'watch', '--looks', '1'],
  [MINUTE, 'read-only', 'rules', 'check'],
  [MINUTE, 'read-only', 'rules', 'lint', 'rules.json', '--live'],
  [MINUTE, 'read-only', 'history'],
  [MINUTE, 'read-only', 'status'],
  [MINUTE, 'read-only', 'pin', PINNED],
  [MINUTE, 'read-only', 'unpin', PINNED, '--execute'],
  [MINUTE, 'read-only', 'retire'],
  [MINUTE, 'read-only', 'collect'],
  [MINUTE, 'read-only', 'doctor'],
  [MINUTE, 'collecting', 'doctor', '--write'],
  [MINUTE, 'collecting', 'probe', AREA],
  [MINUTE, 'collecting', 'retire', '--execute'],
  [MINUTE, 'undo', 'undo', 'RUN'],
  [MINUTE, 'undo', 'undo', 'RUN', '--execute'],
  [2 * DAY, 'collecting', 'collect', '--execute'],
  [MINUTE, 'read-only', 'verify-run', 'RUN'],
  [MINUTE, 'undo', 'undo', 'RUN', '--execute'],
  [MINUTE, 'collecting', 'declare-dead', OTHER_JOB, '--execute'],
  [MINUTE, 'collecting', 'pause'],
  [MINUTE, 'collecting', 'resume', '--execute'],
];

/** Lifecycle rules that are to be applied, as the AWS CLI takes them. */
export const RULES = JSON.stringify({ Bucket: STATE, LifecycleConfiguration: { Rules: [] } });

/** A steward.json that has something to do for each of the commands. */
export const CONFIGURATION = JSON.stringify({
  area: [AREA],
  ledger: `s3://${LEDGER}/${PREFIX}`,
  collect: { maxDeleteFraction: 1 },
  retain: [{ path: '**', endedJobs: { keepLast: 1 } }],
});

/**
 * Runs the commands on a bucket that keeps versions, with a ledger in a bucket of its own, and tells what each purpose
 * has asked of S3.
 *
 * @param cwd a folder with {@link CONFIGURATION} as steward.json, and {@link RULES} as rules.json.
 * @throws where a command ends in another way than well or with findings.
 */
export async function playCommands(
  { s3, client }: ServedS3,
  cwd: string,
): Promise<ReadonlyMap<Purpose, readonly AwsCall[]>> {
  await fill({ s3, client });
  const calls = new Map(PURPOSES.map((purpose) => [purpose, new Map<string, AwsCall>()]));
  let now = NOW;
  let purpose: Purpose = 'read-only';
  s3.clock = () => now;
  s3.faults.add({
    match: {},
    do: {
      kind: 'run',
      callback: (request) => {
        const isThere = s3.object(request.bucket, request.key) !== undefined;
        for (const call of callsOf(request, isThere)) calls.get(purpose)?.set(JSON.stringify(call), call);
      },
    },
  });
  for (const [later, of, ...words] of PLAY) {
    now += later;
    setMachineClock(now);
    purpose = of;
    const run = words.includes('RUN') ? newestRun(s3) : '';
    const args = words.map((word) => (word === 'RUN' ? run : word));
    await type(args, s3.url, cwd, () => now);
  }
  return new Map([...calls].map(([name, made]) => [name, [...made.values()]]));
}

async function fill({ s3, client }: ServedS3): Promise<void> {
  const store = new MovingStore({ now: NOW });
  const running = new PlayedJob(store, `${PREFIX}/${JOB}/`, `s3a://${STATE}`);
  running.complete(6, [running.upload(3)], NOW - 3 * DAY);
  running.complete(7, [running.upload(1)], NOW - 2 * DAY);
  running.upload(2);
  // What is read only where it is found: a root under another name, and one in the rest of the bucket.
  store.put(`${PREFIX}/${JOB}/chk-7/old_metadata.bak`, Buffer.from('no checkpoint'), NOW - 2 * DAY);
  const elsewhere = new PlayedJob(store, `elsewhere/${JOB}/`, `s3a://${STATE}`);
  elsewhere.complete(3, [elsewhere.upload(101)], NOW - 2 * DAY);
  const ended = new PlayedJob(store, `${ENDED}/`, `s3a://${STATE}`);
  ended.complete(3, [ended.upload(201, NOW - 50 * DAY)], NOW - 49 * DAY);
  ended.complete(4, [ended.upload(202, NOW - 48 * DAY)], NOW - 47 * DAY);
  for (const [key, { content, modified }] of Object.entries(store.files())) {
    s3.put(STATE, key, content, { lastModified: modified });
  }
  s3.bucket(STATE).versioning = 'Enabled';
  const tiered = { lastModified: NOW - 2 * DAY, storageClass: 'INTELLIGENT_TIERING' };
  s3.put(STATE, `${PREFIX}/${JOB}/shared/tiered`, 'tiered', tiered);
  const upload = { Bucket: STATE, Key: `${PREFIX}/${JOB}/shared/unfinished` };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
  await client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: 'part' }));
  const Rules = [{ ID: 'a day', Status: 'Enabled' as const, Filter: { Prefix: 'other/' }, Expiration: { Days: 1 } }];
  await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: STATE, LifecycleConfiguration: { Rules } }));
}

async function type(words: readonly string[], url: string, cwd: string, clock: () => number): Promise<void> {
  const args = [...words, '--endpoint', url, '--region', 'us-east-1', '--path-style'];
  const { status, out, err } = await runCaptured(args, { cwd, clock, columns: 200, errorColumns: undefined });
  const expected: readonly Status[] = [0, 1];
  if (!expected.includes(status)) throw new Error(`steward ${args.join(' ')} ended with ${status}:\n${out}\n${err}`);
}

/** The run that wrote its record last. */
function newestRun(s3: EmbeddedS3): string {
  const names = s3.keys(LEDGER, `${PREFIX}/runs/`).map((key) => key.split('/')[2] ?? '');
  return names.sort().at(-1) ?? '';
}
