import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { FunctionName } from '#functions/shared/function-names.ts';
import { idOf, type Resource } from '#test/infra/synthesise.ts';
import type { AwsCall } from './aws-call.ts';

/** The role of a function as the template says it, evaluated as IAM does. */

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

export interface RoleStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: unknown;
}

/**
 * All statements of the role of a function, inline and managed, with what only the deployment knows filled in.
 *
 * @param resources of a template. @param names of made resources, by the start of their logical id.
 */
export function roleOf(
  resources: Readonly<Record<string, Resource>>,
  name: FunctionName,
  names: Readonly<Record<string, string>> = {},
): readonly RoleStatement[] {
  // Not the role of the state machine, which is called Collection.
  const own = new RegExp(`^Steward${idOf(name)}(?:Role|Policy)`);
  const policies = Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    if (!own.test(id)) return [];
    if (Type === 'AWS::IAM::Role') return (Properties.Policies ?? []) as { PolicyDocument: unknown }[];
    return Type === 'AWS::IAM::ManagedPolicy' || Type === 'AWS::IAM::Policy'
      ? [Properties as { PolicyDocument: unknown }]
      : [];
  });
  return policies.flatMap(
    ({ PolicyDocument }) => (filledIn(PolicyDocument, resources, names) as { Statement: RoleStatement[] }).Statement,
  );
}

/** Actions that exist and that the simulator's data leave out, each with one of the same resources that they know. */
const UNKNOWN_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['cloudwatch:DescribeAlarmContributors', 'cloudwatch:DescribeAlarms'],
]);

/** Whether a role allows a call. */
export async function isAllowed(call: AwsCall, statements: readonly RoleStatement[]): Promise<boolean> {
  const { resource, context } = call;
  const action = knownAction(call.action);
  const role = statements.map((one) => ({ ...one, Action: [one.Action].flat().map(knownAction) }));
  const result = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/function`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { ...context },
      },
      identityPolicies: [{ name: 'role', policy: { Version: '2012-10-17', Statement: role } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      // The keys of the deployment's buckets leave it to IAM, as keys do that the console makes.
      ...(action.startsWith('kms:') ? { resourcePolicy: KEY_POLICY } : {}),
    },
    {},
  );
  if (result.resultType === 'error') {
    throw new Error(`${action} on ${resource} can't be simulated: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
}

function knownAction(action: string): string {
  return UNKNOWN_ACTIONS.get(action) ?? action;
}

const KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

/** The ARN of what a logical id of the template becomes. */
export function arnOf(id: string, resources: Readonly<Record<string, Resource>>): string {
  const { Type = '', Properties } = resources[id] ?? {};
  const at = `${REGION}:${ACCOUNT}`;
  switch (Type) {
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${at}:function:${id}`;
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${at}:${id}`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${at}:log-group:${id}:*`;
    case 'AWS::StepFunctions::StateMachine':
      return `arn:aws:states:${at}:stateMachine:${filledIn(Properties?.StateMachineName ?? id, resources, {})}`;
    case 'AWS::KMS::Key':
      return `arn:aws:kms:${at}:key/${id}`;
    default:
      return id;
  }
}

function filledIn(
  value: unknown,
  resources: Readonly<Record<string, Resource>>,
  names: Readonly<Record<string, string>>,
): unknown {
  if (Array.isArray(value)) return value.map((one) => filledIn(one, resources, names));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return nameOf(Ref, resources, names);
  if (Array.isArray(attribute)) return arnOf(String(attribute[0]), resources);
  if (Array.isArray(join)) {
    const parts = (join[1] as unknown[]).map((part) => filledIn(part, resources, names));
    return parts.map(String).join('');
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledIn(one, resources, names)]));
}

function nameOf(
  id: string,
  resources: Readonly<Record<string, Resource>>,
  names: Readonly<Record<string, string>>,
): string {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::AccountId': ACCOUNT,
    'AWS::Region': REGION,
    'AWS::StackName': 'TestStack',
    'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/TestStack/11111111`,
  };
  const made = Object.entries(names).find(([start]) => id.startsWith(start))?.[1];
  // The reference to a state machine is its ARN.
  return pseudo[id] ?? made ?? (resources[id]?.Type === 'AWS::StepFunctions::StateMachine' ? arnOf(id, resources) : id);
}
