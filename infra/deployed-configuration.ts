import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { Architecture, Code, type ILayerVersion, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV, type EnvironmentVariable } from '#functions/shared/environment.ts';
import { refuse } from '#infra/area-of.ts';

/** `steward.json` for the functions. */
export interface DeployedConfiguration {
  readonly layers: readonly ILayerVersion[];
  readonly environment: Readonly<Partial<Record<EnvironmentVariable, string>>>;
  /** What changes with the configuration, for the resource that hears of each deployment. */
  readonly said: { readonly ConfigurationHash: string } | { readonly Configuration: string };
}

/** By which way the functions get it. */
export type ConfigurationIn = 'layer' | 'environment';

/** Where Lambda puts what a layer brings. */
const CONFIG_PATH = '/opt/steward.json';
/** What all environment variables of a function may hold together is 4 KB: Lambda developer guide, "Quotas". */
const MOST_CHARACTERS = 2_000;

/** @throws ConfigError where the environment has no room for it. */
export function deployedConfiguration(scope: Construct, text: string, way: ConfigurationIn): DeployedConfiguration {
  if (way === 'layer') {
    return {
      layers: [configurationLayer(scope, text)],
      environment: { [ENV.config]: CONFIG_PATH },
      // The text itself would stand in every event.
      said: { ConfigurationHash: createHash('sha256').update(text).digest('hex') },
    };
  }
  if (text.length > MOST_CHARACTERS) {
    refuse(
      `The configuration has ${text.length} characters, and the environment of a function has room for ${MOST_CHARACTERS} of it. Set configurationIn to "layer".`,
    );
  }
  return { layers: [], environment: { [ENV.json]: text }, said: { Configuration: text } };
}

/**
 * As a layer, since the environment of a function holds 4 KB in all, and since it is part of the template then: what ran
 * with which configuration can be told.
 */
function configurationLayer(scope: Construct, text: string): LayerVersion {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  // Beside the template that names it, and so gone with it.
  const folder = join(Stage.of(scope)?.outdir ?? 'cdk.out', `steward-json-${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'steward.json'), text);
  return new LayerVersion(scope, 'Configuration', {
    description: 'steward.json of Flink Steward',
    compatibleRuntimes: [Runtime.NODEJS_24_X],
    compatibleArchitectures: [Architecture.ARM_64],
    code: Code.fromAsset(folder),
  });
}
