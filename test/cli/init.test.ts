import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endpointOf } from '#cli/commands/init.ts';
import { useFlinkClusters } from '#test/support/flink-cluster.ts';
import { CLICKS, ORDERS, PAYMENTS, putJob, putRoot } from '#test/support/found-bucket.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';
import { NOW, uuid } from '#test/support/played-job.ts';
import { writeTree } from '#test/support/temp-directory.ts';
import { areaOf, type Opened, useInit } from './init-bucket.ts';
import { below, documentOf, smallJob } from './steward.ts';

const open = useInit();
const serveFlink = useFlinkClusters();
useMachineClock(NOW);

/** Checkpoints of two regions, savepoints, high availability, and a table of somebody else. */
async function opened(): Promise<Opened> {
  const all = await open();
  const { s3 } = all;
  putJob(s3, 'state', `flink/checkpoints/eu/${ORDERS}`);
  putJob(s3, 'state', `flink/checkpoints/us/${PAYMENTS}`);
  putRoot(s3, 'state', 'flink/savepoints/savepoint-aaaaaa-0123456789ab/_metadata', []);
  s3.put('state', 'flink/checkpoints/ha/cluster/completedCheckpoint0a1b', 'x');
  s3.put('state', `flink/checkpoints/ha/cluster/blob/job_${ORDERS}/blob_p-1`, 'x');
  for (let day = 10; day < 30; day++) s3.put('state', `tables/dt=2026-01-${day}/part-0.parquet`, 'x');
  return all;
}

const ALL = 'http://all.example';
const OF_S3 = 'http://s3.example';

describe('steward init', () => {
  it('writes what it found with a reason for each entry, for the doctor and the audit that follow', async () => {
    const { init, run, cwd, written, s3 } = await opened();

    const ran = await init('s3://state');

    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(await written()).toEqual({
      area: ['flink/checkpoints', 'flink/savepoints'].map((path) => ({
        bucket: `s3://state/${path}`,
        endpoint: s3.url,
        region: 'us-east-1',
        pathStyle: true,
      })),
      ledger: '.steward',
      mode: 'observe',
      labels: [{ path: 'flink/checkpoints/{region}/{jobId}', job: '{region}/{jobId}' }],
      protect: ['flink/checkpoints/ha/**'],
    });
    expect(await readFile(join(cwd, 'steward.json'), 'utf8')).toContain(
      '    // 1 job directory in flink/checkpoints/eu, 1 job directory in flink/checkpoints/us.\n',
    );
    expect(ran.out.trimEnd().split('\n').slice(-5)).toEqual([
      'Check rights, clocks, lifecycle rules and more:',
      '  steward doctor',
      '',
      'See what is in the area. This changes nothing:',
      '  steward audit',
    ]);
    const doctor = await run(['doctor', '--json']);
    const checks = documentOf(doctor).checks as { check: string; state: string }[];
    expect(checks.filter(({ state }) => state !== 'ok').map(({ check, state }) => `${check}: ${state}`)).toEqual([
      'store: warning',
      'store: warning',
    ]);
    expect(doctor.status).toBe(0);
    const audit = await run(['audit', '--json']);
    expect({
      status: audit.status,
      roots: documentOf(audit).roots,
      undecidable: documentOf(audit).undecidable,
    }).toEqual({
      status: 0,
      roots: 3,
      undecidable: [],
    });
  });

  it.each([80, 120])('fits a terminal of %i columns', async (columns) => {
    const { run, reach } = await opened();

    const { out } = await run(['init', 's3://state', ...reach], { columns });

    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(out).toMatch(/^checkpoints +1 {2}s3:\/\/state\/flink\/checkpoints\/eu$/m);
  });

  it('prints one document with --json, with the file in it', async () => {
    const { init, cwd } = await opened();

    const ran = await init('s3://state', '--json');

    const document = documentOf(ran);
    expect(document).toMatchObject({
      file: 'steward.json',
      written: true,
      notes: [],
      next: ['steward doctor', 'steward audit'],
    });
    expect(document.text).toBe(await readFile(join(cwd, 'steward.json'), 'utf8'));
    expect(document.found).toContainEqual({
      kind: 'high-availability',
      place: 's3://state/flink/checkpoints/ha/cluster',
      count: null,
      atLeast: false,
    });
  });

  it('prints the file alone with --print, and writes nothing', async () => {
    const { init, cwd, s3 } = await opened();

    const ran = await init('s3://state', '--print');

    expect(ran.out).toMatch(/^\/\/ Configuration of Flink Steward, proposed by "steward init" on 2027-03-01\.\n/);
    await expect(access(join(cwd, 'steward.json'))).rejects.toThrow('ENOENT');
    expect(Object.keys(s3.log.counts()).sort()).toEqual(['GetObject', 'ListObjectsV2']);
  });

  it('never replaces a file without --force, and asks the store nothing before it says so', async () => {
    const { init, cwd, s3, written } = await opened();
    await writeFile(join(cwd, 'steward.json'), '{}');

    const refused = await init('s3://state');

    expect(refused).toMatchObject({
      status: 2,
      err: 'steward.json exists, so nothing was searched and nothing was written. Replace it with --force, write another file with --out FILE, or only print the file with --print. To check the existing file: steward doctor\n',
    });
    expect({ asked: s3.log.count(), file: await readFile(join(cwd, 'steward.json'), 'utf8') }).toEqual({
      asked: 0,
      file: '{}',
    });
    const beside = await init('s3://state', '--out', 'beside.json');
    expect(beside.out).toContain('  steward audit --config beside.json\n');
    expect((await init('s3://state', '--force')).status).toBe(0);
    expect(areaOf(await written())).toEqual(areaOf(await written('beside.json')));
  });

  it.each<[string, string, string, string]>([
    [
      'an empty bucket',
      'void',
      's3://void',
      's3://void: there is nothing in it. If no job has completed a checkpoint there yet, run this again after the first one.',
    ],
    [
      'a bucket without any Flink state',
      'state',
      's3://state/tables',
      's3://state/tables: no folder that was searched holds Flink state',
    ],
    ['no bucket', 'state', 's3://nowhere', 's3://nowhere'],
  ])('says of %s what to do, and writes nothing', async (_, bucket, place, sentence) => {
    const { init, s3, cwd } = await opened();
    if (bucket === 'void') s3.createBucket('void');

    const ran = await init(place);

    expect({ status: ran.status, out: ran.out }).toEqual({ status: 2, out: '' });
    expect(ran.err).toContain(sentence);
    await expect(access(join(cwd, 'steward.json'))).rejects.toThrow('ENOENT');
  });

  it.each<[string, Parameters<Opened['s3']['faults']['add']>[0]['match'], string]>([
    ['list it', { operation: 'ListObjectsV2' }, 's3:ListBucket'],
    ['read a checkpoint', { operation: 'GetObject' }, 's3:GetObject'],
  ])('names the right that is missing to %s', async (_, match, right) => {
    const { init, s3 } = await opened();
    s3.faults.add({ match, do: { kind: 'answer', code: 'AccessDenied' } });

    const ran = await init('s3://state');

    expect({ status: ran.status, out: ran.out }).toEqual({ status: 3, out: '' });
    expect(ran.err).toContain(right);
  });

  it('looks above a folder that is a part of one job, because others may use its files', async () => {
    const { init, written } = await opened();

    const ran = await init(`s3://state/flink/checkpoints/eu/${ORDERS}/shared`);

    expect(areaOf(await written())).toEqual(['s3://state/flink/checkpoints/eu']);
    expect(ran.out.replaceAll(/\s+/g, ' ')).toContain(
      'Others may reference its files, so s3://state/flink/checkpoints/eu was searched instead.',
    );
  });

  it('refuses a ledger inside the area', async () => {
    const { init } = await opened();

    const ran = await init('s3://state', '--ledger', 's3://state/flink/checkpoints/ledger');

    expect(ran.status).toBe(2);
    expect(ran.err).toContain('The ledger and the area must be separate');
  });

  it('proposes the ledger that is responsible already, and says so of another one', async () => {
    const { run, init, written, s3, reach } = await open(['state', 'ledger']);
    putJob(s3, 'state', `flink/${ORDERS}`);
    expect(
      (await run(['collect', 's3://state/flink', '--ledger', 's3://ledger/one', '--execute', ...reach])).status,
    ).toBe(0);

    const ran = await init('s3://state', '--json');
    const other = await init('s3://state', '--ledger', 's3://ledger/two', '--out', 'other.json', '--json');

    expect((await written()).ledger).toBe('s3://ledger/one');
    expect(documentOf(ran).notes).toEqual([
      'The ledger s3://ledger/one is already responsible for this area or a part of it, so it is proposed.',
    ]);
    // The file says how buckets of the area are reached, and only the options how that of the ledger is.
    expect(documentOf(ran).next).toEqual(['doctor', 'audit'].map((word) => ['steward', word, ...reach].join(' ')));
    expect((await run(['doctor', ...reach])).status).toBe(0);
    expect((await written('other.json')).ledger).toBe('s3://ledger/two');
    expect(documentOf(other).notes).toEqual([
      'The ledger s3://ledger/one is responsible for a part of this area. Runs with --execute are refused with another ledger. Use that ledger, or see "steward doctor".',
    ]);
  });

  it('writes the store of the environment into the file, as the next shell may not have it', async () => {
    const { run, s3, written } = await open();
    putJob(s3, 'state', `flink/${ORDERS}`);

    const ran = await run(['init', 's3://state', '--region', 'us-east-1'], {
      environment: { AWS_ENDPOINT_URL: s3.url },
    });

    expect(ran.status).toBe(0);
    expect((await written()).area).toEqual([{ bucket: 's3://state/flink', endpoint: s3.url, region: 'us-east-1' }]);
  });

  it.each([
    [{ AWS_ENDPOINT_URL: ALL, AWS_ENDPOINT_URL_S3: OF_S3 }, undefined, { endpoint: OF_S3 }],
    [{ AWS_ENDPOINT_URL: ALL, AWS_ENDPOINT_URL_S3: '' }, undefined, { endpoint: ALL }],
    [{ AWS_ENDPOINT_URL: ALL }, OF_S3, { endpoint: OF_S3 }],
    [{ AWS_ENDPOINT_URL: ALL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, undefined, {}],
    [{ AWS_ENDPOINT_URL: 'localhost' }, undefined, {}],
    [{}, undefined, {}],
  ])('takes the endpoint of %j, with %j typed, as the SDK does', (environment, endpoint, expected) => {
    expect(endpointOf(endpoint === undefined ? {} : { endpoint }, environment)).toEqual(expected);
  });

  it('proposes no ledger where another machine has it, or several are responsible', async () => {
    const { init, s3, written } = await open();
    const marker = (place: string) => JSON.stringify({ steward: 1, ledger: 'x', place, since: '2027-01-01T00:00:00Z' });
    putJob(s3, 'state', `flink/a/${ORDERS}`);
    s3.put('state', 'flink/a/.flink-steward.json', marker('/srv/steward/of-another-machine'));

    const away = await init('s3://state', '--json');
    s3.put('state', 'flink/a/.flink-steward.json', marker('/etc'));
    const noLedger = await init('s3://state', '--force', '--json');
    s3.put('state', 'flink/a/.flink-steward.json', marker('s3://state/flink/a/ledger'));
    const within = await init('s3://state', '--force', '--json');
    s3.put('state', 'flink/a/.flink-steward.json', marker('/srv/steward/of-another-machine'));
    s3.put('state', 'flink/.flink-steward.json', marker('s3://ledger/one'));
    const several = await init('s3://state', '--force', '--json');

    expect(await written()).not.toHaveProperty('ledger');
    for (const ran of [away, noLedger]) {
      expect((documentOf(ran).notes as string[])[0]).toContain(
        'There is no ledger with this path on this machine, and no ledger is proposed.',
      );
    }
    expect((documentOf(within).notes as string[])[0]).toContain(
      "so it can't be the ledger of this area, and no ledger is proposed.",
    );
    expect((documentOf(several).notes as string[])[0]).toBe(
      'Several ledgers are responsible for parts of this area: s3://ledger/one, /srv/steward/of-another-machine. None is proposed. "steward doctor" shows which ledger is responsible for which part.',
    );
  });

  it('puts the ledger beside the folder where the file itself is in the area', async () => {
    const { run, cwd } = await open();
    await writeTree(cwd, smallJob('flink/'));

    await run(['init', 'flink', '--out', 'flink/steward.json']);

    expect(await readFile(join(cwd, 'flink/steward.json'), 'utf8')).toContain('"ledger": "../.steward"');
  });

  it('finds out under which URL checkpoints know a copy in a directory', async () => {
    const { run, cwd, written } = await open();
    await writeTree(cwd, below('copy', smallJob()));

    const ran = await run(['init', './copy']);

    expect(ran).toMatchObject({ status: 0, err: '' });
    expect((await written()).area).toEqual([{ path: 'copy/flink', as: 's3://bucket/flink' }]);
    expect((await run(['audit'])).status).toBe(0);
  });
});

describe('steward init on a terminal', () => {
  it('asks for the bucket and for the names of jobs, shows what it found, and writes when it is told to', async () => {
    const { run, reach, written } = await opened();
    const questions: string[] = [];
    const answers = ['s3://state', '', 'y'];
    const ask = async (question: string): Promise<string> => {
      questions.push(question);
      return answers.shift() ?? '';
    };

    const ran = await run(['init', ...reach], { ask });

    expect(questions.map((question) => question.slice(0, 20))).toEqual([
      'Which bucket or dire',
      "Address of Flink's R",
      'Write steward.json? ',
    ]);
    expect(ran.err).toContain('Found in s3://state');
    expect(ran.out).toContain('Written: steward.json.');
    expect(areaOf(await written())).toHaveLength(2);
  });

  it('does not replace a file that somebody wrote while it asked', async () => {
    const { run, reach, cwd } = await opened();
    const answers = ['s3://state', '', 'y'];
    const ask = async (question: string): Promise<string> => {
      if (question.startsWith('Write')) await writeFile(join(cwd, 'steward.json'), 'theirs');
      return answers.shift() ?? '';
    };

    const ran = await run(['init', ...reach], { ask });

    expect(ran.status).toBe(2);
    expect(ran.err).toContain('steward.json exists, so nothing was written. Replace it with --force');
    expect(await readFile(join(cwd, 'steward.json'), 'utf8')).toBe('theirs');
  });

  it('writes nothing on a no', async () => {
    const { run, reach, cwd } = await opened();
    const answers = ['s3://state', '', 'n'];

    const ran = await run(['init', ...reach], { ask: async () => answers.shift() ?? '' });

    expect(ran).toMatchObject({ status: 0, out: 'Nothing was written.\n' });
    await expect(access(join(cwd, 'steward.json'))).rejects.toThrow('ENOENT');
  });

  it('asks again for an address that is none, and gives up in the end', async () => {
    const { run, reach } = await opened();
    const answers = ['s3://state', 'jobmanager', 'jobmanager', 'jobmanager'];

    const ran = await run(['init', ...reach], { ask: async () => answers.shift() ?? '' });

    expect(ran.status).toBe(2);
    expect(ran.err.match(/Give an address such as http:\/\/jobmanager:8081\./g)).toHaveLength(3);
  });

  it('asks nothing where the location was given, and cannot ask without a terminal', async () => {
    const { run, reach } = await opened();

    const given = await run(['init', 's3://state', '--print', ...reach], {
      ask: async () => {
        throw new Error('Nobody is to be asked.');
      },
    });
    const alone = await run(['init', ...reach]);

    expect(given.status).toBe(0);
    expect(alone).toMatchObject({ status: 2, out: '' });
    expect(alone.err).toBe(
      'No bucket and no directory was given, so nothing was searched. Give one: steward init s3://my-bucket\n',
    );
  });
});

describe('What checkpoints reference elsewhere', () => {
  it('belongs into the area where it is there, and also where it may not be listed', async () => {
    const { s3, init, written } = await open(['state', 'old', 'closed']);
    const references = [
      `s3a://old/jobs/${PAYMENTS}/shared/x1`,
      `s3://closed/jobs/${CLICKS}/shared/x2`,
      's3://gone/savepoints/savepoint-cccccc-0123456789ab/x3',
      'hdfs://namenode:8020/flink/x4',
    ];
    putJob(s3, 'state', `flink/checkpoints/${ORDERS}`, { references });
    putJob(s3, 'old', `jobs/${PAYMENTS}`);
    s3.faults.add({ match: { bucket: 'closed' }, do: { kind: 'answer', code: 'AccessDenied' } });

    const ran = await init('s3://state', '--json');

    expect(areaOf(await written())).toEqual(['s3://state/flink/checkpoints', 's3://old/jobs', 's3://closed/jobs']);
    expect((await written()).outside).toEqual(['s3://gone/savepoints', 'hdfs://namenode:8020/flink']);
    const reasons = documentOf(ran).reasons as { key: string; unsure: boolean; why: string }[];
    expect(reasons.map(({ key, unsure }) => [key, unsure])).toEqual([
      ['area', false],
      ['area', false],
      ['area', true],
      ['outside', true],
      ['outside', true],
    ]);
    expect(reasons[1]?.why).toBe(
      `s3://state/flink/checkpoints/${ORDERS}/chk-7/_metadata references 1 file below s3://old/jobs.`,
    );
  });

  it('is a copy where the files are here too', async () => {
    const { s3, init, written, run } = await open(['replica']);
    putJob(s3, 'replica', `flink/checkpoints/${ORDERS}`, { as: `s3://primary/flink/checkpoints/${ORDERS}` });

    await init('s3://replica');

    expect(await written()).toMatchObject({ copies: { 's3://primary': 's3://replica' } });
    expect((await run(['audit', '--json'])).status).toBe(0);
  });

  it('is a copy beside its original in one bucket', async () => {
    const { s3, init, written, run } = await open();
    putJob(s3, 'state', `flink/checkpoints/${ORDERS}`);
    putJob(s3, 'state', `backup/flink/checkpoints/${ORDERS}`, { as: `s3://state/flink/checkpoints/${ORDERS}` });

    await init('s3://state');

    expect(await written()).toMatchObject({ copies: { 's3://state': 's3://state/backup' } });
    expect(areaOf(await written())).toEqual(['s3://state/backup/flink/checkpoints', 's3://state/flink/checkpoints']);
    expect((await run(['audit', '--json'])).status).toBe(0);
  });

  it('is the same under the alias of an access point', async () => {
    const { s3, init, written } = await open();
    const alias = 's3://ours-1a2b3c-s3alias';
    putJob(s3, 'state', `flink/checkpoints/${ORDERS}`, { as: `${alias}/flink/checkpoints/${ORDERS}` });

    await init('s3://state');

    expect(await written()).toMatchObject({ aliases: { [alias]: 's3://state' } });
  });

  it('may be a folder of the same bucket that no name tells', async () => {
    const { s3, init, written } = await open();
    putJob(s3, 'state', `flink/checkpoints/${ORDERS}`, { references: ['s3://state/odd/place/x1'] });

    await init('s3://state');

    expect(areaOf(await written())).toEqual(['s3://state/flink/checkpoints', 's3://state/odd/place']);
  });
});

describe('A directory that a checkpoint in a bucket references', () => {
  it('is one of the machine of its job, and none of this one that bears the name', async () => {
    const { s3, init, written, cwd } = await open();
    await writeTree(cwd, smallJob('flink/'));
    putJob(s3, 'state', `flink/${ORDERS}`, { references: [`file://${cwd}/flink/shared/${uuid(9)}`] });

    await init('s3://state');

    expect(areaOf(await written())).toEqual(['s3://state/flink']);
    expect((await written()).outside).toEqual([`file://${cwd}`]);
  });

  it('is none of this machine either where a copy of the bucket lies here', async () => {
    const { run, written, cwd } = await open();
    const files = [`s3://state/flink/shared/${uuid(1)}`, `file://${cwd}/own/shared/${uuid(9)}`];
    const root = incrementalCheckpoint({ id: 7, shared: files.map((path) => ({ path, bytes: 100 })) });
    const file = { [`copy/flink/shared/${uuid(1)}`]: 'x', [`own/shared/${uuid(9)}`]: 'x' };
    await writeTree(cwd, { 'copy/flink/chk-7/_metadata': root, ...file });

    await run(['init', 'copy']);

    expect((await written()).area).toEqual([{ path: 'copy/flink', as: 's3://state/flink' }]);
  });
});

describe("With Flink's REST endpoint, steward init", () => {
  it('takes the names of the jobs that are here, and the longest timeout', async () => {
    const { init, written } = await opened();
    const { endpoint } = await serveFlink([
      { jobId: ORDERS, name: 'orders', timeout: 3_600_000 },
      { jobId: CLICKS, name: 'elsewhere' },
    ]);

    const ran = await init('s3://state', '--flink-rest', endpoint);

    expect(ran.status).toBe(0);
    expect(await written()).toMatchObject({
      labels: [
        { jobId: ORDERS, job: 'orders' },
        { path: 'flink/checkpoints/{region}/{jobId}', job: '{region}/{jobId}' },
      ],
      collect: { checkpointTimeout: '1h' },
      flinkRest: [endpoint],
    });
  });

  it('raises what must not be below twice the timeout', async () => {
    const { init, written } = await opened();
    const { endpoint } = await serveFlink([{ jobId: ORDERS, name: 'orders', timeout: 11 * 3_600_000 }]);

    await init('s3://state', '--flink-rest', endpoint);

    expect((await written()).collect).toEqual({ checkpointTimeout: '11h', quarantine: '22h' });
  });

  it('goes on with a note where it does not answer', async () => {
    const { init, written } = await opened();

    const ran = await init('s3://state', '--flink-rest', 'http://127.0.0.1:9', '--json');

    expect(ran.status).toBe(0);
    expect(String((documentOf(ran).notes as string[])[0])).toMatch(
      /^http:\/\/127\.0\.0\.1:9 did not report which jobs run/,
    );
    expect((await written()).flinkRest).toEqual(['http://127.0.0.1:9']);
  });

  it('refuses what is no address', async () => {
    const { init } = await opened();

    const ran = await init('s3://state', '--flink-rest', 'jobmanager:8081');

    expect(ran.status).toBe(2);
    expect(ran.err).toContain('Give an address such as http://jobmanager:8081.');
  });
});
