import { Annotations, App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { loadConfigAsWritten } from '#config/load-config.ts';
import { ConfigError, parseConfigObject } from '#config/steward-config.ts';
import { buildFunctions } from '#functions/build.ts';
import { adoptedBuckets } from '#infra/area-of.ts';
import { type DeployedPlace, demandedPlace } from '#infra/deployed-place.ts';
import { findVersionedBuckets } from '#infra/find-versioned-buckets.ts';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';

try {
  const configuration = await loadConfigAsWritten(undefined, process.cwd());
  const config = parseConfigObject(configuration, 'steward.json');
  const place = knownPlace(process.env);
  // Before anything is built, and before there is an app: one that ends without a stack adds warnings of its own.
  const adopted = adoptedBuckets(config);
  demandedPlace(adopted, config, place);
  await buildFunctions();
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const { versioned, notes } = await findVersionedBuckets(adopted, place.region);
  const steward = { configuration, versionedBuckets: versioned, ...place };
  const stack = new FlinkStewardStack(app, config.deploy.stackName, { steward });
  for (const note of notes) {
    Annotations.of(stack).addInfoV2('flink-steward:versioned', note);
  }
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

/** Where nobody says it, the command line of CDK takes its own region; then the deployment finds out. */
function knownPlace(environment: NodeJS.ProcessEnv): DeployedPlace {
  const { AWS_REGION, AWS_DEFAULT_REGION, CDK_DEFAULT_REGION, CDK_DEFAULT_ACCOUNT } = environment;
  const isGuess = CDK_DEFAULT_REGION === 'us-east-1' && AWS_REGION === undefined && AWS_DEFAULT_REGION === undefined;
  return {
    ...(isGuess || CDK_DEFAULT_REGION === undefined ? {} : { region: CDK_DEFAULT_REGION }),
    ...(CDK_DEFAULT_ACCOUNT === undefined ? {} : { account: CDK_DEFAULT_ACCOUNT }),
  };
}
