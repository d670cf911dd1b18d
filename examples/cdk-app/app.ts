import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { FlinkSteward } from 'flink-steward/cdk';

const app = new App();
const stack = new Stack(app, 'Flink');

// The bucket of your jobs, which this app makes or has long made. The steward changes nothing about it.
const state = new Bucket(stack, 'State');

const steward = new FlinkSteward(stack, 'Steward', {
  // It observes and deletes nothing. Once its plans are what you expect, say 'collect'.
  configuration: { mode: 'observe', collect: { checkpointTimeout: '10m' } },
  // execution.checkpointing.dir and its like point below s3://<this bucket>/flink.
  checkpointLocations: [{ bucket: state, prefix: 'flink' }],
});

// Whoever is on call may ask it, and act through it: steward --stack Flink audit
const onCall = new Role(stack, 'OnCall', { assumedBy: new AccountRootPrincipal() });
steward.grantInvokeManual(onCall);
steward.grantReadLedger(onCall);

// The output by which `steward --stack` finds it.
new CfnOutput(stack, 'ManualFunctionName', { value: steward.manualFunction.functionName });
