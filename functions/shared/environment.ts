import type { FunctionName } from './function-names.ts';

/** Environment variables of the functions. The construct sets them, the handlers read them, docs/functions.md lists them. */

export const ENV = {
  /** Path of `steward.json`. */
  config: 'STEWARD_CONFIG',
  /** The text of `steward.json`, in place of the file. */
  json: 'STEWARD_JSON',
  /** URL of the ledger: `s3://bucket`. */
  ledger: 'STEWARD_LEDGER',
  /** The bucket that the stack created, which is the area; unset if `area` of the configuration lists buckets. */
  bucket: 'STEWARD_BUCKET',
  /** The CloudWatch namespace of the deployment's metrics. */
  namespace: 'STEWARD_NAMESPACE',
  /** Locations beside those that `area` of the configuration lists, as a JSON list of URLs; unset if there are none. */
  locations: 'STEWARD_LOCATIONS',
  /** ARN of the state machine that runs collections. */
  collection: 'STEWARD_COLLECTION',
  /** Names of the functions that other functions start. */
  undoFunction: 'STEWARD_UNDO_FUNCTION',
  rulesFunction: 'STEWARD_RULES_FUNCTION',
  manualFunction: 'STEWARD_MANUAL_FUNCTION',
  /** Unset where no function reads state files. */
  statesFunction: 'STEWARD_STATES_FUNCTION',
  /** Set where the state machine can run an area in shards. */
  inShards: 'STEWARD_IN_SHARDS',
  /** Objects of a shard, to try shards with a small area; unset in a deployment. */
  shardObjects: 'STEWARD_SHARD_OBJECTS',
  /** Name of the stack, for the commands that people are told. */
  stack: 'STEWARD_STACK',
  /** URL of the runbook, without the section. */
  runbook: 'STEWARD_RUNBOOK',
  /** Name of the dashboard; unset if there is none. */
  dashboard: 'STEWARD_DASHBOARD',
} as const;
export type EnvironmentVariable = (typeof ENV)[keyof typeof ENV];

const AREA: readonly EnvironmentVariable[] = [
  ENV.config,
  ENV.json,
  ENV.ledger,
  ENV.bucket,
  ENV.locations,
  ENV.namespace,
];

/** The variables that each function reads. */
export const ENVIRONMENT_OF: Readonly<Record<FunctionName, readonly EnvironmentVariable[]>> = {
  'checkpoint-completed': AREA,
  survey: [...AREA, ENV.inShards, ENV.shardObjects],
  collect: [...AREA, ENV.manualFunction, ENV.inShards, ENV.shardObjects],
  sweep: AREA,
  shards: [...AREA, ENV.shardObjects],
  shard: AREA,
  undo: AREA,
  guard: [...AREA, ENV.undoFunction],
  states: AREA,
  'lifecycle-rules': AREA,
  manual: [...AREA, ENV.collection, ENV.undoFunction, ENV.rulesFunction, ENV.statesFunction],
  'on-deploy': [ENV.rulesFunction, ENV.namespace],
  'notify-slack': [ENV.config, ENV.json, ENV.ledger, ENV.bucket, ENV.stack, ENV.runbook, ENV.dashboard, ENV.namespace],
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** The deployment is incomplete, whatever the event. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/** @throws DeploymentError if it is not set. */
export function requireEnv(environment: Environment, name: EnvironmentVariable): string {
  const value = environment[name];
  if (value === undefined || value === '') {
    throw new DeploymentError(
      `The environment variable ${name} is not set, so this function can't work. Nothing was done. Deploy the stack again, or set the variable.`,
    );
  }
  return value;
}
