import type { FunctionName } from './function-names.ts';

/** Environment variables of the functions: set by the construct, read by the handlers, told by the documentation. */

export const ENV = {
  /** Path of `steward.json`. */
  config: 'STEWARD_CONFIG',
  /** Where the ledger is kept: `s3://bucket`. */
  ledger: 'STEWARD_LEDGER',
  /** The bucket that the deployment made, which is the area; unset where the area is told by the configuration. */
  bucket: 'STEWARD_BUCKET',
  /** Names of the functions that others start. */
  sweepFunction: 'STEWARD_SWEEP_FUNCTION',
  undoFunction: 'STEWARD_UNDO_FUNCTION',
  rulesFunction: 'STEWARD_RULES_FUNCTION',
  manualFunction: 'STEWARD_MANUAL_FUNCTION',
  /** Where the runbook can be read: an address, to which the sections are added. */
  runbook: 'STEWARD_RUNBOOK',
  /** Name of the dashboard; unset where there is none. */
  dashboard: 'STEWARD_DASHBOARD',
} as const;
export type EnvironmentVariable = (typeof ENV)[keyof typeof ENV];

const AREA: readonly EnvironmentVariable[] = [ENV.config, ENV.ledger, ENV.bucket];

/** What each function reads. */
export const ENVIRONMENT_OF: Readonly<Record<FunctionName, readonly EnvironmentVariable[]>> = {
  'checkpoint-completed': AREA,
  survey: AREA,
  collect: [...AREA, ENV.sweepFunction, ENV.manualFunction],
  sweep: AREA,
  undo: AREA,
  'lifecycle-rules': AREA,
  manual: [...AREA, ENV.sweepFunction, ENV.undoFunction, ENV.rulesFunction],
  'on-deploy': [ENV.rulesFunction],
  'notify-slack': [ENV.config, ENV.ledger, ENV.manualFunction, ENV.runbook, ENV.dashboard],
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** The deployment lacks something that no event can mend. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/** @throws DeploymentError where it is not set. */
export function requireEnv(environment: Environment, name: EnvironmentVariable): string {
  const value = environment[name];
  if (value === undefined || value === '') {
    throw new DeploymentError(
      `The environment variable ${name} is not set, so this function can do nothing. Deploy the stack again, or set it.`,
    );
  }
  return value;
}
