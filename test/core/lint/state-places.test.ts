import { describe, expect, it } from 'vitest';
import { bucketPlace, optionPlaces } from '#core/lint/option-places.ts';
import { wordsOf } from '#core/lint/telling-names.ts';
import { lintOne, ofTemplate, s3, template, WEEK } from './lint.ts';

/** Where state is guessed to be in a bucket whose rules have these prefixes. */
function guessed(name: string, prefixes: readonly string[] = [''], ids: readonly string[] = []) {
  const rules = prefixes.map((prefix, at) => ({
    ...WEEK,
    Filter: { Prefix: prefix },
    ...(ids[at] === undefined ? {} : { ID: ids[at] }),
  }));
  const { places, rules: judged } = lintOne(s3(name, ...rules));
  return { known: places.known, prefixes: places.prefixes, taken: judged.map(({ verdict }) => TAKEN[verdict]) };
}

/** Null: nobody can say. */
const TAKEN = { takes: true, undecided: null, harmless: false, elsewhere: false } as const;

const WHOLE = { known: 'guessed', prefixes: [''] };
const NONE = { known: 'elsewhere', prefixes: [], taken: [false] };

describe('A guess from names', () => {
  it.each(['acme-flink-checkpoints', 'flink-savepoints-123456789012', 'acme-flink-state', 'rt-flink-ha'])(
    'takes %s for a bucket of state',
    (name) => {
      expect(guessed(name)).toEqual({ ...WHOLE, taken: [true] });
    },
  );

  it('takes a bucket that is called Flink and nothing else for one of state too', () => {
    expect(guessed('acme-flink-prod')).toEqual({ ...WHOLE, taken: [true] });
  });

  it.each([
    'acme-flink-logs',
    'flink-artifacts',
    'acme-flink-logs-eu-west-1',
    'flink-terraform-state',
    'spark-checkpoints',
    'sagemaker-model-checkpoints',
    'acme-website',
    'acme-state',
  ])('takes %s for something else', (name) => {
    expect(guessed(name)).toEqual(NONE);
  });

  it('takes words of other content in a bucket of state for names of jobs', () => {
    expect(guessed('flink-checkpoints', ['events/', 'reports/']).taken).toEqual([true, true]);
  });

  it.each(['acme-flink-app-123456789012', 'flink-audit-log-enricher', 'acme-flink-events', 'flink-iceberg-prod'])(
    'does not tell what is in %s',
    (name) => {
      expect(guessed(name, ['', 'jobs/', 'logs/'])).toEqual({
        known: 'unsure',
        prefixes: [''],
        taken: [null, null, false],
      });
    },
  );

  it('spares in a bucket of state what holds none anywhere', () => {
    expect(guessed('flink-checkpoints', ['', 'logs/', 'prod/jars/', 'prod/', 'checkpoints/tmp/']).taken).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
  });

  it('compares whole folders: a job may be called after logs, and a prefix without a slash takes more than a folder', () => {
    const prefixes = ['audit-log-enricher/', 'logs', 'logs-enricher/', 'audit/', 'catalogs/'];

    expect(guessed('flink-checkpoints', prefixes).taken).toEqual([null, null, null, null, true]);
  });

  it('does not tell of a bucket called Flink what is below prefixes without that word', () => {
    expect(guessed('acme-flink-prod', ['jobs/', 'prod/orders-cdc/', 'events/', 'logs/', '']).taken).toEqual([
      null,
      null,
      null,
      false,
      true,
    ]);
    expect(guessed('acme-flink', ['events/', 'flink/', 'flink/logs/', 'flink/audit/', 'jobs/']).taken).toEqual([
      false,
      true,
      false,
      null,
      null,
    ]);
  });

  it('does not tell whether a prefix called Flink holds state if it also says something else', () => {
    expect(guessed('acme-platform', ['flink/events/', 'site/'])).toEqual({
      known: 'unsure',
      prefixes: ['flink/events/'],
      taken: [null, null],
    });
  });

  it('sees no state in prefixes that match nothing', () => {
    expect(guessed('acme-platform', ['/flink/checkpoints/', 's3://acme-platform/savepoints/']).known).toBe('elsewhere');
  });

  it('finds state in a bucket of other things by the prefixes of its rules', () => {
    expect(guessed('acme-platform', ['flink/checkpoints/', 'logs/', ''])).toEqual({
      known: 'guessed',
      prefixes: ['flink/checkpoints/'],
      taken: [true, false, true],
    });
  });

  it('does not tell what else is in such a bucket, unless a folder is called after it', () => {
    const prefixes = ['flink/checkpoints/', 'jobs/', 'raw/', 'raw-enricher/', 'fl', 'jars/'];

    expect(guessed('acme-platform', prefixes).taken).toEqual([true, null, false, null, true, false]);
  });

  it('finds state by the names of rules', () => {
    expect(
      guessed('acme-platform', ['streams/', 'tmp/'], ['expire-flink-savepoints', 'expire-old-savepoints']),
    ).toEqual({
      known: 'guessed',
      prefixes: ['streams/'],
      taken: [true, false],
    });
  });

  it("takes checkpoints for Flink's only if something in the file says Flink or savepoints", () => {
    const rules = ofTemplate({ ExpirationInDays: 7, Prefix: 'checkpoints/' });
    const document = (Description: string, BucketName = 'acme-platform') =>
      template({ BucketName, ...rules }, { Description });

    expect(lintOne(document('Streaming jobs')).places).toMatchObject({
      known: 'elsewhere',
      why: "Its names speak of checkpoints, but nothing in the file says that they are Flink's. If they are, add --flink s3://BUCKET/PREFIX",
    });
    expect(lintOne(document('Flink jobs')).places.known).toBe('guessed');
    expect(lintOne(document('Jobs that take savepoints')).places.known).toBe('guessed');
    expect(lintOne(document('Flink jobs', 'spark-checkpoints')).places.known).toBe('elsewhere');
  });

  it('looks around a bucket whose own name says nothing', () => {
    const resources = (path: string) => ({
      Resources: {
        Bucket: {
          Type: 'AWS::S3::Bucket',
          Metadata: { 'aws:cdk:path': path },
          Properties: ofTemplate({ ExpirationInDays: 7 }),
        },
      },
    });

    expect(lintOne(resources('App/FlinkCheckpoints/Bucket')).places.known).toBe('guessed');
    expect(lintOne(resources('App/FlinkCluster/Bucket')).places.known).toBe('guessed');
    expect(lintOne(resources('App/Website/Bucket')).places.known).toBe('elsewhere');
    expect(lintOne(resources('App/FlinkLogs/Bucket')).places.known).toBe('elsewhere');
  });

  it('does not tell what a bucket holds that only its surroundings call Flink', () => {
    const resources = (logicalId: string) => ({
      Resources: {
        [logicalId]: {
          Type: 'AWS::S3::Bucket',
          Metadata: { 'aws:cdk:path': `FlinkStack/${logicalId}` },
          Properties: ofTemplate({ ExpirationInDays: 7 }),
        },
      },
    });

    expect(lintOne(resources('Data')).places).toMatchObject({
      known: 'unsure',
      why: '"FlinkStack/Data" speaks of Flink, but does not tell whether state is there. To decide it, name all places with Flink state: --flink s3://BUCKET/PREFIX',
    });
    expect(lintOne(resources('Data'), [['other', '']]).places.known).toBe('elsewhere');
    expect(lintOne(resources('Uploads')).places.known).toBe('elsewhere');
  });

  it('needs no names of rules', () => {
    const document = template({
      BucketName: 'x',
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Prefix: 'savepoints/', ExpirationInDays: 1 }] },
    });

    expect(lintOne(document).places).toMatchObject({ known: 'guessed', prefixes: ['savepoints/'] });
  });

  it('reads words at hyphens, slashes and humps', () => {
    expect(wordsOf('FlinkS3Logs-EUWest/tmp')).toEqual(['flink', 's3', 'logs', 'eu', 'west', 'tmp']);
  });
});

describe('Places that are named', () => {
  it('are the only ones that count', () => {
    const rules = [WEEK, { ...WEEK, Filter: { Prefix: 'other/' } }];

    expect(
      lintOne(s3('b', ...rules), [
        ['b', 'x/'],
        ['b', 'y/'],
        ['c', ''],
      ]),
    ).toMatchObject({
      places: { known: 'named', prefixes: ['x/', 'y/'], why: 'Named by --flink.' },
      rules: [{ verdict: 'takes' }, { verdict: 'elsewhere' }],
    });
    expect(lintOne(s3('plain', ...rules), [['c', '']]).places).toMatchObject({ known: 'elsewhere', why: null });
  });

  it('leave a word on other buckets that look as if they held state', () => {
    expect(lintOne(s3('flink-checkpoints', WEEK), [['c', '']])).toMatchObject({
      places: {
        known: 'elsewhere',
        why: 'Its names look as if it held Flink state, but nobody names it as such. If it does, add --flink s3://flink-checkpoints',
      },
      rules: [{ verdict: 'elsewhere' }],
    });
  });

  it('are those of a document that names no bucket, unless they lie in several', () => {
    expect(
      lintOne(s3(null, WEEK), [
        ['a', 'x/'],
        ['a', 'y/'],
      ]).places,
    ).toMatchObject({ known: 'named', prefixes: ['x/', 'y/'] });
    expect(
      lintOne(s3(null, WEEK), [
        ['a', 'x/'],
        ['b', ''],
      ]).places,
    ).toMatchObject({ known: 'unnamed' });
  });

  it('know the names that CloudFormation makes of logical IDs', () => {
    const made = template(ofTemplate({ ExpirationInDays: 7 }));

    expect(lintOne(made, [['jobs-state-1abc2def3ghi4', 'x/']]).places).toMatchObject({
      known: 'named',
      prefixes: ['x/'],
    });
    expect(lintOne(made, [['jobs-other-1abc2def3ghi4', 'x/']]).places.known).toBe('elsewhere');
  });

  it('leave no guess to buckets of the same template, where they are named by their resources', () => {
    const unnamed = template({
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Prefix: 'flink/', ExpirationInDays: 1 }] },
    });

    expect(lintOne(unnamed, [['${Other}', '']]).places).toMatchObject({
      known: 'elsewhere',
      why: expect.stringMatching(/If it does, add --flink s3:\/\/BUCKET$/),
    });
  });

  it('leave a guess where only applying the file tells the name', () => {
    const unnamed = template({
      BucketName: { 'Fn::Sub': 'flink-checkpoints-${AWS::AccountId}' },
      ...ofTemplate({ ExpirationInDays: 7 }),
    });

    expect(lintOne(unnamed, [['c', '']]).places).toMatchObject({ known: 'guessed' });
    expect(lintOne(unnamed, [['flink-checkpoints-${AWS::AccountId}', 'x/']]).places).toMatchObject({ known: 'named' });
  });
});

describe('Options of Flink in the same file', () => {
  it('name places, in every form that files have', () => {
    const texts = [
      'state.checkpoints.dir: s3a://b/flink/checkpoints',
      'values: state.savepoints.dir: "s3://b/flink/savepoints/"\\nexecution.checkpointing.dir: s3p://c',
      '{"high-availability.storageDir":"s3://${Bucket}/ha/${Cluster}/x"}',
      'state.checkpoints.dir: hdfs://n/x',
      'state.checkpoints.dir: s3:///x',
      'state.backend.fs.checkpointdir=s3://flink-${Env}-${AWS::AccountId}/cp',
      'comment: checkpoints go to s3://d',
    ];

    expect(optionPlaces(texts, 'plan.json')).toEqual([
      { bucket: 'b', prefix: 'flink/checkpoints/', by: 'state.checkpoints.dir in plan.json' },
      { bucket: 'b', prefix: 'flink/savepoints/', by: 'state.savepoints.dir in plan.json' },
      { bucket: 'c', prefix: '', by: 'execution.checkpointing.dir in plan.json' },
      { bucket: '${Bucket}', prefix: 'ha/', by: 'high-availability.storageDir in plan.json' },
      { bucket: 'flink-${Env}-${AWS::AccountId}', prefix: 'cp/', by: 'state.backend.fs.checkpointdir in plan.json' },
    ]);
  });

  it('tell that a bucket of any name holds state', () => {
    const environment = {
      PropertyMap: { 'state.checkpoints.dir': { 'Fn::Join': ['', ['s3://', { Ref: 'State' }, '/cp']] } },
    };
    const bucket = {
      Type: 'AWS::S3::Bucket',
      Properties: ofTemplate({ ExpirationInDays: 7 }, { ExpirationInDays: 7, Prefix: 'x/' }),
    };
    const document = { Resources: { State: bucket, App: { Type: 'AWS::X::Y', Properties: environment } } };

    expect(lintOne(document)).toMatchObject({
      places: { known: 'named', prefixes: ['cp/'], why: 'Named by state.checkpoints.dir in file.json.' },
      rules: [{ verdict: 'takes' }, { verdict: 'elsewhere' }],
    });
  });

  it.each(['', 'x', 'http://b/x', 's3:///x'])('take %j for no bucket', (url) => {
    expect(bucketPlace(url)).toBeNull();
  });
});
