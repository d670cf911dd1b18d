import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { loadConfig } from '#config/load-config.ts';
import { ConfigError } from '#config/steward-config.ts';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';
import { stewardProps } from '#infra/steward-props.ts';

try {
  const steward = stewardProps(await loadConfig(undefined, process.cwd()));
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new FlinkStewardStack(app, 'FlinkSteward', { steward });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
