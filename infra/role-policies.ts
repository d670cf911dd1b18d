import type { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyDocument, type PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ConfigError } from '#config/config-error.ts';

/**
 * Spreads what a role may do over its inline policy and managed policies, since each has only so much room (IAM user guide,
 * "IAM and AWS STS quotas", characters without white space). CloudFormation finds that out late, and says it badly.
 */

/** Of all inline policies of a role together. The quota is 10,240. */
const INLINE_ROOM = 9_800;
/** Of a managed policy. The quota is 6,144. */
const MANAGED_ROOM = 5_800;
/** Managed policies of a role, without asking for more. */
const MOST_MANAGED = 10;
/** What a name takes that only the deployment knows: a bucket's has 63 characters at most, an ARN some more. */
const UNKNOWN = 'x'.repeat(80);
/** The longest of what AWS calls these. */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::AccountId': '123456789012',
  'AWS::Region': 'ap-southeast-1',
};
/** What a document has around its statements. */
const AROUND = 60;

/** The statements of one role, by policy. */
export interface RolePolicies {
  readonly inline: readonly PolicyStatement[];
  /** Of managed policies, mostly none. */
  readonly managed: readonly (readonly PolicyStatement[])[];
}

/**
 * The first statements are inline, as far as there is room.
 *
 * @param name of the function, for the message.
 * @throws ConfigError where they are more than a role can have.
 */
export function spread(stack: Stack, name: string, statements: readonly PolicyStatement[]): RolePolicies {
  const inline: PolicyStatement[] = [];
  const managed: PolicyStatement[][] = [];
  let inlineRoom = INLINE_ROOM - AROUND;
  let managedRoom = 0;
  for (const statement of statements.flatMap((one) => inParts(stack, one))) {
    const length = lengthOf(stack, statement);
    if (length <= inlineRoom) {
      inline.push(statement);
      inlineRoom -= length;
      continue;
    }
    if (length > managedRoom) {
      managed.push([]);
      managedRoom = MANAGED_ROOM - AROUND;
    }
    managed.at(-1)?.push(statement);
    managedRoom -= length;
  }
  if (managed.length > MOST_MANAGED) {
    throw new ConfigError(
      `area has so many prefixes that the role of ${name} would need ${managed.length} managed policies, and IAM allows ${MOST_MANAGED}. Name a common folder of several prefixes in place of them, or deploy once for each part of the area. Nothing is synthesised.`,
    );
  }
  return { inline, managed };
}

/** Attaches the managed policies. @returns what a function with the role has to wait for. */
export function attach(scope: Construct, role: Role, { managed }: RolePolicies): readonly ManagedPolicy[] {
  return managed.map(
    (statements, at) =>
      new ManagedPolicy(scope, `Policy${at + 1}`, {
        description: 'What the inline policy of the role has no room for.',
        document: new PolicyDocument({ statements: [...statements] }),
        roles: [role],
      }),
  );
}

/** A statement, or several with a part of its resources each, so that each one fits into a policy. */
function inParts(stack: Stack, statement: PolicyStatement): readonly PolicyStatement[] {
  const { resources } = statement;
  if (lengthOf(stack, statement) <= MANAGED_ROOM / 2 || resources.length < 2) return [statement];
  const middle = Math.ceil(resources.length / 2);
  return [resources.slice(0, middle), resources.slice(middle)].flatMap((part, at) =>
    inParts(stack, statement.copy({ sid: `${statement.sid ?? ''}${at + 1}`, resources: part })),
  );
}

function lengthOf(stack: Stack, statement: PolicyStatement): number {
  return JSON.stringify(known(stack.resolve(statement.toStatementJson()))).length + 1;
}

/** With something long in place of what only the deployment knows. */
function known(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[key, content] = ['', null]] = entries;
  if (key === 'Fn::Join' && Array.isArray(content)) return [content[1]].flat().map(known).join('');
  if (key === 'Ref' || key.startsWith('Fn::')) return PSEUDO[String(content)] ?? UNKNOWN;
  return Object.fromEntries(entries.map(([name, one]) => [name, known(one)]));
}
