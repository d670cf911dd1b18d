import { join } from 'node:path';
import { PutBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { afterAll, expect, vi } from 'vitest';
import { postJson } from '#adapters/slack/post-json.ts';
import { ENV, type Environment } from '#functions/shared/environment.ts';
import type { FunctionMetric, ManualRuntime } from '#functions/shared/runtime.ts';
import type { StewardJson } from '#infra/index.ts';
import type { MetricValue } from '#ports/metric-sink.ts';
import { useCredentials } from '#test/cli/rules-bucket.ts';
import { RecordedCalls } from '#test/roles/recorded-calls.ts';
import { BUCKET, type ServedS3, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, NOW, PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { collectHandler, statesHandler, sweepHandler } from './handlers.ts';

/** A deployment in miniature: an embedded S3 with a bucket of checkpoints and one for the ledger. */

export const LEDGER = 'steward-ledger';
export const AREA = `s3://${BUCKET}/flink`;
export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface Deployed extends ServedS3 {
  readonly environment: Environment;
  /** What the functions have started, in order. */
  readonly started: { readonly name: string; readonly event: object }[];
  /** The executions of state machines that were started, in order. */
  readonly executions: { readonly machine: string; readonly name: string; readonly input: object }[];
  /** What CloudFormation was told. */
  readonly told: { readonly url: string; readonly body: unknown }[];
  readonly logged: { readonly level: string; readonly sentence: string }[];
  readonly counted: Map<FunctionMetric, number>;
  /** The gauges that were published. */
  readonly published: MetricValue[];
  /** What the functions have asked of AWS: after the tests of a file it is held against their roles. */
  readonly calls: RecordedCalls;
  /** The time of stores and functions, epoch milliseconds. */
  now: number;
  runtime(changes?: Partial<ManualRuntime>): ManualRuntime;
}

export const NAMES = {
  [ENV.collection]: 'arn:aws:states:eu-central-1:123456789012:stateMachine:the-collection',
  [ENV.undoFunction]: 'the-undo',
  [ENV.rulesFunction]: 'the-rules',
  [ENV.manualFunction]: 'the-manual',
  [ENV.statesFunction]: 'the-states',
};

/**
 * Call it once, outside the tests. After them, all that the functions have asked of AWS is held against the roles that a
 * deployment with the same configuration has.
 *
 * @param options whether to do so. Not where the functions get other buckets or another configuration than those here.
 */
export function useDeployments({
  heldAgainstRoles = true,
} = {}): (configuration?: object, play?: (store: MovingStore) => void) => Promise<Deployed> {
  const serve = useEmbeddedS3();
  const makeDirectory = useTempDirectories();
  useCredentials();
  useMachineClock(NOW);
  const played: { readonly deployed: Deployed; readonly configuration: StewardJson }[] = [];
  afterAll(async () => {
    // Loaded here, since it brings the CDK along.
    const { deniedCalls } = await import('#test/roles/denied-calls.ts');
    const deployments = played.map(({ deployed, configuration }) => ({
      configuration,
      ledger: LEDGER,
      versioned: [BUCKET].filter((bucket) => deployed.s3.bucket(bucket).versioning !== 'never'),
      calls: deployed.calls.all,
    }));
    expect(await deniedCalls(deployments)).toEqual([]);
  });
  return async (configuration = { area: [AREA] }, play = playJob) => {
    const served = await serve({ buckets: [BUCKET, LEDGER] });
    const store = new MovingStore({ now: NOW });
    play(store);
    putAll(served.s3, store);
    const folder = await makeDirectory({ 'steward.json': JSON.stringify(configuration) });
    const deployed: Deployed = {
      ...served,
      environment: { ...NAMES, [ENV.config]: join(folder, 'steward.json'), [ENV.ledger]: `s3://${LEDGER}` },
      started: [],
      executions: [],
      told: [],
      logged: [],
      counted: new Map(),
      published: [],
      calls: new RecordedCalls(),
      get now() {
        return Date.now();
      },
      set now(time) {
        vi.setSystemTime(time);
      },
      runtime: (changes = {}) => ({
        environment: deployed.environment,
        clock: () => deployed.now,
        remaining: () => 15 * MINUTE,
        sleep: async () => {},
        connection: { endpoint: served.s3.url, region: 'us-east-1', pathStyle: true },
        start: async (name, event) => {
          deployed.started.push({ name, event });
          deployed.calls.add({ action: 'lambda:InvokeFunction', resource: name, context: {} });
        },
        startExecution: async (machine, name, input) => {
          deployed.executions.push({ machine, name, input });
          deployed.calls.add({ action: 'states:StartExecution', resource: machine, context: {} });
          return `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
        },
        ask: async (name, event) => {
          deployed.calls.add({ action: 'lambda:InvokeFunction', resource: name, context: {} });
          if (name !== NAMES[ENV.statesFunction]) throw new Error(`${name} is not asked for answers.`);
          return JSON.parse(JSON.stringify(await statesHandler(event, deployed.runtime())));
        },
        post: postJson,
        put: async (url, body) => {
          deployed.told.push({ url, body: JSON.parse(body) });
        },
        log: (level, sentence) => {
          deployed.logged.push({ level, sentence });
        },
        count: (metric, by = 1) => {
          deployed.counted.set(metric, (deployed.counted.get(metric) ?? 0) + by);
        },
        gauges: {
          publish: async (values) => {
            deployed.calls.add({ action: 'cloudwatch:PutMetricData', resource: '*', context: {} });
            deployed.published.push(...values);
          },
        },
        ...changes,
      }),
    };
    served.s3.clock = () => deployed.now;
    deployed.calls.listen(served.s3);
    if (heldAgainstRoles) played.push({ deployed, configuration });
    return deployed;
  };
}

type Unhindered<Answer> = Exclude<Answer, { readonly result: 'lease-held' }>;

/** What `collect` answers where no other run is under way. */
export async function collected(
  ...invocation: Parameters<typeof collectHandler>
): Promise<Unhindered<Awaited<ReturnType<typeof collectHandler>>>> {
  const answer = await collectHandler(...invocation);
  if (answer.result === 'lease-held') throw new Error(answer.why);
  return answer;
}

/** What `sweep` answers where no other run is under way. */
export async function swept(
  ...invocation: Parameters<typeof sweepHandler>
): Promise<Unhindered<Awaited<ReturnType<typeof sweepHandler>>>> {
  const answer = await sweepHandler(...invocation);
  if (answer.result === 'lease-held') throw new Error(answer.why);
  return answer;
}

/** One checkpoint of two days ago with one live file, and one file of five days that nothing names. */
export function playJob(store: MovingStore): void {
  const job = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
  job.complete(7, [job.upload(1)], NOW - 2 * DAY);
  job.upload(2);
}

export function putAll(s3: EmbeddedS3, store: MovingStore): void {
  for (const [key, { content, modified }] of Object.entries(store.files())) {
    s3.put(BUCKET, key, content, { lastModified: modified });
  }
}

/** Lets so much time pass that quarantine is served. */
export function passQuarantine(deployed: Deployed): void {
  deployed.now += 21 * HOUR;
}

/** A file of the ledger, as text. */
export function ledgerText({ s3 }: Deployed, key: string): string | null {
  const content = s3.object(LEDGER, key)?.content;
  return Buffer.isBuffer(content) ? content.toString('utf8') : null;
}

export function ledgerKeys({ s3 }: Deployed, prefix: string): readonly string[] {
  return s3.keys(LEDGER, prefix);
}

export async function putRules({ client }: ServedS3, rules: readonly object[], extra: object = {}): Promise<void> {
  const Rules = JSON.parse(JSON.stringify(rules), (key, value) => (key === 'Date' ? new Date(value) : value));
  await client.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket: BUCKET, LifecycleConfiguration: { Rules }, ...extra }),
  );
}
