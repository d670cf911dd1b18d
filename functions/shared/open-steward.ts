import * as z from 'zod';
import type { AreaEntry } from '#config/steward-config.ts';
import { type LedgeredSteward, openSteward } from '#steward/steward.ts';
import { deployedConfig } from './deployed-config.ts';
import { DeploymentError, ENV, type Environment, requireEnv } from './environment.ts';
import type { Runtime } from './runtime.ts';

/** The steward with the configuration of the deployment. */
export interface DeployedSteward extends LedgeredSteward {
  /** The URLs of the locations, as in the configuration. */
  readonly places: readonly string[];
  /** Whether the stack created the bucket. If so, the steward writes its lifecycle rules by default. */
  readonly owned: boolean;
}

/** @throws DeploymentError, ConfigError, LocationError */
export async function openDeployedSteward(runtime: Runtime, signal?: AbortSignal): Promise<DeployedSteward> {
  const { environment, clock, connection = {} } = runtime;
  const config = await deployedConfig(environment);
  const ledger = requireEnv(environment, ENV.ledger);
  const bucket = environment[ENV.bucket];
  const named = config.area.filter((entry): entry is AreaEntry & { kind: 's3' } => entry.kind === 's3');
  const listed = [...named, ...locationsOf(environment).map((url) => ({ kind: 's3', url }) as const)];
  const owned = bucket !== undefined && listed.length === 0;
  const entries = owned ? [{ kind: 's3', url: `s3://${bucket}` } as const] : listed;
  if (entries.length === 0) {
    throw new DeploymentError(
      `Neither "area" of steward.json nor ${ENV.bucket} contains a bucket, so there is no area to scan. Nothing was done. Deploy the stack again.`,
    );
  }
  const steward = await openSteward({ config, entries, ledger, cwd: '/', clock, connection, signal });
  return { ...steward, places: entries.map(({ url }) => url), owned };
}

/** @throws DeploymentError */
function locationsOf(environment: Environment): readonly string[] {
  const text = environment[ENV.locations];
  if (text === undefined || text === '') return [];
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch (error) {
    throw new DeploymentError(
      `The environment variable ${ENV.locations} is no JSON list of URLs, so this function does not know its area. Nothing was done. Deploy the stack again.`,
      { cause: error },
    );
  }
}

/** Whether the deployment lets `lifecycle-rules` write rules: its role depends on the same. */
export function writesRules({ config, owned }: DeployedSteward): boolean {
  return (config.lifecycle.manage ?? (owned ? 'write' : 'check')) === 'write';
}
