import { textOf } from './doc-script.ts';

/** Where a command of the pages is run: by the tests of its page, by another check, or nowhere, and why. */

/** What the tests of a page run. */
const RUN_HERE = /^(?:steward |node dist\/cli\/steward\.mjs |aws s3 sync |aws s3api )/;
/** Functions that are invoked by themselves. */
const INVOKED_HERE = /^aws lambda invoke --function-name "\$SurveyFunctionName" /;

/** What the AWS SDK that is installed says of their names is compared. */
const COMPARED = /^aws (?:cloudwatch|lambda|s3api|secretsmanager|stepfunctions) /;

/** Commands that others run: files of the project, each with what stands in it. */
export const RUN_ELSEWHERE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'npm ci': { '.ci/run': 'npm ci' },
  'npm run demo': { '.ci/run': 'npm run demo' },
  'npm run build': { '.ci/run': 'npm run build' },
  'npm run prepack': { 'package.json': '"package": "npm run prepack && ' },
  'npm pack': { 'test/packages/global-setup.ts': "('npm', ['pack', " },
  'npm install --global ./flink-steward-0.1.0.tgz': {
    'test/packages/command.package.ts': "folder.install(inject('tarball'))",
  },
  'npm install flink-steward aws-cdk-lib constructs': {
    'test/packages/construct.package.ts': "app.install(inject('tarball'), ",
    'examples/cdk-app/package.json': '"aws-cdk-lib":',
  },
  'npm run bench -- --write': {
    'package.json': '"bench": "tsx tools/bench/run.ts"',
    '.github/workflows/weekly.yml': "'bench']",
  },
  'npm run test:flink': { '.ci/run': 'npm run test:flink' },
  'npm test': {
    'package.json': '"test:coverage": "vitest run --coverage"',
    '.ci/run': 'npm run test:coverage',
  },
  'npx tsx test/flink/run.ts --only "failures, kill"': {
    'package.json': '"test:flink": "tsx test/flink/run.ts"',
    'test/flink/run.ts': "only: { type: 'string'",
    'test/flink/scenarios.ts': "name: 'rocksdb incremental, failures, kill -9'",
  },
  'npx tsx test/flink/run.ts --only "guard: a rule"': {
    'package.json': '"test:flink": "tsx test/flink/run.ts"',
    'test/flink/run.ts': "only: { type: 'string'",
    'test/flink/guarded.ts': "name: 'guard: a rule takes state, it comes back, Flink restores'",
  },
  'npx cdk synth': { 'package.json': '"synth": "cdk synth', '.ci/run': 'npm run synth' },
  'npx cdk bootstrap': { 'test/cloud/deployment.ts': "cdk('bootstrap'" },
  'npx cdk bootstrap aws://123456789012/eu-central-1': {
    'test/cloud/deployment.ts': "cdk('bootstrap', 'aws://123456789012/eu-central-1')",
  },
  'npx cdk deploy': { 'test/cloud/deployment.ts': "cdk('deploy'" },
  'npx cdk destroy': { 'test/cloud/deployment.ts': "cdk('destroy'" },
  'unzip flink-steward-cloudformation.zip -d flink-steward': {
    'tools/package/template.ts': "ARCHIVE = 'flink-steward-cloudformation.zip'",
    'test/cloud/packaged.ts': 'unzipSync(readFileSync(join(made, ARCHIVE)))',
  },
  'aws s3 cp --recursive flink-steward s3://my-assets/flink-steward': {
    'test/cloud/packaged.ts': 'buckets.put(ASSETS, ',
  },
  'aws cloudformation deploy --stack-name FlinkSteward --capabilities CAPABILITY_IAM --template-file flink-steward/flink-steward.template.json --s3-bucket my-assets --s3-prefix flink-steward --parameter-overrides AssetBucket=my-assets Bucket=my-bucket Prefix=flink AlarmMail=me@example.org':
    {
      'test/cloud/packaged.ts': "isNew ? 'create_stack' : 'update_stack'",
      'test/cloud/packaged.story.ts': 'await team.deploy({',
    },
  'MANUAL=$(aws cloudformation describe-stacks --stack-name FlinkSteward --output text --query "Stacks[0].Outputs[?OutputKey==\'ManualFunctionName\'].OutputValue")':
    {
      'infra/flink-steward-stack.ts': "new CfnOutput(this, 'ManualFunctionName'",
      'test/cloud/stack.ts': "const STACK = 'FlinkSteward'",
    },
};

const FAILED_EXECUTION = `EXECUTION=$(aws stepfunctions list-executions --state-machine-arn "$CollectionStateMachineArn" --status-filter FAILED --max-results 1 --query 'executions[0].executionArn' --output text)`;
const OUTPUTS = `eval "$(aws cloudformation describe-stacks --stack-name "$STEWARD_STACK" --output text --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]' | awk -F '\\t' '{ print $1 "=\\047" $2 "\\047" }')"`;
const JOB_ID = `FLINK_JOB_ID=$(flink list --running | grep -F "$JOB" | grep -oE '[0-9a-f]{32}')`;
const SETS = 'sets a variable of the shell';
const CLUSTER = 'needs a Flink cluster';
const PUBLISHED =
  'needs the published package; test/packages/command.package.ts installs and runs the one that is packed';
const EXECUTABLE = 'needs a release; test/packages/executable.package.ts runs the one that is built';
const DOCKER = 'needs Docker; test/packages/linters.ts lints the Dockerfile';
const RELEASED = 'needs a release';
const NO_CLIENT = 'needs AWS, and no client of the service is installed that would know its parameters';

/** Commands that nothing runs, each with the reason. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  'terraform show -json plan | steward rules lint -':
    'needs Terraform and a plan; test/cli/rules-lint.test.ts reads such a document from stdin',
  'source <(steward completion bash)': 'changes the shell; test/cli/completion.test.ts has shells that read the script',
  'git pull': 'fetches from wherever the project was cloned',
  'kubectl get flinkdeployment,flinksessionjob,flinkstatesnapshot -A -o json | steward pin --from - s3://my-bucket/flink':
    'needs a Kubernetes cluster; test/cli/pin-from.test.ts pins from such a document',
  'npx flink-steward audit s3://my-bucket/flink': PUBLISHED,
  'npm install --global flink-steward': PUBLISHED,
  'chmod +x steward-linux-x64': EXECUTABLE,
  './steward-linux-x64 audit s3://my-bucket/flink': EXECUTABLE,
  'docker run --rm -e AWS_REGION -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN ghcr.io/flink-steward/flink-steward:0.1.0 audit s3://my-bucket/flink':
    DOCKER,
  'docker build -t flink-steward .': DOCKER,
  'npm audit signatures': RELEASED,
  'gh attestation verify steward-linux-x64 --repo flink-steward/flink-steward': RELEASED,
  'sha256sum --check --ignore-missing SHA256SUMS': RELEASED,
  'npx cdk diff': 'compares with a stack that is deployed, which the stand-in for AWS does not keep as a template',
  'aws logs tail "$SurveyLogGroup" --since 2h --format short': NO_CLIENT,
  'aws logs tail "$SurveyLogGroup" --since 4h --format short': NO_CLIENT,
  'aws logs tail "$CheckpointCompletedLogGroup" --since 2h --format short': NO_CLIENT,
  'aws sqs receive-message --queue-url "$CheckpointsQueueUrl" --max-number-of-messages 10 --visibility-timeout 0 --message-attribute-names All':
    NO_CLIENT,
  'aws sqs receive-message --queue-url "$FailuresQueueUrl" --max-number-of-messages 10 --visibility-timeout 0 --message-attribute-names All':
    NO_CLIENT,
  'aws sqs purge-queue --queue-url "$CheckpointsQueueUrl"': NO_CLIENT,
  'aws sqs purge-queue --queue-url "$FailuresQueueUrl"': NO_CLIENT,
  [FAILED_EXECUTION]: 'needs an execution that failed',
  'export STEWARD_STACK=FlinkSteward': SETS,
  'JOB=orders-cdc': SETS,
  [OUTPUTS]: 'needs a deployment; test/runbook.test.ts runs it on what the AWS CLI prints',
  [JOB_ID]: CLUSTER,
  'flink savepoint "$FLINK_JOB_ID"': CLUSTER,
};

export function isRunHere(command: string): boolean {
  return RUN_HERE.test(command) || INVOKED_HERE.test(command);
}

/** The request of the AWS CLI whose names can be compared with the SDK's. */
export function comparedRequest(command: string): string | undefined {
  return COMPARED.test(command) ? command : undefined;
}

export function hasHome(command: string): boolean {
  return (
    isRunHere(command) ||
    comparedRequest(command) !== undefined ||
    Object.hasOwn(RUN_ELSEWHERE, command) ||
    Object.hasOwn(NOT_RUN, command)
  );
}

/** Whether a file holds a text, whatever the white space; of a script only what it runs counts. */
export function holds(file: string, text: string): boolean {
  const lines = textOf(file).split('\n');
  const counting = file === '.ci/run' ? lines.filter((line) => !/^\s*(?:#|step |printf )/.test(line)) : lines;
  return oneLine(counting.join('\n')).includes(oneLine(text));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
