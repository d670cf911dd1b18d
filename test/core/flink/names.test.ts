import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkpointNumber,
  isForStDirectory,
  isHighAvailabilityKey,
  isJobId,
  isMergedDirectory,
  isUuid,
  savepointJobPrefix,
} from '#core/flink/names.ts';

const JOB = '9468946f38e9d60efc7468a374aec04f';
const VERTEX = 'bc764cd8ddf7a0cff126f51c16239658';
const UUID = '0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d';

describe('names of state files', () => {
  it('takes every UUID that Flink can draw', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(isUuid(uuid)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it.each([
    ['upper case', UUID.toUpperCase()],
    ['one digit in upper case', UUID.replace('a', 'A')],
    ['an extension', `${UUID}.sst`],
    ['a prefix', `.${UUID}`],
    ['no hyphens', UUID.replaceAll('-', '')],
    ['hyphens elsewhere', '0a1b2c3d4-e5f-4a6b-8c7d-9e8f7a6b5c4d'],
    ['a letter beyond f', UUID.replace('a', 'g')],
    ['a line end', `${UUID}\n`],
    ['one digit too few', UUID.slice(1)],
    ['the tail of a recoverable writer', `_${UUID}_tmp_${UUID}`],
    ['nothing', ''],
  ])('does not take a UUID with %s', (_what, name) => {
    expect(isUuid(name)).toBe(false);
  });

  it('takes 32 lower-case hex digits for a job id, all zeros too, and nothing else', () => {
    const others = [undefined, '', JOB.toUpperCase(), JOB.slice(1), `${JOB}0`, `${JOB.slice(1)}g`, `${JOB}\n`];
    expect([JOB, '0'.repeat(32), 'f'.repeat(32)].map(isJobId)).toEqual([true, true, true]);
    expect(others.map(isJobId)).toEqual(others.map(() => false));
  });
});

describe('names of directories', () => {
  it.each([
    ['chk-0', 0n],
    ['chk-1', 1n],
    ['chk-10', 10n],
    ['chk-9223372036854775807', 9_223_372_036_854_775_807n],
  ])('reads the number of %s', (name, number) => {
    expect(checkpointNumber(name)).toBe(number);
  });

  it.each([
    'chk-',
    'chk-x',
    'CHK-1',
    'Chk-1',
    'chk-01',
    'chk-00',
    'chk--1',
    'chk-+1',
    'chk-1 ',
    'chk-1.5',
    'chk-1_copy',
  ])('takes %j for no checkpoint', (name) => {
    expect(checkpointNumber(name)).toBeNull();
  });

  it('takes more digits than a Java long has, other digits, and nothing at all for no checkpoint', () => {
    expect(['chk-12345678901234567890', 'chk-١', undefined].map(checkpointNumber)).toEqual([null, null, null]);
  });

  it('reads the six digits of the job in the name of a savepoint', () => {
    expect(savepointJobPrefix('savepoint-e8281d-0c236dd65946')).toBe('e8281d');
    expect(savepointJobPrefix('savepoint-000000-000000000000')).toBe('000000');
  });

  it.each([
    'savepoint-e8281d',
    'savepoint-0c236dd65946',
    'savepoint-e8281d-',
    'savepoint-e8281d-0c236dd6594',
    'savepoint-e8281d-0c236dd659461',
    'savepoint-E8281D-0c236dd65946',
    'savepoint-e8281-0c236dd65946',
    'Savepoint-e8281d-0c236dd65946',
    'savepoint-e8281d-0c236dd65946-copy',
    'my-savepoint-e8281d-0c236dd65946',
  ])('takes %s for no savepoint by name', (name) => {
    expect(savepointJobPrefix(name)).toBeNull();
  });

  it('takes no directory for no savepoint', () => {
    expect(savepointJobPrefix(undefined)).toBeNull();
  });

  it.each([
    [`job_${JOB}_op_${VERTEX}_0_1`, 'shared'],
    [`job_${JOB}_op_${VERTEX}_127_32768`, 'shared'],
    [`job_${'0'.repeat(32)}_op_${VERTEX}_0_2`, 'shared'],
    [`job_${JOB}_tm_${UUID}`, 'taskowned'],
    // Resource ids: `host:port-hex` as Flink writes it, a Kubernetes pod, a YARN container, the operator's own text.
    [`job_${JOB}_tm_10.0.0.7-6122-1a2b3c`, 'taskowned'],
    [`job_${JOB}_tm_my-cluster-taskmanager-1-12`, 'taskowned'],
    [`job_${JOB}_tm_container_e02_1700000000000_0001_01_000002(host-8041)`, 'taskowned'],
    [`job_${JOB}_tm_worker 7 % é`, 'taskowned'],
  ])('takes %s below %s for a directory of merged files', (name, parent) => {
    expect(isMergedDirectory(name, parent)).toBe(true);
  });

  it.each([
    [`job_${JOB}_op_${VERTEX}_0_1`, 'taskowned'],
    [`job_${JOB}_tm_${UUID}`, 'shared'],
    [`job_${JOB}_op_${VERTEX}_0_1`, 'chk-1'],
    [`job_${JOB}_op_${VERTEX}_0_1`, undefined],
    [undefined, 'shared'],
    [`job_${JOB}_op_${VERTEX}_0`, 'shared'],
    [`job_${JOB}_op_${VERTEX}_-1_2`, 'shared'],
    [`job_${JOB}_op_${VERTEX}_0_1_old`, 'shared'],
    [`job_${JOB}_op_${VERTEX.slice(1)}_0_1`, 'shared'],
    [`job_${JOB}_op_backup_0_1`, 'shared'],
    [`job_${JOB.toUpperCase()}_op_${VERTEX}_0_1`, 'shared'],
    [`job_${JOB}_tm_`, 'taskowned'],
    [`job_${JOB.slice(1)}_tm_${UUID}`, 'taskowned'],
    [`xjob_${JOB}_tm_${UUID}`, 'taskowned'],
  ])('takes %s below %s for no directory of merged files', (name, parent) => {
    expect(isMergedDirectory(name, parent)).toBe(false);
  });

  it.each([
    ['op_AsyncKeyedProcessOperator_20ba6b65f97481d5570070de90e4e791__1_1__attempt_0', 'shared'],
    ['op_x_attempt_12', JOB],
    ['op_my_attempt_1_operator_attempt_3', 'shared'],
  ])('takes %s below %s for a working directory of ForSt', (name, parent) => {
    expect(isForStDirectory(name, parent)).toBe(true);
  });

  it.each([
    ['op_x_attempt_0', undefined],
    ['op_x_attempt_0', 'taskowned'],
    ['op_x_attempt_0', 'flink'],
    ['op_x_attempt_', 'shared'],
    ['op_x_attempt_1_old', 'shared'],
    ['op__attempt_1', 'db'],
    ['op_attempt_1', 'shared'],
    ['OP_x_attempt_1', 'shared'],
  ])('takes %s below %s for no working directory of ForSt', (name, parent) => {
    expect(isForStDirectory(name, parent)).toBe(false);
  });
});

describe('keys of the high-availability storage', () => {
  it.each([
    'ha/my-cluster/completedCheckpoint0a1b2c3d4e5f',
    'completedCheckpoint0a1b2c3d4e5f',
    'ha/my-cluster/submittedJobGraph0a1b2c3d4e5f',
    'ha/my-cluster/submittedExecutionPlan0a1b2c3d4e5f',
    'ha/my-cluster/submittedApplication0a1b2c3d4e5f',
    `ha/my-cluster/blob/job_${JOB}/blob_p-0123456789abcdef0123456789abcdef01234567-${JOB}`,
    `ha/my-cluster/blob/application_${JOB}/blob_p-0123456789abcdef0123456789abcdef01234567-${JOB}`,
    `blob/no_job/blob_t-0123456789abcdef0123456789abcdef01234567-${JOB}`,
    `ha/job-result-store/my-cluster/${JOB}.json`,
    `ha/job-result-store/my-cluster/${JOB}_DIRTY.json`,
    `job-result-store/${JOB}.json`,
    `ha/job-result-store/my-cluster/${UUID}/${JOB}.json`,
    `ha/application-result-store/my-cluster/${JOB}.json`,
    `flink/checkpoints/${JOB}/shared/completedCheckpoint0a1b2c3d4e5f`,
  ])('knows %s', (key) => {
    expect(isHighAvailabilityKey(key)).toBe(true);
  });

  it.each([
    'ha/my-cluster/completedCheckpoint',
    'ha/my-cluster/completedCheckpointX',
    'ha/my-cluster/notcompletedCheckpoint0a1b2c3d4e5f',
    'ha/my-cluster/completedCheckpoint0a1b2c3d4e5f/',
    `ha/blob/job_${JOB}/other`,
    `ha/myblob/job_${JOB}/blob_p-1`,
    `ha/blob/job_x/blob_p-1`,
    `ha/my-job-result-store/my-cluster/${JOB}.json`,
    `ha/job-result-store/my-cluster/${JOB}.txt`,
    `ha/job-result-store/my-cluster/${UUID}/more/${JOB}.json`,
    `flink/checkpoints/${JOB}/chk-1/${UUID}`,
  ])('does not take %s for one of them', (key) => {
    expect(isHighAvailabilityKey(key)).toBe(false);
  });
});
