import { describe, expect, it } from 'vitest';
import { ConfigError } from '#config/steward-config.ts';
import { type Resource, readable, type Synthesised, synthesise, useSynthesis } from './synthesise.ts';

useSynthesis();

/** IAM user guide, "IAM and AWS STS quotas": characters without white space. */
const INLINE_QUOTA = 10_240;
const MANAGED_QUOTA = 6_144;

const BUCKET = 'company-flink-state-prod';

function teams(count: number): string[] {
  return Array.from(
    { length: count },
    (_, at) => `s3://${BUCKET}/teams/team-${String(at).padStart(3, '0')}/checkpoints`,
  );
}

/** As long as the longest name that a deployment may give. */
function lengthOf(document: unknown): number {
  return JSON.stringify(document, (_, value) => (isReference(value) ? nameOf(value) : joined(value))).length;
}

function isReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('Ref' in value || 'Fn::GetAtt' in value);
}

/** A partition is no longer than this, and all else that a deployment names no longer than a bucket. */
function nameOf(part: unknown): string {
  if (typeof part === 'string') return part;
  return JSON.stringify(part).includes('AWS::Partition') ? 'aws-us-gov' : 'n'.repeat(64);
}

function joined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('Fn::Join' in value)) return value;
  const [, parts] = value['Fn::Join'] as [string, unknown[]];
  return parts.map(nameOf).join('');
}

function ofType({ resources }: Synthesised, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(resources).filter(([, { Type }]) => Type === type);
}

describe('The policies of a role', () => {
  it.each([[1], [20], [60], [100]])('are no longer than IAM takes, with %d prefixes', (count) => {
    // Act
    const synthesised = synthesise({ area: teams(count), mode: 'collect' });

    // Assess
    for (const [id, { Properties }] of ofType(synthesised, 'AWS::IAM::Role')) {
      const policies = (Properties.Policies ?? []) as { PolicyDocument: unknown }[];
      const length = policies.reduce((sum, { PolicyDocument }) => sum + lengthOf(PolicyDocument), 0);
      expect(length, id).toBeLessThanOrEqual(INLINE_QUOTA);
      const attached = ofType(synthesised, 'AWS::IAM::ManagedPolicy').filter(([, policy]) =>
        JSON.stringify(policy.Properties.Roles).includes(`"${id}"`),
      );
      expect(attached.length, id).toBeLessThanOrEqual(10);
    }
    for (const [id, { Properties }] of ofType(synthesised, 'AWS::IAM::ManagedPolicy')) {
      expect(lengthOf(Properties.PolicyDocument), id).toBeLessThanOrEqual(MANAGED_QUOTA);
    }
  });

  it('are one inline policy where there is room, as in 0.1.0', () => {
    const synthesised = synthesise({ area: teams(3) });

    expect(ofType(synthesised, 'AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  it('let sweep delete the same keys, however they are spread', () => {
    // Act
    const synthesised = synthesise({ area: teams(60) });

    // Assess
    const statements = [...ofType(synthesised, 'AWS::IAM::Role'), ...ofType(synthesised, 'AWS::IAM::ManagedPolicy')]
      .filter(([id]) => id.startsWith('StewardSweep'))
      .flatMap(([, { Properties }]) =>
        [...((Properties.Policies as object[] | undefined) ?? []), Properties].flatMap(
          (policy) => (policy as { PolicyDocument?: { Statement: Statement[] } }).PolicyDocument?.Statement ?? [],
        ),
      );
    const allowed = statements.filter(
      ({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('s3:DeleteObject'),
    );
    expect(allowed.flatMap(({ Resource }) => readable(Resource)).toSorted()).toEqual(
      teams(60).map((url) => `arn:aws:s3:::${url.slice('s3://'.length)}/*`),
    );
    const fences = statements.filter(({ NotResource }) => NotResource !== undefined);
    expect(fences.map(({ Effect, Action, NotResource }) => [Effect, Action, readable(NotResource)])).toEqual([
      ['Deny', 's3:DeleteObject', [`arn:aws:s3:::${BUCKET}/teams/*`]],
    ]);
  });

  it('wait for nothing, while functions wait for them', () => {
    // Act
    const synthesised = synthesise({ area: teams(60) });

    // Assess
    const [sweep] = ofType(synthesised, 'AWS::Lambda::Function').filter(([id]) => id.startsWith('StewardSweep'));
    const managed = ofType(synthesised, 'AWS::IAM::ManagedPolicy').filter(([id]) => id.startsWith('StewardSweep'));
    expect(managed.length).toBeGreaterThan(0);
    expect(sweep?.[1].DependsOn).toEqual(expect.arrayContaining(managed.map(([id]) => id)));
  });

  it('are refused where a role can’t have so many, with what to do', () => {
    expect(() => synthesise({ area: teams(400) })).toThrow(ConfigError);
    expect(() => synthesise({ area: teams(400) })).toThrow(
      /^area has so many prefixes that the role of [\w-]+ would need \d+ managed policies, and IAM allows 10\. Name a common folder/,
    );
  });
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
}
