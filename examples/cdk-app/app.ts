import { App, CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { FlinkStateRules, FlinkSteward } from 'flink-steward/cdk';

const app = new App();
const stack = new Stack(app, 'Flink');

// The bucket of your jobs, which this app creates. The steward changes none of its settings.
const state = new Bucket(stack, 'State');

const steward = new FlinkSteward(stack, 'Steward', {
  // It observes and deletes nothing. Once its plans are what you expect, change the mode to 'collect'.
  configuration: { mode: 'observe', collect: { checkpointTimeout: '10m' } },
  // execution.checkpointing.dir and similar options point below s3://<this bucket>/flink.
  checkpointLocations: [{ bucket: state, prefix: 'flink' }],
});

// People on call may use it, such as with: steward --stack Flink audit
const onCall = new Role(stack, 'OnCall', { assumedBy: new AccountRootPrincipal() });
steward.grantInvokeManual(onCall);
steward.grantReadLedger(onCall);

// `steward --stack` finds the function by this output.
new CfnOutput(stack, 'ManualFunctionName', { value: steward.manualFunction.functionName });

// Synthesis fails if a lifecycle rule of this app would delete or archive state of Flink.
Validations.of(app).addPlugins(new FlinkStateRules());
