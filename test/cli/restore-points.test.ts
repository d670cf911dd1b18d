import { Buffer } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { below, bucketFiles, damagedJob, documentOf, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const AS = ['--as', 's3://bucket'];

/** Without the line breaks of a terminal. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

describe('steward restore-points', () => {
  it('tells people the newest of each job, and the command that restores it', async () => {
    // Prepare
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.complete(6, [job.upload(1)], NOW - 3 * DAY);
        job.complete(7, [job.file(1)]);
        const shared = [{ path: `s3://bucket/flink/${OTHER_JOB}/shared/${uuid(2)}`, bytes: 100 }];
        new PlayedJob(store, `flink/${OTHER_JOB}/`).upload(2);
        store.put(
          `flink/savepoint-${OTHER_JOB.slice(0, 6)}-0c236dd65946/_metadata`,
          incrementalCheckpoint({ id: 3, version: 5, kind: 'savepoint-native', shared }),
          NOW - DAY / 24,
        );
      }),
    );

    // Act
    const { status, out, err } = await steward(cwd, ['restore-points', '.', ...AS]);

    // Assess
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toBe(`Restore points in ., as of 2027-03-01 00:00:00 UTC
All files of each restore point exist with the right size.

e8281d81fc468ee47e6eaa5a31fdb2d1
  savepoint-e8281d-0c236dd65946 (savepoint-native), 60 min old, 164 B
  flink run -s s3://bucket/flink/savepoint-e8281d-0c236dd65946 -claimMode no_claim job.jar

9468946f38e9d60efc7468a374aec04f
  chk-7 (checkpoint), 2 d old, 164 B, 1 older one
  flink run -s s3a://bucket/flink/9468946f38e9d60efc7468a374aec04f/chk-7 -restoreMode no_claim job.jar

Nothing was changed. To keep a restore point, whatever the policy:
  steward pin s3://bucket/flink/savepoint-e8281d-0c236dd65946 . --as s3://bucket
`);
  });

  it('tells of a file of an older format by its directory whether it is a checkpoint or a savepoint', async () => {
    const savepoint = `savepoint-${OTHER_JOB.slice(0, 6)}-0c236dd65946`;
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        const shared = [{ path: `s3://bucket/${job.upload(1)}`, bytes: 100 }];
        const file = incrementalCheckpoint({ id: 7, version: 3, shared });
        store.put(job.root(7), file, NOW - DAY);
        store.put(`flink/${savepoint}/_metadata`, file, NOW - DAY);
      }),
    );

    const { out } = await steward(cwd, ['restore-points', '.', ...AS]);

    expect([...out.matchAll(/^ {2}(\S+ \([^)]*\)),/gm)].map(([, found]) => found).sort()).toEqual([
      'chk-7 (checkpoint)',
      `${savepoint} (savepoint)`,
    ]);
  });

  it('name the one with the highest number where all bear one time, as after a copy of the bucket', async () => {
    // Prepare
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        const claiming = new PlayedJob(store, `flink/${OTHER_JOB}/`);
        const file = job.upload(1, NOW - DAY);
        for (const number of [8, 9, 10]) {
          job.complete(number, [file], NOW - DAY);
        }
        job.complete(11, [job.file(2)], NOW - DAY);
        claiming.complete(12, [file], NOW - DAY);
      }),
    );

    // Act
    const { jobs } = documentOf(await steward(cwd, ['restore-points', '.', ...AS, '--json']));

    // Assess
    expect(jobs).toMatchObject([
      { job: OTHER_JOB, newest: { checkpointId: '12' }, damagedSince: [] },
      { job: JOB, newest: { checkpointId: '10' }, damagedSince: [{ checkpointId: '11' }] },
    ]);
  });

  it('prints one JSON document with --json', async () => {
    const cwd = await makeDirectory(smallJob());

    const ran = await steward(cwd, ['restore-points', '.', ...AS, '--json']);

    expect({ status: ran.status, err: ran.err }).toEqual({ status: 0, err: '' });
    expect(documentOf(ran)).toEqual({
      area: ['.'],
      start: '2027-03-01T00:00:00.000Z',
      jobs: [
        {
          label: JOB,
          job: JOB,
          directory: `s3://bucket/flink/${JOB}/`,
          newest: {
            path: `s3a://bucket/flink/${JOB}/chk-7`,
            key: `flink/${JOB}/chk-7/_metadata`,
            checkpointId: '7',
            formatVersion: 4,
            kind: 'checkpoint',
            completed: '2027-02-27T00:00:00.000Z',
            ageSeconds: 172_800,
            bytes: 164,
            missing: 0,
            firstMissing: null,
            archived: 0,
            firstArchived: null,
            readsFrom: null,
            command: `flink run -s s3a://bucket/flink/${JOB}/chk-7 -restoreMode no_claim job.jar`,
          },
          restorePoints: 1,
          unreadable: [],
          damagedSince: [],
          damage: null,
          repair: [],
          withheld: [],
          timesDistrusted: null,
          unverified: 0,
          finding: null,
        },
      ],
      undecidable: [],
    });
  });

  it('ends with 1 where the newest checkpoint is damaged, and names the one before', async () => {
    const cwd = await makeDirectory(damagedJob());

    const ran = await steward(cwd, ['restore-points', '.', ...AS]);
    const json = documentOf(await steward(cwd, ['restore-points', '.', ...AS, '--json']));

    expect(ran.status).toBe(1);
    expect(ran.out).toContain('\n  chk-6 (checkpoint), 3 d old');
    expect(ran.out).toContain(`\n  The newest checkpoint of ${JOB}, chk-7, can't be restored: 1 file`);
    expect(json).toMatchObject({ jobs: [{ newest: { checkpointId: '6' }, damagedSince: [{ checkpointId: '7' }] }] });
  });

  it('says where nothing can be restored, and what was not checked', async () => {
    // Prepare
    const cwd = await makeDirectory({
      ...bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.upload(1);
        job.complete(7, [job.file(1), `../elsewhere/${uuid(9)}`].slice(0, 1));
        store.put(
          'sp/_metadata',
          incrementalCheckpoint({
            id: 3,
            kind: 'savepoint-native',
            shared: [
              { path: `s3://production/${uuid(3)}`, bytes: 1 },
              { path: `s3://bucket/flink/${JOB}/shared/${uuid(1)}`, bytes: 100 },
            ],
          }),
          NOW - DAY,
        );
      }),
      'steward.json': '{"outside": ["s3://production"]}',
    });

    // Act
    const { out, status } = await steward(cwd, ['restore-points', '.', ...AS]);

    // Assess
    expect(status).toBe(0);
    expect(out).toContain('\nsp\n  not checked: 1 checkpoint or savepoint references files outside the area.\n');
  });

  it('says so where no job has one, or there is no checkpoint at all', async () => {
    const damaged = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.complete(7, [job.upload(1), job.file(2)]);
      }),
    );
    const empty = await makeDirectory(bucketFiles((store) => void new PlayedJob(store).upload(1)));

    const ofDamaged = await steward(damaged, ['restore-points', '.', ...AS]);
    const ofEmpty = await steward(empty, ['restore-points', '.', ...AS]);

    expect(ofDamaged.out.split('\n')[1]).toBe(
      'There is no restore point: no checkpoint or savepoint has all its files, with the right size.',
    );
    expect(ofEmpty.out.split('\n').slice(1)).toEqual(['There is no checkpoint or savepoint in the area.', '']);
  });

  it('names newer checkpoints that cannot be read, and why, and older ones not', async () => {
    // Prepare
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        store.put(job.root(4), 'x', NOW - 4 * DAY);
        job.complete(5, [job.upload(1)], NOW - 3 * DAY);
        store.put(job.root(6), job.metadata(6, [job.file(1), job.file(9)]).subarray(0, -4), NOW - 2 * DAY);
        store.put(job.root(7), 'no checkpoint', NOW - DAY);
      }),
    );

    // Act
    const ran = await steward(cwd, ['restore-points', '.', ...AS]);
    const json = documentOf(await steward(cwd, ['restore-points', '.', ...AS, '--json']));

    // Assess
    expect(ran.status).toBe(3);
    expect(ran.out).toContain("\n  chk-7 can't be read: The file does not begin as a _metadata file of Flink does");
    expect(ran.out).toContain("\n  chk-6 can't be read: The file ends before its contents do");
    expect(ran.out).not.toContain('damaged');
    expect(json).toMatchObject({
      jobs: [
        {
          newest: { checkpointId: '5' },
          unreadable: [
            {
              path: `s3a://bucket/flink/${JOB}/chk-7`,
              sentence: "chk-7 can't be read: The file does not begin as a _metadata file of Flink does (offset 0).",
            },
            { sentence: expect.stringMatching(/^chk-6 can't be read: .*\.$/) },
          ],
          damagedSince: [],
        },
      ],
    });
  });

  it('says of a young damaged checkpoint that this look is the first to see it', async () => {
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.complete(6, [job.upload(1)], NOW - 3 * DAY);
        job.complete(7, [job.file(1), job.file(2)], NOW - 1_000);
      }),
    );

    const { out } = await steward(cwd, ['restore-points', '.', ...AS]);

    expect(oneLine(out)).toContain(
      ' chk-7 is damaged: 1 file of it is missing or of another size. No earlier run saw this, and Flink may still be writing. The next run shows whether it lasts. ',
    );
  });

  it('says of a checkpoint that is younger than the clock that it lies in the future', async () => {
    const cwd = await makeDirectory(smallJob());

    const runs = await Promise.all(
      ['restore-points', 'audit'].map((command) => steward(cwd, [command, '.', ...AS, '--now', '2027-02-26'])),
    );

    expect(runs[0]?.out).toContain('  chk-7 (checkpoint), in the future, 164 B\n');
    expect(runs[1]?.out).toContain('  chk-7, in the future\n');
  });

  it('never breaks the command, and nothing else in mid-path, in 80 columns', async () => {
    const base = `flink/${'long'.repeat(12)}/${JOB}/`;
    const cwd = await makeDirectory(below('a copy with spaces in its name that is long', smallJob(base)));
    const place = 'a copy with spaces in its name that is long';

    const { out } = await steward(cwd, ['restore-points', place, ...AS], 80);

    expect(out.split('\n')).toEqual([
      `Restore points in ${place}`,
      'as of 2027-03-01 00:00:00 UTC',
      'All files of each restore point exist with the right size.',
      '',
      JOB,
      '  chk-7 (checkpoint), 2 d old, 164 B',
      `  flink run -s s3a://bucket/${base}chk-7 -restoreMode no_claim job.jar`,
      '',
      'Nothing was changed. To keep a restore point, whatever the policy:',
      `  steward pin s3a://bucket/${base}chk-7 '${place}' --as s3://bucket`,
      '',
    ]);
  });

  it('says that a damaged checkpoint is no finding where the job goes on elsewhere', async () => {
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const claimed = new PlayedJob(store);
        claimed.complete(7, [claimed.upload(1), claimed.file(2)]);
        new PlayedJob(store, `flink/${OTHER_JOB}/`).complete(8, [claimed.file(1)], NOW - DAY);
      }),
    );

    const { out, status } = await steward(cwd, ['restore-points', '.', ...AS, '--job', JOB.slice(0, 4)]);

    expect(status).toBe(0);
    expect(oneLine(out)).toContain(
      ' no restore point chk-7 is damaged, but its job continues elsewhere: a later checkpoint of another job references its files. 1 file of it is missing or of another size. ',
    );
  });

  it.each([JOB, JOB.slice(0, 4), JOB.slice(0, 8).toUpperCase(), 'orders'])(
    'tells of one job only: --job %s',
    async (job) => {
      const cwd = await makeDirectory({
        ...smallJob(),
        ...smallJob(`flink/${OTHER_JOB}/`),
        'steward.json': JSON.stringify({ labels: [{ jobId: JOB, job: 'orders' }] }),
      });

      const json = documentOf(await steward(cwd, ['restore-points', '.', ...AS, '--job', job, '--json']));

      expect(json).toMatchObject({ jobs: [{ job: JOB, label: 'orders' }] });
      expect(json.jobs).toHaveLength(1);
    },
  );
});

describe('What restore-points says beside the command', () => {
  it('is that the newest may be another one, where order by time and by number disagree', async () => {
    // Prepare
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.complete(6, [job.upload(1)], NOW - DAY);
        job.complete(7, [job.file(1)], NOW - 2 * DAY);
      }),
    );

    // Act
    const ran = await steward(cwd, ['restore-points', '.', ...AS]);
    const json = documentOf(await steward(cwd, ['restore-points', '.', ...AS, '--json']));

    // Assess
    expect(oneLine(ran.out)).toContain(
      'chk-6 -restoreMode no_claim job.jar It may not be the newest: chk-7 is older than chk-6, so the times of the objects are not those of the checkpoints',
    );
    expect(json).toMatchObject({ jobs: [{ timesDistrusted: expect.stringMatching(/^chk-7 is older than chk-6/) }] });
  });

  it('is that a savepoint has kept the files which FLINK-39964 looks for elsewhere, and how to mend it', async () => {
    // Prepare
    const savepoint = `flink/savepoint-${JOB.slice(0, 6)}-0c236dd65946/`;
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        store.put(`${savepoint}${uuid(9)}`, 'x'.repeat(100), NOW - 5 * DAY);
        store.put(
          `${savepoint}_metadata`,
          job.metadata(3, [`${savepoint}${uuid(9)}`], 'savepoint-native'),
          NOW - 5 * DAY,
        );
        job.complete(7, [job.upload(1), `${job.directory}chk-7/${uuid(9)}`], NOW - 3 * DAY);
      }),
    );
    const [from, to] = [`s3://bucket/${savepoint}${uuid(9)}`, `s3://bucket/flink/${JOB}/chk-7/${uuid(9)}`];

    // Act
    const ran = await steward(cwd, ['restore-points', '.', ...AS]);
    const { jobs } = documentOf(await steward(cwd, ['restore-points', '.', ...AS, '--json']));

    // Assess
    expect(ran.status).toBe(1);
    expect(oneLine(ran.out)).toContain(
      `This is FLINK-39964: after CLAIM of a native savepoint, Flink looks for files of the savepoint in the directory of a checkpoint. The files are still in the savepoint. Copy them to where the checkpoint expects them: aws s3 cp ${from} ${to} Then it can be restored.`,
    );
    expect(jobs).toMatchObject([{ repair: [{ from, to, command: `aws s3 cp ${from} ${to}` }] }]);

    // Act: the copy is made.
    await writeFile(join(cwd, `flink/${JOB}/chk-7/${uuid(9)}`), 'x'.repeat(100));
    const { jobs: after } = documentOf(await steward(cwd, ['restore-points', '.', ...AS, '--json']));

    // Assess
    expect(after).toMatchObject([{ newest: { checkpointId: '7' }, repair: [], finding: null }]);
  });

  it('is that a _metadata was copied alone', async () => {
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        store.put('copied/here/_metadata', job.metadata(7, [job.file(1), job.file(2)]), NOW - DAY);
      }),
    );

    const { out, status } = await steward(cwd, ['restore-points', '.', ...AS]);

    expect(status).toBe(0);
    expect(oneLine(out)).toContain(
      'here is a _metadata that was copied alone: none of the 2 files that it references exists, and no state is beside it. Nothing can be restored from it.',
    );
  });

  it('is that Flink refuses a checkpoint whose properties it can not read, and the one before is offered', async () => {
    // Prepare
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.complete(6, [job.upload(1)], NOW - 3 * DAY);
        const strange = job
          .metadata(7, [job.file(1)])
          .toString('latin1')
          .replace('CheckpointProperties', 'XheckpointProperties');
        store.put(job.root(7), Buffer.from(strange, 'latin1'), NOW - DAY);
      }),
    );

    // Act
    const ran = await steward(cwd, ['restore-points', '.', ...AS]);
    const { jobs } = documentOf(await steward(cwd, ['restore-points', '.', ...AS, '--json']));

    // Assess
    expect(ran.status).toBe(0);
    expect(oneLine(ran.out)).toContain(
      "chk-7: Flink refuses it, because its checkpoint properties (the end of its _metadata) can't be read. Everything that it references is kept.",
    );
    expect(jobs).toMatchObject([
      {
        newest: { checkpointId: '6' },
        restorePoints: 1,
        withheld: [{ path: `s3a://bucket/flink/${JOB}/chk-7`, reason: 'properties', commands: [] }],
      },
    ]);
  });

  it('of a copy is from where it will read, and what must be put back first', async () => {
    // Prepare
    const cwd = await makeDirectory({
      ...below(
        'copy',
        bucketFiles((store) => {
          const job = new PlayedJob(store, `flink/${JOB}/`, 's3://primary');
          job.complete(7, [job.upload(1)]);
        }),
      ),
      'steward.json': JSON.stringify({
        area: [{ path: './copy', as: 's3://replica' }],
        copies: { 's3://primary': 's3://replica' },
      }),
    });

    // Act
    const ran = await steward(cwd, ['restore-points']);
    const atAws = await steward(cwd, ['restore-points', '--region', 'eu-west-1']);
    const elsewhere = await steward(cwd, ['restore-points', '--endpoint', 'http://localhost:9000']);
    const { jobs } = documentOf(await steward(cwd, ['restore-points', '--json']));

    // Assess
    expect(atAws.out).toContain('\n  aws s3 sync s3://replica s3://primary\n');
    expect(elsewhere.out).toContain('\n  aws s3 sync s3://replica s3://primary --endpoint-url http://localhost:9000\n');
    expect(oneLine(ran.out)).toContain(
      'chk-7 is in a copy: Flink will read 1 file of it from s3://primary, by absolute paths, and never from s3://replica. It can be restored while they are still there, or after they have been put back.',
    );
    expect(jobs).toMatchObject([
      {
        newest: null,
        withheld: [
          {
            reason: 'copy',
            commands: [
              'aws s3 sync s3://replica s3://primary',
              `flink run -s s3://primary/flink/${JOB}/chk-7 -restoreMode no_claim job.jar`,
            ],
          },
        ],
      },
    ]);
    expect(ran.out).not.toContain('not checked');
  });

  it('of a copy beside its original is that it reads from there', async () => {
    // Prepare
    const files = bucketFiles((store) => {
      const job = new PlayedJob(store, `flink/${JOB}/`, 's3://primary');
      job.complete(7, [job.upload(1)]);
    });
    const cwd = await makeDirectory({
      ...below('primary', files),
      ...below('replica', files),
      'steward.json': JSON.stringify({
        area: [
          { path: './primary', as: 's3://primary' },
          { path: './replica', as: 's3://replica' },
        ],
        copies: { 's3://primary': 's3://replica' },
      }),
    });

    // Act
    const { out } = await steward(cwd, ['audit', '--json']);
    const { jobs } = documentOf(await steward(cwd, ['restore-points', '--json']));

    // Assess
    expect(JSON.parse(out)).toMatchObject({ findings: [] });
    expect(jobs).toMatchObject([{ restorePoints: 2 }]);
  });

  it.each([
    ['gs://lake', 's3://bucket', `gs://lake/flink/${JOB}/chk-7`],
    ['oss://lake/state', 's3://bucket', `oss://lake/state/flink/${JOB}/chk-7`],
    ['s3a://access-point/team', 's3://bucket', `s3a://access-point/team/flink/${JOB}/chk-7`],
  ])('names the snapshot as the references of its job do: %s', async (theirs, ours, path) => {
    // Prepare
    const cwd = await makeDirectory({
      ...below(
        'copy',
        bucketFiles((store) => {
          const job = new PlayedJob(store, `flink/${JOB}/`, theirs);
          job.complete(7, [job.upload(1)]);
        }),
      ),
      'steward.json': JSON.stringify({ area: [{ path: './copy', as: ours }], aliases: { [theirs]: ours } }),
    });

    // Act
    const { jobs } = documentOf(await steward(cwd, ['restore-points', '--json']));

    // Assess
    expect(jobs).toMatchObject([
      {
        newest: {
          path,
          command: `flink run -s ${path} -restoreMode no_claim job.jar`,
          readsFrom: expect.stringContaining('By "aliases" in steward.json, that is s3://bucket/'),
        },
      },
    ]);
  });

  it('names a savepoint without absolute references as the other checkpoints of its job do', async () => {
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.complete(6, [job.upload(1)], NOW - 3 * DAY);
        job.complete(7, []);
      }),
    );

    const { jobs } = documentOf(await steward(cwd, ['restore-points', '.', ...AS, '--json']));

    expect(jobs).toMatchObject([{ newest: { path: `s3a://bucket/flink/${JOB}/chk-7` } }]);
  });
});
