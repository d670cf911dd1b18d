import { existsSync, readFileSync } from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { loadConfig } from '#config/load-config.ts';
import { ConfigError } from '#config/steward-config.ts';
import { buildFunctions } from '#functions/build.ts';
import type { StewardJson } from '#infra/flink-steward.ts';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';

try {
  // For its messages: the construct takes what is written there.
  await loadConfig(undefined, process.cwd());
  const configuration: StewardJson = existsSync('steward.json') ? JSON.parse(readFileSync('steward.json', 'utf8')) : {};
  await buildFunctions();
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const region = knownRegion(process.env);
  new FlinkStewardStack(app, 'FlinkSteward', {
    steward: { configuration, ...(region === undefined ? {} : { region }) },
  });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

/** Where nobody says it, the command line of CDK takes its own; then the deployment finds out. */
function knownRegion({ AWS_REGION, AWS_DEFAULT_REGION, CDK_DEFAULT_REGION }: NodeJS.ProcessEnv): string | undefined {
  const isGuess = CDK_DEFAULT_REGION === 'us-east-1' && AWS_REGION === undefined && AWS_DEFAULT_REGION === undefined;
  return isGuess ? undefined : CDK_DEFAULT_REGION;
}
