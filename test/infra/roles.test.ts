import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '#functions/shared/function-names.ts';
import { type Statement, statementsOf, synthesise, useSynthesis } from './synthesise.ts';

useSynthesis();

const ADOPTED = { area: ['s3://one/flink/checkpoints', 's3://one/flink/savepoints', 's3://two'] };

function actionsOf(statements: Readonly<Record<string, Statement>>, effect: 'Allow' | 'Deny'): string[] {
  return Object.values(statements)
    .filter(({ Effect }) => Effect === effect)
    .flatMap(({ Action }) => Action);
}

/** As IAM writes a character that stands for itself. */
function escaped(character: string): string {
  return `$\{${character}}`;
}

describe('The roles', () => {
  it.each([
    ['a bucket of its own', {}],
    ['adopted buckets', ADOPTED],
    ['shards', { ...ADOPTED, deploy: { shards: 'auto' } }],
  ] as const)('let nobody but sweep delete, with %s', (_, configuration) => {
    // Act
    const synthesised = synthesise(configuration);

    // Assess
    const deleting = FUNCTION_NAMES.filter((name) =>
      actionsOf(statementsOf(synthesised, name), 'Allow').includes('s3:DeleteObject'),
    );
    expect(deleting).toEqual(['sweep']);
    const ofVersions = FUNCTION_NAMES.filter((name) =>
      actionsOf(statementsOf(synthesised, name), 'Allow').includes('s3:DeleteObjectVersion'),
    );
    expect(ofVersions).toEqual([]);
  });

  it('let undo remove delete markers where a bucket keeps versions, and in no other', () => {
    // Act
    const synthesised = synthesise({
      area: [{ bucket: 's3://one/flink', versioned: true }, { bucket: 's3://two', versioned: false }, 's3://three'],
    });

    // Assess
    const ofVersions = FUNCTION_NAMES.filter((name) =>
      actionsOf(statementsOf(synthesised, name), 'Allow').includes('s3:DeleteObjectVersion'),
    );
    expect(ofVersions).toEqual(['undo']);
    expect(statementsOf(synthesised, 'undo').TakeDeleteMarkersAway).toMatchObject({
      Action: 's3:DeleteObjectVersion',
      Resource: ['arn:aws:s3:::one/flink/*'],
    });
  });

  it('name every action, none by a wildcard', () => {
    // Act
    const synthesised = synthesise(ADOPTED);

    // Assess
    const all = FUNCTION_NAMES.flatMap((name) => actionsOf(statementsOf(synthesised, name), 'Allow'));
    expect(all.filter((action) => action.includes('*'))).toEqual([]);
    const resources = FUNCTION_NAMES.flatMap((name) =>
      Object.values(statementsOf(synthesised, name)).flatMap(({ Sid, Effect, Resource }) =>
        Effect === 'Allow' && Sid !== 'Publish' ? Resource : [],
      ),
    );
    expect(resources).not.toContain('*');
    for (const name of FUNCTION_NAMES) {
      const { Publish } = statementsOf(synthesised, name);
      if (Publish === undefined) continue;
      expect(Publish, name).toMatchObject({
        Action: 'cloudwatch:PutMetricData',
        Condition: {
          StringEquals: {
            'cloudwatch:namespace': [
              expect.stringMatching(/^FlinkSteward\/TestStack-Steward-[0-9A-F]+$/),
              'FlinkSteward',
            ],
          },
        },
      });
    }
  });

  it('have sweep delete in the area alone, never savepoints, and never versions', () => {
    // Act
    const { DeleteByETag, NeverSavepoints, NeverOutsideTheArea, NeverVersions } = statementsOf(
      synthesise(ADOPTED),
      'sweep',
    );

    // Assess
    const area = ['arn:aws:s3:::one/flink/checkpoints/*', 'arn:aws:s3:::one/flink/savepoints/*', 'arn:aws:s3:::two/*'];
    expect(DeleteByETag).toMatchObject({
      Effect: 'Allow',
      Action: ['s3:DeleteObject', 's3:GetObject'],
      Resource: area,
    });
    expect(NeverSavepoints).toMatchObject({
      Effect: 'Deny',
      Action: 's3:DeleteObject',
      Resource: area.map((arn) => `${arn}savepoint-??????-????????????/*`),
    });
    expect(NeverOutsideTheArea).toMatchObject({ Effect: 'Deny', Action: 's3:DeleteObject', NotResource: area });
    expect(NeverVersions).toMatchObject({ Effect: 'Deny', Action: 's3:DeleteObjectVersion', Resource: ['*'] });
  });

  it('demand of each deletion that it is conditional only where the configuration says so', () => {
    // Act
    const { DeleteByETag, ReadToDelete } = statementsOf(
      synthesise({ ...ADOPTED, deploy: { requireIfMatch: true } }),
      'sweep',
    );

    // Assess
    expect(DeleteByETag).toMatchObject({ Action: 's3:DeleteObject', Condition: { Null: { 's3:if-match': 'false' } } });
    expect(ReadToDelete).toMatchObject({ Action: 's3:GetObject', Resource: DeleteByETag?.Resource });
    expect(statementsOf(synthesise(ADOPTED), 'sweep').DeleteByETag).not.toHaveProperty('Condition');
  });

  it('let survey see what its page shows: incomplete uploads, and older versions', () => {
    // Act
    const { SeeUploads, SeeParts, SeeOlderVersions } = statementsOf(synthesise(ADOPTED), 'survey');

    // Assess
    const buckets = ['arn:aws:s3:::one', 'arn:aws:s3:::two'];
    expect(SeeUploads).toMatchObject({ Action: 's3:ListBucketMultipartUploads', Resource: buckets });
    expect(SeeParts).toMatchObject({ Action: 's3:ListMultipartUploadParts' });
    expect(SeeOlderVersions).toMatchObject({ Action: 's3:ListBucketVersions', Resource: buckets });
  });

  it.each([[{ retain: [{ path: '**', savepoints: { keepLast: 3 } }] }], [{ collect: { failedSavepoints: true } }]])(
    'let sweep delete savepoints where the configuration says %j',
    (policy) => {
      expect(statementsOf(synthesise({ ...ADOPTED, ...policy }), 'sweep')).not.toHaveProperty('NeverSavepoints');
    },
  );

  it('let undo write roots and the marker alone, and take delete markers away', () => {
    // Act
    const { PutRootsBack, Mark, NeverDelete } = statementsOf(synthesise({ area: ['s3://one/flink'] }), 'undo');

    // Assess
    expect(PutRootsBack).toMatchObject({ Action: 's3:PutObject', Resource: ['arn:aws:s3:::one/flink/*_metadata'] });
    expect(Mark).toMatchObject({ Resource: ['arn:aws:s3:::one/flink/*.flink-steward.json'] });
    expect(NeverDelete).toMatchObject({ Effect: 'Deny', Action: 's3:DeleteObject', Resource: ['*'] });
  });

  it('list a bucket below the prefixes of the area, and let a read tell what is absent', () => {
    // Act
    const statements = statementsOf(synthesise({ area: ['s3://one/a$b', 's3://one/c'] }), 'survey');

    // Assess
    expect(statements.List1).toMatchObject({
      Action: 's3:ListBucket',
      Resource: ['arn:aws:s3:::one'],
      Condition: {
        StringLikeIfExists: { 's3:prefix': [`a${escaped('$')}b/*`, 'c/*'] },
      },
    });
    expect(statements.ReadRoots).toMatchObject({
      Action: 's3:GetObject',
      Resource: [`arn:aws:s3:::one/a${escaped('$')}b/*metadata*`, 'arn:aws:s3:::one/c/*metadata*'],
    });
  });

  it('let lifecycle-rules write the rules of a bucket of its own, and of an adopted one only when told to', () => {
    const mayWrite = (configuration: object) =>
      'WriteRules' in statementsOf(synthesise(configuration), 'lifecycle-rules');

    expect(mayWrite({})).toBe(true);
    expect(mayWrite({ lifecycle: { manage: 'check' } })).toBe(false);
    expect(mayWrite(ADOPTED)).toBe(false);
    expect(mayWrite({ ...ADOPTED, lifecycle: { manage: 'write' } })).toBe(true);
  });

  it('let nobody write lifecycle rules or notifications beside', () => {
    // Act
    const synthesised = synthesise();

    // Assess
    const with_ = (action: string) =>
      FUNCTION_NAMES.filter((name) => actionsOf(statementsOf(synthesised, name), 'Allow').includes(action));
    expect(with_('s3:PutLifecycleConfiguration')).toEqual(['lifecycle-rules']);
    expect(with_('s3:PutBucketNotification')).toEqual(['on-deploy']);
    expect(statementsOf(synthesised, 'on-deploy').Notifications).toMatchObject({
      Resource: ['arn:aws:s3:::<Checkpoints>'],
    });
  });

  it('grant the use of the key that encrypts an adopted bucket, to those who read and write there', () => {
    // Prepare
    const kmsKey = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

    // Act
    const synthesised = synthesise({ area: [{ bucket: 's3://one/flink', kmsKey }] });

    // Assess
    expect(statementsOf(synthesised, 'survey').Decrypt).toMatchObject({ Action: 'kms:Decrypt', Resource: [kmsKey] });
    expect(statementsOf(synthesised, 'undo').Encrypt).toMatchObject({
      Action: 'kms:GenerateDataKey',
      Resource: [kmsKey],
    });
    expect(statementsOf(synthesised, 'on-deploy')).not.toHaveProperty('Decrypt');
  });

  it('let functions start those that act for them, and no others', () => {
    // Act
    const synthesised = synthesise();

    // Assess
    const started = Object.fromEntries(
      FUNCTION_NAMES.map((name) => [name, statementsOf(synthesised, name).Start?.Resource]),
    );
    expect(started).toMatchObject({
      manual: ['<LifecycleRulesFunction>', '<UndoFunction>'],
      'on-deploy': ['<LifecycleRulesFunction>'],
    });
    const others = FUNCTION_NAMES.filter((name) => started[name] === undefined);
    expect(others).toEqual(FUNCTION_NAMES.filter((name) => name !== 'manual' && name !== 'on-deploy'));
  });
});
