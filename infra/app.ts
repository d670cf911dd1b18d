import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { loadConfigAsWritten } from '#config/load-config.ts';
import { ConfigError } from '#config/steward-config.ts';
import { buildFunctions } from '#functions/build.ts';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';

try {
  const configuration = await loadConfigAsWritten(undefined, process.cwd());
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
