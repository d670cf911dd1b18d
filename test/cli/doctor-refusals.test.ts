import { describe, expect, it, vi } from 'vitest';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { NOW } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { FaultMatch, FaultRule } from '#tools/embedded-s3/faults.ts';
import { LOCATION, of, rowsOf, STATE, troubles, useDoctor } from './doctor-bucket.ts';
import { steward } from './steward.ts';

const open = useDoctor();
useMachineClock(NOW);
const makeDirectory = useTempDirectories();

const ON_STATE = `arn:aws:s3:::${STATE}`;
const OWN_OBJECT = 'flink/.flink-steward-probe-rights';

function denied(match: FaultMatch): FaultRule {
  return { match, do: { kind: 'answer', code: 'AccessDenied' } };
}

function allow(Action: string | readonly string[], Resource: string | readonly string[]): object {
  return { Effect: 'Allow', Action, Resource };
}

describe('steward doctor, of what S3 refuses,', () => {
  it.each<[string, FaultMatch, readonly string[], readonly object[], number]>([
    [
      'the listing of the area',
      { operation: 'ListObjectsV2', key: /^flink/ },
      ['listing: wrong', 'other-checks: not-checked'],
      [allow('s3:ListBucket', ON_STATE)],
      3,
    ],
    [
      'the reading of checkpoints',
      { operation: 'GetObject', key: /_metadata$/ },
      ['reading: wrong', 'store: warning'],
      [allow('s3:GetObject', `${ON_STATE}/flink/*_metadata`)],
      1,
    ],
    [
      'the versioning',
      { operation: 'GetBucketVersioning' },
      ['versioning: not-checked', 'store: warning'],
      [allow('s3:GetBucketVersioning', ON_STATE)],
      3,
    ],
    [
      'the lifecycle rules',
      { operation: 'GetBucketLifecycleConfiguration' },
      ['lifecycle-rules: not-checked', 'store: warning'],
      [allow('s3:GetLifecycleConfiguration', ON_STATE)],
      3,
    ],
    [
      'the listing of what is around the area',
      { operation: 'ListObjectsV2', key: '' },
      ['scope: wrong', 'store: warning'],
      [allow('s3:ListBucket', ON_STATE), allow('s3:GetObject', [`${ON_STATE}/_metadata`, `${ON_STATE}/*/_metadata`])],
      1,
    ],
    [
      'the reading of the ledger',
      { operation: 'GetObject', bucket: 'ledger' },
      ['ledger: wrong', 'store: warning'],
      [allow('s3:GetObject', 'arn:aws:s3:::ledger/one/*')],
      1,
    ],
    [
      'the reading of the marker',
      { operation: 'GetObject', key: 'flink/.flink-steward.json' },
      ['marker: wrong', 'store: warning'],
      [allow('s3:GetObject', `${ON_STATE}/flink/.flink-steward.json`)],
      1,
    ],
    [
      'the reading of a marker in a folder above',
      { operation: 'GetObject', key: '.flink-steward.json' },
      ['marker: warning', 'store: warning'],
      [allow('s3:GetObject', `${ON_STATE}/.flink-steward.json`)],
      0,
    ],
  ])('tells of %s in its row, with the statement to grant, and goes on', async (_, match, rows, grants, status) => {
    const { s3, doctor } = await open();
    s3.faults.add(denied(match));

    const doctored = await doctor();

    expect(troubles(doctored.rows)).toEqual(rows);
    expect(doctored.rows.flatMap(({ grant }) => grant)).toEqual(grants);
    expect(doctored.status).toBe(status);
  });

  it('tells of the right to write, which leaves the right to delete untried', async () => {
    const { s3, doctor } = await open();
    s3.faults.add(denied({ operation: 'PutObject', bucket: STATE }));

    const { status, rows } = await doctor('--write');

    expect(troubles(rows)).toEqual(['store: warning', 'writing: wrong', 'deleting: not-checked']);
    expect(of('writing', rows)[0]?.grant).toEqual([allow(['s3:PutObject', 's3:GetObject'], `${ON_STATE}/flink/*`)]);
    expect(status).toBe(3);
  });

  it('tells of the right to delete, and deletes what that left behind as soon as it may', async () => {
    // Prepare
    const { s3, doctor } = await open();
    const before = s3.keys(STATE);
    s3.faults.add(denied({ operation: ['DeleteObject', 'DeleteObjects'] }));

    // Act
    const refused = await doctor('--write');
    const left = s3.keys(STATE).includes(OWN_OBJECT);
    s3.faults.clear();
    const granted = await doctor('--write');

    // Assess
    expect(of('writing', refused.rows)).toMatchObject([{ state: 'ok' }]);
    expect(of('deleting', refused.rows)).toMatchObject([
      {
        state: 'wrong',
        found: expect.stringContaining(`${OWN_OBJECT} was written, and could not be deleted again`),
        grant: [allow('s3:DeleteObject', [`${ON_STATE}/flink/*`])],
      },
    ]);
    expect(refused.status).toBe(1);
    expect(left).toBe(true);
    expect(of('deleting', granted.rows)).toMatchObject([{ state: 'ok' }]);
    expect(s3.keys(STATE)).not.toContain(OWN_OBJECT);
    expect(before.filter((key) => !s3.keys(STATE).includes(key))).toEqual([]);
  });

  it('tells that an object is locked, which no right helps', async () => {
    const { s3, doctor } = await open();
    const message = 'Access Denied because object protected by object lock.';
    s3.faults.add({
      match: { operation: 'DeleteObjects' },
      do: { kind: 'refuse-keys', keys: /rights$/, code: 'AccessDenied', message },
    });

    const { rows } = await doctor('--write');

    expect(of('deleting', rows)).toMatchObject([
      { state: 'wrong', found: expect.stringContaining('object lock'), grant: [] },
    ]);
  });

  it('tells of the right to write into the ledger', async () => {
    const { s3, doctor } = await open();
    s3.faults.add(denied({ operation: 'PutObject', bucket: 'ledger' }));

    const { status, rows } = await doctor('--write');

    expect(troubles(rows)).toEqual(['ledger-writing: wrong']);
    expect(of('ledger-writing', rows)[0]?.grant).toEqual([
      allow(['s3:PutObject', 's3:GetObject'], 'arn:aws:s3:::ledger/one/*'),
    ]);
    expect(status).toBe(1);
  });

  it('tells what is around the area also where the pass may not be recorded', async () => {
    const { s3, doctor, run } = await open();
    await run('collect');
    s3.erase('ledger', 'one/scope@');
    s3.faults.add(denied({ operation: 'PutObject', bucket: 'ledger' }));

    const { rows } = await doctor();

    expect(of('scope', rows)).toMatchObject([
      { state: 'ok', found: expect.stringContaining("It was not recorded: 'conditional-writes' of the ledger") },
    ]);
  });

  it('tells that no credentials are found, and asks no bucket', async () => {
    const { s3, doctor } = await open();
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);

    const { status, rows } = await doctor();

    expect(of('credentials', rows)).toMatchObject([
      { state: 'wrong', advice: expect.stringContaining('Set AWS_PROFILE') },
    ]);
    expect(of('other-checks', rows)).toMatchObject([{ location: LOCATION, state: 'not-checked' }]);
    expect(s3.log.requests.filter(({ bucket }) => bucket === STATE)).toEqual([]);
    expect(status).toBe(3);
  });

  it('tells that there is no such bucket, or no such directory', async () => {
    const { s3 } = await open();
    const reach = ['--endpoint', s3.url, '--region', 'us-east-1', '--path-style', '--json'];
    const bucket = await steward('/', ['doctor', 's3://nowhere/flink', ...reach]);
    const cwd = await makeDirectory({});
    const directory = await steward(cwd, ['doctor', 'nowhere', '--json']);

    expect(of('reach', rowsOf(bucket))).toMatchObject([
      { state: 'wrong', found: expect.stringContaining('There is no bucket nowhere') },
    ]);
    expect(of('scope', rowsOf(bucket))).toMatchObject([{ state: 'not-checked' }]);
    expect(of('listing', rowsOf(directory))).toMatchObject([{ state: 'wrong' }]);
    expect([bucket.status, directory.status]).toEqual([3, 3]);
  });

  it('is refused for a configuration that can not be used, as every command', async () => {
    const cwd = await makeDirectory({ 'steward.json': '{"area": 7}' });

    const { status, err } = await steward(cwd, ['doctor']);

    expect(status).toBe(2);
    expect(err).toContain('steward.json');
  });
});
