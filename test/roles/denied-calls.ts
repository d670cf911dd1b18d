import type { AlarmId } from '#core/signals/alarms.ts';
import type { FunctionName } from '#functions/shared/function-names.ts';
import type { StewardJson } from '#infra/index.ts';
import { idOf, prepareBundles, type Resource, synthesise } from '#test/infra/synthesise.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import type { AwsCall } from './aws-call.ts';
import type { RecordedCall } from './recorded-calls.ts';
import { arnOf, isAllowed, type RoleStatement, roleOf } from './simulated-role.ts';

/** What the calls of the tests are held against: the roles that a deployment with the same configuration would have. */

/** A deployment in the tests, and what its functions asked for. */
export interface PlayedDeployment {
  readonly configuration: StewardJson;
  /** Of the ledger's bucket. */
  readonly ledger: string;
  /** Buckets that keep versions. */
  readonly versioned: readonly string[];
  readonly calls: readonly RecordedCall[];
}

/** Calls that the roles of the deployments don't allow, as sentences. */
export async function deniedCalls(deployments: readonly PlayedDeployment[]): Promise<readonly string[]> {
  const denied: string[] = [];
  const known = new Map<string, Roles>();
  for (const { configuration, ledger, versioned, calls } of deployments) {
    const key = JSON.stringify([configuration, ledger, versioned]);
    const roles = known.get(key) ?? rolesOf(configuration, ledger, versioned);
    known.set(key, roles);
    for (const call of calls) {
      if (!(await isAllowed(roles.inTheTemplate(call), roles.of(call.by)))) {
        denied.push(`${call.by} may not ${call.action} on ${call.resource} ${JSON.stringify(call.context)}`);
      }
    }
  }
  return denied;
}

/** The roles of one deployment. */
export interface Roles {
  /** The name of an alarm of the deployment. */
  alarm(id: AlarmId): string;
  of(name: FunctionName): readonly RoleStatement[];
  /** A call by the names that the template has for functions and for the metric namespace. */
  inTheTemplate(call: AwsCall): AwsCall;
}

/** What the tests call the functions that others start. */
const CALLED: Readonly<Record<string, FunctionName>> = {
  'the-undo': 'undo',
  'the-states': 'states',
  'the-rules': 'lifecycle-rules',
  'the-manual': 'manual',
};

/** @param versioned buckets that keep versions. */
export function rolesOf(configuration: StewardJson, ledger: string, versioned: readonly string[]): Roles {
  prepareBundles();
  const deploy = { ...configuration.deploy, ledgerBucket: ledger };
  const { resources, steward } = synthesise({ ...configuration, deploy }, { versionedBuckets: versioned });
  const known = new Map<FunctionName, readonly RoleStatement[]>();
  return {
    alarm: (id) => alarmOf(id, resources),
    of: (name) => {
      // Where the configuration names no bucket, the deployment has made the one of the tests.
      const role = known.get(name) ?? roleOf(resources, name, { StewardCheckpoints: BUCKET });
      known.set(name, role);
      return role;
    },
    inTheTemplate: (call) => {
      const started = CALLED[call.resource];
      if (started !== undefined) return { ...call, resource: arnOfFunction(started, resources) };
      if (call.action === 'states:StartExecution') return { ...call, resource: arnOfMachine(resources) };
      return call.action === 'cloudwatch:PutMetricData'
        ? { ...call, context: { 'cloudwatch:namespace': steward.metricNamespace } }
        : call;
    },
  };
}

function alarmOf(id: AlarmId, resources: Readonly<Record<string, Resource>>): string {
  const names = Object.values(resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::CloudWatch::Alarm' ? String(Properties.AlarmName) : [],
  );
  return names.find((name) => name.endsWith(`-${id}`)) ?? '';
}

function arnOfMachine(resources: Readonly<Record<string, Resource>>): string {
  const [id = ''] = Object.keys(resources).filter((one) => resources[one]?.Type === 'AWS::StepFunctions::StateMachine');
  return arnOf(id, resources);
}

function arnOfFunction(name: FunctionName, resources: Readonly<Record<string, Resource>>): string {
  const [id = ''] = Object.keys(resources).filter(
    (one) => one.startsWith(`Steward${idOf(name)}Function`) && resources[one]?.Type === 'AWS::Lambda::Function',
  );
  return arnOf(id, resources);
}
