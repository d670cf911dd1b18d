import { Aws, Duration, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { guardOf } from '#config/guard.ts';
import { maySavepointsGo } from '#config/retention.ts';
import type { StewardConfig } from '#config/steward-config.ts';
import { ENV, type EnvironmentVariable } from '#functions/shared/environment.ts';
import type { FunctionName } from '#functions/shared/function-names.ts';
import { BATCH_TIMEOUT } from '#infra/checkpoint-events.ts';
import type { CollectionName } from '#infra/collection.ts';
import type { DeployedConfiguration } from '#infra/deployed-configuration.ts';
import type { Network } from '#infra/network.ts';
import { allow, type Permissions } from '#infra/permissions.ts';
import { StewardFunction } from '#infra/steward-function.ts';
import type { DeployedFunctions } from '#infra/watching-props.ts';

export interface StewardFunctionsProps {
  readonly config: StewardConfig;
  readonly permissions: Permissions;
  /** `s3://bucket`. */
  readonly ledger: string;
  /** The bucket that the deployment makes; null where all are adopted. */
  readonly made: string | null;
  /** The buckets to whose notifications the deployment adds its own. */
  readonly notifying: readonly string[];
  /** URLs of locations that the configuration does not name; they may hold tokens. */
  readonly locationsOfApp: readonly string[];
  readonly queue: Queue;
  /** The queue of deletions; null where nothing is guarded. */
  readonly deletions: Queue | null;
  /** The state machine that `manual` starts. */
  readonly collection: CollectionName;
  readonly failures: Queue;
  readonly configuration: DeployedConfiguration;
  readonly bundles: string;
  /** MiB, of those that survey. */
  readonly memorySize: number;
  readonly logRetention: RetentionDays;
  /** The CloudWatch namespace of the deployment. */
  readonly namespace: string;
  /** Where those run that ask Flink's clusters; null where these are reached without. */
  readonly network: Network | null;
}

/** The longest that Lambda lets a function run. */
const LONGEST = Duration.minutes(15);
const SMALL_MEMORY = 512;
/** It holds the live set: two megabytes for a million names. */
const GUARD_MEMORY = 1_024;
const TAKE_MESSAGES = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** Files of the ledger that the functions with small roles use; documents end in `@`. */
const PROBE = 'conditional-writes@';
const MATTERED = 'mattered-metrics@';

/** All functions but the one that tells Slack, each with what it may do and how it is started. */
export function createFunctions(scope: Construct, props: StewardFunctionsProps): DeployedFunctions {
  const { config, permissions: may, queue, failures } = props;
  const writesRules = (config.lifecycle.manage ?? (props.made === null ? 'check' : 'write')) === 'write';
  const area = {
    [ENV.ledger]: props.ledger,
    ...(props.made === null ? {} : { [ENV.bucket]: props.made }),
    ...(props.locationsOfApp.length === 0
      ? {}
      : { [ENV.locations]: Stack.of(scope).toJsonString([...props.locationsOfApp]) }),
  };
  const create = (name: FunctionName, own: Own): LambdaFunction => {
    const { retries, reads = true, environment = {}, ...others } = own;
    const made = new StewardFunction(scope, idOf(name), {
      name,
      bundles: props.bundles,
      logRetention: props.logRetention,
      ...others,
      environment: { [ENV.namespace]: props.namespace, ...(reads ? area : {}), ...environment },
      ...(reads ? { configuration: props.configuration } : {}),
      ...(retries === undefined ? {} : { asynchronous: { retries, failures } }),
    });
    return made.function;
  };
  const surveying = {
    timeout: LONGEST,
    memorySize: props.memorySize,
    retries: 0,
    ...(props.network === null ? {} : { network: props.network }),
  } as const;

  const completed = create('checkpoint-completed', {
    description: 'Records and publishes size and time of each completed checkpoint.',
    timeout: BATCH_TIMEOUT,
    memorySize: SMALL_MEMORY,
    statements: [
      ...may.readSingleRoots(),
      ...may.ledger('observations/*', MATTERED, PROBE),
      ...may.readLedger(),
      ...may.publish(),
      allow('TakeMessages', TAKE_MESSAGES, [queue.queueArn]),
    ],
  });
  const { mode, heal } = guardOf(config);
  const heals = mode !== 'off' && heal !== false;
  const undo = create('undo', {
    ...surveying,
    description: 'Puts back what a run retired or deleted. Can delete nothing but delete markers.',
    statements: [
      ...may.readRoots(),
      ...may.ledger(),
      ...may.mark(),
      ...may.seeVersions(),
      ...may.restore(),
      ...(heals ? may.readHiddenRoots() : []),
    ],
  });
  const survey = create('survey', {
    ...surveying,
    description: 'Surveys the area, records garbage in the ledger, and publishes metrics. Deletes nothing.',
    environment: { ...(heals ? names({ [ENV.undoFunction]: undo }) : {}), ...inShardsIf(config) },
    statements: [
      ...may.readRoots(),
      ...may.readRest(),
      ...may.seeMarkers(),
      ...may.ledger(),
      ...may.seeRules(),
      ...may.seeOlderVersions(),
      ...may.seeUploads(),
      ...may.publish(),
      ...(heals ? [starts(undo)] : []),
    ],
  });
  const sweep = create('sweep', {
    ...surveying,
    description: 'Deletes the objects of a plan that are still garbage. The only function that may delete.',
    statements: [
      // It may read whatever it may delete, the roots too.
      ...may.listArea(),
      ...may.readRest(),
      ...may.ledger(),
      ...may.mark(),
      ...may.sweep(maySavepointsGo(config)),
      ...may.publish(),
    ],
  });
  const { deletions } = props;
  const guard =
    deletions === null
      ? null
      : create('guard', {
          description: 'Hears of deleted objects, and raises the alarm where live state is among them.',
          timeout: BATCH_TIMEOUT,
          memorySize: GUARD_MEMORY,
          environment: names({ [ENV.undoFunction]: undo }),
          statements: [
            ...may.readSingleRoots(),
            ...may.readLedger(),
            ...may.rememberLosses(),
            ...may.seeRules(),
            ...may.publish(),
            ...(heals ? [starts(undo)] : []),
            allow('TakeMessages', TAKE_MESSAGES, [deletions.queueArn]),
          ],
        });
  const rules = create('lifecycle-rules', {
    description: "Compares the lifecycle rules of the buckets with the configuration, and writes the steward's own.",
    timeout: LONGEST,
    memorySize: props.memorySize,
    retries: 1,
    statements: [
      ...may.readRoots(),
      ...may.seeRules(),
      ...(writesRules ? may.writeRules() : []),
      ...may.readLedger(),
      ...may.ledger('lifecycle-rules@', 'hazards@', MATTERED, PROBE),
      ...may.publish(),
    ],
  });
  const states =
    config.states === undefined
      ? null
      : create('states', {
          ...surveying,
          description: 'Reads the ends of state files, and says which states make up a job. The only one that may.',
          statements: [...may.readState(), ...may.rememberStates(), ...may.publish()],
        });
  const manual = create('manual', {
    ...surveying,
    description:
      'Answers people: {"action":"audit"}. Can delete nothing; it starts the state machine whose function can.',
    environment: {
      ...names({
        [ENV.undoFunction]: undo,
        [ENV.rulesFunction]: rules,
        ...(states === null ? {} : { [ENV.statesFunction]: states }),
      }),
      [ENV.collection]: props.collection.arn,
    },
    statements: [
      ...may.readRoots(),
      ...may.readRest(),
      ...may.ledger(),
      ...may.mark(),
      ...may.seeVersions(),
      ...may.seeRules(),
      ...may.seeUploads(),
      starts(undo, rules, ...(states === null ? [] : [states])),
      allow('StartCollection', ['states:StartExecution'], [props.collection.arn]),
    ],
  });
  const collect = create('collect', {
    ...surveying,
    description: 'Plans what to delete. Deletes nothing, and starts nothing.',
    environment: {
      ...names({ [ENV.manualFunction]: manual }),
      ...inShardsIf(config),
    },
    statements: [...may.readRoots(), ...may.readRest(), ...may.seeMarkers(), ...may.ledger()],
  });
  const inShards =
    config.deploy.shards === 'off'
      ? {}
      : {
          shards: create('shards', {
            ...surveying,
            description: 'Says what is next in a collection in shards. Deletes nothing.',
            statements: [...may.listArea(), ...may.seeMarkers(), ...may.ledger()],
          }),
          shard: create('shard', {
            ...surveying,
            description: 'Does one item of a collection in shards, such as judging a shard. Deletes nothing.',
            statements: [...may.readRoots(), ...may.readRest(), ...may.ledger()],
          }),
        };
  const onDeploy = create('on-deploy', {
    description: 'Adds the notifications of the buckets with the stack, and removes them with the stack.',
    timeout: Duration.minutes(5),
    memorySize: SMALL_MEMORY,
    reads: false,
    environment: names({ [ENV.rulesFunction]: rules }),
    statements: [
      ...may.notifications(props.notifying),
      allow('SeeOwnStack', ['cloudformation:DescribeStacks'], [Aws.STACK_ID]),
      ...may.publish(),
      starts(rules),
    ],
  });
  return {
    'checkpoint-completed': completed,
    survey,
    collect,
    sweep,
    undo,
    ...(guard === null ? {} : { guard }),
    ...(states === null ? {} : { states }),
    'lifecycle-rules': rules,
    manual,
    'on-deploy': onDeploy,
    ...inShards,
  };
}

/** Tells a function that surveys that the state machine can run an area in shards. */
function inShardsIf(config: StewardConfig): Record<string, string> {
  return config.deploy.shards === 'off' ? {} : { [ENV.inShards]: 'yes' };
}

interface Own {
  readonly description: string;
  readonly timeout: Duration;
  readonly memorySize: number;
  readonly statements: readonly PolicyStatement[];
  /** Of a failed start; left out where somebody waits for the answer. */
  readonly retries?: 0 | 1 | 2;
  readonly network?: Network;
  readonly environment?: Partial<Record<EnvironmentVariable, string>>;
  /** Whether it reads configuration and ledger. @default true */
  readonly reads?: boolean;
}

function names(
  functions: Partial<Record<EnvironmentVariable, LambdaFunction>>,
): Partial<Record<EnvironmentVariable, string>> {
  return Object.fromEntries(Object.entries(functions).map(([name, { functionName }]) => [name, functionName]));
}

function starts(...functions: readonly LambdaFunction[]): PolicyStatement {
  return allow(
    'Start',
    ['lambda:InvokeFunction'],
    functions.map(({ functionArn }) => functionArn),
  );
}

/** `checkpoint-completed` is `CheckpointCompleted`. */
function idOf(name: FunctionName): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
