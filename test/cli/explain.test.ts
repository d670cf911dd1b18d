import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { below, bucketFiles, documentOf, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const AS = ['--as', 's3://bucket'];
const LIVE = `flink/${JOB}/shared/${uuid(1)}`;
const GARBAGE = `flink/${JOB}/shared/${uuid(2)}`;

describe('steward explain', () => {
  it('tells people why an object is kept, and through which roots', async () => {
    const cwd = await makeDirectory(smallJob());

    const { status, out, err } = await steward(cwd, ['explain', LIVE, '.', ...AS]);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toBe(`flink/9468946f38e9d60efc7468a374aec04f/shared/00000001-0b6e-4d38-a3d1-000000000007
shared, 100 B, written 2027-02-24 00:00:00 UTC, job 9468946f38e9d60efc7468a374aec04f

keep-live: referenced by a checkpoint or savepoint
1 checkpoint or savepoint references it. It is kept while one of them exists.

Referenced by 1 checkpoint or savepoint:
  2027-02-27  s3a://bucket/flink/9468946f38e9d60efc7468a374aec04f/chk-7

To see what each job can be restored from:
  steward restore-points . --as s3://bucket
`);
  });

  it('names checkpoints of one time by their numbers, the highest first', async () => {
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.upload(1);
        for (const number of [8, 9, 10]) {
          job.complete(number, [job.file(1), job.file(2)]);
        }
      }),
    );

    const there = documentOf(await steward(cwd, ['explain', LIVE, '.', ...AS, '--json']));
    const missing = documentOf(await steward(cwd, ['explain', GARBAGE, '.', ...AS, '--json']));

    const named = [10, 9, 8].map((number) => ({ path: `s3a://bucket/flink/${JOB}/chk-${number}` }));
    expect(there).toMatchObject({ namedBy: named });
    expect(missing).toMatchObject({ missing: true, namedBy: named });
  });

  it('tells which checkpoints miss a file that is not there', async () => {
    const tree = Object.entries(smallJob()).filter(([path]) => path !== LIVE);
    const cwd = await makeDirectory(Object.fromEntries(tree));
    const ledger = ['--ledger', await makeDirectory({})];
    await steward(cwd, ['collect', '.', ...AS, ...ledger]);

    const told = await steward(cwd, ['explain', LIVE, '.', ...AS]);
    const remembering = await steward(cwd, ['explain', LIVE, '.', ...AS, ...ledger]);
    const document = await steward(cwd, ['explain', `s3://bucket/${LIVE}`, '.', ...AS, '--json']);

    expect({ status: told.status, err: told.err }).toEqual({ status: 1, err: '' });
    expect(
      told.out,
    ).toBe(`s3://bucket/flink/9468946f38e9d60efc7468a374aec04f/shared/00000001-0b6e-4d38-a3d1-000000000007

missing: it does not exist, but 1 checkpoint or savepoint references it and can't be restored
without it.

Referenced by:
  2027-02-27  s3a://bucket/flink/9468946f38e9d60efc7468a374aec04f/chk-7

To see what each job can be restored from:
  steward restore-points . --as s3://bucket
`);
    expect(remembering.out.replaceAll('\n', ' ')).toContain(`No run recorded in ${ledger[1]} deleted it.`);
    expect(documentOf(document)).toEqual({
      missing: true,
      url: `s3://bucket/${LIVE}`,
      namedBy: [{ path: `s3a://bucket/flink/${JOB}/chk-7`, completed: '2027-02-27T00:00:00.000Z' }],
    });
  });

  it('prints one JSON document with --json', async () => {
    const cwd = await makeDirectory(smallJob());

    const ran = await steward(cwd, ['explain', LIVE, '.', ...AS, '--json']);

    expect(documentOf(ran)).toEqual({
      location: '.',
      key: LIVE,
      bytes: 100,
      verdict: 'keep-live',
      reason: 'referenced by a checkpoint or savepoint',
      rule: 'named-by-root',
      job: JOB,
      kind: 'shared',
      roots: [`flink/${JOB}/chk-7/_metadata`],
      url: `s3://bucket/${LIVE}`,
      modified: '2027-02-24T00:00:00.000Z',
      because: ['1 checkpoint or savepoint references it. It is kept while one of them exists.'],
      alsoKeptBy: [],
      namedBy: [
        {
          path: `s3a://bucket/flink/${JOB}/chk-7`,
          key: `flink/${JOB}/chk-7/_metadata`,
          completed: '2027-02-27T00:00:00.000Z',
          restorePoint: true,
        },
      ],
      undecidable: [],
    });
  });

  it('knows from steward.json what a directory stands for', async () => {
    const config = JSON.stringify({ area: [{ path: 'copy', as: 's3://bucket' }] });
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'steward.json': config });

    const { status, out } = await steward(cwd, ['explain', `s3://bucket/${LIVE}`, './copy']);

    expect({ status, verdict: /^keep-live/m.test(out) }).toEqual({ status: 0, verdict: true });
  });

  it('agrees with plan: without an earlier run garbage is in quarantine, not due', async () => {
    const cwd = await makeDirectory(smallJob());

    const { out } = await steward(cwd, ['explain', GARBAGE, '.', ...AS]);

    expect(out).toContain('quarantined: garbage, in quarantine\n');
    expect(out.replaceAll('\n', ' ')).toContain(
      'It is deleted when it has been garbage for 20 h, in at least two runs. No earlier run is on record.',
    );
  });

  it.each([
    ['its key in the bucket', LIVE],
    ['its URL', `s3://bucket/${LIVE}`],
    ['its URL as jobs write it', `s3a://bucket/${LIVE}`],
    ['its path below the location', LIVE.slice('flink/'.length)],
    ['the path that a shell completes', `./flink/../${LIVE}`],
  ])('finds an object by %s', async (_, name) => {
    const cwd = await makeDirectory(smallJob());

    const ran = await steward(cwd, ['explain', name, 'flink', '--as', 's3://bucket/flink', '--json']);

    expect(documentOf(ran)).toMatchObject({ url: `s3://bucket/${LIVE}` });
  });

  it.each([
    ['root', `flink/${JOB}/chk-7/_metadata`, 'It is the root of checkpoint 7 (checkpoint), completed at 2027-02-27'],
    ['unknown-name', 'flink/notes.txt', 'It is kept: not a name that'],
    ['min-age', `flink/${JOB}/shared/${uuid(3)}`, 'the minimum age for job 9468946f38e9d60efc7468a374aec04f is 1 d.'],
    [
      'no-later-checkpoint',
      `flink/${JOB}/shared/${uuid(4)}`,
      'the last checkpoint completed at 2027-02-27 00:00:00 UTC, and',
    ],
    [
      'rootless-directory',
      `flink/${OTHER_JOB}/shared/${uuid(5)}`,
      'The directory counts as abandoned after 30 d without any write',
    ],
    ['rootless-directory', `loose/shared/${uuid(6)}`, 'No checkpoint of the directory loose/ was found'],
    [
      'rootless-directory',
      `log/${JOB}/dstl/${uuid(9)}`,
      'This changelog may belong to another cluster that uses the same job id: no checkpoint references a file in it, or a checkpoint directory of that job id has no checkpoint yet. The last write by such a cluster may have been 5 d ago; the changelog counts as abandoned after 30 d without one',
    ],
    ['base-name', `flink/${OTHER_JOB}/shared/${uuid(7)}`, 'but one references a missing file with the same name'],
    ['copy', `backup/${uuid(1)}`, `but a live file has the same name: s3://bucket/flink/${JOB}/shared/${uuid(1)}`],
    [
      'taskowned',
      `flink/${JOB}/taskowned/${uuid(8)}`,
      'a write-ahead sink may need it although no checkpoint references it',
    ],
  ])('says of the rule %s what holds for this object', async (rule, name, expected) => {
    // Prepare
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.complete(7, [job.upload(1), job.file(7)]);
        job.upload(3, NOW - DAY / 2);
        job.upload(4, NOW - 1.5 * DAY);
        job.upload(8, NOW - 5 * DAY, 'taskowned');
        const other = new PlayedJob(store, `flink/${OTHER_JOB}/`);
        other.upload(5);
        other.upload(7);
        store.put(`backup/${uuid(1)}`, 'a copy', NOW - 5 * DAY);
        new PlayedJob(store, 'loose/').upload(6);
        new PlayedJob(store, `log/${JOB}/`).upload(9, NOW - 5 * DAY, 'dstl');
        store.put('flink/notes.txt', 'x', NOW - 5 * DAY);
      }),
    );

    // Act
    const { out } = await steward(cwd, ['explain', name, '.', ...AS]);
    const json = documentOf(await steward(cwd, ['explain', name, '.', ...AS, '--json']));

    // Assess
    expect(json).toMatchObject({ rule });
    expect(out).toMatch(
      /\n\n(?:To see what each job can be restored from:\n {2}steward restore-points|To see the verdicts on all objects:\n {2}steward plan) \. --as s3:\/\/bucket\n$/,
    );
    expect(out.replaceAll(/\s+/g, ' ')).toContain(expected);
  });

  it('names ten roots for people, and all in JSON', async () => {
    // Prepare
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        const file = job.upload(1);
        for (let checkpoint = 1; checkpoint <= 12; checkpoint++) {
          job.complete(
            checkpoint,
            checkpoint === 12 ? [file, job.file(9)] : [file],
            NOW - ((20 - checkpoint) * DAY) / 5,
          );
        }
      }),
    );

    // Act
    const { out } = await steward(cwd, ['explain', LIVE, '.', ...AS]);
    const { namedBy } = documentOf(await steward(cwd, ['explain', LIVE, '.', ...AS, '--json']));

    // Assess
    expect(out).toContain('Referenced by 12 checkpoints and savepoints:\n');
    expect(out).toMatch(/chk-12\s+\(not a restore point\)\n.*chk-11\n/);
    expect(out).toContain('  … and 2 more (see --json)\n');
    expect(namedBy).toHaveLength(12);
  });

  it('says which further rules would keep it', async () => {
    const cwd = await makeDirectory({ ...smallJob(), 'steward.json': '{"protect": ["**"]}' });

    const { out } = await steward(cwd, ['explain', LIVE, '.', ...AS]);

    expect(out).toContain('\nThese rules would keep it too: protect-pattern.\n');
  });

  it('finds an object by its path in the file system, also through links', async () => {
    // Prepare
    const cwd = await makeDirectory(below('copy', smallJob()));
    const other = await makeDirectory();
    await symlink(join(cwd, 'copy'), join(other, 'link'));

    // Act
    const runs = await Promise.all([
      steward(cwd, ['explain', `copy/${LIVE}`, 'copy', ...AS, '--json']),
      steward(cwd, ['explain', join(cwd, 'copy', LIVE), 'copy', ...AS, '--json']),
      steward(other, ['explain', `link/${LIVE}`, 'link', ...AS, '--json']),
      steward(other, ['explain', join(cwd, 'copy', LIVE), 'link', ...AS, '--json']),
      steward(join(cwd, 'copy', 'flink'), ['explain', LIVE.slice('flink/'.length), '..', ...AS, '--json']),
    ]);

    // Assess
    for (const ran of runs) {
      expect(documentOf(ran)).toMatchObject({ key: LIVE, verdict: 'keep-live' });
    }
  });

  it('takes no file beside the location for one inside it', async () => {
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'copy-of-notes': 'x', [LIVE]: 'x' });

    const runs = await Promise.all(
      ['copy-of-notes', '../copy-of-notes', '../../copy'].map((name) => steward(cwd, ['explain', name, 'copy', ...AS])),
    );

    expect(runs.map(({ status }) => status)).toEqual([2, 2, 2]);
  });

  it('says of a file dated later than the run that it is dated in the future', async () => {
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.complete(7, [job.upload(1)]);
        job.upload(2, NOW + DAY);
      }),
    );

    const { out } = await steward(cwd, ['explain', GARBAGE, '.', ...AS]);

    expect(out).toContain('It was written in the future by the clock of this run; the minimum age for job');
  });

  it('breaks neither a path nor a time in 80 columns', async () => {
    const cwd = await makeDirectory(smallJob());

    const { out } = await steward(cwd, ['explain', LIVE, '.', ...AS], 80);

    expect(out.split('\n').slice(1, 4)).toEqual([
      'shared, 100 B, written 2027-02-24 00:00:00 UTC,',
      'job 9468946f38e9d60efc7468a374aec04f',
      '',
    ]);
  });

  it('works on a place with its own name, too', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    const { status, out } = await steward(cwd, ['explain', LIVE, 'copy']);
    const json = documentOf(await steward(cwd, ['explain', LIVE, 'copy', '--json']));

    expect(status).toBe(3);
    expect(out).toContain('\nThis area is undecidable, and nothing in it would be deleted:\n  - ');
    expect(out.replaceAll(/\s+/g, ' ')).toContain('for a directory, use --as s3a://bucket');
    expect(json).toMatchObject({ undecidable: [{ code: 'other-name' }] });
  });
});

describe('steward explain OBJECT', () => {
  const CHECKPOINT = `flink/${JOB}/chk-7/_metadata`;
  const CONSOLE = 'console.aws.amazon.com/s3';

  it.each([
    [LIVE, LIVE],
    [`/${LIVE}`, LIVE],
    [`./${LIVE}`, LIVE],
    [`flink//${JOB}/shared//${uuid(1)}`, LIVE],
    [`s3://bucket//${LIVE}`, LIVE],
    [`s3n://bucket/${LIVE}`, LIVE],
    [`s3p://bucket/${LIVE}`, LIVE],
    [uuid(1), LIVE],
    [`shared/${uuid(1)}`, LIVE],
    [`https://eu-central-1.${CONSOLE}/object/bucket?region=eu-central-1&prefix=${encodeURIComponent(LIVE)}`, LIVE],
    [`https://s3.${CONSOLE.replace('/s3', '')}/s3/object/bucket?prefix=${LIVE}`, LIVE],
    ['chk-7', CHECKPOINT],
    [`${JOB}/chk-7/`, CHECKPOINT],
    [`flink/${JOB}/chk-7`, CHECKPOINT],
    [`s3a://bucket/flink/${JOB}/chk-7/`, CHECKPOINT],
    [`copy/flink/${JOB}/chk-7`, CHECKPOINT],
    [`flink/${JOB}`, CHECKPOINT],
    ['s3://bucket', CHECKPOINT],
    ['copy', CHECKPOINT],
    ['chk-7/_metadata', CHECKPOINT],
  ])('understands %s', async (name, key) => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    const ran = await steward(cwd, ['explain', name, './copy', ...AS, '--json']);

    expect(documentOf(ran)).toMatchObject({ key });
  });

  it('counts what is below a directory, and explains the newest root there', async () => {
    const cwd = await makeDirectory(smallJob());

    const { status, out, err } = await steward(cwd, ['explain', `flink/${JOB}`, '.', ...AS]);
    const document = documentOf(await steward(cwd, ['explain', `flink/${JOB}`, '.', ...AS, '--json']));

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      new RegExp(
        `^s3://bucket/flink/${JOB}/: 3 objects, 1.2 kB \\(2 keep-live, 1 quarantined\\)\\. The newest checkpoint or savepoint there: flink/${JOB}/chk-7/_metadata `,
      ),
    );
    expect(document).toMatchObject({
      key: CHECKPOINT,
      below: {
        directory: `s3://bucket/flink/${JOB}/`,
        objects: 3,
        verdicts: [
          { verdict: 'keep-live', objects: 2 },
          { verdict: 'quarantined', objects: 1, bytes: 100 },
        ],
      },
    });
  });

  it('lists what a directory without a root holds', async () => {
    const cwd = await makeDirectory(smallJob());

    const { status, out } = await steward(cwd, ['explain', `flink/${JOB}/shared`, '.', ...AS]);

    expect(status).toBe(0);
    expect(out).toBe(`flink/${JOB}/shared: 2 objects, 200 B (1 keep-live, 1 quarantined).

  keep-live    s3://bucket/${LIVE}
  quarantined  s3://bucket/${GARBAGE}

To see why one of them is kept or deleted:
  steward explain s3://bucket/${LIVE} . --as s3://bucket
`);
  });

  it('lists ten of the objects that a name may mean, the newest first', async () => {
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        for (let number = 1; number <= 12; number++) job.complete(number, [job.upload(1)], NOW - (20 - number) * DAY);
      }),
    );

    const { out } = await steward(cwd, ['explain', '_metadata', '.', ...AS]);
    const document = documentOf(await steward(cwd, ['explain', '_metadata', '.', ...AS, '--json']));

    expect(out.match(/chk-\d+/g)?.slice(0, 10)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((n) => `chk-${n}`));
    expect(out).toContain('\n  … and 2 more\n');
    expect(document).toMatchObject({ several: true, objects: 12 });
    expect(document.listed).toHaveLength(12);
  });

  it('finds a missing file by its name alone', async () => {
    const tree = Object.entries(smallJob()).filter(([path]) => path !== LIVE);
    const cwd = await makeDirectory(Object.fromEntries(tree));

    const ran = await steward(cwd, ['explain', uuid(1), '.', ...AS, '--json']);

    expect(documentOf(ran)).toMatchObject({ missing: true, url: `s3://bucket/${LIVE}` });
  });

  it('knows of two copies the one in which the path lies, and lists both where a key may mean either', async () => {
    const config = JSON.stringify({
      area: [
        { path: 'one', as: 's3://one' },
        { path: 'two', as: 's3://two' },
      ],
    });
    const tree = { ...below('one', smallJob()), ...below('two', smallJob()), 'steward.json': config };
    const cwd = await makeDirectory(tree);

    const ran = await steward(cwd, ['explain', `two/${LIVE}`, '--json']);

    const both = await steward(cwd, ['explain', LIVE, '--json']);

    expect(documentOf(ran)).toMatchObject({ url: `s3://two/${LIVE}` });
    expect(documentOf(both)).toMatchObject({
      several: true,
      listed: [{ url: `s3://one/${LIVE}` }, { url: `s3://two/${LIVE}` }],
    });
  });

  it.each([
    ['.', LIVE],
    ['flink', `flink/${JOB}/shared/${uuid(1)}`],
    ['.', `flink/${JOB}`],
    ['.', `s3://bucket/${LIVE}`],
  ])('also understands the location first: %s %s', async (place, name) => {
    const cwd = await makeDirectory(smallJob());
    const as = place === '.' ? AS : ['--as', 's3://bucket/flink'];

    const [old, now] = await Promise.all([
      steward(cwd, ['explain', place, name, ...as]),
      steward(cwd, ['explain', name, place, ...as]),
    ]);

    expect(old.status).toBe(0);
    expect(old).toEqual(now);
  });

  it.each([[[]], [['copy']], [['./copy/flink']]])(
    'judges the whole configured area for the locations %j',
    async (places) => {
      // Prepare: the file of one location is referenced only from the other one.
      const store = (play: (job: PlayedJob) => void, directory: string) =>
        bucketFiles((bucket) => play(new PlayedJob(bucket, directory)));
      const lone = store((job) => job.upload(1), `flink/${JOB}/`);
      const other = store(
        (job) =>
          job.complete(
            9,
            [`s3a://bucket/${LIVE}`].map(() => job.file(1)),
          ),
        `flink/${JOB}/`,
      );
      const config = { area: [{ path: 'copy', as: 's3://bucket' }, 'other'], aliases: {} };
      const cwd = await makeDirectory({
        ...below('copy', lone),
        ...below('other', other),
        'steward.json': JSON.stringify(config),
      });

      // Act
      const { status, out, err } = await steward(cwd, ['explain', `s3://bucket/${LIVE}`, ...places]);

      // Assess
      expect(out).toContain('keep-live: ');
      expect(err.includes('The whole area is judged')).toBe(places.length > 0);
      expect(status).not.toBe(2);
    },
  );

  it('says that a location outside the configured area is judged alone', async () => {
    const config = JSON.stringify({ area: ['elsewhere'] });
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'steward.json': config, 'elsewhere/x': 'x' });

    const { err } = await steward(cwd, ['explain', LIVE, 'copy', ...AS]);

    expect(err).toBe('Note: copy: this is not a part of the area in steward.json. Only what was typed is judged.\n');
  });

  it('takes a copy of a configured bucket for what it is', async () => {
    const config = JSON.stringify({ area: ['s3://bucket'] });
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'steward.json': config });

    const ran = await steward(cwd, ['explain', `s3://bucket/${LIVE}`, 'copy', ...AS, '--json']);

    expect(documentOf(ran)).toMatchObject({ location: 'copy', verdict: 'keep-live' });
  });

  it('refuses an empty text', async () => {
    const { status, err } = await steward(await makeDirectory(smallJob()), ['explain', '', '.', ...AS]);

    expect({ status, err: err.slice(0, 30) }).toEqual({ status: 2, err: 'The object is an empty text (a' });
  });

  it('asks for an area where neither the words nor the configuration name one', async () => {
    const { status, err } = await steward(await makeDirectory(smallJob()), ['explain', LIVE]);

    expect({ status, err: err.slice(0, 22) }).toEqual({ status: 2, err: 'No location was given.' });
  });
});
