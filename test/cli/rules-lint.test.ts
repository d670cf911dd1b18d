import { Readable } from 'node:stream';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { run } from '#cli/program.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { NOW } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { terraformPlan } from '#test/support/terraform-plan.ts';
import { reach, serveJob, useCredentials } from './rules-bucket.ts';
import { documentOf, steward } from './steward.ts';

const serve = useEmbeddedS3();
useMachineClock(NOW);
useCredentials();
const makeDirectory = useTempDirectories();

const CONFIGURATION = 'aws_s3_bucket_lifecycle_configuration.state';
const WEEK = { ID: 'week', Status: 'Enabled', Filter: { Prefix: 'flink/' }, Expiration: { Days: 7 } };
const INPUT = JSON.stringify({ Bucket: 'checkpoints', LifecycleConfiguration: { Rules: [WEEK] } });
const HARMLESS = JSON.stringify({
  Bucket: 'checkpoints',
  LifecycleConfiguration: { Rules: [{ ...WEEK, Status: 'Disabled' }] },
});

function plan(prefix: string, unknown: object = {}): string {
  const rule = { id: 'week', status: 'Enabled', filter: [{ prefix }], expiration: [{ days: 7 }] };
  const references = ['aws_s3_bucket.state.id', 'aws_s3_bucket.state'];
  return JSON.stringify(
    terraformPlan({
      resources: [
        { address: 'aws_s3_bucket.state', values: { bucket: 'checkpoints' }, expressions: {} },
        {
          address: CONFIGURATION,
          values: { rule: [rule] },
          unknown: { bucket: true, ...unknown },
          expressions: { bucket: { references } },
        },
      ],
    }),
  );
}

const TEMPLATE = `
Resources:
  State:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: checkpoints
      LifecycleConfiguration:
        Rules:
          - Id: keep
            Status: Enabled
            Prefix: !Sub "\${Prefix}logs/"
            ExpirationInDays: !Ref Days
          - Id: week
            Status: Enabled
            ExpirationInDays: 7
Parameters:
  Prefix: { Type: String, Default: other/ }
  Days: { Type: Number }
`;

describe('steward rules lint', () => {
  it('says what a plan would do to Flink state, and what to write in its place', async () => {
    const cwd = await makeDirectory({ 'plan.json': plan('flink/checkpoints/') });

    const { status, out, err } = await steward(
      cwd,
      ['rules', 'lint', 'plan.json', '--flink', 's3a://checkpoints/flink'],
      80,
    );

    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toBe(`Lifecycle rules in plan.json (Terraform plan), as of 2027-03-01 00:00:00 UTC

aws_s3_bucket_lifecycle_configuration.state, s3://checkpoints:
  Flink state: 'flink/'. Named by --flink.
  - Rule "week" deletes Flink state below 'flink/checkpoints/' 7 days after it
    was written.

Safe rules, for Terraform:
  - removed "week": it deletes what checkpoints and savepoints below
    'flink/checkpoints/' will need.
  - added "flink-steward-abort-uploads:flink/": no rule of this prefix did this.

# "week" was removed: it deletes what checkpoints and savepoints below 'flink/checkpoints/' will
#   need.
resource "aws_s3_bucket_lifecycle_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    id     = "flink-steward-abort-uploads:flink/"
    status = "Enabled"

    filter {
      prefix = "flink/"
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

A checkpoint needs files of earlier checkpoints, which Flink does not write
again: such a rule also breaks the newest checkpoint of a running job. The job
does not notice that; the next restore fails.

1 rule takes Flink state.
`);
  });

  it('names the line of a template in YAML, and answers in YAML', async () => {
    const cwd = await makeDirectory({ 'template.yaml': TEMPLATE });

    const ran = await steward(cwd, ['rules', 'lint', 'template.yaml', '--flink', 's3://checkpoints/flink', '--json']);

    expect(ran.status).toBe(1);
    expect(documentOf(ran)).toMatchObject({
      findings: [{ file: 'template.yaml', resource: 'State', line: 13, kind: 'lifecycle-rule' }],
      undecided: [],
      files: [
        {
          kind: 'CloudFormation template',
          buckets: [
            {
              bucket: 's3://checkpoints',
              rules: [
                { id: 'keep', verdict: 'elsewhere' },
                { id: 'week', verdict: 'takes', line: 13 },
              ],
              replacement: {
                language: 'yaml',
                text: `LifecycleConfiguration:
  Rules:
    - Id: keep
      Status: Enabled
      Prefix:
        Fn::Sub: \${Prefix}logs/
      ExpirationInDays:
        Ref: Days
    - Id: flink-steward-abort-uploads:flink/
      Status: Enabled
      Prefix: flink/
      AbortIncompleteMultipartUpload:
        DaysAfterInitiation: 7
`,
              },
            },
          ],
        },
      ],
    });
  });

  it('answers in the form in which the rules stand', async () => {
    // Prepare
    const rule = { id: 'week', enabled: true, expiration: [{ days: 7 }] };
    const inline = {
      address: 'aws_s3_bucket.state',
      values: { bucket: 'checkpoints', lifecycle_rule: [rule] },
      expressions: { lifecycle_rule: [{}] },
    };
    const apart = {
      address: CONFIGURATION,
      values: { bucket: 'checkpoints', rule: [{ id: 'week', status: 'Enabled', expiration: [{ days: 7 }] }] },
    };
    const cwd = await makeDirectory({
      'inline.json': JSON.stringify(terraformPlan({ resources: [inline] })),
      'named.json': JSON.stringify(terraformPlan({ resources: [apart] })),
      'chosen.yaml': TEMPLATE.replace('ExpirationInDays: 7', 'ExpirationInDays: !If [Long, 30, 7]'),
      'rules.yaml': 'Rules:\n  - Status: Enabled\n    Filter: {Prefix: ""}\n    Expiration: {Days: 7}\n',
    });
    const textOf = async (name: string) => {
      const ran = await steward(cwd, ['rules', 'lint', name, '--flink', 's3://checkpoints/flink', '--json']);
      const { files }: { files?: { buckets: { replacement: { text: string } | null }[] }[] } = documentOf(ran);
      return files?.[0]?.buckets[0]?.replacement?.text;
    };

    // Act and assess
    expect(await textOf('inline.json')).toContain(
      'lifecycle_rule {\n  id                                     = "flink-steward-abort',
    );
    expect(await textOf('named.json')).toContain(
      'resource "aws_s3_bucket_lifecycle_configuration" "state" {\n  bucket = "checkpoints"\n',
    );
    expect(await textOf('chosen.yaml')).toContain('Fn::Sub: ${Prefix}logs/');
    expect(await textOf('rules.yaml')).toMatch(/^Rules:\n {2}- ID: flink-steward-abort-uploads:flink\//);
  });

  it('takes the area of steward.json for the places of Flink state', async () => {
    const area = ['s3://checkpoints/flink', { path: './copy', as: 's3://other/flink' }, './local'];
    const cwd = await makeDirectory({ 'steward.json': JSON.stringify({ area }), 'put.json': INPUT });

    const ran = await steward(cwd, ['rules', 'lint', 'put.json', '--json']);

    expect(ran.status).toBe(1);
    expect(documentOf(ran)).toMatchObject({
      files: [{ buckets: [{ state: { known: 'named', prefixes: ['flink/'], why: 'Named by steward.json.' } }] }],
    });
  });

  it('guesses without either, and says so', async () => {
    const cwd = await makeDirectory({ 'put.json': INPUT });

    const { status, out } = await steward(cwd, ['rules', 'lint', 'put.json']);

    expect(status).toBe(1);
    expect(out).toContain(
      '\ns3://checkpoints:\n  Flink state: the whole bucket. Guessed from "checkpoints". To say it for certain, add\n',
    );
    expect(out).toContain('"Rules": [\n    {\n      "ID": "flink-steward-abort-uploads",\n');
  });

  it('reads all templates of a folder of the CDK, those of stages and nested stacks too', async () => {
    // Prepare
    const template = (BucketName: string) =>
      JSON.stringify({
        Resources: {
          State1A2B3C4D: {
            Type: 'AWS::S3::Bucket',
            Properties: {
              BucketName,
              LifecycleConfiguration: { Rules: [{ Id: 'week', Status: 'Enabled', ExpirationInDays: 7 }] },
            },
          },
        },
      });
    const stack = (templateFile: string) => ({ type: 'aws:cloudformation:stack', properties: { templateFile } });
    const cwd = await makeDirectory({
      'cdk.out/manifest.json': JSON.stringify({
        version: '48.0.0',
        artifacts: {
          App: stack('App.template.json'),
          Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
          stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Stage' } },
        },
      }),
      'cdk.out/App.template.json': template('flink-checkpoints'),
      'cdk.out/AppInner.nested.template.json': template('website'),
      'cdk.out/assembly-Stage/manifest.json': JSON.stringify({ artifacts: { In: stack('In.template.json') } }),
      'cdk.out/assembly-Stage/In.template.json': template('flink-savepoints'),
      'empty.out/manifest.json': JSON.stringify({ version: '48.0.0' }),
    });
    const filesOf = async (name: string) => {
      const { files }: { files?: { file: string; buckets: { state: { known: string } }[] }[] } = documentOf(
        await steward(cwd, ['rules', 'lint', name, '--json']),
      );
      return files?.map(({ file, buckets }) => [file, buckets[0]?.state.known]);
    };

    // Act
    const text = await steward(cwd, ['rules', 'lint', 'cdk.out']);

    // Assess
    expect(await filesOf('cdk.out')).toEqual([
      ['cdk.out/App.template.json', 'guessed'],
      ['cdk.out/AppInner.nested.template.json', 'elsewhere'],
      ['cdk.out/assembly-Stage/In.template.json', 'guessed'],
    ]);
    expect(await filesOf('cdk.out/manifest.json')).toHaveLength(3);
    expect(await filesOf('cdk.out/App.template.json')).toEqual([['cdk.out/App.template.json', 'guessed']]);
    expect(await filesOf('empty.out')).toEqual([]);
    expect(text.status).toBe(1);
    expect(text.out).toContain(`Safe rules, for the Bucket of the CDK:`);
    expect(text.out).toContain(
      `  { id: 'flink-steward-abort-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },\n`,
    );
    expect(text.out).toContain(
      '\n1 bucket with lifecycle rules: no Flink state is known there. If there is some, name it with\n',
    );
  });

  it('reads stdin', async () => {
    let out = '';
    const status = await run(['rules', 'lint', '-', '--quiet'], {
      cwd: '/',
      clock: () => NOW,
      columns: 80,
      colors: pc.createColors(false),
      input: Readable.from([Buffer.from(plan('flink/'))]),
      out: (text) => {
        out += text;
      },
      err: () => undefined,
    });

    expect({ status, out }).toEqual({ status: 1, out: 'rules lint stdin: 1 rule takes Flink state.\n' });
  });

  it('is at peace with harmless rules, other buckets, and files without rules', async () => {
    const cwd = await makeDirectory({
      'harmless.json': HARMLESS,
      'site.json': INPUT.replace('checkpoints', 'website').replace('flink/', ''),
      'none.json': JSON.stringify({ Resources: { Q: { Type: 'AWS::SQS::Queue' } } }),
    });

    const { status, out } = await steward(cwd, ['rules', 'lint', 'harmless.json', 'site.json', 'none.json']);

    expect(status).toBe(0);
    expect(out).toContain('  - Rule "week" is disabled and changes nothing.\n');
    expect(out).toContain('It has no lifecycle rules.\n');
    expect(out.endsWith('\nNo rule takes Flink state.\n')).toBe(true);
  });

  it('ends with status 3 where a file does not tell enough', async () => {
    const cwd = await makeDirectory({
      'prefix.json': plan('', { rule: [{ filter: [{ prefix: true }] }] }),
      'rules.json': plan('', { rule: true }),
      'nameless.json': JSON.stringify({ Rules: [{ ...WEEK, Filter: { Prefix: '' } }] }),
    });
    const flink = ['--flink', 's3://checkpoints/flink'];

    const prefix = await steward(cwd, ['rules', 'lint', 'prefix.json', ...flink]);
    const hidden = await steward(cwd, ['rules', 'lint', 'rules.json', ...flink]);
    const nameless = await steward(cwd, ['rules', 'lint', 'nameless.json']);
    const told = await steward(cwd, ['rules', 'lint', 'nameless.json', ...flink]);

    expect([prefix.status, hidden.status, nameless.status, told.status]).toEqual([3, 3, 3, 1]);
    expect(prefix.out).toContain('tell Filter.Prefix (known after apply).\n');
    expect(prefix.out).toContain('\nNo rule takes Flink state for certain, but 1 thing could not be decided.\n');
    expect(hidden.out).toContain('  - Its rules are known only after apply (known after apply).\n');
    expect(nameless.out).toContain('\nThe bucket:\n  The file does not say which bucket the rules are for.');
  });

  it('ends with status 3 also where there are findings, as every command does', async () => {
    const [finding, doubt] = [{ Prefix: 'flink/' }, { Prefix: 'flink/a/', Vapor: 1 }];
    const rules = [finding, { Prefix: 'flink/b/' }, doubt].map((Filter, at) => ({ ...WEEK, ID: `r${at}`, Filter }));
    const cwd = await makeDirectory({
      'put.json': JSON.stringify({ Bucket: 'checkpoints', LifecycleConfiguration: { Rules: rules } }),
    });

    const { status, out } = await steward(cwd, ['rules', 'lint', 'put.json', '--flink', 's3://checkpoints/flink']);

    expect(status).toBe(3);
    expect(out.endsWith('\n2 rules take Flink state. 1 thing could not be decided.\n')).toBe(true);
  });

  it('does not call rules fine where no Flink state is known', async () => {
    const cwd = await makeDirectory({
      'site.json': INPUT.replace('checkpoints', 'website').replace('flink/', ''),
      'none.json': JSON.stringify({ Resources: { Q: { Type: 'AWS::SQS::Queue' } } }),
    });

    const site = await steward(cwd, ['rules', 'lint', 'site.json']);
    const none = await steward(cwd, ['rules', 'lint', 'none.json']);

    expect([site.status, none.status]).toEqual([0, 0]);
    expect(site.out.endsWith('\nNo rule was judged: no Flink state is known in these buckets.\n')).toBe(true);
    expect(none.out.endsWith('\nThere are no lifecycle rules.\n')).toBe(true);
  });

  it('says which buckets it does not judge, and is undecided where they look like Flink', async () => {
    // Prepare
    const bucket = (name: string) => ({
      address: `google_storage_bucket.${name}`,
      values: { name, lifecycle_rule: [{ action: [{ type: 'Delete' }] }] },
    });
    const cwd = await makeDirectory({
      'site.json': JSON.stringify(terraformPlan({ resources: [bucket('site')] })),
      'state.json': JSON.stringify(terraformPlan({ resources: [bucket('flink-checkpoints')] })),
    });

    // Act
    const site = await steward(cwd, ['rules', 'lint', 'site.json']);
    const state = await steward(cwd, ['rules', 'lint', 'state.json', '--live']);
    const json = await steward(cwd, ['rules', 'lint', 'state.json', '--json']);

    // Assess
    expect([site.status, state.status]).toEqual([0, 3]);
    expect(site.out).toContain(
      '\ngoogle_storage_bucket.site: Its rules were not judged: they are of google_storage_bucket, and only\nthose of aws_s3_bucket and aws_s3_bucket_lifecycle_configuration are read.\n',
    );
    expect(state.out).toContain(
      '\ngoogle_storage_bucket.flink-checkpoints, flink-checkpoints:\n  Flink state: the whole bucket.',
    );
    expect(state.out).toContain('  - Its rules were not judged: they are of google_storage_bucket,');
    expect(documentOf(json)).toMatchObject({ files: [{ buckets: [{ judged: false, bucket: null, live: null }] }] });
  });

  it('tells one by one which rules it takes for others by a name, or by a prefix that people misread', async () => {
    const rules = ['logs/', '/flink', 'jobs/'].map((Prefix, at) => ({ ...WEEK, ID: `r${at}`, Filter: { Prefix } }));
    const cwd = await makeDirectory({
      'put.json': JSON.stringify({ Bucket: 'acme-flink', LifecycleConfiguration: { Rules: rules } }),
    });

    const { status, out } = await steward(cwd, ['rules', 'lint', 'put.json']);

    expect(status).toBe(3);
    expect(out).toContain(`  - Rule "r0" applies to "logs/", by its name no place of state.
  - Rule "r1" applies to no key that Flink writes: S3 compares the prefix "/flink" letter by letter,
    and knows no patterns, URLs or leading slashes in it.
  - Rule "r2" deletes objects below 'jobs/' 7 days after they were written. Names do not tell
    whether they are Flink state.
`);
  });

  it('also shows what the rules would do to what is in the bucket now, with --live', async () => {
    // Prepare
    const served = await serveJob(serve);
    const cwd = await makeDirectory({ 'put.json': INPUT, 'gone.json': INPUT.replace('"checkpoints"', '"flink-gone"') });
    const live = ['--live', ...reach(served.s3)];

    // Act
    const text = await steward(cwd, ['rules', 'lint', 'put.json', '--flink', 's3://checkpoints/flink', ...live]);
    const json = await steward(cwd, [
      'rules',
      'lint',
      'put.json',
      '--flink',
      's3://checkpoints/flink',
      ...live,
      '--json',
    ]);
    const gone = await steward(cwd, ['rules', 'lint', 'gone.json', ...live]);

    // Assess
    expect(text.status).toBe(1);
    expect(text.out).toContain(
      '\nWith what is in s3://checkpoints now:\n\nLifecycle rules of s3://checkpoints:\n  - Rule "week" breaks 1 root of 1 job: chk-7 of',
    );
    expect(documentOf(json)).toMatchObject({
      files: [
        { buckets: [{ liveProblem: null, live: { bucket: 's3://checkpoints', judgement: { total: { roots: 1 } } } }] },
      ],
    });
    expect(gone.status).toBe(3);
    expect(gone.out).toContain('flink-gone');
  });

  it('says with --live where it can look at nothing', async () => {
    const cwd = await makeDirectory({
      'template.yaml': TEMPLATE.replace('BucketName: checkpoints', 'BucketName: !Ref FlinkCheckpoints'),
      'site.json': INPUT.replace('checkpoints', 'website').replace('flink/', ''),
    });

    const { status, out } = await steward(cwd, ['rules', 'lint', 'template.yaml', 'site.json', '--live']);

    expect(status).toBe(3);
    expect(out).toContain('  The file does not tell the name of the bucket, so nothing in it was looked at.\n');
  });

  it('passes over what hooks give besides, with --ignore-unknown', async () => {
    const cwd = await makeDirectory({
      'package.json': '{"name": "x"}',
      'chart.yaml': 'a: {{ .Values.b }}\n',
      'main.tf': 'resource "aws_sqs_queue" "q" {}',
      'broken.yaml': 'Type: AWS::S3::Bucket\n  x: [\n',
      'put.json': HARMLESS,
    });
    const ignoring = (...names: string[]) => steward(cwd, ['rules', 'lint', '--ignore-unknown', ...names]);

    const { status, out } = await ignoring('package.json', 'chart.yaml', 'main.tf', 'put.json');
    const broken = await ignoring('broken.yaml', 'put.json');

    expect(status).toBe(0);
    expect(out).toContain('\nWithout lifecycle rules: package.json, chart.yaml, main.tf.\n');
    expect(broken.status).toBe(2);
    expect(broken.err).toContain('broken.yaml:1:7: ');
  });
});

describe('steward rules lint refuses in a sentence', () => {
  it.each([
    [
      'gone.json',
      "gone.json can't be read: no such file. Give a plan as JSON, a template, a folder cdk.out, or a lifecycle document.",
    ],
    [
      'folder',
      'folder is a folder without a manifest.json, so it is no output of the CDK. Give the files in it, or the folder cdk.out.',
    ],
    ['odd.out', 'manifest.json is no manifest of the CDK, so nothing was judged. Synthesise again: npx cdk synth'],
    [
      'plan.bin',
      'plan.bin is a plan that only Terraform itself reads, so nothing in it was judged. Print it as JSON: terraform show -json plan.bin > plan.json',
    ],
    [
      'main.tf',
      "main.tf is in Terraform's own language, which only Terraform can evaluate, so nothing in it was judged.",
    ],
    ['empty.json', 'empty.json is empty, so nothing was judged.'],
    ['half.json', 'half.json:1:2: a comma or } is missing: here is the end of the file, so the file is refused.'],
    ['half.yaml', 'half.yaml:2:1: '],
    ['loop.yaml', 'loop.yaml: an alias contains itself, or aliases stand for too much, so the file is refused.'],
    ['other.json', 'other.json is no file with lifecycle rules that can be read, so nothing in it was judged.'],
    ['list.json', 'list.json is no file with lifecycle rules'],
    [
      'wrong.json',
      'wrong.json, rule 1 ("week"): Status must be "Enabled" or "Disabled", but is "On", so none of its rules is judged. Look it up in the S3 API reference.',
    ],
  ])('%s', async (name, sentence) => {
    const cwd = await makeDirectory({
      'folder/x.txt': '',
      'odd.out/manifest.json': '{"artifacts": 1}',
      'plan.bin': new Uint8Array([0x50, 0x4b, 3, 4]),
      'main.tf': '{}',
      'empty.json': ' \n',
      'half.json': '{',
      'half.yaml': 'a: "x\n',
      'loop.yaml': 'Resources: &r\n  B: *r\n',
      'other.json': '{"a": 1}',
      'list.json': '[]',
      'wrong.json': JSON.stringify({ Rules: [{ ...WEEK, Status: 'On' }] }),
    });

    const { status, out, err } = await steward(cwd, ['rules', 'lint', name]);

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
  });

  it('all files that are wrong at once', async () => {
    const cwd = await makeDirectory({ 'a.json': '{', 'b.json': '{"x": 1}' });

    const { status, err } = await steward(cwd, ['rules', 'lint', 'a.json', 'b.json']);

    expect(status).toBe(2);
    expect(err).toMatch(/a\.json:1:2: .*\n.*b\.json is no file/);
  });

  it('a place that is no bucket', async () => {
    const cwd = await makeDirectory({ 'put.json': INPUT });

    const { status, err } = await steward(cwd, ['rules', 'lint', 'put.json', '--flink', './copy']);

    expect({ status, err }).toEqual({
      status: 2,
      err: "--flink is './copy', which is no bucket. Write it as s3://bucket/prefix.\n",
    });
  });
});
