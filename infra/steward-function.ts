import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  Effect,
  type ManagedPolicy,
  PolicyDocument,
  type PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnEventInvokeConfig,
  CfnFunction,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import * as z from 'zod';
import type { EnvironmentVariable } from '#functions/shared/environment.ts';
import type { FunctionName } from '#functions/shared/function-names.ts';
import { bundleCode } from '#infra/bundle-code.ts';
import type { DeployedConfiguration } from '#infra/deployed-configuration.ts';
import { type Network, networkStatements } from '#infra/network.ts';
import { allow } from '#infra/permissions.ts';
import { attach, spread } from '#infra/role-policies.ts';

export interface StewardFunctionProps {
  readonly name: FunctionName;
  readonly description: string;
  /** The folder of the functions' bundles. */
  readonly bundles: string;
  /** What its role may do, in addition to writing its own log. */
  readonly statements: readonly PolicyStatement[];
  readonly environment: Partial<Record<EnvironmentVariable, string>>;
  /** Brings `steward.json`; @default - the function does not read it. */
  readonly configuration?: DeployedConfiguration;
  readonly timeout: Duration;
  /** MiB. */
  readonly memorySize: number;
  readonly logRetention: RetentionDays;
  /** For asynchronous invocations: how often a failed one is retried, and its on-failure destination. */
  readonly asynchronous?: { readonly retries: 0 | 1 | 2; readonly failures: IQueue };
  /** The network that it runs in. @default - none: it reaches what is public, and AWS. */
  readonly network?: Network;
}

/** One function with a role of its own, and a log that ends. */
export class StewardFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: StewardFunctionProps) {
    super(scope, id);
    const { asynchronous, configuration, network } = props;
    const statements = [...props.statements, ...(network === undefined ? [] : networkStatements())];
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const policies = spread(Stack.of(this), props.name, [
      allow('Log', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
      ...(asynchronous === undefined
        ? []
        : [allow('TellFailures', ['sqs:SendMessage'], [asynchronous.failures.queueArn])]),
      ...statements,
    ]);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Role of the function ${props.name} of Flink Steward.`,
      inlinePolicies: { steward: new PolicyDocument({ statements: [...policies.inline] }) },
    });
    acknowledgeWildcards(this.role, policies.inline);
    const managed = attach(this, this.role, policies);
    for (const [at, policy] of managed.entries()) {
      acknowledgeWildcards(policy, policies.managed[at] ?? []);
    }
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: bundleCode(this, props.bundles, props.name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      role: this.role,
      logGroup,
      timeout: props.timeout,
      memorySize: props.memorySize,
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        ...configuration?.environment,
        ...props.environment,
      },
      ...((configuration?.layers.length ?? 0) === 0 ? {} : { layers: [...(configuration?.layers ?? [])] }),
    });
    this.function.node.addDependency(...managed);
    if (network !== undefined && this.function.node.defaultChild instanceof CfnFunction) {
      // Not by the function's own props: those take a network with its zones, which nobody needs to say for this.
      this.function.node.defaultChild.vpcConfig = {
        subnetIds: [...network.subnetIds],
        securityGroupIds: [...network.securityGroupIds],
      };
    }
    if (asynchronous !== undefined) {
      // Not by the function's own props: those grant its role more than the one action above.
      new CfnEventInvokeConfig(this, 'Asynchronous', {
        functionName: this.function.functionName,
        qualifier: '$LATEST',
        maximumRetryAttempts: asynchronous.retries,
        maximumEventAgeInSeconds: Duration.hours(1).toSeconds(),
        destinationConfig: { onFailure: { destination: asynchronous.failures.queueArn } },
      }).node.addDependency(this.role);
    }
  }
}

/**
 * Each pattern by itself, as cdk-nag names it, so that a new one is looked at anew. Keys are not known before the objects
 * are there: what a role may touch of a bucket is told by the locations in `steward.json` and by what Flink and the ledger
 * call their files.
 */
export function acknowledgeWildcards(holder: Role | ManagedPolicy, statements: readonly PolicyStatement[]): void {
  const patterns = statements
    .filter(({ effect }) => effect === Effect.ALLOW)
    .flatMap(({ resources }) => resources)
    .filter((resource) => resource.includes('*'));
  for (const pattern of new Set(patterns.map((resource) => nameOfFinding(Stack.of(holder).resolve(resource))))) {
    Validations.of(holder).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${pattern}]`,
      reason: reasonFor(pattern),
    });
  }
}

function reasonFor(pattern: string): string {
  if (pattern === '*') {
    return 'These actions support no resources: metrics are restricted by their namespace, and the actions with which Lambda attaches a function to a network are denied to the code of the function.';
  }
  if (pattern.includes(':execution:')) return 'The names of the executions of items are not known in advance.';
  return pattern.endsWith('*_metadata') || pattern.endsWith('*metadata*')
    ? 'Every checkpoint and savepoint has an object of that name, and its directory is not known in advance. People keep copies of it under names that contain it.'
    : 'The keys are not known in advance; the pattern contains the bucket and the prefix that the steward manages.';
}

/** As cdk-nag writes a resource: references in angle brackets, and as JSON those that it does not know. */
function nameOfFinding(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  const known = resolvedSchema.safeParse(resolved).data;
  if (known === undefined) return JSON.stringify(resolved);
  if ('Fn::Join' in known) return known['Fn::Join'][1].map(nameOfFinding).join(known['Fn::Join'][0]);
  if ('Fn::GetAtt' in known) return `<${known['Fn::GetAtt'].join('.')}>`;
  return 'Ref' in known ? `<${known.Ref}>` : nameOfFinding(known['Fn::ImportValue']);
}

const resolvedSchema = z.union([
  z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
  z.object({ 'Fn::ImportValue': z.unknown() }),
  z.object({ Ref: z.string() }),
]);
