import { describe, expect, it } from 'vitest';
import type { CertifiedException, CertifiedJob, CertifiedRoot } from '#operations/ledger/certificate-lines.ts';
import type { Certificate } from '#operations/ledger/certificates.ts';
import { nameHash } from '#operations/ledger/name-hashes.ts';
import { CertifiedGrounds } from '#operations/verification/certified-grounds.ts';
import { judgeDeletion } from '#operations/verification/judge-deletion.ts';
import type { LogLine } from '#operations/verification/run-log.ts';
import { DAY, JOB, NOW, OTHER_JOB, uuid } from '#test/support/played-job.ts';

const HOUR = 3_600_000;
const BASE = `s3://bucket/flink/${JOB}/`;
const time = (ago: number): string => new Date(NOW - ago).toISOString();

interface Deleted {
  readonly url?: string;
  readonly line?: Partial<LogLine>;
  readonly job?: Partial<CertifiedJob>;
  readonly settings?: Partial<Certificate['head']['settings']>;
  readonly roots?: readonly Partial<CertifiedRoot>[];
  readonly exceptions?: readonly CertifiedException[];
  readonly needed?: readonly string[];
  readonly protect?: RegExp;
}

/** An ordinary deletion that was allowed, but for what is told. @returns the rule that is broken; null where none is. */
function broken(deleted: Deleted = {}): string | null {
  const { url = `${BASE}shared/${uuid(1)}`, exceptions = [], needed = [], protect = /^$/ } = deleted;
  const roots = (deleted.roots ?? [{}]).map(
    (root): CertifiedRoot => ({
      line: 'root',
      url: `${BASE}chk-7/_metadata`,
      etag: '1',
      completed: time(HOUR),
      state: 'read',
      kind: 'checkpoint',
      sha256: 'a',
      late: false,
      writtenOff: false,
      ...root,
    }),
  );
  const job: CertifiedJob = {
    line: 'job',
    id: JOB,
    timeout: 600_000,
    lastWrite: time(HOUR),
    declaredDead: null,
    running: false,
    starting: false,
    inProgress: [],
    timesDistrusted: false,
    foreign: false,
    rootless: {},
    ...deleted.job,
  };
  const grounds = new CertifiedGrounds({
    head: {
      format: 1,
      run: 'run',
      previous: null,
      start: time(0),
      area: [],
      settings: {
        minAge: DAY,
        quarantine: 20 * HOUR,
        checkpointTimeout: 600_000,
        deadAfter: 14 * DAY,
        abandonedAfter: 30 * DAY,
        taskowned: false,
        taskownedMinAge: 7 * DAY,
        failedSavepoints: false,
        ...deleted.settings,
      },
      protect: [],
      pins: [],
      undecidable: [],
      log: [],
      names: { count: 0, groupBits: 0 },
    },
    roots,
    jobs: [job],
    exceptions,
    names: BigUint64Array.from(needed.map(nameHash)),
  });
  const line: LogLine = {
    url,
    bytes: 100,
    etag: '1',
    modified: time(5 * DAY),
    rule: 'garbage',
    garbageSince: time(DAY),
    garbageRuns: 2,
    ...deleted.line,
  };
  return judgeDeletion(line, grounds, (its) => protect.test(its))?.rule ?? null;
}

const DEAD: Partial<CertifiedJob> = { declaredDead: time(0), lastWrite: time(HOUR) };
const other = (of: Partial<{ url: string; bytes: number; modified: string }> = {}): CertifiedException => ({
  line: 'exception',
  url: `${BASE}shared/${uuid(1)}`,
  why: 'duplicate',
  of: { url: `s3://bucket/flink/${OTHER_JOB}/shared/${uuid(1)}`, bytes: 100, modified: time(DAY), ...of },
});
const SAVEPOINT = `s3://bucket/sp/savepoint-946894-0123456789ab/`;
const retired = (url: string): CertifiedException => ({
  line: 'exception',
  url,
  why: 'retired-savepoint',
  copy: 'retired/run/000001.metadata',
});

describe('The second judge allows', () => {
  it.each<[string, Deleted]>([
    ['an old file that no root needs, behind a later checkpoint', {}],
    ['the same in a folder of merged files', { url: `${BASE}taskowned/job_${JOB}_tm_x/${uuid(1)}` }],
    ['a changelog segment', { url: `${BASE}dstl/${uuid(1)}` }],
    ['a file in the folder of a checkpoint', { url: `${BASE}chk-3/${uuid(1)}` }],
    [
      'a file without a job id in its path',
      {
        url: `s3://bucket/flink/shared/${uuid(1)}`,
        job: { id: 's3://bucket/flink/' },
        roots: [{ url: 's3://bucket/flink/chk-7/_metadata' }],
      },
    ],
    [
      'a file of a job that is quiet, without a later checkpoint',
      {
        job: { lastWrite: time(15 * DAY) },
        line: { modified: time(15 * DAY) },
        roots: [{ completed: time(16 * DAY) }],
      },
    ],
    [
      'a file of a job without any checkpoint that is given up',
      {
        job: { lastWrite: time(31 * DAY) },
        line: { modified: time(31 * DAY) },
        roots: [],
      },
    ],
    ['a file of a dead job', { job: DEAD, roots: [] }],
    ['the marker of a folder of a dead job', { url: `${BASE}taskowned/`, line: { bytes: 0 }, job: DEAD }],
    ['a working file of a dead job', { url: `${BASE}shared/op_x_attempt_0/db/${uuid(1)}`, job: DEAD }],
    ['a file that Flink copied for a job with NO_CLAIM', { needed: [uuid(1)], exceptions: [other()] }],
    [
      'a file of taskowned/ with the setting',
      {
        url: `${BASE}taskowned/${uuid(1)}`,
        settings: { taskowned: true },
        line: { modified: time(8 * DAY) },
      },
    ],
    [
      'a file of taskowned/ that a root had named',
      {
        url: `${BASE}taskowned/${uuid(1)}`,
        exceptions: [{ line: 'exception', url: `${BASE}taskowned/${uuid(1)}`, why: 'named-before' }],
      },
    ],
    [
      'a file of a retired savepoint, whatever its folder is called',
      {
        url: `${SAVEPOINT}${uuid(1)}`,
        job: { id: SAVEPOINT },
        roots: [],
        exceptions: [retired(`${SAVEPOINT}${uuid(1)}`)],
      },
    ],
    [
      'a file of a savepoint that was retired in the folder of a job that runs',
      { url: `${BASE}${uuid(1)}`, job: { running: true }, exceptions: [retired(`${BASE}${uuid(1)}`)] },
    ],
    [
      'a file of a savepoint that never completed, with the setting',
      {
        url: `${SAVEPOINT}${uuid(1)}`,
        job: { id: SAVEPOINT, lastWrite: time(31 * DAY) },
        settings: { failedSavepoints: true },
        roots: [],
      },
    ],
    ['a file in a directory without a checkpoint that is given up', { job: { rootless: { [BASE]: time(31 * DAY) } } }],
    [
      'a file while the newest root was late and is gone',
      { roots: [{}, { url: `${BASE}x/chk-1/_metadata`, state: 'vanished', kind: null, late: true }] },
    ],
    ['a file beside a root under another name', { roots: [{}, { url: `${BASE}chk-1/_metadata.bak`, kind: null }] }],
  ])('%s', (_, deleted) => {
    expect(broken(deleted)).toBeNull();
  });
});

describe('The second judge objects to', () => {
  it.each<[string, string, Deleted]>([
    ['min-age', 'what another rule decided', { line: { rule: 'min-age' } }],
    ['certificate', 'a job of which the certificate says nothing', { job: { id: OTHER_JOB } }],
    ['root', 'a checkpoint', { url: `${BASE}chk-7/_metadata` }],
    ['directory-marker', 'the marker of a folder', { url: `${BASE}shared/`, line: { bytes: 0 } }],
    ['directory-marker', 'a file whose name is empty', { url: `${BASE}shared/`, job: DEAD }],
    ['unknown-name', "a name that is not Flink's", { url: `${BASE}shared/readme.txt` }],
    ['protect-pattern', 'a protected key', { protect: /shared/ }],
    ['named-by-root', 'a file that a root needs', { needed: [uuid(0), uuid(1), uuid(2)] }],
    ['named-by-root', 'a copy of another size', { needed: [uuid(1)], exceptions: [other({ bytes: 99 })] }],
    [
      'named-by-root',
      'a copy that is not younger',
      { needed: [uuid(1)], exceptions: [other({ modified: time(6 * DAY) })] },
    ],
    [
      'named-by-root',
      'a copy in the same job',
      { needed: [uuid(1)], exceptions: [other({ url: `${BASE}chk-1/${uuid(1)}` })] },
    ],
    [
      'named-by-root',
      'a copy without a job',
      { needed: [uuid(1)], exceptions: [other({ url: `s3://bucket/flink/shared/${uuid(1)}` })] },
    ],
    [
      'named-by-root',
      'a copy in another folder of jobs',
      { needed: [uuid(1)], exceptions: [other({ url: `s3://bucket/x/${OTHER_JOB}/shared/${uuid(1)}` })] },
    ],
    [
      'named-by-root',
      'a copy of another name',
      { needed: [uuid(1)], exceptions: [other({ url: `s3://bucket/flink/${OTHER_JOB}/shared/${uuid(2)}` })] },
    ],
    ['named-by-root', 'one of two copies', { needed: [uuid(1)], exceptions: [other(), other({ bytes: 99 })] }],
    [
      'named-by-root',
      'another exception than that of a copy',
      {
        needed: [uuid(1)],
        exceptions: [{ line: 'exception', url: `${BASE}shared/${uuid(1)}`, why: 'named-before' }],
      },
    ],
    ['taskowned', 'a file of taskowned/', { url: `${BASE}taskowned/${uuid(1)}` }],
    ['forst-working-files', 'a working file', { url: `${BASE}op_x_attempt_0/db/${uuid(1)}` }],
    ['savepoint-files', 'a file of a savepoint', { url: `${SAVEPOINT}${uuid(1)}`, job: { id: SAVEPOINT } }],
    [
      'savepoint-files',
      'a file in a folder that is not of Flink',
      {
        url: `s3://bucket/x/${uuid(1)}`,
        job: { id: 's3://bucket/x/', lastWrite: time(31 * DAY) },
        settings: { failedSavepoints: true },
      },
    ],
    [
      'savepoint-files',
      'a file of a savepoint with a root',
      {
        url: `${SAVEPOINT}${uuid(1)}`,
        job: { id: SAVEPOINT, lastWrite: time(31 * DAY) },
        settings: { failedSavepoints: true },
        roots: [{ url: `${SAVEPOINT}_metadata`, kind: 'savepoint-native' }],
      },
    ],
    [
      'savepoint-files',
      'a file of a retired savepoint whose folder has a root again',
      {
        url: `${SAVEPOINT}${uuid(1)}`,
        job: { id: SAVEPOINT },
        roots: [{ url: `${SAVEPOINT}_metadata`, kind: 'savepoint-native' }],
        exceptions: [retired(`${SAVEPOINT}${uuid(1)}`)],
      },
    ],
    [
      'savepoint-files',
      'a file of a retired savepoint in the folder of a job that has completed no checkpoint yet',
      {
        url: `${BASE}${uuid(1)}`,
        job: { running: true, starting: true },
        exceptions: [retired(`${BASE}${uuid(1)}`)],
      },
    ],
    [
      'no-later-checkpoint',
      'a file of a job, whatever is said of a retired savepoint',
      { roots: [{ completed: time(5 * DAY) }], exceptions: [retired(`${BASE}shared/${uuid(1)}`)] },
    ],
    ['min-age', 'a young file', { line: { modified: time(DAY - 1) } }],
    ['min-age', 'a file younger than twice the timeout', { job: { timeout: 3 * DAY } }],
    ['min-age', 'a file without a time', { line: { modified: '1970-01-01T00:00:00.000Z' } }],
    ['min-age', 'a young file of taskowned/', { url: `${BASE}taskowned/${uuid(1)}`, settings: { taskowned: true } }],
    [
      'running-checkpoint',
      'a file of a checkpoint in progress',
      { url: `${BASE}chk-3/${uuid(1)}`, job: { inProgress: ['3'] } },
    ],
    [
      'running-checkpoint',
      'a file while no number is known',
      { url: `${BASE}chk-3/${uuid(1)}`, job: { inProgress: ['*'] } },
    ],
    ['foreign-directory', 'a directory that is not of a job', { job: { foreign: true } }],
    ['rootless-directory', 'a job without a checkpoint', { roots: [] }],
    [
      'rootless-directory',
      'a checkpoint of a number that Flink does not write',
      { roots: [{ url: `${BASE}chk-007/_metadata` }] },
    ],
    ['rootless-directory', 'a directory without a checkpoint', { job: { rootless: { [BASE]: time(DAY) } } }],
    [
      'rootless-directory',
      'a changelog that may be of another cluster',
      {
        url: `${BASE}dstl/${uuid(1)}`,
        job: { rootless: { [`${BASE}dstl/`]: time(DAY) } },
      },
    ],
    [
      'rootless-directory',
      'a path without a job id and a checkpoint',
      {
        url: `s3://bucket/flink/shared/${uuid(1)}`,
        job: { id: 's3://bucket/flink/', lastWrite: time(99 * DAY) },
        roots: [],
      },
    ],
    [
      'no-later-checkpoint',
      'a file that no later checkpoint shows to be unused',
      { roots: [{ completed: time(5 * DAY) }] },
    ],
    [
      'no-later-checkpoint',
      'a file that only a savepoint is later than',
      {
        roots: [{ completed: time(6 * DAY) }, { url: `${BASE}sp/_metadata`, kind: 'savepoint-native' }],
      },
    ],
    [
      'no-later-checkpoint',
      'a file while another directory of the id lags',
      {
        roots: [{}, { url: `s3://bucket/other/${JOB}/chk-1/_metadata`, completed: time(9 * DAY) }],
      },
    ],
    ['no-later-checkpoint', 'a file where the only root is unreadable', { roots: [{ state: 'unreadable' }] }],
    ['no-later-checkpoint', 'a checkpoint from the future', { roots: [{ completed: time(-2 * HOUR) }] }],
    ['no-later-checkpoint', 'times that can not be trusted', { job: { timesDistrusted: true } }],
    [
      'no-later-checkpoint',
      'a quiet job that runs',
      {
        job: { lastWrite: time(15 * DAY), running: true },
        line: { modified: time(15 * DAY) },
        roots: [{ completed: time(15 * DAY) }],
      },
    ],
    [
      'no-later-checkpoint',
      'a dead job that has written since',
      {
        job: { declaredDead: time(2 * HOUR), lastWrite: time(HOUR) },
        roots: [{ completed: time(5 * DAY) }],
      },
    ],
    ['quarantine', 'garbage of a few hours', { line: { garbageSince: time(19 * HOUR) } }],
    ['quarantine', 'garbage of one run', { line: { garbageRuns: 1 } }],
    ['quarantine', 'garbage of which nothing is known', { line: { garbageSince: null, garbageRuns: undefined } }],
    ['quarantine', 'a quarantine shorter than twice the timeout', { job: { timeout: 13 * HOUR } }],
  ])('%s: %s', (rule, _, deleted) => {
    expect(broken(deleted)).toBe(rule);
  });
});
