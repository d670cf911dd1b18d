import type { PassedOver } from './findings.ts';

/** What cfn-lint finds in the templates of the samples, and why nothing is to be mended. */
export const PASSED_OVER: readonly PassedOver[] = [
  {
    rule: 'W3005',
    at: /^Resources\/Steward[A-Za-z]+Function[0-9A-F]{8}\/DependsOn\/\d+$/,
    message:
      /^'Steward[A-Za-z]+Role[0-9A-F]{8}' dependency already enforced by a 'GetAtt' at '[^']+\/Properties\/Role'$/,
    reason: 'the CDK lets each function wait for its role with all policies; naming the role twice changes no order',
  },
  {
    rule: 'W3005',
    at: /^Resources\/StewardCollectionMachine[0-9A-F]{8}\/DependsOn\/\d+$/,
    message: /^'StewardCollectionRole[0-9A-F]{8}' dependency already enforced by a 'GetAtt' at '[^']+\/RoleArn'$/,
    reason: 'the state machine waits for its role with all policies, since Step Functions tries it at once',
  },
  {
    rule: 'W3005',
    at: /^Resources\/StewardDeployed[0-9A-F]{8}\/DependsOn\/\d+$/,
    message:
      /^'Steward(?:Events|Deletions)Queue[0-9A-F]{8}' dependency already enforced by a 'GetAtt' at '[^']+\/Queue'$/,
    reason: 'the notifications wait for the policy of the queue, and the CDK names the queue together with its policy',
  },
  {
    rule: 'W3037',
    at: /^Resources\/StewardNotifySlackRole[0-9A-F]{8}\/Properties\/Policies\/0\/PolicyDocument\/Statement\/\d+\/Action$/,
    message: /^'describealarmcontributors' is not one of \[/,
    reason: 'cloudwatch:DescribeAlarmContributors exists; the list of cfn-lint is older',
  },
  {
    rule: 'E3002',
    at: /^Resources\/Wrong\/Properties\/Retention$/,
    message: /'Retention' was unexpected/,
    reason: 'it is wrong on purpose, to show that cfn-lint reads what it is given',
  },
];
